"""Taking a place, giving it up, and saying what would help."""

from datetime import datetime

from django.db import IntegrityError, transaction

from lms.accounts.models import User
from lms.outbox.operations import post, post_new
from lms.webinars import mail, rules
from lms.webinars.models import Booking, BookingState, Session
from lms.webinars.operations import doors
from lms.webinars.operations.doors import SessionFull, SessionOver, Standing
from lms.webinars.operations.history import begin, move
from lms.webinars.operations.passing import give_second_back, make_room, pass_on
from lms.webinars.operations.waiting import JOINED, stand_in_line
from lms.webinars.rules import Door

MAY_BE_GIVEN_UP = (BookingState.BOOKED, BookingState.WAITING, BookingState.OFFERED, BookingState.HELD)


def book(*, session: Session, adopter: User, now: datetime, access_needs: str = "") -> Booking:
    """Give ``adopter`` a place in ``session``; asked twice, return the booking already held.

    Somebody on the waiting list takes a place that is free, and somebody who was offered one accepts it. Raises
    NotVerified, OwnSession, NotAmongThem, BookingNotOpen, BookingClosed, SessionCancelled, SessionOver,
    HouseholdLimit or SessionFull, and then nothing has changed.
    """
    wanted = Booking(session=session, person=adopter, state=BookingState.BOOKED, access_needs=access_needs)
    return _place(wanted, now=now)


def book_or_wait(
    *, session: Session, adopter: User, now: datetime, access_needs: str = "", known: Standing | None = None
) -> Booking:
    """The same, but where the last place has just gone, a place on the waiting list. Raises ListFull as well.

    known: how they stand to it, if that was read with the session.
    """
    wanted = Booking(session=session, person=adopter, state=BookingState.BOOKED, access_needs=access_needs)
    return _place(wanted, now=now, or_wait=True, known=known)


def hold(*, session: Session, adopter: User, now: datetime) -> Booking:
    """Keep a place for ``adopter`` while they fill in a form, for ten minutes or until booking closes; whatever they
    have already stays. Raises as ``book``.
    """
    until = min(now + rules.HOLD, session.booking_closes_at)
    return _place(Booking(session=session, person=adopter, state=BookingState.HELD, offer_expires_at=until), now=now)


def _place(wanted: Booking, *, now: datetime, or_wait: bool = False, known: Standing | None = None) -> Booking:
    known = known or doors.standing(wanted.session, wanted.person, now=now)
    doors.refuse_to(known, wanted.session, wanted.person)
    wanted.booked_at = now
    if not known.has_booking and wanted.session.household_limit is None:
        try:
            with transaction.atomic():
                return _first_wish(wanted, known, or_wait=or_wait, now=now)
        except IntegrityError:  # pressed twice, and the other press was first
            wanted.pk = None
    with transaction.atomic():
        wanted.session = hold_with_old(wanted.session, wanted.person)
        make_room(wanted.session, now=now)
        mine = doors.live_booking(wanted.session, wanted.person)
        if mine:
            return _place_again(mine, wanted, or_wait=or_wait, now=now)
        doors.refuse_full_household(wanted.session, wanted.person, wanted=1)
        return _place_new(wanted, or_wait=or_wait, now=now)


def _first_wish(wanted: Booking, known: Standing, *, or_wait: bool, now: datetime) -> Booking:
    """Of somebody who has nothing there yet: where the session was read as full, straight to the end of the line."""
    if or_wait and known.nothing_lapsed and wanted.session.door_at(now) == Door.FULL:
        wanted.queue_number = Session.objects.next_in_line(wanted.session_id, only_if_full=True)
        if wanted.queue_number is not None:
            wanted.state = BookingState.WAITING
            begin(wanted, actor_id=wanted.person_id, now=now, reason=JOINED)
            return wanted
    return _place_new(wanted, or_wait=or_wait, now=now)


def _place_new(wanted: Booking, *, or_wait: bool, now: datetime) -> Booking:
    """Claim first, then write: whoever needs both the session and a booking of it takes them in this order."""
    doors.refuse_closed(wanted.session, now)
    # Claim, don't count: two people after the last place both read "one left".
    if not Session.objects.claim_place(wanted.session_id):
        session = Session.objects.lock(wanted.session_id)
        make_room(session, now=now)
        if not Session.objects.claim_place(session.pk):
            return _without_a_place(session, wanted, or_wait=or_wait, now=now)
    begin(wanted, actor_id=wanted.person_id, now=now, reason=str(wanted.state))
    if wanted.state == BookingState.BOOKED:
        post_new(mail.confirmation(wanted), now=now)
    return wanted


def _without_a_place(session: Session, wanted: Booking, *, or_wait: bool, now: datetime) -> Booking:
    doors.refuse_closed(session, now)
    if not or_wait:
        raise SessionFull(session_id=session.pk)
    return stand_in_line(session, wanted.person, now=now, access_needs=wanted.access_needs)


