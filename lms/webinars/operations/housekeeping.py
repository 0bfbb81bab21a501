"""What the clock does: endings, forgetting."""

from datetime import datetime

from django.db import transaction

from lms.webinars import rules
from lms.webinars.models import KEPT_STATES, Booking, BookingState, Party, Session, SessionState
from lms.webinars.operations.history import move
from lms.webinars.operations.passing import give_second_back
from lms.webinars.operations.planning import note_deed


def end_sessions(*, now: datetime) -> int:
    """Close sessions whose last part is over, and take who still waits off their lists; return how many sessions."""
    rows = Session.objects.unscoped(because="the clock ends every session")
    due = list(rows.filter(state=SessionState.PUBLISHED, ends_at__lte=now).values_list("pk", flat=True))
    return sum(_end(pk, now) for pk in due)


def _end(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        session = Session.objects.lock(pk)
        if session.state != SessionState.PUBLISHED or session.ends_at > now:
            return False
        session.state = SessionState.ENDED
        session.save(update_fields=["state"])
        note_deed("ended", session, actor=None, now=now)
        _let_go(session, now)
    return True


def _let_go(session: Session, now: datetime) -> None:
    """Nobody waits for what is over, and nothing is kept there."""
    rows = Booking.objects.unscoped(because="nobody waits for what is over").filter(session=session)
    for booking in rows.filter(state__in=[BookingState.WAITING, *KEPT_STATES]):
        booking.session, took_place = session, not booking.is_waiting
        move(booking, to=BookingState.EXPIRED, actor_id=None, now=now, reason="session_over", access_needs="")
        if took_place:
            Session.objects.release_place(session.pk)
    for party in Party.objects.unscoped(because="as above").filter(session=session).keeping():
        give_second_back(party)


def forget_needs(*, now: datetime) -> int:
    """Empty what people asked for, 30 days after a session's end; return how many bookings."""
    rows = Booking.objects.unscoped(because="the clock forgets for everybody")
    old = rows.filter(session__ends_at__lte=now - rules.KEEP_NEEDS).exclude(access_needs="")
    return old.update(access_needs="")
