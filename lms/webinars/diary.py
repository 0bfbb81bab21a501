"""Many sessions at once, as the desk sees them: by day, by what is asked for, and where one person is asked twice."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Prefetch, QuerySet

from lms.webinars import rules
from lms.webinars.models import Facilitator, Session, SessionPart, SessionQuerySet, SessionState

MARGIN = timedelta(days=1)  # no zone is further from UTC
TAKING_TIME = (SessionState.DRAFT, SessionState.PUBLISHED, SessionState.PROPOSED, SessionState.ENDED)


@dataclass(frozen=True)
class Wanted:
    """Which sessions are asked for; None or empty where it does not matter."""

    facilitator: int | None = None
    workshop: int | None = None
    kind: str = ""
    state: str = ""

    def of(self, rows: SessionQuerySet) -> SessionQuerySet:
        """Those of ``rows`` that are asked for."""
        asked = {"workshop": self.workshop, "kind": self.kind, "state": self.state}
        rows = rows.filter(**{name: value for name, value in asked.items() if value})
        if self.facilitator:
            rows = rows.filter(pk__in=Facilitator.objects.filter(person=self.facilitator).values("session"))
        return rows


@dataclass(frozen=True)
class Day:
    """One day of the diary, with the parts of sessions that begin on it."""

    date: date
    parts: list[SessionPart]
    is_outside: bool = False

    @property
    def said(self) -> str:
        """Like "Thursday 12 March"."""
        return rules.said_date(self.date)


def days(rows: SessionQuerySet, *, first: date, last: date, month: int | None = None) -> list[Day]:
    """The days from ``first`` to ``last``, each with what begins on it by the clock of its session: three queries.

    month: days of other months are outside it.
    """
    begins = datetime.combine(first, datetime.min.time(), tzinfo=UTC)
    ends = datetime.combine(last, datetime.max.time(), tzinfo=UTC)
    parts = SessionPart.objects.filter(starts_at__range=(begins - MARGIN, ends + MARGIN), session__in=rows)
    by_day: dict[date, list[SessionPart]] = {}
    for part in _with_sessions(parts):
        by_day.setdefault(rules.wall_time(part.starts_at, part.session.zone).date(), []).append(part)
    spread = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [Day(day, by_day.get(day, []), is_outside=month not in {None, day.month}) for day in spread]


def _with_sessions(parts: QuerySet[SessionPart]) -> QuerySet[SessionPart]:
    people = Prefetch("session__facilitators", Facilitator.objects.select_related("person").leads_first())
    hidden = ("session__room_address", "session__venue", "session__decision_note")
    told = parts.select_related("session").defer(*hidden).prefetch_related(people)
    return told.order_by("starts_at", "session_id", "number")


@dataclass(frozen=True)
class Clash:
    """Somebody who is asked to run two sessions at the same time."""

    person: str
    starts_at: datetime
    title: str
    zone: str

    @property
    def day(self) -> str:
        """Like "Thursday 12 March at 7:30pm": when the two meet."""
        return rules.said_moment(self.starts_at, self.zone)

    @property
    def said(self) -> str:
        """Like "Marguerite runs Staying in touch then"."""
        return f"{self.person} runs {self.title or 'a session of another agency'} then"


def clashes(
    dates: Sequence[tuple[datetime, datetime]], *, people: Collection[int], agency_id: int, but: Iterable[int] = ()
) -> list[Clash]:
    """Who of ``people`` runs something else during ``dates``, apart from the sessions ``but``: one query.

    What another agency's session is called is not said.
    """
    if not dates or not people:
        return []
    begins, ends = min(start for start, _ in dates), max(end for _, end in dates)
    rows = Facilitator.objects.filter(person__in=people, session__state__in=TAKING_TIME)
    rows = rows.filter(session__parts__starts_at__lt=ends, session__parts__ends_at__gt=begins)
    facts = ("person__display_name", "session__agency", "session__title", "session__zone", "session__parts__starts_at")
    rows = rows.exclude(session__in=list(but)).order_by("person", "pk")
    busy = list(rows.values_list(*facts, "session__parts__ends_at"))
    return [
        Clash(person, starts_at, title if agency == agency_id else "", zone)
        for start, end in dates
        for person, agency, title, zone, starts_at, ends_at in busy
        if starts_at < end and ends_at > start
    ]


@dataclass(frozen=True)
class Choices:
    """What sessions can be narrowed to: pairs of a key and a name, by name."""

    agencies: list[tuple[str, str]]
    workshops: list[tuple[int, str]]
    people: list[tuple[int, str]]


def choices(rows: SessionQuerySet) -> Choices:
    """Whose sessions, of which workshops and run by whom there are among ``rows``: one query."""
    facts = (
        ("agency__slug", "agency__name"),
        ("workshop", "workshop__title"),
        ("facilitators__person", "facilitators__person__display_name"),
    )
    found = list(rows.order_by().values_list(*(name for pair in facts for name in pair)).distinct())
    agencies, workshops, people = ({row[n : n + 2] for row in found if row[n] is not None} for n in (0, 2, 4))
    return Choices(*(sorted(kind, key=lambda pair: pair[::-1]) for kind in (agencies, workshops, people)))


def of_series(rows: SessionQuerySet, *, series_id: int) -> list[Session]:
    """The sessions of a series, in order."""
    return list(rows.filter(series=series_id).order_by("series_position"))
