"""The waiting list: first come, first served.

A place that comes free more than 48 hours before the start goes to the head of the list at once. Later than
that it is open to whoever books first, and everybody on the list is told. Nobody stays on a list for ever: a
booking, leaving, a cancelled session or its end takes them off.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from lms.accounts.models import User
from lms.agencies.access import is_verified_adopter
from lms.common.errors import DomainError
from lms.outbox.operations import post
from lms.webinars import mail, rules
from lms.webinars.models import Booking, BookingState, Session
from lms.webinars.operations import doors
from lms.webinars.operations.history import move, write_down
from lms.webinars.rules import Door


class PlaceIsFree(DomainError):
    code = "webinars.place_is_free"
    message = "A place has come free, so you don't need to wait: you can book it now."


def join_waiting_list(*, session: Session, adopter: User, now: datetime, access_needs: str = "") -> Booking:
    """Put ``adopter`` at the end of the list; asked twice, return the first wish, or the place already held.

    Raises PlaceIsFree where there is no need to wait, and the refusals of booking except SessionFull.
    """
    doors.refuse_strangers(session, adopter)
    with transaction.atomic():
        locked = Session.objects.lock(session.pk)
        also = {"access_needs": access_needs, "queue_number": _next_number(locked)}
        booking, is_new = doors.own_booking(locked, adopter, state=BookingState.WAITING, now=now, **also)
        if is_new:
            _refuse_unless_full(locked, now)
            write_down(booking, before="", actor_id=adopter.pk, now=now, reason="joined_waiting_list")
    return booking


def _refuse_unless_full(session: Session, now: datetime) -> None:
    door = session.door_at(now)
    if door == Door.OPEN:
        raise PlaceIsFree(session_id=session.pk)
    if door != Door.FULL:
        doors.refuse_shut(session, door)


def _next_number(session: Session) -> int:
    rows = Booking.objects.unscoped(because="only the last number").filter(session=session)
    return int(rows.aggregate(last=Max("queue_number"))["last"] or 0) + 1


def place_freed(*, session_id: int, now: datetime) -> None:
    """Take back the place of a booking that is gone, and give it to who waits."""
    with transaction.atomic():
        session = Session.objects.lock(session_id)
        Session.objects.release_place(session_id)
        pass_on(session, now=now)


def pass_on(session: Session, *, now: datetime) -> None:
    """Give free places to who waits. The caller holds the lock on ``session``."""
    session.refresh_from_db(fields=["places_taken", "capacity"])
    if session.door_at(now) != Door.OPEN:
        return
    queue = Booking.objects.unscoped(because="places pass in the order of the list").queue()
    queue = queue.filter(session=session).select_related("person")
    if rules.promotes(session.starts_at, now=now):
        _promote(session, queue, now)
    else:
        _tell(session, queue, now)


def _promote(session: Session, queue: Iterable[Booking], now: datetime) -> None:
    for booking in queue:
        booking.session = session
        if not _may_still_come(booking.person):
            move(booking, to=BookingState.CANCELLED, actor_id=None, now=now, reason="not_verified", access_needs="")
            continue
        if not Session.objects.claim_place(session.pk):
            return
        moved = {"booked_at": now, "queue_number": None}
        move(booking, to=BookingState.BOOKED, actor_id=None, now=now, reason="promoted", **moved)
        post(mail.place_from_list(booking, now=now), now=now)


def _may_still_come(person: User) -> bool:
    return person.is_active and is_verified_adopter(person)


def _tell(session: Session, queue: Iterable[Booking], now: datetime) -> None:
    for booking in queue:
        booking.session = session
        post(mail.place_open(booking, now=now), now=now)
