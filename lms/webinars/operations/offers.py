"""Answering an offer, and sweeping up what nobody answered."""

from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.webinars.models import Booking, BookingState, Party, Session
from lms.webinars.operations import doors
from lms.webinars.operations.bookings import fresh, take_up
from lms.webinars.operations.history import move
from lms.webinars.operations.passing import give_second_back, keep_second, make_room, pass_on, time_for_partner


class OfferOver(DomainError):
    code = "webinars.offer_over"
    message = "This offer has run out, and the place went to the next person. You can join the list again."


def accept_offer(*, booking: Booking, adopter: User, now: datetime) -> Booking:
    """Take the place that is offered; asked twice, once. An exchange gives the old place up in the same transaction.

    An offer ends at its time exactly. Raises OfferOver after that, NotVerified where no agency
    vouches any more, NotAmongThem where it is kept for a circle that they have left.
    """
    doors.refuse_strangers(booking.session, adopter, now=now)
    with transaction.atomic():
        booking = _held(booking, now)
        if booking.is_seated:
            return booking
        if not booking.is_offered:
            raise OfferOver(session_id=booking.session_id)
        take_up(booking, now=now)
        if booking.party and booking.party.kept_until:
            keep_second(booking.party, until=time_for_partner(booking.session, now=now))
    return booking


def _held(booking: Booking, now: datetime) -> Booking:
    """The booking as it is, its session and that of the place it replaces both held, and what lapsed swept up."""
    rows = Booking.objects.unscoped(because="the caller was let in").select_related("instead_of")
    old = rows.get(pk=booking.pk).instead_of
    sessions = Session.objects.lock_all({booking.session_id} | ({old.session_id} if old else set()))
    make_room(sessions[booking.session_id], now=now)
    found = fresh(booking, sessions[booking.session_id])
    if old:
        found.instead_of = fresh(old, sessions[old.session_id])
    return found


def decline_offer(*, booking: Booking, adopter: User, now: datetime) -> Booking:
    """Leave the place to the next person, at once; asked twice, or too late, nothing changes."""
    with transaction.atomic():
        booking = _held(booking, now)
        also = {"access_needs": "", "offer_expires_at": None}
        if booking.is_offered and move(
            booking, to=BookingState.DECLINED, actor_id=adopter.pk, now=now, reason="declined", **also
        ):
            Session.objects.release_place(booking.session_id)
            if booking.party:
                give_second_back(booking.party)
            pass_on(booking.session, now=now)
    return booking


def sweep_places(*, now: datetime) -> int:
    """Free what lapsed and pass it on, session by session; return how many sessions. Safe to run twice at once."""
    bookings = Booking.objects.unscoped(because="the clock frees what lapsed").lapsed_at(now)
    parties = Party.objects.unscoped(because="the clock frees what lapsed").lapsed_at(now)
    due = {*bookings.values_list("session", flat=True), *parties.values_list("session", flat=True)}
    for pk in sorted(due):
        with transaction.atomic():
            make_room(Session.objects.lock(pk), now=now)
    return len(due)