def _place_again(mine: Booking, wanted: Booking, *, or_wait: bool, now: datetime) -> Booking:
    """What is asked for by somebody who has a booking of this session already, which the caller holds."""
    if mine.is_seated or wanted.state == BookingState.HELD:
        return mine
    doors.refuse_closed(mine.session, now)
    if has_place(mine):
        return take_up(mine, access_needs=wanted.access_needs, now=now)
    if not or_wait:
        raise SessionFull(session_id=mine.session_id)
    return mine


def has_place(mine: Booking) -> bool:
    """Whether a place is taken for ``mine``; for a wish, take one that is free. The caller holds the session."""
    return not mine.is_waiting or Session.objects.claim_place(mine.session_id)


def take_up(mine: Booking, *, access_needs: str = "", now: datetime) -> Booking:
    """Turn a wish, a hold or an offer that a place is taken for into a booking, and leave the place it replaces.

    The caller holds the session, as ``hold_with_old`` does.
    """
    needs = access_needs or mine.access_needs
    also = {"booked_at": now, "queue_number": None, "offer_expires_at": None, "asked_again_at": None}
    reason = f"booked_from_{mine.state}"
    move(mine, to=BookingState.BOOKED, actor_id=mine.person_id, now=now, reason=reason, access_needs=needs, **also)
    post(mail.confirmation(mine), now=now)
    leave_old_place(mine, now=now)
    return mine


# --- Instead of another place ---------------------------------------------------------------------
def hold_with_old(session: Session, person: User) -> Session:
    """Hold ``session``, and with it that of the place which ``person`` gives up for one here. Return it anew."""
    mine = Booking.objects.owned_by(person).filter(session=session, instead_of__state=BookingState.BOOKED).live()
    others = mine.values_list("instead_of__session", flat=True)
    return Session.objects.lock_all({session.pk, *others})[session.pk]


def leave_old_place(booking: Booking, *, now: datetime) -> None:
    """Give up the place that ``booking`` replaces, unless it is gone or has begun. The caller holds both sessions.

    Another date that was wished for in its stead is wished for instead of the new one: nobody comes to have both.
    """
    old = booking.instead_of
    if old is None or old.state != BookingState.BOOKED or old.session.starts_at <= now:
        return
    give_up(old, actor=booking.person, now=now, reason="exchanged")
    wishes = Booking.objects.owned_by(booking.person).filter(instead_of=old).live().exclude(pk=booking.pk)
    wishes.update(instead_of=booking)


# --- Giving it up ---------------------------------------------------------------------------------
def cancel_booking(*, booking: Booking, actor: User, now: datetime) -> Booking:
    """Give a place up, or leave the waiting list; always possible before the start, and asked twice it is done once.

    The place goes to the next person in the same transaction. After the session's deadline it is written down as
    late, unless the date was moved by days since, and nothing else comes of that; at the deadline it is in time.
    Raises SessionOver once the session has begun.
    """
    with transaction.atomic():
        session = Session.objects.lock(booking.session_id)
        booking = fresh(booking, session)
        if booking.state in {BookingState.CANCELLED, BookingState.DECLINED, BookingState.EXPIRED}:
            return booking
        if session.starts_at <= now or booking.state not in MAY_BE_GIVEN_UP:
            raise SessionOver(session_id=session.pk)
        late = session.cancel_deadline_at is not None and now > session.cancel_deadline_at
        late = late and not booking.is_asked_again
        reason = "gave_place_up_late" if late and booking.is_seated else ""
        give_up(booking, actor=actor, now=now, reason=reason)
    return booking


def fresh(booking: Booking, session: Session) -> Booking:
    """``booking`` as it is now, of a session that the caller holds."""
    rows = Booking.objects.unscoped(because="the caller was let in").select_related("person", "party")
    found: Booking = rows.get(pk=booking.pk)
    found.session = session
    return found


def give_up(booking: Booking, *, actor: User | None, now: datetime, reason: str = "", tells: bool = True) -> None:
    """End what somebody has in a session that the caller holds, and pass the place on."""
    had_place, took_place = booking.is_seated, not booking.is_waiting
    usual = "gave_place_up" if had_place else "left_waiting_list"
    actor_id = actor.pk if actor else None
    ended = {"access_needs": "", "offer_expires_at": None, "asked_again_at": None}
    if not move(booking, to=BookingState.CANCELLED, actor_id=actor_id, now=now, reason=reason or usual, **ended):
        return
    if took_place:
        Session.objects.release_place(booking.session_id)
    if booking.party and not had_place:
        give_second_back(booking.party)
    if had_place and tells:
        post(mail.cancelled(booking), now=now)
    if took_place:
        pass_on(booking.session, now=now)


def say_needs(*, booking: Booking, access_needs: str) -> None:
    """Keep what would help this person take part, for whoever runs the session."""
    rows = Booking.objects.unscoped(because="the caller was let in").filter(pk=booking.pk).live()
    rows.update(access_needs=access_needs)
