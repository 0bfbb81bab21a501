"""Cancelling a session: everybody is told why, and which other dates there are."""

from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.outbox.operations import post
from lms.webinars import mail
from lms.webinars.models import Booking, BookingState, Party, Session, SessionState
from lms.webinars.operations.bookings import MAY_BE_GIVEN_UP
from lms.webinars.operations.doors import SessionOver
from lms.webinars.operations.history import move
from lms.webinars.operations.passing import give_second_back
from lms.webinars.operations.planning import note_deed


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
    for party in Party.objects.unscoped(because="nobody's partner comes either").filter(session=session).keeping():
        give_second_back(party)
    rows = Booking.objects.unscoped(because="everybody with a place or a wish is told").select_related("person")
    for booking in rows.filter(session=session, state__in=MAY_BE_GIVEN_UP):
        booking.session, had_place, took_place = session, booking.is_seated, not booking.is_waiting
        moved = move(
            booking,
            to=BookingState.CANCELLED,
            actor_id=actor.pk,
            now=now,
            reason="session_cancelled",
            access_needs="",
        )
        if moved and took_place:
            Session.objects.release_place(session.pk)
        post(mail.called_off(booking, had_place=had_place), now=now)
