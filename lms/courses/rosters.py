"""Who is on which course, for staff: found, counted and listed in the same few queries however many there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localdate

from lms.accounts.models import User
from lms.common.beginnings import Begins
from lms.common.scope import Scope
from lms.courses.models import Enrolment, EnrolmentState, Round

ON_A_PAGE = 50
AT_ONCE = 2000  # rows read at a time for a file: the first of them go out at once, and memory stays as it is
COLUMNS = ("person__display_name", "agency__name", "course__title", "cohort__name", "state", "created_at")
HEADS = ("name", "agency", "course", "group", "state", "joined", "last day", "done", "of")
STATES = {state.value: state.label for state in EnrolmentState}


@dataclass(frozen=True)
class Wanted:
    """Which enrolments are looked for; whatever is empty narrows nothing. q: how a name or an address begins."""

    q: str = ""
    course: int | None = None
    state: str = ""
    cohort: UUID | None = None
    agency: UUID | None = None
    before: int | None = None


@dataclass(frozen=True)
class Roster:
    """One page of enrolments, the newest first. earlier: what to ask for the next page with; None on the last."""

    rows: list[Enrolment]
    counts: list[tuple[str, str, int]]
    earlier: int | None


def found(scope: Scope, wanted: Wanted) -> QuerySet[Enrolment]:
    """The enrolments within a scope that are looked for, in no order."""
    rows: QuerySet[Enrolment] = _but_state(scope, wanted)
    return rows.filter(state=wanted.state) if wanted.state else rows


def _but_state(scope: Scope, wanted: Wanted) -> QuerySet[Enrolment]:
    rows: QuerySet[Enrolment] = Enrolment.objects.within(scope)
    narrowed = {"course": wanted.course, "cohort__uuid": wanted.cohort, "agency__uuid": wanted.agency}
    rows = rows.filter(**{name: value for name, value in narrowed.items() if value})
    if wanted.q:
        people = User.objects.filter(Q(Begins("name_key", wanted.q)) | Q(Begins("email", wanted.q)))
        rows = rows.filter(person__in=people.values("pk"))
    return rows


def _with_round(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    rounds = Round.objects.unscoped(because="of enrolments that were read within scope")
    last = rounds.filter(enrolment=OuterRef("pk")).order_by("-number")
    return rows.annotate(
        done=Subquery(last.values("required_done")[:1]), total=Subquery(last.values("required_total")[:1])
    )


def _earlier_than(rows: QuerySet[Any, Any], before: int | None) -> QuerySet[Any, Any]:
    """The newest first, from a place on: by id, so that the last page costs what the first does."""
    return (rows.filter(pk__lt=before) if before else rows).order_by("-pk")


def roster(scope: Scope, wanted: Wanted) -> Roster:
    """Return a page of what is looked for, with how many there are in each state; two queries."""
    rows = _with_round(found(scope, wanted)).select_related("person", "course", "agency", "cohort")
    page = list(_earlier_than(rows, wanted.before)[: ON_A_PAGE + 1])
    counted = dict(_but_state(scope, wanted).order_by().values_list("state").annotate(count=Count("pk")))
    return Roster(
        rows=page[:ON_A_PAGE],
        counts=[(state.value, state.label.capitalize(), counted.get(state.value, 0)) for state in EnrolmentState],
        earlier=page[ON_A_PAGE - 1].pk if len(page) > ON_A_PAGE else None,
    )


def as_rows(scope: Scope, wanted: Wanted) -> Iterator[tuple[str, ...]]:
    """What is looked for, for a file: one row a person and course, and a heading. Nothing of what anybody wrote."""
    yield HEADS
    rows: QuerySet[Any, Any] = _with_round(found(scope, wanted))
    rows = rows.values_list("pk", *COLUMNS, "ends_on", "done", "total")
    before: int | None = None
    while page := list(_earlier_than(rows, before)[:AT_ONCE]):
        yield from (_as_row(*columns) for _, *columns in page)
        before = page[-1][0]


def _as_row(*columns: Any) -> tuple[str, ...]:
    *names, state, joined, ends_on, done, total = columns
    dates = (localdate(joined).isoformat(), ends_on.isoformat() if ends_on else "")
    counts = ("" if count is None else str(count) for count in (done, total))
    return (*(name or "" for name in names), STATES[state], *dates, *counts)
