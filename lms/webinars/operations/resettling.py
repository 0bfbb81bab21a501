"""What was meant by the clock stays as it was meant, when a country changes its clocks by another rule."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from lms.common.clock import TimeDoesNotExist, to_utc
from lms.webinars.models import Session, SessionPart, SessionState
from lms.webinars.operations.editing import tell_everybody
from lms.webinars.operations.planning import note_deed

MOVABLE = (SessionState.DRAFT, SessionState.PROPOSED, SessionState.PUBLISHED)
MOVED = ("starts_at", "ends_at", "booking_closes_at", "cancel_deadline_at", "calendar_sequence")


@dataclass(frozen=True)
class Resettled:
    """How many sessions moved, and the ids of those at a time that does not exist any more: people must decide."""

    moved: int
    lost: list[int]


def resettle(*, now: datetime) -> Resettled:
    """Put each date still to come where its local time is by today's rules; who is booked is told.

    A date that has begun stays. One whose local time is gone stays too, and is named.
    """
    parts = SessionPart.objects.filter(starts_at__gt=now, session__state__in=MOVABLE)
    facts = parts.values_list("session", "local_start", "starts_at", "session__zone").order_by("session")
    meant = [(session, starts_at, _meant(local, zone, starts_at)) for session, local, starts_at, zone in facts]
    lost = {session for session, _, moment in meant if moment is None}
    moved = {session for session, starts_at, moment in meant if moment != starts_at} - lost
    for session_id in sorted(moved):
        _move(session_id, now)
    return Resettled(len(moved), sorted(lost))


def _meant(local: str, zone: str, starts_at: datetime) -> datetime | None:
    """The moment that a local time means now: of two that it can mean, the one that it meant before."""
    try:
        both = [to_utc(datetime.fromisoformat(local), zone=zone, second=second) for second in (False, True)]
    except TimeDoesNotExist:
        return None
    return starts_at if starts_at in both else both[0]


def _move(session_id: int, now: datetime) -> None:
    with transaction.atomic():
        session = Session.objects.lock(session_id)
        parts = list(session.parts.all())
        for part in parts:
            moment = _meant(part.local_start, session.zone, part.starts_at)
            if moment and part.starts_at > now:
                part.starts_at, part.ends_at = moment, moment + timedelta(minutes=part.minutes)
        SessionPart.objects.bulk_update(parts, ["starts_at", "ends_at"])
        _follow(session, by=parts[0].starts_at - session.starts_at, until=parts[-1].ends_at)
        session.calendar_sequence += session.state == SessionState.PUBLISHED
        session.save(update_fields=MOVED)
        note_deed("resettled", session, actor=None, now=now)
        if session.state == SessionState.PUBLISHED:
            tell_everybody(session, now=now)


def _follow(session: Session, *, by: timedelta, until: datetime) -> None:
    """Move what hangs on the start by as much as the start."""
    session.starts_at, session.ends_at = session.starts_at + by, until
    session.booking_closes_at += by
    if session.cancel_deadline_at:
        session.cancel_deadline_at += by
