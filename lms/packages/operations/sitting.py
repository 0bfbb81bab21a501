"""A learner in a package: opening a window on it, and keeping what it tells."""

import json
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.courses import operations as courses
from lms.packages import rules
from lms.packages.models import Attempt, OnReplace, Package, PartState, Version

CLAIMED = ("is_complete", "is_passed", "score", "progress")


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
    """A window on one part. review: it has been finished, and nothing is written any more."""

    attempt: Attempt
    part: dict[str, Any]
    review: bool


def open_part(*, learner: User, package: Package, course: UUID, item: UUID, part: str, now: datetime) -> Launch:
    """Open a window on ``part`` (the one last seen, if empty); one that was open elsewhere can write no more.

    Raises NotReady, or UnknownItem and NotLearning of courses for who is not on the course.
    """
    courses.require_package(learner=learner, course=course, item=item, package=package.uuid)
    if package.latest is None:
        raise NotReady(package_id=package.pk)
    with transaction.atomic():
        attempt = _attempt(learner, package.latest, package.on_replace, course=course, item=item, now=now)
        found = attempt.version.part(part or attempt.part) or attempt.version.parts[0]
        attempt.launch, attempt.launched_at, attempt.part = uuid.uuid4(), now, found["id"]
        attempt.frame_opened_at = None
        attempt.save(update_fields=["version", "launch", "launched_at", "part", "frame_opened_at"])
    if package.policy == "opened":
        _tell_course(attempt, learner, now)
    return Launch(attempt, found, attempt.done_at is not None)


def _attempt(learner: User, latest: Version, on_replace: str, *, course: UUID, item: UUID, now: datetime) -> Attempt:
    """The learner's attempt, held: the one they are in, moved to the latest version or begun again as asked."""
    rows = Attempt.objects.owned_by(learner).filter(item=item, closed_at=None)
    attempt: Attempt | None = rows.select_related("version").select_for_update(of=("self",)).first()
    if attempt is not None and attempt.version_id != latest.pk and attempt.done_at is None:
        if on_replace == OnReplace.RESUME:
            attempt.version = latest
        elif on_replace == OnReplace.AGAIN:
            rows.update(closed_at=now)
            attempt = None
    return attempt or _begin(learner, latest, course=course, item=item, now=now)


def _begin(learner: User, version: Version, *, course: UUID, item: UUID, now: datetime) -> Attempt:
    fresh = {"version": version, "course": course, "begun_at": now}
    rows = Attempt.objects.owned_by(learner)
    try:
        with transaction.atomic():
            return Attempt.objects.create(person=learner, item=item, **fresh)
    except IntegrityError:  # two windows at once: the other has begun it
        began: Attempt = rows.select_related("version").select_for_update(of=("self",)).get(item=item, closed_at=None)
        return began


def preload(launch: Launch) -> dict[str, Any]:
    """The state that a part begins with: what it told last, and what only this house says of it."""
    attempt, standard = launch.attempt, launch.attempt.version.standard
    known = PartState.objects.filter(attempt=attempt, part=launch.part["id"]).first()
    state: dict[str, Any] = json.loads(known.state) if known and known.state else {}
    seconds = (known.seconds + known.sitting_seconds) if known else 0
    entry = "ab-initio" if known is None else "resume" if known.is_suspended or not known.is_finished else ""
    ours = {
        "entry": "" if launch.review else entry,
        "total_time": rules.said_seconds(seconds, standard=standard),
        "credit": "no-credit" if launch.review else "credit",
    }
    return _with_ours(state, ours, launch, standard=standard)


def _with_ours(state: dict[str, Any], ours: dict[str, str], launch: Launch, *, standard: str) -> dict[str, Any]:
    """Nothing of the learner goes in: no name, and an id that means nothing outside this attempt."""
    who, mode, limits = str(launch.attempt.uuid), "review" if launch.review else "normal", launch.part["limits"]
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


def keep(*, attempt: Attempt, learner: User, told: Told, now: datetime) -> bool:
    """Keep what a window sends; say whether the package is done. The same number twice, or a late one, changes nothing.

    Raises OpenElsewhere for a window that another has taken over, IsOver after the part's own end and in review,
    NotKept for what no package may say.
    """
    text = json.dumps(told.cmi, ensure_ascii=False)
    if len(text) > rules.LONGEST_STATE:
        raise NotKept(attempt_id=attempt.pk)
    with transaction.atomic():
        held: Attempt = (
            Attempt.objects.owned_by(learner)
            .select_related("version__package")
            .select_for_update(of=("self",))
            .get(pk=attempt.pk)
        )
        if held.launch != told.launch or held.closed_at:
            raise OpenElsewhere(attempt_id=held.pk)
        if held.version.part(told.part) is None:
            raise NotKept(attempt_id=held.pk)
        if held.done_at and held.launched_at and held.launched_at > held.done_at:
            raise IsOver(attempt_id=held.pk)
        _write(held, told, text, now)
        return _settle(held, learner, now)


def _write(attempt: Attempt, told: Told, text: str, now: datetime) -> None:
    try:
        new = rules.claim(told.cmi, standard=attempt.version.standard)
    except rules.NotUnderstood as fault:
        raise NotKept(attempt_id=attempt.pk) from fault
    state = PartState.objects.filter(attempt=attempt, part=told.part).first()
    state = state or PartState(attempt=attempt, part=told.part)
    if state.launch != told.launch:  # a new sitting: the time of the last one is added once
        state.seconds, state.sitting_seconds = state.seconds + state.sitting_seconds, 0
        state.launch, state.sequence, state.is_finished = told.launch, 0, False
    if told.sequence <= state.sequence:
        return
    if state.is_finished:
        raise IsOver(attempt_id=attempt.pk)
    known = rules.Claim(**{name: getattr(state, name) for name in CLAIMED})
    for name in CLAIMED:
        setattr(state, name, getattr(rules.forward(known, new), name))
    state.state, state.sequence, state.updated_at = text, told.sequence, now
    state.sitting_seconds, state.is_suspended, state.is_finished = new.seconds, new.is_suspended, told.is_finished
    state.save()


def _settle(attempt: Attempt, learner: User, now: datetime) -> bool:
    """Whether every part is done now; the course is told the first time."""
    if attempt.done_at:
        return True
    package = attempt.version.package
    done = {
        state.part
        for state in PartState.objects.filter(attempt=attempt)
        if rules.is_done(
            rules.Claim(**{name: getattr(state, name) for name in CLAIMED}),
            policy=package.policy,
            pass_mark=package.pass_mark,
        )
    }
    if any(part["id"] not in done for part in attempt.version.parts):
        return False
    _tell_course(attempt, learner, now)
    return True


def _tell_course(attempt: Attempt, learner: User, now: datetime) -> None:
    if attempt.done_at is None:
        Attempt.objects.owned_by(learner).filter(pk=attempt.pk).update(done_at=now)
    course, item = attempt.course, attempt.item
    with suppress(courses.NotLearning, courses.UnknownItem):  # left the course, or the lesson has lost it meanwhile
        courses.finish_package(learner=learner, course=course, item=item, client_id=attempt.uuid, now=now)


def ask_for_frame(*, attempt_id: int, launch: UUID, now: datetime) -> Attempt | None:
    """Give out the frame of a launch, once; None for a launch that is over or whose frame was given out."""
    rows = Attempt.objects.unscoped(because="the signed address is the key").filter(pk=attempt_id, launch=launch)
    if not rows.filter(frame_opened_at=None).update(frame_opened_at=now):
        return None
    found: Attempt = rows.select_related("version", "person").get()
    return found
