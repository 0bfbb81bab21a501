"""A learner in a package: opening a window on it, and keeping what it tells."""

import json
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.common.prepared import Blank, Prepared, PreparedUpdate
from lms.courses import operations as courses
from lms.courses.operations import packaging
from lms.packages import rules
from lms.packages.models import Attempt, OnReplace, Package, PartState, Policy, Version
from lms.packages.operations.standing import CLAIMED, Standing, chosen, claimed, is_over, standings

_ID = BigIntegerField()
_HELD = Prepared(
    lambda: (
        Attempt.objects.unscoped(because="the id of the launch, which nobody else has, is looked at next")
        .select_related("version__package")
        .select_for_update(of=("self",))
        .filter(pk=Blank("pk", _ID), person__is_active=True)
    )
)
_TOLD = Prepared(lambda: PartState.objects.filter(attempt=Blank("attempt", _ID)).defer("state"))
_KEPT = PreparedUpdate(
    PartState,
    *(*CLAIMED, "state", "seconds", "sitting_seconds", "is_suspended", "launch", "sequence"),
    *("is_finished", "updated_at"),
)
STAYS_OPEN = timedelta(hours=12)  # as long as the address of a window is good for


class NotReady(DomainError):
    code = "packages.not_ready"
    message = "This part isn't ready yet. Look again in a few minutes."


class OpenElsewhere(DomainError):
    code = "packages.open_elsewhere"
    message = "This is open in another window now. Go on there, or open it here again."


class IsOver(DomainError):
    code = "packages.is_over"
    message = "This part has said that it's over, so nothing more is kept of it."


class NotKept(DomainError):
    code = "packages.not_kept"
    message = "What this part sent can't be kept. Everything before is safe."


@dataclass(frozen=True)
class Launch:
    """A window on one part. took_over: it was open elsewhere, and that window has not said that it is over."""

    attempt: Attempt
    part: dict[str, Any]
    took_over: bool = False


def open_part(*, learner: User, package: Package, course: UUID, item: UUID, part: str, now: datetime) -> Launch:
    """Open a window on ``part``, or where that is not open on the one last seen or the next that is to do.

    A window that was open elsewhere can write no more. Raises NotReady, or UnknownItem and NotLearning of courses for
    who is not on the course.
    """
    since = courses.require_package(learner=learner, course=course, item=item, package=package.uuid)
    if package.latest is None:
        raise NotReady(package_id=package.pk)
    with transaction.atomic():
        attempt = _attempt(learner, package, since, course=course, item=item, now=now)
        took_over = not part and _is_elsewhere(attempt, now)  # who asks for a part was in it a moment ago
        found = attempt.version.part(chosen(standings(attempt), part, attempt.part)) or attempt.version.parts[0]
        attempt.launch, attempt.launched_at, attempt.part = uuid.uuid4(), now, found["id"]
        attempt.frame_opened_at = None
        attempt.save(update_fields=["version", "launch", "launched_at", "part", "frame_opened_at"])
        if found.get("is_page"):
            _look_at_page(attempt, found["id"], now)
        if package.policy == Policy.OPENED or attempt.done_at:  # also for who had left the course when it was done
            _tell_course(attempt, learner, now)
    return Launch(attempt, found, took_over)


def _is_elsewhere(attempt: Attempt, now: datetime) -> bool:
    """Whether a window of today has loaded and has not said that it is over."""
    if attempt.frame_opened_at is None or now - attempt.frame_opened_at > STAYS_OPEN:
        return False
    return not PartState.objects.filter(attempt=attempt, launch=attempt.launch, is_finished=True).exists()


def _look_at_page(attempt: Attempt, part: str, now: datetime) -> None:
    """Keep that a page without a run-time was opened, which is all that can be known of it."""
    PartState.objects.get_or_create(attempt=attempt, part=part, defaults={"is_complete": True, "updated_at": now})
    _settle(attempt, standings(attempt), now)


