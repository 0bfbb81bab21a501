"""Reading what happened: rows that are written once, from four rooms, a page at a time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.certificates.models import AwardChange, AwardState
from lms.courses.models import Cohort, EnrolmentChange, EnrolmentState, LearningEvent
from lms.statements import facts, rules
from lms.statements.rules import Fact
from lms.webinars.models import AttendanceChange, Verdict

ON_A_PAGE = 200
_WHY = "the caller says whose, by agency and by person"


@dataclass(frozen=True)
class Source:
    """Rows that tell of something done. agency, person: lookups from a row. facts: what a page of them says."""

    name: str
    rows: Callable[[], QuerySet[Any]]
    agency: str
    person: str
    facts: Callable[[list[Any]], Iterator[Fact]]

    def of(self, *, agency: Agency | None) -> QuerySet[Any]:
        """All rows, or those of an agency."""
        return self.rows().filter(**({self.agency: agency} if agency else {}))


def _events() -> QuerySet[Any]:
    told = LearningEvent.objects.unscoped(because=_WHY).defer("payload")
    return told.select_related("round__enrolment__course")


def _completions() -> QuerySet[Any]:
    rows = EnrolmentChange.objects.unscoped(because=_WHY).filter(after=EnrolmentState.COMPLETED)
    return rows.select_related("enrolment__course")


def _attendances() -> QuerySet[Any]:
    rows = AttendanceChange.objects.unscoped(because=_WHY).filter(after__in=[Verdict.PRESENT, Verdict.MADE_UP])
    return rows.select_related("booking__session").defer("booking__access_needs", "booking__session__venue")


def _awards() -> QuerySet[Any]:
    rows = AwardChange.objects.filter(after=AwardState.ACTIVE, award__person__isnull=False).defer("reason")
    return rows.exclude(before__in=[AwardState.SUSPENDED]).select_related("award").defer("award__says", "award__qr")


SOURCES = {
    source.name: source
    for source in (
        Source("event", _events, "round__enrolment__agency", "round__enrolment__person", facts.of_events),
        Source("completion", _completions, "enrolment__agency", "enrolment__person", facts.of_completions),
        Source("attendance", _attendances, "booking__session__agency", "booking__person", facts.of_attendances),
        Source("award", _awards, "award__agency", "award__person", facts.of_awards),
    )
}


def home() -> str:
    """The address that pseudonyms belong to."""
    return str(settings.LMS_BASE_URL).rstrip("/")


def pseudonym(person: int, *, agency: Agency | None) -> str:
    """What a person is known by to one agency's store, or in their own copy: there always the same."""
    whose = str(agency.uuid) if agency else "own"
    return salted_hmac("lms.statements", f"{whose}:{person}", algorithm="sha256").hexdigest()[:32]


def in_words(said: Iterable[Fact], *, agency: Agency | None) -> Iterator[dict[str, Any]]:
    """The statements of facts."""
    for fact in said:
        yield rules.statement(fact, actor=pseudonym(fact.person, agency=agency), home=home())


def statements_of(person: User, *, agency: Agency | None = None) -> Iterator[dict[str, Any]]:
    """Yield every statement of one person: to themself, or to an agency of what was done through it."""
    for source in SOURCES.values():
        rows = source.of(agency=agency).filter(**{source.person: person})
        yield from _by_pages(source, rows, agency)


def statements_of_group(group: Cohort) -> Iterator[dict[str, Any]]:
    """Yield every statement of the people of a group on its course."""
    for name in ("event", "completion"):
        source = SOURCES[name]
        rows = source.of(agency=group.agency).filter(**{f"{source.person.removesuffix('person')}cohort": group})
        yield from _by_pages(source, rows, group.agency)


def _by_pages(source: Source, rows: QuerySet[Any], agency: Agency | None) -> Iterator[dict[str, Any]]:
    last = 0
    while page := list(rows.order_by("pk").filter(pk__gt=last)[:ON_A_PAGE]):
        yield from in_words(source.facts(page), agency=agency)
        last = page[-1].pk
