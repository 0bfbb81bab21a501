"""How far somebody is: read from facts and versions, in a number of queries that never depends on how much there is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from math import ceil
from typing import Any
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    ExpressionWrapper,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Concat
from django.urls import reverse

from lms.accounts.access import Visitor
from lms.accounts.models import User
from lms.common.crypto import EncryptedTextField
from lms.common.prepared import Blank, Prepared
from lms.courses import outlines, rules
from lms.courses.models import (
    LEARNING,
    Course,
    CourseVersion,
    Enrolment,
    EnrolmentState,
    ItemState,
    MarkedByHand,
    Round,
)
from lms.courses.outlines import Line, Part


@dataclass(frozen=True)
class Held:
    """What is kept of one item. answer: what was chosen last, as JSON; marked: by whom it was marked by hand, and why.

    The last two, and what was watched of a video, only where they were asked for.
    """

    done: bool
    skipped: bool
    answer: str
    marked: str = ""
    watched: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Progress:
    """A course with what one person has done of it; with nothing done for somebody who is not on it."""

    course: Course
    round: Round | None
    parts: tuple[Part, ...]
    held: Mapping[str, Held]
    lessons: Sequence[Mapping[str, Any]] = ()

    @property
    def is_learner(self) -> bool:
        """Whether the person is on the course now: finished counts, left does not."""
        return self.round is not None and self.round.enrolment.is_learning

    @property
    def is_paused(self) -> bool:
        """Whether the person rests from the course."""
        return self.round is not None and self.round.enrolment.state == EnrolmentState.PAUSED

    @property
    def has_left(self) -> bool:
        """Whether the person was on the course and left it."""
        return self.round is not None and self.round.enrolment.state == EnrolmentState.LEFT

    @property
    def finished_at(self) -> datetime | None:
        """When the course was completed, for good."""
        return self.round.completed_at if self.round else None

    @property
    def is_gone(self) -> bool:
        """Whether the course's pages were deleted: what was done in it is kept, and there is nothing to open."""
        return self.course.page_id is None and not self.course.is_open

    @property
    def is_down(self) -> bool:
        """Whether the course's own page is taken down, and with it perhaps its lessons."""
        return not self.course.is_open

    @property
    def url(self) -> str:
        """The course's page."""
        return reverse("courses:course", args=[self.course.slug])

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All lessons in reading order."""
        return tuple(line for part in self.parts for line in part.lines)

    @property
    def noted(self) -> bool:
        """Whether any lesson says beforehand what it talks about."""
        return any(line.content_note for line in self.lines)

    @cached_property
    def done(self) -> int:
        """How many lessons are done."""
        return sum(line.is_done for line in self.lines)

    @property
    def rule(self) -> str:
        """What finishes the course, in a sentence: as the reader began it, or as it is now."""
        latest = self.course.latest
        finish = self.round.rule if self.round else latest.rule if latest else rules.Finish()
        return rules.course_rule(finish, lessons=len(self.lines))

    @property
    def counted(self) -> tuple[int, int]:
        """How many lessons are done, of how many that must be."""
        if self.round and self.round.finish == rules.ANY:
            return self.round.required_done, self.round.required_total
        return self.done, len(self.lines)

    @property
    def answers_missing(self) -> int:
        """How many more right answers it takes to the pass mark, about; none where there is no mark."""
        missing = self.round.marks_missing if self.round and not self.finished_at else 0
        return ceil(missing / rules.FULL_MARKS)

    @cached_property
    def mark_waived(self) -> str:
        """Who has waived the pass mark, and why. One query, on a course with such a mark alone."""
        if self.round is None or self.round.finish != rules.MARK:
            return ""
        by_hand = MarkedByHand.objects.unscoped(because="the rounds were read as one person's own, or within a scope")
        mark = by_hand.filter(round=self.round, item=self.course.identity).first()
        return f"{mark.by_name}: {mark.reason}" if mark else ""

    @property
    def minutes(self) -> int:
        """How long all lessons take together."""
        return sum(line.minutes for line in self.lines)

    @cached_property
    def next(self) -> Line | None:
        """The lesson to carry on with: where the person was, else the next one that is not done."""
        ids = [line.id for line in self.lines]
        at = ids.index(self._last) if self._last in ids else 0
        ahead = [*self.lines[at:], *self.lines[:at]]
        return next((line for line in ahead if not line.is_done), None)

    @property
    def _last(self) -> str:
        return str(self.round.last_lesson) if self.round else ""

    @property
    def next_url(self) -> str:
        """Where to carry on, to the very block."""
        if self.next is None:
            return self.url
        in_the_middle = self.round and self.next.id == self._last and self.round.last_place
        return f"{self.next.url}#{self.round.last_place}" if self.round and in_the_middle else self.next.url

    @property
    def has_begun(self) -> bool:
        """Whether there is a place to carry on from."""
        return self.round is not None and self.round.last_lesson is not None

    @property
    def minutes_left(self) -> int:
        """Minutes left of the lesson to carry on with."""
        return self.left_of(self.next) if self.next else 0

    def left_of(self, line: Line) -> int:
        """Minutes left of a lesson: all of it, unless the person stopped in the middle of it."""
        share = self.round.last_share if self.round and line.id == self._last else 0
        return rules.minutes_left(line.minutes, passed=share, parts=100)

    def line_of(self, lesson: UUID | str) -> Line | None:
        """Find a lesson by its id."""
        return next((line for line in self.lines if line.id == str(lesson)), None)

    def waits_for(self, line: Line) -> Line | None:
        """The lesson that must be done before this one opens; None where it is open. What is optional is no hurdle."""
        if not self.course.in_order:
            return None
        return next((one for one in self.lines[: line.number - 1] if one.count.left), None)

    def after(self, line: Line) -> Line | None:
        """The lesson that follows."""
        return self.lines[line.number] if line.number < len(self.lines) else None

    def before(self, line: Line) -> Line | None:
        """The lesson that comes before."""
        return self.lines[line.number - 2] if line.number > 1 else None


# --- Reading ----------------------------------------------------------------------------------------

_LONG = ("outline", "items", "keys")


def _deferred(path: str) -> list[str]:
    return [f"{path}__{name}" for name in _LONG]


def rounds_of(person: Visitor | Blank) -> QuerySet[Round]:
    """The person's current rounds with their courses and what those say now."""
    mine: QuerySet[Round] = Round.objects.owned_by(person).current()
    course = "enrolment__course__latest"
    return mine.select_related(course).defer(*_deferred(course))


