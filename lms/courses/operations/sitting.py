"""A learner's round, held, and facts added to it: what every save of learning is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db.models.fields.json import KeyTransform

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.courses import counting, rules
from lms.courses.models import EventKind, ItemState, LearningEvent, Round

OWN = "the round was read as the learner's own"
_NEEDED = (
    *("version", "counted_with", "required_total", "required_done", "completed_at"),
    *("last_lesson", "last_share", "enrolment__state", "enrolment__person", "enrolment__course__latest"),
    *("enrolment__extra_time", "enrolment__extra_tries"),
)


class NotLearning(DomainError):
    code = "courses.not_learning"
    message = "You're not on this course at the moment. Join it, and what you've done before is still there."


class UnknownItem(DomainError):
    code = "courses.unknown_item"
    message = "That part isn't in this course any more."


@dataclass(frozen=True)
class Deed:
    """One fact to record. ``client_id`` comes with the form: the same fact sent twice counts once."""

    item: UUID
    kind: EventKind
    client_id: UUID
    score: int | None = None
    answer: str = ""

    @property
    def fact_id(self) -> UUID:
        """Also tells facts apart that one form sent, like another answer after going back."""
        return uuid5(self.client_id, f"{self.kind}:{self.item}:{self.answer}")


@dataclass(frozen=True)
class Asked:
    """What the versions say of one item: the one the round began with, the latest, and the latest one's answer key."""

    pinned: dict[str, Any] | None
    latest: dict[str, Any]
    key: dict[str, Any] | None

    @property
    def counts(self) -> bool:
        """Whether it is required of this round."""
        return rules.counts(self.pinned, self.latest)


@dataclass(frozen=True)
class Desk:
    """A learner's round, held, and what is said of the items they are at."""

    round: Round
    asked: dict[UUID, Asked]

    @property
    def latest_id(self) -> int:
        """The latest version of the round's course."""
        return self.round.enrolment.course.latest_id or 0  # a round's course has always been compiled


def sit_down(learner: User, *, course: UUID, items: Sequence[UUID]) -> Desk:
    """Read and hold the learner's round, with what is said of ``items`` alone. Raises NotLearning, UnknownItem."""
    mine = Round.objects.owned_by(learner).filter(enrolment__course__identity=course).order_by("-number")
    says = {
        f"{name}_{n}": KeyTransform(str(item), path)
        for n, item in enumerate(items)
        for name, path in (
            ("pinned", "version__items"),
            ("latest", "enrolment__course__latest__items"),
            ("key", "enrolment__course__latest__keys"),
        )
    }
    held = mine.annotate(**says).select_related("enrolment__course").only(*_NEEDED).select_for_update(of=("self",))
    round_ = held.first()
    if round_ is None or not round_.enrolment.is_learning:
        raise NotLearning
    asked = {}
    for n, item in enumerate(items):
        pinned, latest, key = (getattr(round_, f"{name}_{n}") for name in ("pinned", "latest", "key"))
        if latest is None:
            raise UnknownItem(item=item)
        asked[item] = Asked(pinned, latest, key)
    return Desk(round_, asked)


def _standing(state: ItemState) -> rules.Standing:
    return rules.Standing(**{name: getattr(state, name) for name in counting.KEPT})


def _merge(desk: Desk, deeds: Sequence[Deed], now: datetime) -> int:
    """Write the facts and what they come to; return how many required items are done for the first time."""
    LearningEvent.objects.bulk_create(
        [
            LearningEvent(
                round=desk.round, client_id=deed.fact_id, kind=deed.kind, item=deed.item, payload=deed.answer, at=now
            )
            for deed in deeds
        ],
        ignore_conflicts=True,
    )
    known = ItemState.objects.unscoped(because=OWN).filter(round=desk.round, item__in=desk.asked)
    before = {state.item: _standing(state) for state in known}
    after = {
        deed.item: rules.merge(
            before.get(deed.item), rules.Fact(kind=deed.kind, at=now, score=deed.score, answer=deed.answer)
        )
        for deed in deeds
    }
    _write(desk, {item: standing for item, standing in after.items() if standing != before.get(item)})
    return sum(
        desk.asked[item].counts and standing.done_at is not None and not (item in before and before[item].done_at)
        for item, standing in after.items()
    )


def _write(desk: Desk, standings: dict[UUID, rules.Standing]) -> None:
    rows = [
        ItemState(
            round=desk.round,
            item=item,
            lesson=desk.asked[item].latest["lesson"],
            **{name: getattr(standing, name) for name in counting.KEPT},
        )
        for item, standing in standings.items()
    ]
    if rows:
        ItemState.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["round", "item"], update_fields=["lesson", *counting.KEPT]
        )


def record(desk: Desk, deeds: Sequence[Deed], *, now: datetime, place: str, share: int | None = None) -> bool:
    """Add facts to the round the learner sits at; say whether that was the last of it and the course is finished.

    share: hundredths of the lesson that are behind the reader, where that is known.
    """
    round_ = desk.round
    if not round_.completed_at and round_.counted_with_id != desk.latest_id:
        counting.recount(round_, latest_id=desk.latest_id, now=now)
    newly = _merge(desk, deeds, now)
    if not round_.completed_at:
        round_.required_done += newly  # the row is held, so nobody else has added to it
    lesson = UUID(desk.asked[deeds[0].item].latest["lesson"])
    if share is not None or lesson != round_.last_lesson:
        round_.last_share = share or 0
    round_.last_seen_at, round_.last_lesson, round_.last_place = now, lesson, place
    round_.save(update_fields=["required_done", "last_seen_at", "last_lesson", "last_place", "last_share"])
    is_last = newly > 0 and round_.required_done >= round_.required_total
    return is_last and counting.complete_if_due(round_, now=now)


def place_of(item: UUID) -> str:
    """The anchor of an item on its lesson's page."""
    return f"item-{item}"


def require(desk: Desk, item: UUID, *, kind: str) -> None:
    """Raise UnknownItem if the item is not of this kind."""
    if desk.asked[item].latest["kind"] != kind:
        raise UnknownItem(item=item)