def _attempt(learner: User, package: Package, since: datetime, *, course: UUID, item: UUID, now: datetime) -> Attempt:
    """The learner's attempt, held: the one they are in, moved to the latest version or begun again as asked.

    Whoever goes through the course again (``since``) begins what they finished before anew.
    """
    latest = cast(Version, package.latest)
    rows = Attempt.objects.owned_by(learner).filter(item=item, closed_at=None)
    attempt: Attempt | None = rows.select_related("version__package").select_for_update(of=("self",)).first()
    if attempt is None:
        return _begin(learner, latest, course=course, item=item, now=now)
    is_behind = attempt.version_id != latest.pk and attempt.done_at is None
    is_of_last_time = attempt.done_at is not None and attempt.begun_at < since
    if is_of_last_time or (is_behind and package.on_replace == OnReplace.AGAIN):
        rows.update(closed_at=now)
        return _begin(learner, latest, course=course, item=item, now=now)
    if is_behind and package.on_replace == OnReplace.RESUME:
        attempt.version = latest
    return attempt


def _begin(learner: User, version: Version, *, course: UUID, item: UUID, now: datetime) -> Attempt:
    fresh = {"version": version, "course": course, "begun_at": now}
    rows = Attempt.objects.owned_by(learner)
    try:
        with transaction.atomic():
            return Attempt.objects.create(person=learner, item=item, **fresh)
    except IntegrityError:  # two windows at once: the other has begun it
        began = rows.select_related("version__package").select_for_update(of=("self",))
        return cast(Attempt, began.get(item=item, closed_at=None))


def preload(launch: Launch) -> dict[str, Any]:
    """The state that a part begins with: what it told last, and what only this house says of it."""
    attempt, standard = launch.attempt, launch.attempt.version.standard
    known = PartState.objects.filter(attempt=attempt, part=launch.part["id"]).first()
    state: dict[str, Any] = json.loads(known.state) if known and known.state else {}
    seconds = rules.added(known.seconds, known.sitting_seconds) if known else 0
    entry = "ab-initio" if known is None else "resume" if known.is_suspended or not known.is_finished else ""
    ours = {
        "entry": "" if attempt.is_review else entry,
        "total_time": rules.said_seconds(seconds, standard=standard),
        "credit": "no-credit" if attempt.is_review else "credit",
    }
    return _with_ours(state, ours, launch, standard=standard)


def _with_ours(state: dict[str, Any], ours: dict[str, str], launch: Launch, *, standard: str) -> dict[str, Any]:
    """Nothing of the learner goes in: no name, and an id that means nothing outside this attempt."""
    who, limits = str(launch.attempt.uuid), launch.part["limits"]
    mode = "review" if launch.attempt.is_review else "normal"
    for passing in ("session_time", "exit"):
        (state.get("core", state) if standard == "1.2" else state).pop(passing, None)
    if standard == "1.2":
        core = {**state.get("core", {}), **ours, "student_id": who, "student_name": "Learner", "lesson_mode": mode}
        asked = {name: limits[name] for name in ("mastery_score", "max_time_allowed") if name in limits}
        return {**state, "core": core, "launch_data": limits.get("launch_data", ""), "student_data": asked}
    asked = {name: limits[name] for name in ("completion_threshold", "scaled_passing_score") if name in limits}
    told = {"learner_id": who, "learner_name": "Learner", "mode": mode, "launch_data": limits.get("launch_data", "")}
    return {**state, **ours, **told, **asked}


@dataclass(frozen=True)
class Told:
    """What a window sends: the full state of its part, numbered, and whether the part said that it is over."""

    launch: UUID
    part: str
    sequence: int
    cmi: dict[str, Any]
    is_finished: bool


@dataclass(frozen=True)
class Kept:
    """What there is once it was kept: whether its part is done, and whether all of the package is."""

    part: bool
    done: bool


