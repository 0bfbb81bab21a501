"""Cancelling a session: everybody is told why, and which other dates there are."""

from collections.abc import Sequence
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

# Over, or never open: a proposal is decided on instead. Who proposed it hears of that, and nobody else of it.
CLOSED = (SessionState.ENDED, SessionState.PROPOSED, SessionState.DECLINED)


def cancel_session(*, session: Session, actor: User, reason: str, now: datetime) -> Session:
    """Call a session off: bookings and wishes end, everybody is told; asked twice, once.

    reason: for everybody who had a place or waited for one. What the register already says stays.
    Raises SessionOver for one that has ended.
    """
    return cancel_sessions(sessions=[session], actor=actor, reason=reason, now=now)[0]


def cancel_sessions(*, sessions: Sequence[Session], actor: User, reason: str, now: datetime) -> list[Session]:
    """Call several off at once, in the order given; somebody booked on more than one reads it in one letter.

    Raises SessionOver if one has ended, and then nothing has changed in any of them.
    """
    told: dict[tuple[int, bool], list[Booking]] = {}
    with transaction.atomic():
        held = Session.objects.lock_all(session.pk for session in sessions)
        found = [held[session.pk] for session in sessions]
        for session in found:
            for booking, had_place in _call_off(session, actor=actor, reason=reason, now=now):
                told.setdefault((booking.person_id, had_place), []).append(booking)
        for (_, had_place), bookings in told.items():
            post(mail.called_off(bookings, had_place=had_place), now=now)
    return found


def _call_off(session: Session, *, actor: User, reason: str, now: datetime) -> list[tuple[Booking, bool]]:
    """End a session that the caller holds; return whose place or wish ended, and whether it was a place."""
    if session.state == SessionState.CANCELLED:
        return []
    if session.state in CLOSED or session.ends_at <= now:
        raise SessionOver(session_id=session.pk)
    session.state, session.cancelled_reason = SessionState.CANCELLED, reason
    session.calendar_sequence += 1
    session.save(update_fields=["state", "cancelled_reason", "calendar_sequence"])
    note_deed("cancelled", session, actor=actor, now=now)
    return _end_bookings(session, actor=actor, now=now)


def _end_bookings(session: Session, *, actor: User, now: datetime) -> list[tuple[Booking, bool]]:
    ended = []
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
        ended.append((booking, had_place))
    return ended
