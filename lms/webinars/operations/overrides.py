"""What staff may do over the rules, with a reason: let somebody in, move them, take them off, change the places.

Each deed is in the booking's history and in the audit record, with who did it and one of a few fixed reasons.
"""

from datetime import datetime

from django.db import models, transaction

from lms.accounts.models import User
from lms.agencies.access import is_verified_adopter
from lms.outbox.operations import post
from lms.webinars import mail, place_letters
from lms.webinars.models import Booking, BookingState, Session, SessionPart, SessionState
from lms.webinars.operations import doors
from lms.webinars.operations.bookings import MAY_BE_GIVEN_UP, fresh, give_up, hold_with_old, leave_old_place
from lms.webinars.operations.doors import SessionCancelled, SessionFull, SessionOver
from lms.webinars.operations.history import begin, move
from lms.webinars.operations.passing import make_room, pass_on
from lms.webinars.operations.planning import note_deed


class StaffReason(models.TextChoices):
    ASKED = "asked_by_phone", "They asked us"
    ACCESS = "access_needs", "Because of what they need to take part"
    AGREED = "agreed_by_manager", "Agreed with a manager"
    MISTAKE = "mistake_put_right", "To put a mistake right"
    SAFETY = "safety", "To keep people safe"


def add_person(
    *, session: Session, adopter: User, actor: User, reason: str, even_if_full: bool = False, now: datetime
) -> Booking:
    """Give ``adopter`` a place past list, household and booking times; with ``even_if_full`` past the limit too.

    Asked twice, once. Raises NotVerified, OwnSession, NotAmongThem, SessionFull, SessionCancelled, or SessionOver
    after the end.
    """
    doors.refuse_strangers(session, adopter, now=now)
    with transaction.atomic():
        session = hold_with_old(session, adopter)
        make_room(session, now=now)
        mine = _let_in(session, adopter, actor=actor, reason=reason, even_if_full=even_if_full, now=now)
        leave_old_place(mine, now=now)
    return mine


def _let_in(
    session: Session, adopter: User, *, actor: User, reason: str, even_if_full: bool, now: datetime, needs: str = ""
) -> Booking:
    mine = doors.live_booking(session, adopter)
    if mine and mine.is_seated:
        return mine
    _refuse_ended(session, now)
    if (mine is None or mine.is_waiting) and not Session.objects.claim_place(session.pk):
        if not even_if_full:
            raise SessionFull(session_id=session.pk)
        Session.objects.let_in(session.pk)
    if mine:
        also = {"booked_at": now, "queue_number": None, "offer_expires_at": None, "asked_again_at": None}
        move(mine, to=BookingState.BOOKED, actor_id=actor.pk, now=now, reason=reason, **also)
    else:
        mine = Booking(session=session, person=adopter, state=BookingState.BOOKED, booked_at=now, access_needs=needs)
        begin(mine, actor_id=actor.pk, now=now, reason=reason)
    post(mail.confirmation(mine), now=now)
    return mine


def _refuse_ended(session: Session, now: datetime) -> None:
    if session.state == SessionState.CANCELLED:
        raise SessionCancelled(session_id=session.pk)
    if session.state != SessionState.PUBLISHED or session.ends_at <= now:
        raise SessionOver(session_id=session.pk)


def remove_person(*, booking: Booking, actor: User, reason: str, now: datetime) -> Booking:
    """End somebody's place or wish, tell them, and pass the place on; asked twice, once.

    Raises SessionOver once the session has begun: from then on the register says who was there.
    """
    with transaction.atomic():
        session = Session.objects.lock(booking.session_id)
        booking = fresh(booking, session)
        if booking.state not in MAY_BE_GIVEN_UP:
            return booking
        if session.starts_at <= now:
            raise SessionOver(session_id=session.pk)
        give_up(booking, actor=actor, now=now, reason=reason, tells=False)
        post(place_letters.ended(booking, reason="staff", now=now), now=now)
    return booking


def move_person(
    *, booking: Booking, session: Session, actor: User, reason: str, even_if_full: bool = False, now: datetime
) -> Booking:
    """Give somebody a place in another session for the one they have, in one transaction; return the new one.

    Raises NotVerified, OwnSession, NotAmongThem, SessionFull, SessionCancelled or SessionOver, and then nothing has
    changed.
    """
    doors.refuse_strangers(session, booking.person, now=now)
    with transaction.atomic():
        held = Session.objects.lock_all({booking.session_id, session.pk})
        make_room(held[session.pk], now=now)
        old = fresh(booking, held[booking.session_id])
        if old.state != BookingState.BOOKED or old.session.starts_at <= now or old.session_id == session.pk:
            raise SessionOver(session_id=old.session_id)
        new = _let_in(
            held[session.pk],
            old.person,
            actor=actor,
            reason=reason,
            even_if_full=even_if_full,
            now=now,
            needs=old.access_needs,
        )
        give_up(old, actor=actor, now=now, reason="moved_by_staff", tells=False)
        post(place_letters.ended(old, reason="moved", now=now), now=now)
    return new


def change_places(*, session: Session, capacity: int | None, actor: User, now: datetime) -> Session:
    """Set how many places there are. More go to who waits; fewer remove nobody, and close booking until some are free.

    Raises SessionCancelled or SessionOver.
    """
    with transaction.atomic():
        session = Session.objects.lock(session.pk)
        _refuse_ended(session, now)
        session.capacity = capacity
        session.places_over = session.over_by()
        session.save(update_fields=["capacity", "places_over"])
        note_deed("places_changed", session, actor=actor, now=now)
        pass_on(session, now=now)
    return session


def end_places_of(*, person: User, now: datetime) -> int:
    """End all that ``person`` has ahead of them, because no agency vouches for them any more; return how many.

    A group of which a date is still to come is ahead as well, though it has begun: where it meets is theirs no more.
    """
    if is_verified_adopter(person):
        return 0
    ahead = SessionPart.objects.filter(starts_at__gt=now).values("session")
    rows = Booking.objects.owned_by(person).filter(state__in=MAY_BE_GIVEN_UP, session__in=ahead)
    found = list(rows.order_by("session", "pk"))
    with transaction.atomic():
        sessions = Session.objects.lock_all(booking.session_id for booking in found)
        for each in found:
            booking = fresh(each, sessions[each.session_id])
            if booking.state in MAY_BE_GIVEN_UP:
                give_up(booking, actor=None, now=now, reason="not_verified", tells=False)
                post(place_letters.ended(booking, reason="not_verified", now=now), now=now)
    return len(found)
