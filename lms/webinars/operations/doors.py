"""Who may in, and when the door is shut: the refusals of booking and of the waiting list."""

from datetime import datetime

from lms.accounts.models import User
from lms.agencies.access import is_verified_adopter
from lms.common.errors import DomainError
from lms.webinars.models import Booking, BookingState, Facilitator, Session
from lms.webinars.rules import Door


class NotVerified(DomainError):
    code = "webinars.not_verified"
    message = "Live sessions are for adopters that an agency knows. Ask yours to verify you, and then book."


class OwnSession(DomainError):
    code = "webinars.own_session"
    message = "You're running this session, so you don't need a place."


class SessionFull(DomainError):
    code = "webinars.session_full"
    message = "The last place has just gone. You can join the waiting list."


class BookingNotOpen(DomainError):
    code = "webinars.booking_not_open"
    message = "Booking hasn't opened yet. Nothing has been booked."


class BookingClosed(DomainError):
    code = "webinars.booking_closed"
    message = "Booking for this date has closed. Another date may suit you."


class SessionCancelled(DomainError):
    code = "webinars.session_cancelled"
    message = "This date has been cancelled. Another date may suit you."


class SessionOver(DomainError):
    code = "webinars.session_over"
    message = "This session has already begun or is over, so it can't be changed now."


_SHUT: dict[Door, type[DomainError]] = {
    Door.FULL: SessionFull,
    Door.NOT_YET: BookingNotOpen,
    Door.CLOSED: BookingClosed,
    Door.CANCELLED: SessionCancelled,
    Door.DRAFT: BookingNotOpen,
    Door.OVER: SessionOver,
}


def refuse_strangers(session: Session, adopter: User) -> None:
    """Raise NotVerified or OwnSession for somebody who may not take part in ``session`` as an adopter."""
    if not is_verified_adopter(adopter):
        raise NotVerified(person_id=adopter.pk)
    if Facilitator.objects.filter(session=session, person=adopter).exists():
        raise OwnSession(session_id=session.pk)


def refuse_shut(session: Session, door: Door) -> None:
    """Raise what ``door`` says unless it is open."""
    if door in _SHUT:
        raise _SHUT[door](session_id=session.pk)


def own_booking(
    session: Session, adopter: User, *, state: BookingState, now: datetime, **also: object
) -> tuple[Booking, bool]:
    """Return the person's live booking, or make one in ``state``; and whether it was made.

    Two presses at once: one makes it, the other finds it. The database allows one live booking a person.
    """
    rows = Booking.objects.unscoped(because="narrowed to one person by the fields").live()
    booking, is_new = rows.get_or_create(
        session=session, person=adopter, defaults={"state": state, "booked_at": now, **also}
    )
    booking.session, booking.person = session, adopter  # both are at hand: no query for either
    return booking, is_new
