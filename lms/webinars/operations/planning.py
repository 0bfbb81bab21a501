"""Putting a session into the calendar, and opening it."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from django.conf import settings
from django.db import transaction

from cms import keeping
from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.audit.operations import record
from lms.common.clock import to_utc
from lms.common.web import host_allowed
from lms.meetings import operations as meetings
from lms.webinars import access
from lms.webinars.models import (
    LEADING_ROLES,
    Booking,
    Facilitator,
    Series,
    Session,
    SessionKind,
    SessionPart,
    SessionState,
    Where,
)
from lms.webinars.operations.doors import SessionCancelled, SessionOver
from lms.webinars.operations.plans import (
    SAME,
    BookingTimesWrong,
    CancelDeadlineWrong,
    DateIsPast,
    DatesOverlap,
    FacilitatorUnknown,
    LicenceMissing,
    NobodyLeads,
    NoDates,
    PartPlan,
    RecordingPromised,
    RecordingRuledOut,
    RoomRefused,
    SessionPlan,
    TitleMissing,
    TooManyDates,
    dates_of,
    parts_of,
)

MOST_SESSIONS = 53  # that one plan makes: a year of weeks
LONGEST_SERIES = 366  # days from the first date to the last


def settle(session: Session, plan: SessionPlan, parts: list[SessionPart]) -> None:
    """Write what the plan says onto ``session``, without saving. Raises PlanRefused."""
    session.workshop = plan.workshop
    session.title = plan.title or (plan.workshop.title if plan.workshop else "")
    if not session.title:
        raise TitleMissing
    neutral = plan.neutral_title or (plan.workshop.neutral_title if plan.workshop else "")
    session.neutral_title = neutral or session.neutral_title
    session.camera = plan.camera or session.camera
    if plan.may_be_recorded:
        _check_recording(session, plan)
    for name in SAME:
        setattr(session, name, getattr(plan, name))
    if plan.kind == SessionKind.LICENSED and not (plan.publisher and plan.licence_holder):
        raise LicenceMissing
    session.starts_at, session.ends_at = parts[0].starts_at, parts[-1].ends_at
    _settle_place(session, plan)
    _settle_booking_times(session, plan)


def _check_recording(session: Session, plan: SessionPlan) -> None:
    """Whoever booked was told how it is, and has not been asked again."""
    if plan.where != Where.ONLINE or not meetings.lets_record([session.agency_id]):
        raise RecordingRuledOut
    there = Booking.objects.unscoped(because="only whether there is one").filter(session=session.pk).concerned()
    if not session.may_be_recorded and there.exists():
        raise RecordingPromised


def _settle_place(session: Session, plan: SessionPlan) -> None:
    session.venue = plan.venue if plan.where == Where.VENUE else ""
    if plan.where == Where.VENUE:
        session.room_address = ""
    elif plan.room_address is not None:
        if plan.room_address and not host_allowed(plan.room_address, settings.LMS_ROOM_HOSTS):
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
    deadline = plan.cancel_deadline
    session.cancel_deadline_at = to_utc(deadline, zone=plan.zone, second=False) if deadline else None
    if session.cancel_deadline_at and session.cancel_deadline_at > session.starts_at:
        raise CancelDeadlineWrong


def check_facilitators(plan: SessionPlan, agency: Agency, *, session: Session | None = None) -> None:
    """Raise FacilitatorUnknown unless all who run it are staff of ``agency`` or run ``session`` already; NobodyLeads
    where there are only hosts and observers.
    """
    known = set(access.people_who_facilitate([agency]).values_list("pk", flat=True))
    if session is not None:
        known |= set(Facilitator.objects.filter(session=session).values_list("person_id", flat=True))
    if not plan.facilitator_ids or not plan.facilitator_ids <= known:
        raise FacilitatorUnknown
    if not any(plan.role_of(pk) in LEADING_ROLES for pk in plan.facilitator_ids):
        raise NobodyLeads


def schedule_session(*, plan: SessionPlan, agency: Agency, actor: User, now: datetime) -> Session:
    """Keep a new session as a draft, with its dates and who runs it.

    Raises PlanRefused, TimeDoesNotExist or TimeHappensTwice, and then nothing is kept.
    """
    check_facilitators(plan, agency)
    with transaction.atomic():
        session = keep(plan, Session(agency=agency, created_by=actor, created_at=now))
        note_deed("scheduled", session, actor=actor, now=now)
    return session


def keep(plan: SessionPlan, session: Session) -> Session:
    """Write a new ``session`` with its dates and who runs it. Raises PlanRefused and what ``parts_of`` does."""
    parts = parts_of(plan)
    if parts[0].starts_at <= session.created_at:
        raise DateIsPast
    settle(session, plan, parts)
    session.save()
    for part in parts:
        part.session = session
    SessionPart.objects.bulk_create(parts)
    Facilitator.objects.bulk_create(
        Facilitator(session=session, person_id=pk, role=plan.role_of(pk)) for pk in sorted(plan.facilitator_ids)
    )
    return session


def schedule_series(
    *, plan: SessionPlan, dates: Sequence[Sequence[PartPlan]], rule: str, agency: Agency, actor: User, now: datetime
) -> Series:
    """Keep one draft for each of ``dates``, all as the plan says; each is booked, changed and called off alone.

    rule: how the dates came about, in words. Raises what ``schedule_session`` does, and TooManyDates, DatesOverlap
    or NoDates; then nothing is kept.
    """
    plans = [plan.on(parts) for parts in dates]
    check_series(plans)
    check_facilitators(plan, agency)
    with transaction.atomic():
        series = Series.objects.create(agency=agency, rule=rule, created_by=actor, created_at=now)
        for position, one in enumerate(plans, start=1):
            planned = Session(agency=agency, series=series, series_position=position, created_by=actor, created_at=now)
            note_deed("scheduled", keep(one, planned), actor=actor, now=now)
    return series


def check_series(plans: Sequence[SessionPlan]) -> None:
    """Raise NoDates, TooManyDates, DatesOverlap or what ``dates_of`` does for what cannot be one series."""
    if not plans:
        raise NoDates
    if len(plans) > MOST_SESSIONS:
        raise TooManyDates
    dates = sorted(date for one in plans for date in dates_of(one))
    if (dates[-1][0] - dates[0][0]).days > LONGEST_SERIES:
        raise TooManyDates
    if any(later[0] < earlier[1] for earlier, later in pairwise(dates)):
        raise DatesOverlap


def publish_session(*, session: Session, actor: User, now: datetime) -> Session:
    """Show a draft to everybody and let people book; asked twice, once.

    Raises SessionCancelled, and SessionOver for a past date.
    """
    with transaction.atomic():
        session = Session.objects.lock(session.pk)
        if session.state == SessionState.PUBLISHED:
            return session
        if session.state == SessionState.CANCELLED:
            raise SessionCancelled(session_id=session.pk)
        if session.state != SessionState.DRAFT or session.starts_at <= now:
            raise SessionOver(session_id=session.pk)
        session.state = SessionState.PUBLISHED
        session.save(update_fields=["state"])
        note_deed("published", session, actor=actor, now=now)
    return session


def publish_series(*, series: Series, actor: User, now: datetime) -> int:
    """Open all drafts of a series that are still to come; return how many there were."""
    rows = Session.objects.unscoped(because="the series was found within the actor's scope")
    drafts = rows.filter(series=series, state=SessionState.DRAFT, starts_at__gt=now).order_by("series_position")
    with transaction.atomic():
        return len([publish_session(session=session, actor=actor, now=now) for session in drafts])


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
