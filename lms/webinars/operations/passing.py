"""How places pass on: what was kept or offered too long comes free, and what is free goes to who waits.

Everything here is called by somebody who holds the session, so that it happens one at a time. A place that comes
free is offered to the first on the list, in the same transaction: nobody who walks up can take it from them. In the
last hours there is no time to ask one after the other; everybody on the list is told, and whoever books first has it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from lms.accounts.models import User
from lms.agencies.access import is_verified_adopter
from lms.outbox.operations import post
from lms.webinars import access, mail, place_letters, rules
from lms.webinars.models import KEPT_STATES, Booking, BookingState, Party, Policy, Session
from lms.webinars.operations.history import move
from lms.webinars.rules import Door

PARTNER_NEAR = timedelta(hours=2)


def make_room(session: Session, *, now: datetime) -> None:
    """Free what has lapsed by ``now`` and pass it on. The caller holds the lock on ``session``."""
    lapsed = Booking.objects.unscoped(because="places that nobody answered for").filter(session=session)
    bookings = list(lapsed.lapsed_at(now).select_related("person", "party").order_by("offer_expires_at", "pk"))
    kept = Party.objects.unscoped(because="places that no partner came for").filter(session=session)
    parties = list(kept.lapsed_at(now).select_related("made_by"))
    for booking in bookings:
        booking.session = session
        _lapse(booking, now)
    for party in parties:
        party.session = session
        _lapse_second(party, now)
    if bookings or parties:
        pass_on(session, now=now)


def _lapse(booking: Booking, now: datetime) -> None:
    if booking.is_held and booking.queue_number is not None:
        _go_past(booking, now)
        return
    was_offered = booking.is_offered
    reason = "offer_lapsed" if was_offered else "hold_lapsed"
    if move(booking, to=BookingState.EXPIRED, actor_id=None, now=now, reason=reason, access_needs=""):
        Session.objects.release_place(booking.session_id)
        if was_offered:
            post(place_letters.lapsed(booking), now=now)


def _go_past(booking: Booking, now: datetime) -> None:
    """Two people could not be given two places in time: the one kept for them goes on, and they keep their turn."""
    again = {"offer_expires_at": None}
    if move(booking, to=BookingState.WAITING, actor_id=None, now=now, reason="passed", **again):
        Session.objects.release_place(booking.session_id)
        Party.objects.unscoped(because="of this booking").filter(pk=booking.party_id).update(passed_at=now)


def _lapse_second(party: Party, now: datetime) -> None:
    if not give_second_back(party):
        return
    first = Booking.objects.owned_by(party.made_by).filter(party=party).seated().first()
    if first:
        first.session, first.person = party.session, party.made_by
        post(place_letters.second_gone(first, now=now), now=now)


def give_second_back(party: Party) -> bool:
    """Keep the partner's place no longer; say whether one was kept. The caller holds the session."""
    rows = Party.objects.unscoped(because="the caller was let in").filter(pk=party.pk).keeping()
    if rows.update(kept_until=None, secret_sha256="") != 1:
        return False
    party.kept_until = None
    Session.objects.release_place(party.session_id)
    return True


def keep_second(party: Party, *, until: datetime) -> None:
    """Keep a place, which the caller has claimed, for the partner."""
    Party.objects.unscoped(because="the caller was let in").filter(pk=party.pk).update(kept_until=until)
    party.kept_until = until


def time_for_partner(session: Session, *, now: datetime) -> datetime:
    """Until when a place is kept for somebody's partner: as for an offer; near the start two hours, or to its close."""
    return answer_by(session, now=now) or min(now + PARTNER_NEAR, session.booking_closes_at)


# --- To who waits ---------------------------------------------------------------------------------
def answer_by(session: Session, *, now: datetime) -> datetime | None:
    """Until when a place that is free now is offered to one person alone; None: to everybody at once."""
    most = timedelta(minutes=session.offer_minutes) if session.offer_minutes else None
    return rules.offer_ends(session.timetable, zone=session.zone, most=most, now=now)


def pass_on(session: Session, *, now: datetime) -> None:
    """Offer free places to who waits. The caller holds the lock on ``session``."""
    session.refresh_from_db(fields=["places_taken", "places_over", "capacity"])
    if session.door_at(now) != Door.OPEN:
        return
    ends = answer_by(session, now=now)
    queue = _queue(session)
    if ends is None:
        _tell(queue, now)
    else:
        _offer(queue, ends=ends, now=now)
        session.refresh_from_db(fields=["places_taken"])


def _queue(session: Session) -> Iterable[Booking]:
    rows = Booking.objects.unscoped(because="places pass in the order of the list").filter(session=session)
    second_missing = Q(party__isnull=False, party__kept_until=None, party__partner=None)
    rows = rows.filter(
        Q(state=BookingState.WAITING) | Q(second_missing, state__in=KEPT_STATES, queue_number__isnull=False)
    )
    for booking in rows.select_related("person", "party").order_by("queue_number", "pk"):
        booking.session = session
        yield booking


def _offer(queue: Iterable[Booking], *, ends: datetime, now: datetime) -> None:
    for booking in queue:
        if not _may_still_come(booking):
            _take_off(booking, now)
        elif not _offer_to(booking, ends=ends, now=now):
            return


def _may_still_come(booking: Booking) -> bool:
    person: User = booking.person
    return person.is_active and is_verified_adopter(person) and access.is_for(booking.session, person)


def _take_off(booking: Booking, now: datetime) -> None:
    had_place = booking.is_held
    gone = move(booking, to=BookingState.CANCELLED, actor_id=None, now=now, reason="not_verified", access_needs="")
    if gone and had_place:
        Session.objects.release_place(booking.session_id)


def _offer_to(booking: Booking, *, ends: datetime, now: datetime) -> bool:
    """Offer what there is; False when there is nothing left for anybody."""
    party = booking.party
    if booking.is_offered and party:
        return _offer_second(booking, party)
    wanted = 1 if party is None or booking.is_held else 2
    if Session.objects.claim_place(booking.session_id, count=wanted):
        if party:
            keep_second(party, until=ends)
    elif party is None or booking.is_held:
        return False
    elif party.policy == Policy.TOGETHER_ONLY:
        return _keep_one(booking, party, now)
    elif not Session.objects.claim_place(booking.session_id):
        return False
    move(booking, to=BookingState.OFFERED, actor_id=None, now=now, reason="offered", offer_expires_at=ends)
    post(place_letters.offered(booking), now=now)
    return True


def _offer_second(booking: Booking, party: Party) -> bool:
    """Two people were offered the one place there was; a second is theirs as well, until the same time."""
    if booking.offer_expires_at is None or not Session.objects.claim_place(booking.session_id):
        return False
    keep_second(party, until=booking.offer_expires_at)
    return True


def _keep_one(booking: Booking, party: Party, now: datetime) -> bool:
    """Keep the one free place for two at the head of the list, once; else go past them, and they keep their turn."""
    until = rules.kept_for_two_until(booking.session.booking_closes_at, now=now)
    if party.passed_at or until is None:
        return True
    if not Session.objects.claim_place(booking.session_id):
        return False
    move(booking, to=BookingState.HELD, actor_id=None, now=now, reason="kept_for_two", offer_expires_at=until)
    return True


def _tell(queue: Iterable[Booking], now: datetime) -> None:
    for booking in queue:
        post(mail.place_open(booking, now=now), now=now)
