"""A learner's round, held, and facts added to it: what every save of learning is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property
from typing import Any
from uuid import UUID, uuid5

from django.db.models import BigIntegerField, Case, F, QuerySet, UUIDField, Value, When

from lms.accounts.models import User
from lms.common.crypto import EncryptedTextField
from lms.common.errors import DomainError
from lms.common.prepared import Blank, BlankKey, Prepared, PreparedInsert, PreparedUpdate
from lms.courses import counting, outlines, rules
from lms.courses.models import CourseVersion, EventKind, ItemState, LearningEvent, Round
from lms.courses.outlines import Outline

OWN = "the round was read as the learner's own"
_ANCHOR = ("last_seen_at", "last_lesson", "last_place", "last_share")
_NEEDED = (
    *("version", "counted_with", "finish", "finish_needed", *counting.COUNT, "started_at", "completed_at"),
    *_ANCHOR,
    *("enrolment__state", "enrolment__person", "enrolment__course__latest"),
    *("enrolment__extra_time", "enrolment__extra_tries", "enrolment__course__in_order"),
)
_DIGESTS = {"pinned_digest": F("version__digest"), "latest_digest": F("enrolment__course__latest__digest")}
_PLAIN = [name for name in counting.KEPT if name != "latest"]
_SAID = {
    "pinned": "version__items",
    "latest": "enrolment__course__latest__items",
    "key": "enrolment__course__latest__keys",
}
_FACTS = PreparedInsert(LearningEvent, unique=["round", "client_id"])
_STANDINGS = PreparedInsert(ItemState, unique=["round", "item"], anew=["lesson", *counting.KEPT])
_WHERE_THEY_ARE = PreparedUpdate(Round, *counting.COUNT, *_ANCHOR)


class NotLearning(DomainError):
    code = "courses.not_learning"
    message = "You're not on this course at the moment. Join it, and what you've done before is still there."


class UnknownItem(DomainError):
    code = "courses.unknown_item"
    message = "That part isn't in this course any more."


class NotOpenYet(UnknownItem):
    code = "courses.not_open_yet"
    message = "So what you sent from it is not kept yet. Come back to it when the lesson is open."

    def __init__(self, *, item: UUID) -> None:
        """Say which item it was for, so that its lesson's page can be shown."""
        super().__init__(item=item)
        self.item = item


@dataclass(frozen=True)
class Deed:
    """One fact to record. ``client_id`` comes with the form: the same fact sent twice counts once."""

    item: UUID
    kind: EventKind
    client_id: UUID
    score: int | None = None
    answer: str = ""
    watched: Mapping[str, Any] | None = None

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

    @property
    def looks_at_all(self) -> bool:
        """Whether what is done elsewhere in the course matters here: for its order, or for its rule."""
        return bool(self.round.enrolment.course.in_order) or self.round.finish == rules.ANY

    @cached_property
    def known(self) -> dict[str, rules.Standing]:
        """What is known of the items at the desk, or of all; the answers only of those at the desk. One query."""
        if not self.looks_at_all:
            at_desk = {f"item_{n}": item for n, item in enumerate(self.asked)}
            states = _standings(len(at_desk)).all(round=self.round.pk, **at_desk)
            return {str(each.item): _standing(each, latest=each.latest) for each in states}
        when = When(item__in=list(self.asked), then="latest")
        answer = Case(when, default=Value(""), output_field=EncryptedTextField())
        states = ItemState.objects.unscoped(because=OWN).filter(round=self.round).annotate(answer=answer)
        return {str(each.item): _standing(each, latest=each.answer) for each in states.only("item", *_PLAIN)}

    @cached_property
    def outline(self) -> Outline:
        """What the latest version says. Read once in each process, like the one that the round began with."""
        return self._outlines[self.latest_id]

    @cached_property
    def required(self) -> frozenset[str]:
        """All that this round must come to."""
        return rules.required(self._outlines[self.round.version_id].items, self.outline.items)

    @cached_property
    def _outlines(self) -> dict[int, Outline]:
        said: Any = self.round  # with the digests that ``sit_down`` asked for
        pinned = CourseVersion(pk=self.round.version_id, digest=said.pinned_digest)
        return outlines.of([pinned, CourseVersion(pk=self.latest_id, digest=said.latest_digest)])


def _standing(state: ItemState, *, latest: str) -> rules.Standing:
    return rules.Standing(latest=latest, **{name: getattr(state, name) for name in _PLAIN})


@cache
def _standings(count: int) -> Prepared:
    """What is known of so many items of a round."""

    def rows() -> QuerySet[ItemState]:
        mine = ItemState.objects.unscoped(because=OWN).filter(round=Blank("round", BigIntegerField()))
        return mine.filter(item__in=[Blank(f"item_{n}", UUIDField()) for n in range(count)]).defer("lesson")

    return Prepared(rows)


@cache
def _rounds(count: int) -> Prepared:
    """A person's latest round of a course, held, with what is said of so many items of it."""

    def rows() -> QuerySet[Round]:
        person: Any = Blank("person", BigIntegerField())
        mine = Round.objects.owned_by(person).filter(enrolment__course__identity=Blank("course", UUIDField()))
        says = {f"{name}_{n}": BlankKey(f"item_{n}", path) for n in range(count) for name, path in _SAID.items()}
        said = mine.annotate(**says, **_DIGESTS).select_related("enrolment__course").only(*_NEEDED)
        held: QuerySet[Round] = said.select_for_update(of=("self",)).order_by("-number")[:1]
        return held

    return Prepared(rows)


