"""Who may in, and when the door is shut: the refusals of booking and of the waiting list."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, DateTimeField, Exists, OuterRef, QuerySet, UUIDField

from lms.accounts.models import User
from lms.agencies.access import vouching
from lms.common.errors import DomainError
from lms.common.prepared import Blank, Prepared
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
    """How somebody stands to a session, read in one query before anything is decided.

    nothing_lapsed: nobody has let the time run out for which a place was kept for them.
    """

    is_verified: bool
    runs_it: bool
    has_booking: bool
    nothing_lapsed: bool


def _with_standing(rows: QuerySet[Session]) -> QuerySet[Session]:
    person: Any = Blank("person", BigIntegerField())
    now: Any = Blank("now", DateTimeField())
    here = OuterRef("pk")
    runs = Facilitator.objects.filter(session=here, person=person)
    mine = Booking.objects.owned_by(person).filter(session=here).live()
    kept = Booking.objects.unscoped(because="only whether").filter(session=here).lapsed_at(now)
    seconds = Party.objects.unscoped(because="only whether").filter(session=here).lapsed_at(now)
    return rows.annotate(
        is_verified=Exists(vouching(person)),
        runs_it=Exists(runs),
        has_booking=Exists(mine),
        nothing_lapsed=~Exists(kept) & ~Exists(seconds),
    )


def _one_session() -> QuerySet[Session]:
    rows = Session.objects.unscoped(because="how one person stands to it").only("pk")
    return _with_standing(rows.filter(pk=Blank("session", BigIntegerField())))


def _one_address() -> QuerySet[Session]:
    rows = Session.objects.unscoped(because="whether they may take part is looked at next").without_the_way_in()
    return _with_standing(rows.seen().filter(uuid=Blank("uuid", UUIDField())))


_STANDING, _AT_THE_DOOR = Prepared(_one_session), Prepared(_one_address)


def _standing(row: Any) -> Standing:
    return Standing(**{each.name: getattr(row, each.name) for each in fields(Standing)})


def standing(session: Session, adopter: User, *, now: datetime) -> Standing:
    """Read how ``adopter`` stands to ``session`` at ``now``: known to an agency, running it, booked or waiting."""
    return _standing(_STANDING.first(session=session.pk, person=adopter.pk, now=now))


def at_the_door(uuid: UUID, adopter: User, *, now: datetime) -> tuple[Session, Standing] | None:
    """The session alone, without the way in, and how ``adopter`` stands to it; None where nobody may see one."""
    found: Session | None = _AT_THE_DOOR.first(uuid=uuid, person=adopter.pk, now=now)
    return None if found is None else (found, _standing(found))


def refuse_strangers(session: Session, adopter: User, *, now: datetime) -> None:
    """Raise NotVerified, OwnSession or NotAmongThem for who may not take part as an adopter."""
    refuse_to(standing(session, adopter, now=now), session, adopter)


def refuse_to(known: Standing, session: Session, adopter: User) -> None:
    """The same, of somebody whose standing is known."""
    if not known.is_verified:
        raise NotVerified(person_id=adopter.pk)
    if known.runs_it:
        raise OwnSession(session_id=session.pk)
    if not access.is_for(session, adopter):
        raise NotAmongThem(session_id=session.pk)


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

    Who has come as two before, or is linked, is one household. The caller holds the session.
    """
    if session.household_limit is None:
        return
    rows = Booking.objects.unscoped(because="only how many, of one household").filter(session=session).live()
    theirs = rows.filter(person__in={adopter.pk, *access.household_of(adopter)})
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
