"""Letters about bookings. None names a room, a venue or another person; subjects say when, not what.

Most are ordered in the transaction of what they tell of, and written when they are sent (``writers.py``): what has
changed meanwhile is said as it is then, and what is no longer true is not said at all.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.urls import reverse

from lms.accounts.models import User
from lms.outbox.operations import Letter, Order
from lms.webinars import calendars, leads, rules
from lms.webinars.leads import Lead
from lms.webinars.models import Booking, Question, RegisterNote, Session, SessionPart, Where


def _when(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    return f"{rules.said_date(rules.wall_time(starts_at, zone))}, {rules.said_range(starts_at, ends_at, zone)}"


def short_when(starts_at: datetime, zone: str) -> str:
    """Like "Thursday 12 March, 7:30pm": what a subject says."""
    local = rules.wall_time(starts_at, zone)
    return f"{rules.said_date(local)}, {rules.said_time(local)}"


def said_part(part: SessionPart, *, zone: str, own: str) -> dict[str, str]:
    """When a part is, and by the reader's own clock where that says something else."""
    elsewhere = rules.said_elsewhere(part.starts_at, part.ends_at, zone=zone, own=own)
    return {"when": _when(part.starts_at, part.ends_at, zone), "elsewhere": elsewhere}


def _link(name: str, session: Session) -> str:
    return f"{settings.LMS_BASE_URL}{reverse(name, args=[session.uuid])}"


def said_dates(sessions: Sequence[Session]) -> list[dict[str, str]]:
    """When other sessions are, and where to look at them."""
    return [{"when": _when(s.starts_at, s.ends_at, s.zone), "link": calendars.address_of(s)} for s in sessions]


def context_of(booking: Booking) -> dict[str, object]:
    """What letters about a booking say, whatever the occasion. Needs ``session`` with its parts, and ``person``."""
    session, person = booking.session, booking.person
    parts = [said_part(part, zone=session.zone, own=person.time_zone) for part in session.parts.all()]
    return {
        "name": person.display_name,
        "title": calendars.title_of(session, full=person.full_titles),
        "short_when": short_when(session.starts_at, session.zone),
        "zone": rules.said_zone(session.zone) if any(part["elsewhere"] for part in parts) else "",
        "parts": parts,
        "is_online": session.where == Where.ONLINE,
        "recording": session.said_of_recording,
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
        context={**context_of(booking), **extra},
    )


def _with_file(letter: Letter, *, calendar: str, method: str, expires_at: datetime | None = None) -> Letter:
    return replace(letter, calendar=calendar, calendar_method=method, expires_at=expires_at)


def _order(
    kind: str, booking: Booking, *, occasion: str = "", expires_at: datetime | None = None, **about: int | str
) -> Order:
    return Order(
        kind=kind,
        once=f"{kind}:{booking.pk}{occasion and f':{occasion}'}",
        address=booking.person.email,
        person_id=booking.person_id,
        about={"booking": booking.pk, **about},
        expires_at=expires_at,
    )


def confirmation(booking: Booking) -> Order:
    """You have a place, with a calendar file."""
    return _order("booking_confirmed", booking, expires_at=booking.session.ends_at)


def place_open(booking: Booking, *, now: datetime) -> Order:
    """A place is free near the start, for whoever on the list is first. At most one an hour for each person."""
    return _order("place_open", booking, occasion=f"{now:%Y%m%d%H}", expires_at=booking.session.starts_at)


def cancelled(booking: Booking) -> Order:
    """You have given your place up."""
    return _order("booking_cancelled", booking)


def changed(booking: Booking) -> Order:
    """The time or the place is different now; each change is told once, and one that is overtaken is not told.

    Who has no place gets no file for their calendar.
    """
    number, ends_at = booking.session.calendar_sequence, booking.session.ends_at
    about = {"sequence": number, "had_place": int(booking.is_seated)}
    return _order("session_changed", booking, occasion=str(number), expires_at=ends_at, **about)


def dropped(booking: Booking, parts: Sequence[SessionPart], *, gone: Sequence[SessionPart], now: datetime) -> Letter:
    """Some dates of a group (``gone``) will not happen; the file takes ``parts`` out of the calendar.

    The two differ where later dates have moved up. Written at once: the dates are gone from the database when it is
    sent.
    """
    session = booking.session
    named = [said_part(part, zone=session.zone, own=booking.person.time_zone) for part in gone]
    letter = _letter("dates_dropped", booking, occasion=str(session.calendar_sequence), dropped=named)
    return _with_file(letter, calendar=calendars.withdrawal_of(parts, booking, now=now), method="CANCEL")


def called_off(bookings: Sequence[Booking], *, had_place: bool) -> Order:
    """The sessions will not happen: why, and which other dates there are. One letter, however many one person had."""
    first, *more = bookings
    also = " ".join(str(booking.pk) for booking in more)
    return _order("session_cancelled", first, had_place=int(had_place), also=also)


def reminder(booking: Booking, part: SessionPart, lead: Lead) -> Order:
    """It is a week, a day or an hour away. A part that moves is a new occasion."""
    at = f"{part.starts_at:%Y%m%dT%H%M}"
    return _order(
        f"session_reminder.{lead}",
        booking,
        occasion=f"{part.pk}:{at}",
        expires_at=leads.helps_until(lead, part.starts_at),
        part=part.pk,
        at=at,
    )


def follow_up(booking: Booking) -> Order:
    """It is over: how was it, is there a recording, is there something to ask."""
    useful_until = booking.session.ends_at + leads.FOLLOW_UP_HELPS
    return _order("session_followup", booking, expires_at=useful_until)


def note(booking: Booking, written: RegisterNote) -> Order:
    """Somebody who runs the session writes to everybody with a place."""
    return _order("session_note", booking, occasion=str(written.pk), note=written.pk)


def question_answered(question: Question) -> Order:
    """There is an answer to what you asked; it is read on our page."""
    return Order(
        kind="question_answered",
        once=f"question_answered:{question.pk}",
        address=question.asked_by.email if question.asked_by else "",
        person_id=question.asked_by_id,
        about={"question": question.pk},
    )


def question_waits(session: Session, *, staff: User, now: datetime) -> Letter:
    """Something was asked; at most one a day for each session. Who and what is read at the desk."""
    return Letter(
        kind="question_waits",
        once=f"question_waits:{session.pk}:{staff.pk}:{now:%Y-%m-%d}",
        address=staff.email,
        person_id=staff.pk,
        template="note",
        context={
            "subject": "A question is waiting for you",
            "says": (f"Somebody has asked about {short_when(session.starts_at, session.zone)}.",),
            "button": "Open the questions",
            "link": f"{settings.LMS_BASE_URL}{reverse('webinars:desk_questions')}",
        },
    )