def sit_down(learner: User, *, course: UUID, items: Sequence[UUID], was_open: bool = False) -> Desk:
    """Read and hold the learner's round, with what is said of ``items`` alone.

    was_open: what is done was begun when its lesson was open. Raises NotLearning, UnknownItem or NotOpenYet.
    """
    wanted = {f"item_{n}": item for n, item in enumerate(items)}
    round_: Round | None = _rounds(len(items)).first(person=learner.pk, course=course, **wanted)
    if round_ is None or not round_.enrolment.is_learning:
        raise NotLearning
    asked = {}
    for n, item in enumerate(items):
        pinned, latest, key = (getattr(round_, f"{name}_{n}") for name in ("pinned", "latest", "key"))
        if latest is None:
            raise UnknownItem(item=item)
        asked[item] = Asked(pinned, latest, key)
    desk = Desk(round_, asked)
    if round_.enrolment.course.in_order and not was_open:
        _require_open(desk)
    return desk


def _require_open(desk: Desk) -> None:
    done = {item for item, standing in desk.known.items() if standing.done_at}
    for item, said in desk.asked.items():
        if desk.outline.first_left(before=said.latest["lesson"], asked=desk.required, done=done):
            raise NotOpenYet(item=item)


def _merge(desk: Desk, deeds: Sequence[Deed], now: datetime) -> dict[UUID, rules.Standing]:
    """Write the facts; return what they come to."""
    _FACTS.add(
        [
            LearningEvent(
                round=desk.round, client_id=deed.fact_id, kind=deed.kind, item=deed.item, payload=deed.answer, at=now
            )
            for deed in deeds
        ]
    )
    after = {
        deed.item: rules.merge(
            desk.known.get(str(deed.item)),
            rules.Fact(kind=deed.kind, at=now, score=deed.score, answer=deed.answer, watched=deed.watched),
        )
        for deed in deeds
    }
    _write(desk, {item: standing for item, standing in after.items() if standing != desk.known.get(str(item))})
    return after


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
        _STANDINGS.add(rows)


def record(desk: Desk, deeds: Sequence[Deed], *, now: datetime, place: str, share: int | None = None) -> bool:
    """Add facts to the round the learner sits at; say whether that was the last of it and the course is finished.

    share: hundredths of the lesson that are behind the reader, where that is known.
    """
    round_ = desk.round
    now = max(now, round_.started_at)  # a phone's clock may say that it was done before there was a round
    if not round_.completed_at and round_.counted_with_id != desk.latest_id:
        counting.recount(round_, latest_id=desk.latest_id, now=now)
        desk = replace(desk)  # under another rule there is more to know than was read
    after = _merge(desk, deeds, now)
    if not round_.completed_at:
        counting.set_count(round_, _counted(desk, after))  # the row is held, so nobody else has added to it
    _move(round_, UUID(desk.asked[deeds[0].item].latest["lesson"]), place=place, share=share, now=now)
    _WHERE_THEY_ARE.save(round_)
    is_last = round_.required_done >= round_.required_total > 0 and not round_.marks_missing
    return is_last and not round_.completed_at and counting.complete_if_due(round_, now=now)


def _move(round_: Round, lesson: UUID, *, place: str, share: int | None, now: datetime) -> None:
    """The learner is here now. What was done before they were last seen moves them nowhere."""
    if round_.last_seen_at > now:
        return
    if share is not None or lesson != round_.last_lesson:
        round_.last_share = share or 0
    round_.last_seen_at, round_.last_lesson, round_.last_place = now, lesson, place


def _counted(desk: Desk, after: Mapping[UUID, rules.Standing]) -> rules.Tally:
    """What the round comes to with what has just been done."""
    round_ = desk.round
    if round_.finish == rules.ANY:
        done = min(round_.required_done + _lessons_more(desk, after), round_.required_total)
        return rules.Tally(round_.required_total, done)
    counted = [item for item in after if desk.asked[item].counts]
    newly = sum(rules.is_new(desk.known.get(str(item)), after[item]) for item in counted)
    marked = [item for item in counted if desk.asked[item].latest.get("marked")]
    gained = sum(rules.gain(desk.known.get(str(item)), after[item], pass_mark=round_.finish_needed) for item in marked)
    return rules.Tally(round_.required_total, round_.required_done + newly, max(round_.marks_missing - gained, 0))


def _lessons_more(desk: Desk, after: Mapping[UUID, rules.Standing]) -> int:
    """How many lessons were done just now."""
    before = {item for item, standing in desk.known.items() if standing.done_at}
    now = before | {str(item) for item, standing in after.items() if standing.done_at}
    counts = [rules.lessons_done(asked=desk.required, items=desk.outline.items, done=done) for done in (before, now)]
    return counts[1] - counts[0]


def place_of(item: UUID) -> str:
    """The anchor of an item on its lesson's page."""
    return f"item-{item}"


def require(desk: Desk, item: UUID, *, kind: str) -> None:
    """Raise UnknownItem if the item is not of this kind."""
    if desk.asked[item].latest["kind"] != kind:
        raise UnknownItem(item=item)
