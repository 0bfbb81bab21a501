"""What somebody wants a session to be, which moments that means, and why it cannot be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import ClassVar

from django.conf import settings

from cms.models import WorkshopPage
from lms.common.clock import TimeDoesNotExist, to_utc
from lms.common.errors import DomainError
from lms.webinars import rules
from lms.webinars.models import FacilitatorRole, RoomBy, Session, SessionKind, SessionPart, Where

# Facts that a plan and a session call by the same name.
SAME = (
    "kind", "zone", "where", "region", "venue", "capacity", "waiting_list_cap", "offer_minutes", "household_limit",
    "eligibility", "publisher", "licence_holder", "facilitator_credential", "languages", "captions", "interpreter",
    "babies_welcome", "room_by", "only_for", "may_be_recorded",
)  # fmt: skip


class PlanRefused(DomainError):
    """A plan that cannot be; ``field`` is the one to look at again."""

    field: ClassVar[str]


class NoDates(PlanRefused):
    code = "webinars.no_dates"
    message = "Choose at least one date and time."
    field = "date_1"


class DateIsPast(PlanRefused):
    code = "webinars.date_is_past"
    message = "Choose dates that are still to come."
    field = "date_1"


class DatesOverlap(PlanRefused):
    code = "webinars.dates_overlap"
    message = "Two of the dates overlap. Put them in order, each after the one before has ended."
    field = "date_1"


class TooManyDates(PlanRefused):
    code = "webinars.too_many_dates"
    message = "One plan makes at most 53 sessions, over 12 months. Choose fewer."
    field = "times"


class ZoneUnknown(PlanRefused):
    code = "webinars.zone_unknown"
    message = "Choose one of the time zones."
    field = "zone"


class RoomRefused(PlanRefused):
    code = "webinars.room_refused"
    message = "Use a room link that starts with https:// on a service your agency uses."
    field = "room_address"


class TitleMissing(PlanRefused):
    code = "webinars.title_missing"
    message = "Choose a workshop, or give the session a title of its own."
    field = "title"


class FacilitatorUnknown(PlanRefused):
    code = "webinars.facilitator_unknown"
    message = "Choose at least one person of your agency to run it."
    field = "facilitators"


class NobodyLeads(PlanRefused):
    code = "webinars.nobody_leads"
    message = "Somebody has to lead it. A host or an observer alone can't."
    field = "facilitators"


class BookingTimesWrong(PlanRefused):
    code = "webinars.booking_times_wrong"
    message = "Booking has to open before it closes, and close by the start."
    field = "closes_date"


class CancelDeadlineWrong(PlanRefused):
    code = "webinars.cancel_deadline_wrong"
    message = "Choose a time before the session begins."
    field = "cancel_date"


class LicenceMissing(PlanRefused):
    code = "webinars.licence_missing"
    message = "Say who publishes the programme and who holds the licence to run it."
    field = "publisher"


class RecordingRuledOut(PlanRefused):
    code = "webinars.recording_ruled_out"
    message = "Your agency doesn't let sessions be recorded, or this one isn't online."
    field = "may_be_recorded"


class RecordingPromised(PlanRefused):
    code = "webinars.recording_promised"
    message = "People have booked this one because it isn't recorded. Make a new session for one that may be."
    field = "may_be_recorded"


@dataclass(frozen=True)
class PartPlan:
    """One date as typed: wall time in the session's zone. second: which of two equal times, in the autumn fold."""

    local_start: datetime
    minutes: int
    second: bool | None = None


