"""What an agency sees of its own people on pathways: who is where, what is stuck, who leads, what ends soon."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils import timezone

from lms.accounts.models import User
from lms.agencies.access import rights_of
from lms.certificates import assessing, progress, steps
from lms.certificates.models import Award, AwardKind, AwardState, PathwayRecord, RecordState, Supervision
from lms.certificates.progress import Progress, Step
from lms.common.scope import Scope
from lms.webinars.models import LEADING_ROLES, Facilitator, Session

LIVE = (RecordState.ACTIVE, RecordState.PAUSED)
MOST = 500  # people under way at one agency, looked through for what is stuck or waits
SOON = timedelta(days=90)
MOST_SESSIONS = 12


class View(StrEnum):
    """Whom the list shows."""

    LIVE = "live"
    STUCK = "stuck"
    EVERYBODY = "everybody"

    @classmethod
    def of(cls, typed: str) -> "View":
        """The one asked for; those under way where nothing sensible was."""
        return cls(typed) if typed in set(cls) else cls.LIVE

    @property
    def label(self) -> str:
        """In words."""
        return {View.LIVE: "Under way", View.STUCK: "Stuck", View.EVERYBODY: "Everybody"}[self]


@dataclass(frozen=True)
class Row:
    """One person in the list."""

    progress: Progress
    to_sign: list[Step]
    now: datetime

    @property
    def stuck(self) -> list[Step]:
        """What has waited long, and with whom."""
        return self.progress.stuck(self.now)

    @property
    def waiting(self) -> list[Step]:
        """What waits for staff."""
        return self.progress.waiting if self.progress.record.state == RecordState.ACTIVE else []


def records(scope: Scope, *, view: View, now: datetime) -> QuerySet[PathwayRecord] | list[PathwayRecord]:
    """People of one's own agencies, as the view asks."""
    rows = progress.records_within(scope)
    if view == View.EVERYBODY:
        return rows
    live = rows.filter(state__in=LIVE)
    if view == View.LIVE:
        return live
    return [one.record for one in progress.progress_of(live[:MOST], now=now) if one.stuck(now)]


def queue(user: User, scope: Scope, *, now: datetime) -> list[Step]:
    """What waits for ``user``, the longest wait first."""
    active = progress.records_within(scope).filter(state=RecordState.ACTIVE)
    far = progress.progress_of(active[:MOST], now=now)
    found = [step for one in far for step in progress.steps_to_sign(one, user)]
    return sorted(found, key=lambda step: step.outcome.since or step.record.started_at)


def sessions_led(record: PathwayRecord) -> list[Session]:
    """Sessions of the agency that this candidate led, the latest first."""
    led = Facilitator.objects.filter(person=record.person_id, role__in=LEADING_ROLES).values("session")
    rows = Session.objects.unscoped(because="sessions that this candidate led at their own agency").without_the_way_in()
    return list(rows.filter(pk__in=led, agency=record.agency_id).order_by("-starts_at")[:MOST_SESSIONS])


def supervisions_of(record: PathwayRecord) -> list[date]:
    """On which days somebody had supervision, the latest first."""
    rows = Supervision.objects.unscoped(because="of a record that the caller may see").filter(record=record)
    return list(rows.values_list("held_on", flat=True))


# --- Leaders -------------------------------------------------------------------------------------------------------


def may_list(user: User) -> bool:
    """Whether ``user`` may have the list of leaders anywhere."""
    return rights_of(user).holds(*assessing.LISTERS)


def may_begin(user: User) -> bool:
    """Whether ``user`` may put people on a pathway anywhere."""
    return rights_of(user).holds(*assessing.KEEPERS)


def leaders(scope: Scope, *, today: date) -> QuerySet[Award]:
    """Awards of group leaders that hold today, by name."""
    rows: QuerySet[Award] = Award.objects.within(scope)
    live = rows.filter(kind=AwardKind.LEADER, state=AwardState.ACTIVE, valid_until__gte=today)
    return live.select_related("person", "agency").defer("says", "qr").order_by("agency__name", "name", "pk")


def ending_soon(scope: Scope, *, today: date) -> QuerySet[Award]:
    """Awards of group leaders that end within 90 days, and are not renewed, the first to end first."""
    soon = leaders(scope, today=today).filter(valid_until__lte=today + SOON, renewed_by=None)
    return soon.order_by("valid_until", "name", "pk")


def lapsing_soon(scope: Scope, *, now: datetime) -> list[Step]:
    """Steps that were done and count for 90 more days at most, of people under way and of those who lead: the first
    to lapse first.
    """
    leading = leaders(scope, today=timezone.localdate(now)).values("person")
    rows = progress.records_within(scope).filter(Q(state__in=LIVE) | Q(state=RecordState.FULFILLED, person__in=leading))
    found = [step for one in progress.progress_of(rows[:MOST], now=now) for step in _lapsing(one)]
    return sorted(found, key=lambda step: step.outcome.lapses_on or date.max)


def _lapsing(one: Progress) -> list[Step]:
    done = (step for step in one.steps if step.state == steps.Turn.DONE)
    return [step for step in done if (last := step.outcome.lapses_on) and last <= step.today + SOON]


# --- For a table elsewhere -----------------------------------------------------------------------------------------

HEADINGS = (
    "Name",
    "Agency",
    "Pathway",
    "State",
    "Began",
    "Steps done",
    "Steps asked",
    "Waiting for",
    "Stuck",
    "Lapses within 90 days",
)
LEADER_HEADINGS = ("Name", "Agency", "Award", "Code", "Valid from", "Valid until")


def progress_lines(scope: Scope, *, now: datetime) -> Iterator[list[str]]:
    """Who is where, a line each, headings first; of one's own agencies."""
    yield list(HEADINGS)
    rows = progress.records_within(scope).filter(state__in=LIVE)
    for some in _by(list(rows), 200):
        for one in progress.progress_of(some, now=now):
            yield _line(one, now)


def _by(rows: list[PathwayRecord], many: int) -> Iterable[list[PathwayRecord]]:
    return (rows[start : start + many] for start in range(0, len(rows), many))


def _line(one: Progress, now: datetime) -> list[str]:
    record = one.record
    waits = "; ".join(f"{step.requirement.title}: {step.waits_for}, {step.since}" for step in one.waiting)
    stuck = "; ".join(step.requirement.title for step in one.stuck(now))
    lapsing = "; ".join(f"{step.requirement.title}: {step.outcome.lapses_on}" for step in _lapsing(one))
    began = timezone.localdate(record.started_at).isoformat()
    named = [record.person.display_name, record.agency.name, record.pathway.title, record.get_state_display()]
    return [*named, began, str(one.done), str(one.total), waits, stuck, lapsing]


def leader_lines(scope: Scope, *, today: date) -> Iterator[list[str]]:
    """Who leads today, a line each, headings first."""
    yield list(LEADER_HEADINGS)
    for award in leaders(scope, today=today):
        agency = award.agency.name if award.agency else ""
        until = award.valid_until.isoformat() if award.valid_until else ""
        yield [award.name, agency, award.title, award.shown_code, award.earned_on.isoformat(), until]
