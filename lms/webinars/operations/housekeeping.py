"""What the clock does: reminders, endings, forgetting."""

from datetime import datetime

from django.db import transaction

from lms.outbox.models import Message
from lms.outbox.operations import post
from lms.webinars import mail, rules
from lms.webinars.models import Booking, BookingState, Session, SessionPart, SessionState
from lms.webinars.operations.history import move
from lms.webinars.operations.planning import note_deed


def remind(*, now: datetime) -> int:
    """Post the reminders that are due, each at most once for a booking and a part at its time; return how many."""
    soon = SessionPart.objects.filter(starts_at__gt=now, starts_at__lte=now + rules.REMIND_BEFORE)
    parts = soon.filter(session__state=SessionState.PUBLISHED).select_related("session")
    return sum(_remind_of(part, now) for part in parts)


def _remind_of(part: SessionPart, now: datetime) -> int:
    rows = Booking.objects.unscoped(because="everybody booked is reminded")
    booked = rows.filter(session=part.session, state=BookingState.BOOKED).select_related("person")
    useful = [
        booking
        for booking in booked
        if rules.reminder_is_useful(booked_at=booking.booked_at, part_starts_at=part.starts_at, now=now)
    ]
    due = {mail.reminder_key(booking, part): booking for booking in useful}
    posted = set(Message.objects.filter(once__in=due).values_list("once", flat=True))
    fresh = [booking for key, booking in due.items() if key not in posted]
    for booking in fresh:
        booking.session = part.session
        with transaction.atomic():
            post(mail.reminder(booking, part), now=now)
    return len(fresh)


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
        for booking in (
            Booking.objects.unscoped(because="nobody waits for what is over").queue().filter(session=session)
        ):
            booking.session = session
            move(booking, to=BookingState.EXPIRED, actor_id=None, now=now, reason="session_over", access_needs="")
    return True


def forget_needs(*, now: datetime) -> int:
    """Empty what people asked for, 30 days after a session's end; return how many bookings."""
    rows = Booking.objects.unscoped(because="the clock forgets for everybody")
    old = rows.filter(session__ends_at__lte=now - rules.KEEP_NEEDS).exclude(access_needs="")
    return old.update(access_needs="")