def of_rounds(rounds: Sequence[Round], *, answers_in: UUID | None = None) -> list[Progress]:
    """Return how far each round is. answers_in: the lesson whose answers are wanted too."""
    pinned = _pinned(rounds)
    held = _held(rounds, answers_in)
    said = _said([r.enrolment.course for r in rounds])
    return [
        _progress(r.enrolment.course, r, said[r.enrolment.course_id], pinned.get(r.version_id), held[r.pk])
        for r in rounds
    ]


def of_nobody(course: Course) -> Progress:
    """Return a course as somebody sees it who is not on it."""
    return _progress(course, None, _said([course])[course.pk], None, {})


def _said(courses: Sequence[Course]) -> dict[int, outlines.Outline]:
    """What each course says now, by its id."""
    known = outlines.of(course.latest for course in courses if course.latest)
    return {course.pk: known.get(course.latest_id or 0, outlines.NOTHING) for course in courses}


def for_reader(person: Visitor, *, slug: str, answers_in: UUID | None = None) -> Progress | None:
    """Return the course at this address as ``person`` has it, anybody or nobody; None if there is no such course."""
    mine = _MINE_HERE.first(person=person.pk, slug=slug) if person.is_authenticated else None
    if mine:
        return of_rounds([mine], answers_in=answers_in)[0]
    courses = Course.objects.filter(slug=slug, page__isnull=False, latest__isnull=False)
    course = courses.select_related("latest").defer(*_deferred("latest")).first()
    return of_nobody(course) if course else None


def _mine_here() -> QuerySet[Round]:
    mine = rounds_of(Blank("person", BigIntegerField()))
    return mine.filter(enrolment__course__slug=Blank("slug", CharField()), enrolment__course__page__isnull=False)[:1]


