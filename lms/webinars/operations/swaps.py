"""Exchanging one date of a workshop for another, without a moment in neither or in both."""

from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.outbox.operations import post
from lms.webinars import mail
from lms.webinars.models import Booking, BookingState, Session
from lms.webinars.operations import doors
from lms.webinars.operations.bookings import fresh, has_place, leave_old_place, take_up
from lms.webinars.operations.doors import SessionOver
from lms.webinars.operations.history import begin
from lms.webinars.operations.passing import make_room
from lms.webinars.operations.waiting import stand_in_line


class OtherWorkshop(DomainError):
    code = "webinars.other_workshop"
    message = "You can only exchange a place for another date of the same workshop."


class NothingToExchange(DomainError):
    code = "webinars.nothing_to_exchange"
    message = "You have no place here any more, so there's nothing to exchange."


def swap(*, booking: Booking, session: Session, adopter: User, now: datetime) -> Booking:
    """Exchange ``booking`` for a place in ``session``; where that is full, wait for one and keep the old place.

    Return the new booking, which is booked or waiting. Asked twice, once. Raises OtherWorkshop, NothingToExchange
    where the old place is gone, SessionOver where it has begun, and the refusals of booking and waiting; then nothing
    has changed.
    """
    doors.refuse_strangers(session, adopter, now=now)
    if booking.session.workshop_id is None or booking.session.workshop_id != session.workshop_id:
        raise OtherWorkshop(session_id=session.pk)
    with transaction.atomic():
        held = Session.objects.lock_all({booking.session_id, session.pk})
        make_room(held[session.pk], now=now)
        old = fresh(booking, held[booking.session_id])
        if old.state == BookingState.CANCELLED:
            return _exchanged_before(held[session.pk], old, adopter)
        if old.state != BookingState.BOOKED or old.session.starts_at <= now or old.session_id == session.pk:
            raise SessionOver(session_id=old.session_id)
        new = _new_place(held[session.pk], old, adopter, now)
        if new.is_seated:
            leave_old_place(new, now=now)
    return new


def _exchanged_before(session: Session, old: Booking, adopter: User) -> Booking:
    mine = doors.live_booking(session, adopter)
    if mine is None or mine.instead_of_id != old.pk:
        raise NothingToExchange(booking_id=old.pk)
    return mine


def _new_place(session: Session, old: Booking, adopter: User, now: datetime) -> Booking:
    mine = doors.live_booking(session, adopter)
    if mine is None:
        return _from_nothing(session, old, adopter, now)
    if not mine.is_seated or session.starts_at <= now:
        doors.refuse_closed(session, now)
    mine.instead_of = old
    Booking.objects.owned_by(adopter).filter(pk=mine.pk).update(instead_of=old)
    if mine.is_seated or not has_place(mine):
        return mine
    return take_up(mine, access_needs=mine.access_needs or old.access_needs, now=now)


def _from_nothing(session: Session, old: Booking, adopter: User, now: datetime) -> Booking:
    doors.refuse_closed(session, now)
    if not Session.objects.claim_place(session.pk):
        return stand_in_line(session, adopter, now=now, access_needs=old.access_needs, instead_of=old)
    doors.refuse_full_household(session, adopter, wanted=1)
    booking = Booking(
        session=session,
        person=adopter,
        state=BookingState.BOOKED,
        booked_at=now,
        access_needs=old.access_needs,
        instead_of=old,
    )
    begin(booking, actor_id=adopter.pk, now=now, reason="exchanged")
    post(mail.confirmation(booking), now=now)
    return booking
