"""Taking a place, giving it up, and saying what would help."""

from datetime import datetime
from functools import partial

from django.db import transaction

from lms.accounts.models import User
from lms.outbox.operations import post
from lms.webinars import mail
from lms.webinars.models import Booking, BookingState, Session
from lms.webinars.operations import doors, waiting
from lms.webinars.operations.doors import SessionFull, SessionOver
from lms.webinars.operations.history import move, write_down
from lms.webinars.rules import Door


def book(*, session: Session, adopter: User, now: datetime, access_needs: str = "") -> Booking:
    """Give ``adopter`` a place in ``session``; asked twice, return the booking already held.

    Somebody on the waiting list takes a place that is free. Raises NotVerified, OwnSession, BookingNotOpen,
    BookingClosed, SessionCancelled, SessionOver or SessionFull, and then nothing has changed.
    """
    doors.refuse_strangers(session, adopter)
    own = partial(doors.own_booking, adopter=adopter, state=BookingState.BOOKED, now=now, access_needs=access_needs)
    with transaction.atomic():
        booking, is_new = own(session)
        if booking.is_waiting:  # it may be promoted at this very moment: hold the session and look again
            session = Session.objects.lock(session.pk)
            booking, is_new = own(session)
        if booking.is_seated and not is_new:
            return booking
        doors.refuse_shut(session, session.door_at(now))
        _take_place(booking, is_new=is_new, access_needs=access_needs, now=now)
        post(mail.confirmation(booking, now=now), now=now)
    return booking


def _take_place(booking: Booking, *, is_new: bool, access_needs: str, now: datetime) -> None:
    # Claim, don't count: two people after the last place both read "one left".
    if not Session.objects.claim_place(booking.session_id):
        doors.refuse_shut(booking.session, _door_now(booking.session, now))
        raise SessionFull(session_id=booking.session_id)
    if is_new:
        write_down(booking, before="", actor_id=booking.person_id, now=now, reason="booked")
        return
    needs = access_needs or booking.access_needs
    also = {"booked_at": now, "queue_number": None, "access_needs": needs}
    move(booking, to=BookingState.BOOKED, actor_id=booking.person_id, now=now, reason="booked", **also)


def _door_now(session: Session, now: datetime) -> Door:
    session.refresh_from_db(fields=["state", "places_taken", "capacity"])
    return session.door_at(now)


def cancel_booking(*, booking: Booking, actor: User, now: datetime) -> Booking:
    """Give a place up, or leave the waiting list; always possible before the start, and asked twice it is done once.

    The place goes to the next person in the same transaction. Raises SessionOver once the session has begun.
    """
    with transaction.atomic():
        session = Session.objects.lock(booking.session_id)
        rows = Booking.objects.unscoped(because="the caller was let in").select_related("person")
        booking = rows.get(pk=booking.pk)
        booking.session = session
        if booking.state == BookingState.CANCELLED:
            return booking
        if session.starts_at <= now or booking.state not in {BookingState.BOOKED, BookingState.WAITING}:
            raise SessionOver(session_id=session.pk)
        _give_up(booking, actor=actor, now=now)
    return booking


def _give_up(booking: Booking, *, actor: User, now: datetime) -> None:
    had_place = booking.is_seated
    reason = "gave_place_up" if had_place else "left_waiting_list"
    move(booking, to=BookingState.CANCELLED, actor_id=actor.pk, now=now, reason=reason, access_needs="")
    if had_place:
        Session.objects.release_place(booking.session_id)
        post(mail.cancelled(booking, now=now), now=now)
        waiting.pass_on(booking.session, now=now)


def say_needs(*, booking: Booking, access_needs: str) -> None:
    """Keep what would help this person take part, for whoever runs the session."""
    rows = Booking.objects.unscoped(because="the caller was let in").filter(pk=booking.pk).live()
    rows.update(access_needs=access_needs)