@dataclass(frozen=True)
class SessionPlan:
    """What somebody wants a session to be. Times are wall times in ``zone``.

    room_address None: keep what is there. capacity None: no limit. closes None: at the start, less the usual notice.
    roles: what somebody of ``facilitator_ids`` does other than leading. cancel_deadline None: the start.
    """

    parts: tuple[PartPlan, ...]
    facilitator_ids: frozenset[int]
    roles: Mapping[int, str] = field(default_factory=dict)
    workshop: WorkshopPage | None = None
    title: str = ""
    neutral_title: str = ""
    kind: str = SessionKind.WORKSHOP
    zone: str = "Europe/London"
    where: str = Where.ONLINE
    region: str = ""
    venue: str = ""
    room_by: str = RoomBy.LINK
    room_address: str | None = None
    capacity: int | None = None
    waiting_list_cap: int | None = None
    offer_minutes: int | None = None
    household_limit: int | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    cancel_deadline: datetime | None = None
    eligibility: str = ""
    only_for: str = ""
    publisher: str = ""
    licence_holder: str = ""
    facilitator_credential: str = ""
    languages: str = ""
    captions: bool = False
    interpreter: str = ""
    babies_welcome: bool = False
    camera: str = ""
    may_be_recorded: bool = False

    def role_of(self, person_id: int) -> str:
        """What somebody does in it."""
        return self.roles.get(person_id, FacilitatorRole.LEAD)

    def on(self, parts: Sequence[PartPlan]) -> "SessionPlan":
        """The same on other dates. Booking opens at the same moment; what ends before the start moves with it."""
        days = parts[0].local_start.date() - self.parts[0].local_start.date()
        return replace(
            self,
            parts=tuple(parts),
            closes=self.closes and self.closes + days,
            cancel_deadline=self.cancel_deadline and self.cancel_deadline + days,
        )


def dates_of(plan: SessionPlan) -> list[tuple[datetime, datetime]]:
    """Return start and end of each part in UTC.

    Raises TimeDoesNotExist, TimeHappensTwice, ZoneUnknown, NoDates or DatesOverlap.
    """
    if not rules.zone_is_known(plan.zone):
        raise ZoneUnknown
    if not plan.parts:
        raise NoDates
    starts = [to_utc(part.local_start, zone=plan.zone, second=part.second) for part in plan.parts]
    dates = [(start, start + timedelta(minutes=part.minutes)) for start, part in zip(starts, plan.parts, strict=True)]
    if any(later[0] < earlier[1] for earlier, later in pairwise(dates)):
        raise DatesOverlap
    return dates


def parts_of(plan: SessionPlan) -> list[SessionPart]:
    """Return the parts as rows that are not saved yet. Raises what ``dates_of`` does."""
    return [
        SessionPart(
            number=number,
            local_start=part.local_start.isoformat(timespec="minutes"),
            minutes=part.minutes,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        for number, (part, (starts_at, ends_at)) in enumerate(zip(plan.parts, dates_of(plan), strict=True), start=1)
    ]


def plan_of(session: Session) -> SessionPlan:
    """Return the plan that keeps ``session`` as it is."""
    people = {row.person_id: row.role for row in session.facilitators.all()}
    deadline = session.cancel_deadline_at
    return SessionPlan(
        parts=tuple(_as_typed(part, session.zone) for part in session.parts.all()),
        facilitator_ids=frozenset(people),
        roles=people,
        workshop=session.workshop,
        title=session.title,
        neutral_title=session.neutral_title,
        camera=session.camera,
        opens=session.booking_opens_at and rules.wall_time(session.booking_opens_at, session.zone),
        closes=_closes(session),
        cancel_deadline=deadline and rules.wall_time(deadline, session.zone),
        **{name: getattr(session, name) for name in SAME},
    )


def _as_typed(part: SessionPart, zone: str) -> PartPlan:
    """What was typed for a part: which of two equal times is said only where there are two. A time that is gone since
    a country changed its clocks stands as it was typed, for somebody to choose another.
    """
    local = datetime.fromisoformat(part.local_start)
    try:
        earlier, later = (to_utc(local, zone=zone, second=second) for second in (False, True))
    except TimeDoesNotExist:
        return PartPlan(local, part.minutes)
    return PartPlan(local, part.minutes, second=None if earlier == later else part.starts_at == later)


def _closes(session: Session) -> datetime | None:
    usual = session.starts_at - settings.LMS_BOOKING_CLOSES_BEFORE
    if session.booking_closes_at == usual:
        return None
    return rules.wall_time(session.booking_closes_at, session.zone)
