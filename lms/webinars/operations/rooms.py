"""The rooms of online sessions: made ahead at the agency's provider, and the way in at the click."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from cms import keeping
from lms.accounts.models import User
from lms.common.web import host_allowed
from lms.meetings import operations as meetings
from lms.meetings.operations import Wanted, WayIn
from lms.meetings.providers.base import Recording as Found
from lms.webinars import attending, rules
from lms.webinars.models import Booking, Facilitator, Recording, RoomBy, Session, SessionPart, SessionState, Where
from lms.webinars.operations.recordings import add_recording

AHEAD = timedelta(days=8)  # no provider can be told earlier than a week before
LIVE = (SessionState.PUBLISHED, SessionState.ENDED)
TITLE = 100  # characters of a recording's title


def way_in(*, session: Session, person: User, moderates: bool, now: datetime) -> WayIn:
    """Return where to go now, or why nowhere yet. The caller has looked at who it is and at the time."""
    if session.room_by == RoomBy.LINK:
        return WayIn(session.room_address)
    part = part_on(session, now=now)
    return meetings.way_in(about=session.uuid, number=part.number, person=person, moderates=moderates, now=now)


def part_on(session: Session, *, now: datetime) -> SessionPart:
    """The date that is on, its room still open after the end; else the next, else the last."""
    parts = list(session.parts.all())
    return parts[attending.part_at([(part.starts_at, part.ends_at) for part in parts], after=_after(), now=now)]


def _after() -> timedelta:
    after: timedelta = settings.LMS_JOIN_CLOSES_AFTER
    return after


def plan_rooms(*, now: datetime) -> int:
    """Have rooms for all dates of the coming week, with who may go in, and close those that are wanted no more.

    Return how many dates there are.
    """
    parts = list(_parts_ahead(now))
    meetings.drop_rooms_without(abouts={part.session.uuid for part in parts}, now=now)
    for part in parts:
        _plan(part, now)
    return len(parts)


def prepare_room(*, session_id: int, now: datetime) -> int:
    """Do the same for one session at once: somebody has just booked, or given their place up."""
    parts = list(_parts_ahead(now).filter(session=session_id))
    for part in parts:
        _plan(part, now)
    return len(parts)


def make_room_again(*, session: Session, part: SessionPart, now: datetime) -> bool:
    """Have the room of a date made once more; say whether there is one to make."""
    return meetings.make_again(about=session.uuid, number=part.number, now=now)


def _parts_ahead(now: datetime) -> "QuerySet[SessionPart]":
    online = SessionPart.objects.filter(session__where=Where.ONLINE, session__room_by=RoomBy.AGENCY)
    soon = online.filter(starts_at__lte=now + AHEAD, ends_at__gt=now - _after(), session__state__in=LIVE)
    return soon.select_related("session").order_by("starts_at", "pk")


def _plan(part: SessionPart, now: datetime) -> None:
    session = part.session
    wanted = Wanted(
        about=session.uuid,
        number=part.number,
        title=session.neutral_title,
        opens_at=part.starts_at - rules.FACILITATOR_EARLY,
        starts_at=part.starts_at,
        ends_at=part.ends_at,
        closes_at=part.ends_at + _after(),
        may_record=session.may_be_recorded,
    )
    room = meetings.plan_room(agency_id=session.agency_id, wanted=wanted, now=now)
    if room is not None:
        meetings.expect(room=room, people=_people(session))


def _people(session: Session) -> dict[int, bool]:
    """Who may go in, by id, and whether they moderate: an observer comes in early and moderates nothing."""
    seated = Booking.objects.unscoped(because="a room knows who may go in").filter(session=session).seated()
    running = {row.person_id: row.moderates for row in Facilitator.objects.filter(session=session)}
    return {**dict.fromkeys(seated.values_list("person_id", flat=True), False), **running}


def record_no_more(*, agency_id: int, now: datetime) -> int:
    """Its agency lets nobody record any more: no session still to come is recorded. Return how many were to be."""
    rows = Session.objects.unscoped(because="an agency's rule holds for all its sessions")
    count = rows.filter(agency=agency_id, may_be_recorded=True, ends_at__gt=now).update(may_be_recorded=False)
    keeping.changed()
    return int(count)


def part_of_room(about: UUID, number: int) -> SessionPart | None:
    """The date that a room is for; None if it is there no more."""
    return SessionPart.objects.filter(session__uuid=about, number=number).select_related("session").first()


def keep_recordings(*, about: UUID, recordings: Iterable[Found], now: datetime) -> int:
    """Put what a provider recorded beside its session, for staff to look at; nobody else sees it. Return how many new.

    One at a place that this installation shows no recordings from is left where it is.
    """
    session = Session.objects.unscoped(because="a provider tells of it").filter(uuid=about).first()
    if session is None:
        return 0
    rows = Recording.objects.unscoped(because="what is known is not kept twice").filter(session=session)
    known, kept = {row.address for row in rows}, 0
    for found in recordings:
        if found.address not in known and host_allowed(found.address, settings.LMS_RECORDING_HOSTS):
            add_recording(session=session, title=session.title[:TITLE], address=found.address, actor=None, now=now)
            kept += 1
    return kept
