"""Banks of questions as one learner has them: read in a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from django.db.models.fields.json import KeyTransform

from lms.accounts.models import User
from lms.courses import outlines, rules
from lms.courses.models import CourseVersion, Round, Try
from lms.courses.progress import rounds_of

OWN = "the round was read as the learner's own"


@dataclass(frozen=True)
class Terms:
    """What it takes to pass: ``needed`` of ``show`` questions of ``held``. minutes, tries: 0 without a limit."""

    show: int
    held: int
    needed: int
    minutes: int
    tries: int

    @classmethod
    def of(cls, said: Mapping[str, Any], *, extra_time: int = 0, extra_tries: int = 0) -> Self:
        """Read them from what a bank says. extra_time: per cent."""
        held = len(said["questions"])
        show = min(int(said["show"]), held)
        return cls(
            show=show,
            held=held,
            needed=rules.needed(show, pass_mark=said["pass_mark"]),
            minutes=int(said["minutes"] or 0) * (rules.FULL_MARKS + extra_time) // rules.FULL_MARKS,
            tries=int(said["attempts"]) + extra_tries if said["attempts"] else 0,
        )


@dataclass(frozen=True)
class Bank:
    """A bank with the tries that one learner has made at it. key: what the latest version says, only for the server."""

    round: Round
    item: UUID
    title: str
    lesson_title: str
    lesson_url: str
    key: Mapping[str, Any]
    tries: tuple[Try, ...]

    @property
    def course(self) -> UUID:
        """The course's identity."""
        return self.round.enrolment.course.identity

    @cached_property
    def under_way(self) -> Try | None:
        """The try that is not handed in yet."""
        return next((one for one in self.tries if one.handed_in_at is None), None)

    @cached_property
    def handed_in(self) -> tuple[Try, ...]:
        """Those that are."""
        return tuple(one for one in self.tries if one.handed_in_at is not None)

    @property
    def passed(self) -> bool:
        """Whether any of them passed."""
        return any(one.passed for one in self.handed_in)

    @property
    def best(self) -> Try | None:
        """The best one."""
        return max(self.handed_in, key=lambda one: (one.passed, one.right / max(one.asked, 1)), default=None)

    @property
    def terms(self) -> Terms:
        """What this learner has to do to pass."""
        enrolment = self.round.enrolment
        return Terms.of(self.key, extra_time=enrolment.extra_time, extra_tries=enrolment.extra_tries)

    @property
    def may_begin(self) -> bool:
        """Whether there is a try left."""
        return not self.terms.tries or len(self.tries) < self.terms.tries

    def one(self, number: int) -> Try | None:
        """Find a try by its number."""
        return next((one for one in self.tries if one.number == number), None)

    def key_of(self, one: Try) -> Mapping[str, Any]:
        """Return what the version says with which a try was marked; at most one query."""
        if one.marked_with_id in (None, self.round.enrolment.course.latest_id):
            return self.key
        keys = CourseVersion.objects.filter(pk=one.marked_with_id).annotate(key=KeyTransform(str(self.item), "keys"))
        return dict(keys.values_list("key", flat=True).get())


def bank_of(person: User, *, course: UUID, item: UUID) -> Bank | None:
    """Return a bank of a course that ``person`` is on; None if it is none, or not theirs to try. Two queries."""
    says = KeyTransform(str(item), "enrolment__course__latest__items")
    key = KeyTransform(str(item), "enrolment__course__latest__keys")
    rounds = rounds_of(person).filter(enrolment__course__identity=course).annotate(says=says, key=key)
    round_ = rounds.first()
    if round_ is None or not round_.enrolment.is_learning or not round_.says or round_.says["kind"] != "bank":
        return None
    lesson = _lesson(round_)
    tries = tuple(Try.objects.unscoped(because=OWN).filter(round=round_, item=item).order_by("number"))
    said = {"title": round_.says["title"], "lesson_title": lesson["title"], "lesson_url": lesson["path"]}
    return Bank(round=round_, item=item, key=round_.key, tries=tries, **said)


def _lesson(round_: Any) -> Mapping[str, Any]:
    """The lesson that the item read with ``round_`` is in."""
    latest = round_.enrolment.course.latest
    return next(one for one in outlines.of([latest])[latest.pk].lessons if one["id"] == round_.says["lesson"])


def tries_at(round_: Round, items: Iterable[str]) -> dict[str, tuple[Try, ...]]:
    """Return the tries that were made at each of some banks, without their answers. One query."""
    tries = Try.objects.unscoped(because=OWN).filter(round=round_, item__in=list(items)).defer("answers", "drawn")
    found: dict[str, tuple[Try, ...]] = {}
    for one in tries.order_by("number"):
        found[str(one.item)] = (*found.get(str(one.item), ()), one)
    return found