def keep(*, attempt_id: int, told: Told, now: datetime) -> Kept:
    """Keep what a window sends. The same number twice, or a late one, changes nothing.

    Raises OpenElsewhere for a window that another has taken over, IsOver after the part's own end and in review,
    NotKept for what no package may say, and Attempt.DoesNotExist where nobody is there any more.
    """
    text = _as_text(told.cmi)
    if len(text) > rules.LONGEST_STATE:
        raise NotKept(attempt_id=attempt_id)
    with transaction.atomic():
        held = _held(attempt_id)
        if held.launch != told.launch or held.closed_at:
            raise OpenElsewhere(attempt_id=held.pk)
        part = held.version.part(told.part)
        if part is None:
            raise NotKept(attempt_id=held.pk)
        if held.is_review:
            raise IsOver(attempt_id=held.pk)
        states = {state.part: state for state in _TOLD.all(attempt=held.pk)}
        state = states.setdefault(told.part, PartState(attempt=held, part=told.part))
        _write(state, held, told, text, part["limits"], now)
        parts = _settle(held, standings(held, states.values()), now)
    return Kept(next(one.is_done for one in parts if one.id == told.part), held.done_at is not None)


def _held(attempt_id: int) -> Attempt:
    found: Attempt | None = _HELD.first(pk=attempt_id)
    if found is None:
        raise Attempt.DoesNotExist
    return found


def _as_text(cmi: dict[str, Any]) -> str:
    """The state as JSON: readable, unless it holds half a character, as bookmarks that are packed tightly do."""
    text = json.dumps(cmi, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(cmi)
    return text


def _write(state: PartState, attempt: Attempt, told: Told, text: str, limits: dict[str, str], now: datetime) -> None:
    try:
        new = rules.claim(told.cmi, standard=attempt.version.standard, limits=limits)
    except rules.NotUnderstood as fault:
        raise NotKept(attempt_id=attempt.pk) from fault
    if state.launch != told.launch:  # a new sitting: the time of the last one is added once
        state.seconds, state.sitting_seconds = rules.added(state.seconds, state.sitting_seconds), 0
        state.launch, state.sequence, state.is_finished = told.launch, 0, False
    if told.sequence <= state.sequence:
        return
    if state.is_finished:
        raise IsOver(attempt_id=attempt.pk)
    after = rules.forward(claimed(state), new)
    for name in CLAIMED:
        setattr(state, name, getattr(after, name))
    state.state, state.sequence, state.updated_at = text, told.sequence, now
    state.sitting_seconds, state.is_suspended, state.is_finished = new.seconds, new.is_suspended, told.is_finished
    if state.pk is None:
        state.save()
    else:
        _KEPT.save(state)


def _settle(attempt: Attempt, parts: list[Standing], now: datetime) -> list[Standing]:
    """How the parts stand now; the course is told the first time that enough are done."""
    if attempt.done_at is None and is_over(attempt.version, attempt.version.package, parts):
        attempt.done_at = now
        attempt.save(update_fields=["done_at"])
        _tell_course(attempt, attempt.person, now)
    return parts


def _tell_course(attempt: Attempt, learner: User, now: datetime) -> None:
    course, item = attempt.course, attempt.item
    with suppress(courses.NotLearning, courses.UnknownItem):  # left the course, or the lesson has lost it meanwhile
        courses.finish_package(learner=learner, course=course, item=item, client_id=attempt.uuid, now=now)


def ask_for_frame(*, attempt_id: int, launch: UUID, now: datetime) -> Attempt | None:
    """Give out the frame of a launch, once; None for a launch that is over or whose frame was given out."""
    rows = Attempt.objects.unscoped(because="the signed address is the key").filter(pk=attempt_id, launch=launch)
    if not rows.filter(frame_opened_at=None).update(frame_opened_at=now):
        return None
    return attempt_of_launch(attempt_id=attempt_id, launch=launch)


def attempt_of_launch(*, attempt_id: int, launch: UUID) -> Attempt | None:
    """The attempt that this launch is in; None once another has taken its place, its learner has left the course or
    closed their account, or the lesson holds the package no more.
    """
    rows = Attempt.objects.unscoped(because="the signed address is the key").select_related("version", "person")
    found: Attempt | None = rows.filter(pk=attempt_id, launch=launch, person__is_active=True).first()
    if found is None or not packaging.holds_package(learner=found.person, course=found.course, item=found.item):
        return None
    return found
