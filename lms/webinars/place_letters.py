"""Letters about places that are offered, kept, exchanged or taken back. None says anything of anybody else."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.urls import reverse

from lms.outbox.operations import Letter
from lms.webinars import calendars, rules
from lms.webinars.mail import context_of, short_when
from lms.webinars.models import Booking, Party, Session


def _link(name: str, session: Session) -> str:
    return f"{settings.LMS_BASE_URL}{reverse(name, args=[session.uuid])}"


def _letter(kind: str, booking: Booking, *, occasion: str = "", **extra: object) -> Letter:
    prefetch_related_objects([booking.session], "parts")  # once, where many letters are about one session
    return Letter(
        kind=kind,
        once=f"{kind}:{booking.pk}{occasion and f':{occasion}'}",
        address=booking.person.email,
        person_id=booking.person_id,
        template=kind,
        context={**context_of(booking), **extra},
        expires_at=booking.session.starts_at,
    )


def offered(booking: Booking) -> Letter:
    """A place is yours if you say so in time; each offer is told once."""
    session = booking.session
    ends = booking.offer_expires_at or session.starts_at
    letter = _letter(
        "place_offered",
        booking,
        occasion=f"{ends:%Y%m%d%H%M}",
        answer_by=rules.said_moment(ends, session.zone),
        for_two=bool(booking.party and booking.party.kept_until),
        is_swap=booking.is_exchange,
        offer_link=_link("webinars:offer", session),
    )
    return replace(letter, expires_at=ends)


def lapsed(booking: Booking) -> Letter:
    """Nobody answered, and the place went on; the list is open to them."""
    return _letter("offer_lapsed", booking, again_link=_link("webinars:session", booking.session))


def second_gone(booking: Booking, *, now: datetime) -> Letter:
    """The second place was not taken in time; theirs stays."""
    return _letter("second_place_gone", booking, occasion=f"{now:%Y%m%d%H%M}")


def for_partner(party: Party, *, address: str, secret: str) -> Letter:
    """A place is kept for you: to the address that somebody gave us. Names neither of them, nor what it is about."""
    session, until = party.session, party.kept_until or party.session.starts_at
    return Letter(
        kind="place_for_partner",
        once=f"place_for_partner:{party.pk}:{party.secret_sha256[:16]}",
        address=address,
        person_id=None,
        template="place_for_partner",
        context={
            "short_when": short_when(session.starts_at, session.zone),
            "title": session.neutral_title,
            "answer_by": rules.said_moment(until, session.zone),
            "link": partner_link(secret),
        },
        expires_at=until,
    )


def partner_link(secret: str) -> str:
    """The address at which a partner says yes."""
    return f"{settings.LMS_BASE_URL}{reverse('webinars:partner', args=[secret])}"


def ended(booking: Booking, *, reason: str, now: datetime) -> Letter:
    """Somebody else has ended your place, and why in a word; the file takes it out of the calendar."""
    letter = _letter("place_ended", booking, reason=reason, again_link=_link("webinars:session", booking.session))
    ics = calendars.withdrawal(booking, now=now)
    return replace(letter, calendar=ics, calendar_method="CANCEL", expires_at=None)
