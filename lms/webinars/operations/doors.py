"""Who may in, and when the door is shut: the refusals of booking and of the waiting list."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists

from lms.accounts.models import User
from lms.agencies.access import vouching
from lms.common.errors import DomainError
from lms.webinars import access
from lms.webinars.models import Booking, Facilitator, Party, Session
from lms.webinars.rules import Door


class NotVerified(DomainError):
    code = "webinars.not_verified"
    message = "Live sessions are for adopters that an agency knows. Ask yours to verify you, and then book."


class NotAmongThem(DomainError):
    code = "webinars.not_among_them"
    message = "This session is kept for some people only, and you aren't one of them yet. Nothing has been booked."


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


class ListFull(DomainError):
    code = "webinars.list_full"
    message = "The waiting list is full as well. Another date may suit you."


class HouseholdLimit(DomainError):
    code = "webinars.household_limit"
    message = "Each household can have only so many places here, and yours has them already."


@dataclass(frozen=True)
class Standing:
    """How somebody stands to a session, read in one query before anything is decided."""

    is_verified: bool
    runs_it: bool
    has_booking: bool


def standing(session: Session, adopter: User) -> Standing:
    """Read how ``adopter`` stands to ``session``: known to an agency, running it, booked or waiting."""
    mine = Booking.objects.owned_by(adopter).filter(session=session).live()
    runs = Facilitator.objects.filter(session=session, person=adopter)
    row = Session.objects.unscoped(because="how one person stands to it").filter(pk=session.pk)
    known = Exists(vouching(adopter)), Exists(runs), Exists(mine)
    return Standing(*row.values_list(*known).get())


def refuse_strangers(session: Session, adopter: User) -> Standing:
    """Return how ``adopter`` stands; raise NotVerified, OwnSession or NotAmongThem for who may not take part."""
    known = standing(session, adopter)
    if not known.is_verified:
        raise NotVerified(person_id=adopter.pk)
    if known.runs_it:
        raise OwnSession(session_id=session.pk)
    if not access.is_for(session, adopter):
        raise NotAmongThem(session_id=session.pk)
    return known


def refuse_shut(session: Session, door: Door) -> None:
    """Raise what ``door`` says unless it is open."""
    if door in _SHUT:
        raise _SHUT[door](session_id=session.pk)


def refuse_closed(session: Session, now: datetime) -> None:
    """The same, but for a session that is only full: there may be more to say of that."""
    door = session.door_at(now)
    if door != Door.FULL:
        refuse_shut(session, door)


def refuse_full_household(session: Session, adopter: User, *, wanted: int) -> None:
    """Raise HouseholdLimit where ``wanted`` more places are too many for one household.

    Who has come as two before is one household. The caller holds the session.
    """
    if session.household_limit is None:
        return
    rows = Booking.objects.unscoped(because="only how many, of one household").filter(session=session).live()
    theirs = rows.filter(person__in=[adopter.pk, *Party.objects.partners_of(adopter)])
    kept = Party.objects.owned_by(adopter).filter(session=session).keeping().count()
    if theirs.count() + kept + wanted > session.household_limit:
        raise HouseholdLimit(session_id=session.pk)


def live_booking(session: Session, adopter: User) -> Booking | None:
    """Return the person's live booking of ``session``, with both at hand, or None."""
    rows = Booking.objects.owned_by(adopter).filter(session=session).live().select_related("party")
    booking: Booking | None = rows.first()
    if booking:
        booking.session, booking.person = session, adopter
    return booking
