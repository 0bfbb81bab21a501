"""Calendar files: neutral, private, in UTC, and without any way into a room. The only door to icalendar.

One event for each part of a session. Its name follows from the session and the person, so that it stays the same
through changes and when somebody books again; two people who share one calendar have an event each, and cancelling one
place touches nobody else's.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit
from uuid import uuid5

from django.conf import settings
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from icalendar import Calendar, Event, vCalAddress, vDuration

from lms.webinars import rules
from lms.webinars.models import (
    Booking,
    BookingChange,
    BookingQuerySet,
    BookingState,
    Session,
    SessionPart,
    SessionState,
)

READ_AGAIN = timedelta(hours=6)  # how often a subscribed calendar is asked to look


def address_of(session: Session) -> str:
    """Our own page of a session: the only address that leaves the house."""
    return f"{settings.LMS_BASE_URL}{reverse('webinars:session', args=[session.uuid])}"


def title_of(session: Session, *, full: bool) -> str:
    """What a calendar or a mail calls it: the neutral title, unless the person asked for full ones."""
    return rules.one_line(session.title if full else session.neutral_title)


def _host() -> str:
    return urlsplit(settings.LMS_BASE_URL).hostname or "localhost"


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Hearth//Sessions//EN")
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    return calendar


def with_times_before(rows: BookingQuerySet) -> BookingQuerySet:
    """Add ``times_before``: how many bookings of the same person for the same session went before each."""
    same = Booking.objects.unscoped(because="only how many, of the same person").order_by()
    same = same.filter(person=OuterRef("person"), session=OuterRef("session"), pk__lt=OuterRef("pk"))
    return rows.annotate(times_before=Coalesce(Subquery(same.values("session").values(n=Count("pk"))), 0))


def _name(booking: Booking, part: SessionPart) -> str:
    return f"session-{uuid5(booking.session.uuid, f'{booking.person_id}:{part.number}')}@{_host()}"


def _number(booking: Booking, *, is_off: bool) -> int:
    """The sequence number: higher with each change of time, place or state, and never lower for one person.

    The session counts its own changes, its end among them. Each booking that went before, and giving up this one,
    are changes of this calendar alone.
    """
    before = getattr(booking, "times_before", None)
    if before is None:
        before = Booking.objects.owned_by(booking.person).filter(session=booking.session, pk__lt=booking.pk).count()
    given_up = is_off and booking.state == BookingState.CANCELLED and booking.session.state != SessionState.CANCELLED
    return booking.session.calendar_sequence + 2 * int(before) + given_up


def _event(booking: Booking, part: SessionPart, *, is_off: bool, now: datetime) -> Event:
    session, full = booking.session, booking.person.full_titles
    event = Event()
    event.add("uid", _name(booking, part))
    event.add("dtstamp", now)
    event.add("dtstart", part.starts_at)
    event.add("dtend", part.ends_at)
    event.add("sequence", _number(booking, is_off=is_off))
    event.add("summary", title_of(session, full=full))
    event.add("description", address_of(session))
    event.add("url", address_of(session))
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    return event


def _for_mail(dates: Iterable[tuple[Booking, SessionPart]], *, method: str, now: datetime) -> str:
    calendar = _calendar(method)
    organiser = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    for booking, part in dates:
        attendee = vCalAddress(f"mailto:{booking.person.email}")
        attendee.params["PARTSTAT"] = "ACCEPTED"
        event = _event(booking, part, is_off=method == "CANCEL", now=now)
        event.add("organizer", organiser)
        event.add("attendee", attendee)
        calendar.add_component(event)
    return calendar.to_ical().decode()


def invitation(*bookings: Booking, now: datetime) -> str:
    """The file that puts bookings into a calendar, or moves them there. Needs ``session`` and ``person``."""
    return _for_mail(_dates_of(bookings), method="REQUEST", now=now)


def withdrawal(*bookings: Booking, now: datetime) -> str:
    """The file that takes bookings of one person out again."""
    return _for_mail(_dates_of(bookings), method="CANCEL", now=now)


def withdrawal_of(parts: Iterable[SessionPart], booking: Booking, *, now: datetime) -> str:
    """The file that takes only some dates of a booking out again."""
    return _for_mail([(booking, part) for part in parts], method="CANCEL", now=now)


def _dates_of(bookings: Iterable[Booking]) -> list[tuple[Booking, SessionPart]]:
    return [(booking, part) for booking in bookings for part in booking.session.parts.all()]


def download(booking: Booking, *, now: datetime) -> bytes:
    """One booking as a file to open by hand."""
    calendar = _calendar("PUBLISH")
    for part in booking.session.parts.all():
        calendar.add_component(_event(booking, part, is_off=False, now=now))
    return calendar.to_ical()


def bookings_in_feed(key: str, *, now: datetime) -> list[Booking]:
    """What the address with this key holds: places from a month ago on, and those cancelled in the last month."""
    since = now - rules.KEEP_CANCELLED_IN_FEED
    dropped = BookingChange.objects.filter(before=BookingState.BOOKED, after=BookingState.CANCELLED, at__gte=since)
    rows = Booking.objects.unscoped(because="the secret is the key").filter(person__calendar_feeds__token_hash=key)
    rows = rows.filter(session__ends_at__gte=since)
    held = rows.seated() | rows.filter(state=BookingState.CANCELLED, pk__in=dropped.values("booking"))
    held = with_times_before(held.select_related("session", "person").prefetch_related("session__parts"))
    found = list(held.order_by("pk").defer("access_needs", "session__room_address", "session__venue"))
    return list({(booking.session_id, booking.person_id): booking for booking in found}.values())


def feed(bookings: Iterable[Booking], *, now: datetime) -> bytes:
    """All bookings of one person for a calendar that comes back to look.

    It is stamped with the day only, so that who asks again is told when nothing has changed.
    """
    now = now.replace(hour=0, minute=0, second=0, microsecond=0)
    calendar = _calendar("")
    calendar.add("x-wr-calname", "Appointments")
    calendar.add("refresh-interval", vDuration(READ_AGAIN), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(READ_AGAIN))
    for booking in bookings:
        is_off = booking.state == BookingState.CANCELLED
        for part in booking.session.parts.all():
            calendar.add_component(_event(booking, part, is_off=is_off, now=now))
    return calendar.to_ical()