_MINE_HERE = Prepared(_mine_here)  # asked at each page of a course


def _pinned(rounds: Iterable[Round]) -> dict[int, rules.Items]:
    """Read what the versions asked that rounds began with, where that is not the latest one."""
    wanted = {r.version_id for r in rounds if r.version_id != r.enrolment.course.latest_id}
    return dict(CourseVersion.objects.filter(pk__in=wanted).values_list("pk", "items")) if wanted else {}


def _held(rounds: Sequence[Round], answers_in: UUID | None) -> dict[int, dict[str, Held]]:
    if len(rounds) == 1:
        rows: Iterable[Any] = _HELD_IN_ONE.rows(round=rounds[0].pk, lesson=answers_in)
    else:
        rows = _kept(answers_in).filter(round__in=[r.pk for r in rounds])
    held: dict[int, dict[str, Held]] = defaultdict(dict)
    for round_id, item, done, skipped, answer, marked, seen in rows:
        held[round_id][str(item)] = Held(done, skipped, answer or "", marked or "", seen or {})
    return held


def _kept(answers_in: Any) -> QuerySet[Any]:
    """What is kept of items, with what somebody said and saw in one lesson: the rest of it stays where it is."""
    states = ItemState.objects.unscoped(because="the rounds were read as one person's own, or within a scope")
    by_hand = MarkedByHand.objects.unscoped(because="the rounds were read as one person's own, or within a scope")
    mark = by_hand.filter(round=OuterRef("round"), item=OuterRef("item"))
    said = mark.annotate(said=Concat("by_name", Value(": "), "reason")).values("said")
    kept = states.annotate(
        is_done=ExpressionWrapper(Q(done_at__isnull=False), BooleanField()),
        answer=Case(When(lesson=answers_in, then="latest"), output_field=EncryptedTextField()),
        mark=Case(When(lesson=answers_in, then=Subquery(said)), output_field=CharField()),
        seen=Case(When(lesson=answers_in, then="watched"), output_field=JSONField()),
    )
    rows: QuerySet[Any] = kept.values_list("round_id", "item", "is_done", "skipped", "answer", "mark", "seen")
    return rows


_HELD_IN_ONE = Prepared(lambda: _kept(Blank("lesson", UUIDField())).filter(round=Blank("round", BigIntegerField())))


def _progress(
    course: Course,
    round_: Round | None,
    outline: outlines.Outline,
    pinned: rules.Items | None,
    held: Mapping[str, Held],
) -> Progress:
    done = {item for item, kept in held.items() if kept.done}
    return Progress(course, round_, outline.parts(began_with=pinned, done=done), held, outline.lessons)


def on_courses(person: User) -> list[Progress]:
    """Return all courses that ``person`` is on or was on, the ones last seen first; two or three queries."""
    return of_rounds(list(rounds_of(person).order_by("-last_seen_at", "-pk")))


def lessons_done(course: Course, enrolments: Iterable[Enrolment]) -> dict[int, int]:
    """Return how many lessons are done, by enrolment; for lists of staff, who see nothing else of it."""
    rounds = Round.objects.unscoped(because="the enrolments were read within the staff member's scope").current()
    found = list(rounds.filter(enrolment__in=list(enrolments)).select_related("enrolment"))
    for round_ in found:
        round_.enrolment.course = course
    return {progress.round.enrolment_id: progress.done for progress in of_rounds(found) if progress.round}


def begun_words(person: User) -> dict[int, str]:
    """Say of each course that ``person`` is on where they are in it, by the id of its page. One query."""
    rounds = list(rounds_of(person).filter(enrolment__state__in=LEARNING))
    said = _said([round_.enrolment.course for round_ in rounds])
    words = ((one.enrolment.course.page_id, _where(one, said[one.enrolment.course_id])) for one in rounds)
    return {page_id: where for page_id, where in words if page_id}


def _where(round_: Round, outline: outlines.Outline) -> str:
    if round_.completed_at:
        return "Finished"
    number = outline.numbers.get(str(round_.last_lesson))
    return f"You're on lesson {number}" if number else "You've joined"
