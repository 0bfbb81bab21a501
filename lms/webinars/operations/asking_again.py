"""Whether a date that was moved by days still suits. Nobody loses a place by saying nothing."""

from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.webinars.models import Booking, BookingState, Session
from lms.webinars.operations.bookings import fresh
from lms.webinars.operations.doors import SessionOver
from lms.webinars.operations.history import write_down


def ask_again(session: Session, *, now: datetime) -> None:
    """Ask everybody with a place in a session that the caller holds, whatever they have said of earlier dates."""
    rows = Booking.objects.unscoped(because="everybody with a place is asked")
    rows.filter(session=session, state=BookingState.BOOKED).update(asked_again_at=now)


def keep_place(*, booking: Booking, adopter: User, now: datetime) -> Booking:
    """Note that the new date suits; said twice, noted once. Raises SessionOver where there is no place to keep."""
    with transaction.atomic():
        session = Session.objects.lock(booking.session_id)
        booking = fresh(booking, session)
        if booking.state != BookingState.BOOKED or session.starts_at <= now:
            raise SessionOver(session_id=session.pk)
        if booking.asked_again_at is not None:
            booking.asked_again_at = None
            booking.save(update_fields=["asked_again_at"])
            write_down(booking, before=booking.state, actor_id=adopter.pk, now=now, reason="new_date_suits")
    return booking
