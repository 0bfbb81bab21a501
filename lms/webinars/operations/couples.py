"""Two people of one household: both are asked for at once, and the second says yes with an account of their own.

Each has a booking of their own from then on. Neither is told anything of the other's.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.outbox.operations import post
from lms.webinars import mail, place_letters, rules
from lms.webinars.models import Booking, BookingState, Party, Policy, Session
from lms.webinars.operations import doors
from lms.webinars.operations.bookings import hold_with_old, leave_old_place, take_up
from lms.webinars.operations.history import begin, move
from lms.webinars.operations.passing import (
    give_second_back,
    keep_second,
    make_room,
    pass_on,
    time_for_partner,
)

SECRET_BYTES = 32


class NotTwoPlaces(DomainError):
    code = "webinars.not_two_places"
    message = "There aren't two places any more. You can take one, or wait for two."


class InvitationOver(DomainError):
    code = "webinars.partner_too_late"
    message = "This place is no longer kept. Ask whoever sent you the link, or book a place of your own."


class OwnInvitation(DomainError):
    code = "webinars.own_partner"
    message = "This link is for your partner. They need an account of their own."


@dataclass(frozen=True)
class Pair:
    """The place that was booked, and the secret for the partner's, which is kept nowhere."""

    booking: Booking
    secret: str


def hold_two(*, session: Session, adopter: User, now: datetime) -> Booking:
    """Keep two places for as long as it takes to fill in a form; asked twice, once.

    Raises NotTwoPlaces where there are not two, and the refusals of booking; then nothing has changed.
    """
    doors.refuse_strangers(session, adopter, now=now)
    with transaction.atomic():
        session = Session.objects.lock(session.pk)
        make_room(session, now=now)
        mine = doors.live_booking(session, adopter) or _new(session, adopter)
        until = min(now + rules.HOLD, session.booking_closes_at)
        _take_two(mine, until=until, now=now)
        if mine.pk is None:
            mine.state, mine.booked_at, mine.offer_expires_at = BookingState.HELD, now, until
            begin(mine, actor_id=adopter.pk, now=now, reason="held_two")
        else:
            Booking.objects.owned_by(adopter).filter(pk=mine.pk).update(party=mine.party)
    return mine


def _new(session: Session, adopter: User) -> Booking:
    return Booking(session=session, person=adopter, state=BookingState.WAITING)


def _take_two(mine: Booking, *, until: datetime, now: datetime) -> None:
    """Have two places taken: what is theirs already counts, and the partner's is kept until ``until``."""
    party = mine.party
    if party and (party.kept_until or party.partner_id):
        return
    doors.refuse_closed(mine.session, now)
    missing = 1 if mine.is_seated or mine.is_held or mine.is_offered else 2
    doors.refuse_full_household(mine.session, mine.person, wanted=missing if mine.pk is None else 1)
    if not Session.objects.claim_place(mine.session_id, count=missing):
        raise NotTwoPlaces(session_id=mine.session_id)
    if mine.is_waiting and mine.pk:
        held = {"offer_expires_at": until, "queue_number": None}
        move(mine, to=BookingState.HELD, actor_id=mine.person_id, now=now, reason="held_two", **held)
    if party is None:
        party = Party(session=mine.session, made_by=mine.person, policy=Policy.EITHER, created_at=now)
        party.save(force_insert=True)
        mine.party = party
    keep_second(party, until=until)


def book_two(*, session: Session, adopter: User, address: str = "", access_needs: str = "", now: datetime) -> Pair:
    """Book a place and keep another for the partner, who is written to at ``address`` or given the link by hand.

    Who has a place already brings their partner. Asked again, the partner has a new link and the old one stops.
    Raises NotTwoPlaces and the refusals of booking; then nothing has changed.
    """
    doors.refuse_strangers(session, adopter, now=now)
    with transaction.atomic():
        session = hold_with_old(session, adopter)
        make_room(session, now=now)
        mine = doors.live_booking(session, adopter) or _new(session, adopter)
        _take_two(mine, until=time_for_partner(session, now=now), now=now)
        _seat(mine, access_needs, now)
        return Pair(mine, _invite(mine, address, now))


