"""Cancelling a session: everybody is told why, and which other dates there are."""

from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.outbox.operations import post
from lms.webinars import mail
from lms.webinars.models import Booking, BookingState, Session, SessionState
from lms.webinars.operations.doors import SessionOver
from lms.webinars.operations.history import move
from lms.webinars.operations.planning import note_deed

OTHER_DATES = 3  # how many are named in the mail


def cancel_session(*, session: Session, actor: User, reason: str, now: datetime) -> Session:
    """Call a session off: bookings and wishes end, everybody is told; asked twice, once.

    reason: for everybody who had a place or waited for one. What the register already says stays.
    Raises SessionOver for one that has ended.
    """
    with transaction.atomic():
        session = Session.objects.lock(session.pk)
        if session.state == SessionState.CANCELLED:
            return session
        if session.state == SessionState.ENDED or session.ends_at <= now:
            raise SessionOver(session_id=session.pk)
        session.state, session.cancelled_reason = SessionState.CANCELLED, reason
        session.calendar_sequence += 1
        session.save(update_fields=["state", "cancelled_reason", "calendar_sequence"])
        note_deed("cancelled", session, actor=actor, now=now)
        _end_bookings(session, actor=actor, now=now)
    return session


def _end_bookings(session: Session, *, actor: User, now: datetime) -> None:
    others = _other_dates(session, now)
    rows = Booking.objects.unscoped(because="everybody with a place or a wish is told").select_related("person")
    for booking in rows.filter(session=session, state__in=[BookingState.BOOKED, BookingState.WAITING]):
        booking.session, had_place = session, booking.is_seated
        moved = move(
            booking,
            to=BookingState.CANCELLED,
            actor_id=actor.pk,
            now=now,
            reason="session_cancelled",
            access_needs="",
        )
        if moved and had_place:
            Session.objects.release_place(session.pk)
        reason = session.cancelled_reason
        post(mail.called_off(booking, reason=reason, others=others, had_place=had_place, now=now), now=now)


def _other_dates(session: Session, now: datetime) -> list[Session]:
    if session.workshop_id is None:
        return []
    rows = Session.objects.listed_at(now).filter(workshop=session.workshop_id).exclude(pk=session.pk)
    return list(rows.filter(starts_at__gt=now)[:OTHER_DATES])
