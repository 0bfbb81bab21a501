"""Putting a session into the calendar: what was typed, which moments it means, and whether that can be."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import ClassVar

from django.conf import settings
from django.db import transaction

from cms import keeping
from cms.models import WorkshopPage
from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.audit.operations import record
from lms.common.clock import to_utc
from lms.common.errors import DomainError
from lms.webinars import access, rules
from lms.webinars.models import Facilitator, Session, SessionKind, SessionPart, SessionState, Where
from lms.webinars.operations.doors import SessionOver


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


class BookingTimesWrong(PlanRefused):
    code = "webinars.booking_times_wrong"
    message = "Booking has to open before it closes, and close by the start."
    field = "closes_date"


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
    """

    parts: tuple[PartPlan, ...]
    facilitator_ids: frozenset[int]
    workshop: WorkshopPage | None = None
    title: str = ""
    neutral_title: str = ""
    kind: str = SessionKind.WORKSHOP
    zone: str = "Europe/London"
    where: str = Where.ONLINE
    region: str = ""
    venue: str = ""
    room_address: str | None = None
    capacity: int | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    languages: str = ""
    captions: bool = False
    interpreter: str = ""
    babies_welcome: bool = False
    camera: str = ""


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


def settle(session: Session, plan: SessionPlan, parts: list[SessionPart]) -> None:
    """Write what the plan says onto ``session``, without saving. Raises PlanRefused."""
    session.workshop = plan.workshop
    session.title = plan.title or (plan.workshop.title if plan.workshop else "")
    if not session.title:
        raise TitleMissing
    neutral = plan.neutral_title or (plan.workshop.neutral_title if plan.workshop else "")
    session.neutral_title = neutral or session.neutral_title
    session.camera = plan.camera or session.camera
    for name in ("kind", "zone", "where", "region", "capacity", "languages", "captions", "interpreter"):
        setattr(session, name, getattr(plan, name))
    session.babies_welcome = plan.babies_welcome
    session.starts_at, session.ends_at = parts[0].starts_at, parts[-1].ends_at
    _settle_place(session, plan)
    _settle_booking_times(session, plan)


def _settle_place(session: Session, plan: SessionPlan) -> None:
    session.venue = plan.venue if plan.where == Where.VENUE else ""
    if plan.where == Where.VENUE:
        session.room_address = ""
    elif plan.room_address is not None:
        if plan.room_address and not rules.room_host_allowed(plan.room_address, settings.LMS_ROOM_HOSTS):
            raise RoomRefused
        session.room_address = plan.room_address


def _settle_booking_times(session: Session, plan: SessionPlan) -> None:
    opens, closes = plan.opens, plan.closes
    session.booking_opens_at = to_utc(opens, zone=plan.zone, second=False) if opens else None
    usual = session.starts_at - settings.LMS_BOOKING_CLOSES_BEFORE
    session.booking_closes_at = to_utc(closes, zone=plan.zone, second=False) if closes else usual
    late = session.booking_closes_at > session.starts_at
    if late or (session.booking_opens_at and session.booking_opens_at >= session.booking_closes_at):
        raise BookingTimesWrong


def check_facilitators(plan: SessionPlan, agency: Agency) -> None:
    """Raise FacilitatorUnknown unless somebody runs it and all who do are staff of ``agency``."""
    known = access.people_who_facilitate([agency]).filter(pk__in=plan.facilitator_ids)
    if not plan.facilitator_ids or known.count() != len(plan.facilitator_ids):
        raise FacilitatorUnknown


def schedule_session(*, plan: SessionPlan, agency: Agency, actor: User, now: datetime) -> Session:
    """Keep a new session as a draft, with its dates and who runs it.

    Raises PlanRefused, TimeDoesNotExist or TimeHappensTwice, and then nothing is kept.
    """
    parts = parts_of(plan)
    check_facilitators(plan, agency)
    if parts[0].starts_at <= now:
        raise DateIsPast
    session = Session(agency=agency, created_by=actor, created_at=now)
    settle(session, plan, parts)
    with transaction.atomic():
        session.save()
        for part in parts:
            part.session = session
        SessionPart.objects.bulk_create(parts)
        Facilitator.objects.bulk_create(
            Facilitator(session=session, person_id=pk) for pk in sorted(plan.facilitator_ids)
        )
        note_deed("scheduled", session, actor=actor, now=now)
    return session


def publish_session(*, session: Session, actor: User, now: datetime) -> Session:
    """Show a draft to everybody and let people book; asked twice, once. Raises SessionOver for a past date."""
    with transaction.atomic():
        session = Session.objects.lock(session.pk)
        if session.state == SessionState.PUBLISHED:
            return session
        if session.state != SessionState.DRAFT or session.starts_at <= now:
            raise SessionOver(session_id=session.pk)
        session.state = SessionState.PUBLISHED
        session.save(update_fields=["state"])
        note_deed("published", session, actor=actor, now=now)
    return session


def note_deed(deed: str, session: Session, *, actor: User | None, now: datetime) -> None:
    """Put what staff, or the system itself, did with a session into the record; public pages show it at once."""
    record(
        action=f"session.{deed}",
        target=f"session:{session.pk}",
        actor_id=actor.pk if actor else None,
        now=now,
        agency_id=session.agency_id,
    )
    keeping.changed()