def _seat(mine: Booking, access_needs: str, now: datetime) -> None:
    if mine.pk is None:
        mine.state, mine.booked_at, mine.access_needs = BookingState.BOOKED, now, access_needs
        begin(mine, actor_id=mine.person_id, now=now, reason="booked_two")
        post(mail.confirmation(mine), now=now)
        return
    Booking.objects.owned_by(mine.person).filter(pk=mine.pk).update(party=mine.party)
    if not mine.is_seated:
        take_up(mine, access_needs=access_needs, now=now)


def _invite(mine: Booking, address: str, now: datetime) -> str:
    """Make the partner's secret, and write to them where there is an address."""
    party = mine.party
    if party is None or party.partner_id or party.kept_until is None:
        return ""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    party.secret_sha256, party.session = hash_of(secret), mine.session
    party.kept_until = time_for_partner(mine.session, now=now)
    party.save(update_fields=["secret_sha256", "kept_until"])
    if address:
        post(place_letters.for_partner(party, address=address, secret=secret), now=now)
    return secret


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def kept_for(secret: str, *, now: datetime) -> Party | None:
    """The party whose partner holds ``secret``, while a place is kept for them; else None."""
    rows = Party.objects.unscoped(because="the secret is the key").select_related("session", "made_by")
    found: Party | None = rows.filter(secret_sha256=hash_of(secret), kept_until__gt=now).first()
    return found


def join_partner(*, secret: str, adopter: User, access_needs: str = "", now: datetime) -> Booking:
    """Give the partner the place that is kept for them, as a booking of their own.

    Raises InvitationOver, OwnInvitation, NotVerified, NotAmongThem or OwnSession, and then nothing has changed.
    """
    party = _kept(secret, now)
    if party.made_by_id == adopter.pk:
        raise OwnInvitation(person_id=adopter.pk)
    doors.refuse_strangers(party.session, adopter, now=now)
    with transaction.atomic():
        session = hold_with_old(party.session, adopter)
        make_room(session, now=now)
        party = _kept(secret, now)
        mine = doors.live_booking(session, adopter)
        if mine and not mine.is_waiting:
            give_second_back(party)  # they have a place of their own, or one is kept for them and is theirs now
            if not mine.is_seated:
                take_up(mine, access_needs=access_needs, now=now)
            pass_on(session, now=now)
            return mine
        _hand_over(party, adopter)
        return _partners_place(session, mine, adopter, party, access_needs=access_needs, now=now)


def _kept(secret: str, now: datetime) -> Party:
    party = kept_for(secret, now=now)
    if party is None:
        raise InvitationOver
    return party


def _hand_over(party: Party, partner: User) -> None:
    rows = Party.objects.unscoped(because="the secret is the key").filter(pk=party.pk)
    rows.update(partner=partner, kept_until=None, secret_sha256="")


def _partners_place(
    session: Session, mine: Booking | None, adopter: User, party: Party, *, access_needs: str, now: datetime
) -> Booking:
    if mine:
        also = {"booked_at": now, "queue_number": None, "asked_again_at": None, "party": party}
        move(mine, to=BookingState.BOOKED, actor_id=adopter.pk, now=now, reason="joined_partner", **also)
        leave_old_place(mine, now=now)
    else:
        mine = _new(session, adopter)
        mine.state, mine.booked_at, mine.access_needs, mine.party = BookingState.BOOKED, now, access_needs, party
        begin(mine, actor_id=adopter.pk, now=now, reason="joined_partner")
    post(mail.confirmation(mine), now=now)
    return mine


def decline_partner(*, secret: str, now: datetime) -> None:
    """Leave the place that is kept to somebody else, at once. Raises InvitationOver."""
    party = _kept(secret, now)
    with transaction.atomic():
        session = Session.objects.lock(party.session_id)
        if give_second_back(party):
            pass_on(session, now=now)
