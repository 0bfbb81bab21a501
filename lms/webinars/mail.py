"""Letters about bookings. None names a room, a venue or another person; subjects say when, not what."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.urls import reverse

from lms.outbox.operations import Letter
from lms.webinars import calendars, rules
from lms.webinars.models import Booking, Session, SessionPart, Where


def _when(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    return f"{rules.said_date(rules.wall_time(starts_at, zone))}, {rules.said_range(starts_at, ends_at, zone)}"


def short_when(starts_at: datetime, zone: str) -> str:
    """Like "Thursday 12 March, 7:30pm": what a subject says."""
    local = rules.wall_time(starts_at, zone)
    return f"{rules.said_date(local)}, {rules.said_time(local)}"


def _said_part(part: SessionPart, *, zone: str, own: str) -> dict[str, str]:
    elsewhere = rules.said_elsewhere(part.starts_at, part.ends_at, zone=zone, own=own)
    return {"when": _when(part.starts_at, part.ends_at, zone), "elsewhere": elsewhere}


def _link(name: str, session: Session) -> str:
    return f"{settings.LMS_BASE_URL}{reverse(name, args=[session.uuid])}"


def _context(booking: Booking) -> dict[str, object]:
    session, person = booking.session, booking.person
    parts = [_said_part(part, zone=session.zone, own=person.time_zone) for part in session.parts.all()]
    return {
        "name": person.display_name,
        "title": calendars.title_of(session, full=person.full_titles),
        "short_when": short_when(session.starts_at, session.zone),
        "zone": rules.said_zone(session.zone) if any(part["elsewhere"] for part in parts) else "",
        "parts": parts,
        "is_online": session.where == Where.ONLINE,
        "opens_minutes": settings.LMS_JOIN_OPENS_BEFORE // timedelta(minutes=1),
        "session_link": calendars.address_of(session),
        "cancel_link": _link("webinars:cancel", session),
    }


def _letter(kind: str, booking: Booking, *, occasion: str = "", **extra: object) -> Letter:
    prefetch_related_objects([booking.session], "parts")  # once, where many letters are about one session
    return Letter(
        kind=kind,
        once=f"{kind}:{booking.pk}{occasion and f':{occasion}'}",
        address=booking.person.email,
        person_id=booking.person_id,
        template=kind,
        context={**_context(booking), **extra},
    )


def _with_file(letter: Letter, *, calendar: str, method: str, expires_at: datetime | None = None) -> Letter:
    return replace(letter, calendar=calendar, calendar_method=method, expires_at=expires_at)


def confirmation(booking: Booking, *, now: datetime) -> Letter:
    """You have a place, with a calendar file."""
    letter = _letter("booking_confirmed", booking)
    ics = calendars.invitation(booking, now=now)
    return _with_file(letter, calendar=ics, method="REQUEST", expires_at=booking.session.ends_at)


def place_from_list(booking: Booking, *, now: datetime) -> Letter:
    """A place came free and is yours; not wanting it any more is one press away."""
    letter = _letter("booking_promoted", booking)
    ics = calendars.invitation(booking, now=now)
    return _with_file(letter, calendar=ics, method="REQUEST", expires_at=booking.session.ends_at)


def place_open(booking: Booking, *, now: datetime) -> Letter:
    """A place is free near the start, for whoever on the list is first. At most one an hour for each person."""
    letter = _letter(
        "place_open", booking, occasion=f"{now:%Y%m%d%H}", book_link=_link("webinars:book", booking.session)
    )
    return replace(letter, expires_at=booking.session.starts_at)


def cancelled(booking: Booking, *, now: datetime) -> Letter:
    """You have given your place up."""
    letter = _letter("booking_cancelled", booking, again_link=_link("webinars:session", booking.session))
    return _with_file(letter, calendar=calendars.withdrawal(booking, now=now), method="CANCEL")


def changed(booking: Booking, *, now: datetime) -> Letter:
    """The time or the place is different now; each change is told once."""
    session = booking.session
    letter = _letter("session_changed", booking, occasion=str(session.calendar_sequence))
    ics = calendars.invitation(booking, now=now)
    return _with_file(letter, calendar=ics, method="REQUEST", expires_at=session.ends_at)


def dropped(booking: Booking, parts: Sequence[SessionPart], *, now: datetime) -> Letter:
    """Some dates of a group will not happen; the file takes them out of the calendar."""
    session = booking.session
    gone = [_said_part(part, zone=session.zone, own=booking.person.time_zone) for part in parts]
    letter = _letter("dates_dropped", booking, occasion=str(session.calendar_sequence), dropped=gone)
    return _with_file(letter, calendar=calendars.withdrawal(booking, now=now, parts=parts), method="CANCEL")


def called_off(booking: Booking, *, reason: str, others: Iterable[Session], had_place: bool, now: datetime) -> Letter:
    """The session will not happen: why, and which other dates there are."""
    choices = [{"when": _when(s.starts_at, s.ends_at, s.zone), "link": calendars.address_of(s)} for s in others]
    letter = _letter("session_cancelled", booking, reason=reason, others=choices, had_place=had_place)
    if not had_place:
        return letter
    return _with_file(letter, calendar=calendars.withdrawal(booking, now=now), method="CANCEL")


def reminder_key(booking: Booking, part: SessionPart) -> str:
    """Names a reminder: of this booking, for this part at this time. A part that moves is a new occasion."""
    return f"session_reminder:{booking.pk}:{part.pk}:{part.starts_at:%Y%m%dT%H%M}"


def reminder(booking: Booking, part: SessionPart) -> Letter:
    """It is tomorrow."""
    said = _said_part(part, zone=booking.session.zone, own=booking.person.time_zone)
    letter = _letter("session_reminder", booking, part=said)
    context = {**letter.context, "short_when": short_when(part.starts_at, booking.session.zone)}
    return replace(letter, once=reminder_key(booking, part), context=context, expires_at=part.starts_at)
