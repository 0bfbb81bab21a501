"""The waiting list: first come, first served.

Nobody stays on it for ever: an offer, leaving, a cancelled session or its end takes them off.
"""

from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.webinars.models import Booking, BookingState, Party, Policy, Session
from lms.webinars.operations import doors
from lms.webinars.operations.history import begin
from lms.webinars.operations.passing import make_room, pass_on
from lms.webinars.rules import Door

JOINED = "joined_waiting_list"


class PlaceIsFree(DomainError):
    code = "webinars.place_is_free"
    message = "A place has come free, so you don't need to wait: you can book it now."


def join_waiting_list(
    *, session: Session, adopter: User, now: datetime, access_needs: str = "", together: str = ""
) -> Booking:
    """Put ``adopter`` at the end of the list; asked twice, return the first wish, or the place already held.

    together: a ``Policy`` for who waits for two places; empty for one. Raises PlaceIsFree where there is no need to
    wait, ListFull, HouseholdLimit, and the refusals of booking except SessionFull.
    """
    doors.refuse_strangers(session, adopter, now=now)
    with transaction.atomic():
        locked = Session.objects.lock(session.pk)
        make_room(locked, now=now)
        return stand_in_line(locked, adopter, now=now, access_needs=access_needs, together=together)


def stand_in_line(
    locked: Session,
    adopter: User,
    *,
    now: datetime,
    access_needs: str = "",
    together: str = "",
    instead_of: Booking | None = None,
) -> Booking:
    """The same for who holds the session already; ``instead_of`` is given up for the place that is waited for."""
    if found := doors.live_booking(locked, adopter):
        return found
    _refuse_unless_full(locked, wanted=2 if together == Policy.TOGETHER_ONLY else 1, now=now)
    doors.refuse_full_household(locked, adopter, wanted=2 if together else 1)
    _refuse_full_list(locked)
    booking = Booking(
        session=locked,
        person=adopter,
        state=BookingState.WAITING,
        queue_number=Session.objects.next_in_line(locked.pk),
        booked_at=now,
        access_needs=access_needs,
        party=_party(locked, adopter, policy=together, now=now) if together else None,
        instead_of=instead_of,
    )
    begin(booking, actor_id=adopter.pk, now=now, reason=JOINED)
    if together:
        pass_on(locked, now=now)  # one place may be free, and is kept for them
        booking.refresh_from_db(fields=["state", "offer_expires_at"])
    return booking


def _party(session: Session, adopter: User, *, policy: str, now: datetime) -> Party:
    party = Party(session=session, made_by=adopter, policy=policy, created_at=now)
    party.save(force_insert=True)
    return party


def _refuse_unless_full(session: Session, *, wanted: int, now: datetime) -> None:
    door, left = session.door_at(now), session.places_left
    if door == Door.OPEN and (left is None or left >= wanted):
        raise PlaceIsFree(session_id=session.pk)
    doors.refuse_closed(session, now)


def _refuse_full_list(session: Session) -> None:
    """Raise ListFull when as many wait as may."""
    if session.waiting_list_cap is None:
        return
    rows = Booking.objects.unscoped(because="only how many wait").filter(session=session)
    if rows.queue().count() >= session.waiting_list_cap:
        raise doors.ListFull(session_id=session.pk)


def place_freed(*, session_id: int, now: datetime) -> None:
    """Take back the place of a booking that is gone, and give it to who waits."""
    with transaction.atomic():
        session = Session.objects.lock(session_id)
        Session.objects.release_place(session_id)
        pass_on(session, now=now)
