"""Whether a date that was moved by days still suits. Nobody loses a place, or their turn, by saying nothing."""

from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.webinars.models import AHEAD_STATES, KEPT_STATES, Booking, Party, Session
from lms.webinars.operations.bookings import fresh
from lms.webinars.operations.doors import SessionOver
from lms.webinars.operations.history import write_down


def ask_again(session: Session, *, now: datetime) -> None:
    """Ask everybody with a place in a session that the caller holds, or with a wish for one, whatever they have said
    of earlier dates.
    """
    rows = Booking.objects.unscoped(because="everybody who meant to come is asked").filter(session=session)
    rows.concerned().update(asked_again_at=now)


def shorten_what_is_kept(session: Session) -> None:
    """Let no offer and no kept place outlast booking in a session that the caller holds: it may begin earlier now."""
    closes = session.booking_closes_at
    bookings = Booking.objects.unscoped(because="of all alike").filter(session=session, state__in=KEPT_STATES)
    bookings.filter(offer_expires_at__gt=closes).update(offer_expires_at=closes)
    parties = Party.objects.unscoped(because="of all alike").filter(session=session).keeping()
    parties.filter(kept_until__gt=closes).update(kept_until=closes)


def keep_place(*, booking: Booking, adopter: User, now: datetime) -> Booking:
    """Note that the new date suits; said twice, noted once. Raises SessionOver where there is nothing to keep."""
    with transaction.atomic():
        session = Session.objects.lock(booking.session_id)
        booking = fresh(booking, session)
        if booking.state not in AHEAD_STATES or session.starts_at <= now:
            raise SessionOver(session_id=session.pk)
        if booking.asked_again_at is not None:
            booking.asked_again_at = None
            booking.save(update_fields=["asked_again_at"])
            write_down(booking, before=booking.state, actor_id=adopter.pk, now=now, reason="new_date_suits")
    return booking
