"""What letters about sessions say when they are sent, and whether there is still cause for them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from lms.outbox.kinds import Kind, Words, kind_of, render
from lms.outbox.models import Message
from lms.outbox.stopping import stop_address
from lms.webinars import calendars, mail
from lms.webinars.leads import Lead
from lms.webinars.models import (
    AHEAD_STATES,
    Audience,
    Booking,
    BookingState,
    Question,
    Recording,
    RegisterNote,
    Session,
    SessionPart,
    SessionState,
)
from lms.webinars.rules import Door

OTHER_DATES = 3  # how many are named when one is cancelled
Still = Callable[[Booking, Message], bool]
More = Callable[[Booking, Message], dict[str, object]]
File = Callable[[Booking, Message], str]


@dataclass(frozen=True)
class Writer:
    """Writes one kind of letter about a booking. still: whether it is still true. file: of what kind, if one goes
    with it.
    """

    template: str
    still: Still
    more: More | None = None
    method: str = ""

    def __call__(self, message: Message) -> Words | None:
        """Return the words, or None where there is no cause for them any more."""
        found = _bookings(message)
        if not found:
            return None
        booking = found[0]
        if not booking.person.is_active or not self.still(booking, message):
            return None
        stop = stop_address(kind_of(message.kind), message.person_id)
        more = self.more(booking, message) if self.more else {}
        context = {**mail.context_of(booking), "stop_link": stop, **more}
        method = self.method if message.about.get("had_place", True) else ""
        return render(self.template, context, calendar=_file(found, method), calendar_method=method)


def _bookings(message: Message) -> list[Booking]:
    """The booking that a letter is about, and others of the same person that it tells of as well."""
    keys = [int(message.about["booking"]), *map(int, str(message.about.get("also", "")).split())]
    rows = Booking.objects.unscoped(because="a letter to the person themselves").filter(pk__in=keys)
    rows = calendars.with_times_before(rows.select_related("session", "person").defer("access_needs"))
    found = {booking.pk: booking for booking in rows.prefetch_related("session__parts")}
    return [found[key] for key in keys if key in found] if keys[0] in found else []


def _file(bookings: list[Booking], method: str) -> str:
    if not method:
        return ""
    make = calendars.invitation if method == "REQUEST" else calendars.withdrawal
    return make(*bookings, now=timezone.now())


# --- Whether it is still true ---------------------------------------------------------------------
def _has_place(booking: Booking, _: Message) -> bool:
    return booking.is_seated and booking.session.state != SessionState.CANCELLED


def _gave_up(booking: Booking, _: Message) -> bool:
    return bool(booking.state == BookingState.CANCELLED)


def _is_called_off(booking: Booking, _: Message) -> bool:
    return bool(booking.session.state == SessionState.CANCELLED)


def _is_news(booking: Booking, message: Message) -> bool:
    """Nothing has changed again since: the later letter says it all."""
    is_last = bool(message.about["sequence"] == booking.session.calendar_sequence)
    return is_last and booking.state in AHEAD_STATES and booking.session.state == SessionState.PUBLISHED


def _place_is_free(booking: Booking, _: Message) -> bool:
    return booking.is_waiting and booking.session.door_at(timezone.now()) == Door.OPEN


def _part(booking: Booking, message: Message) -> SessionPart | None:
    """The part that is reminded of, if it is still at that time."""
    parts = (part for part in booking.session.parts.all() if part.pk == message.about["part"])
    part = next(parts, None)
    return part if part and f"{part.starts_at:%Y%m%dT%H%M}" == message.about["at"] else None


def _still_to_come(booking: Booking, message: Message) -> bool:
    is_on = booking.state == BookingState.BOOKED and booking.session.state == SessionState.PUBLISHED
    return is_on and _part(booking, message) is not None


def _was_there(booking: Booking, _: Message) -> bool:
    """Nobody is asked how it was who was marked as away."""
    was_on = booking.session.state in {SessionState.PUBLISHED, SessionState.ENDED}
    return was_on and booking.is_seated and booking.state != BookingState.ABSENT


# --- What else it says ----------------------------------------------------------------------------
def _page(name: str, session: Session) -> str:
    return f"{settings.LMS_BASE_URL}{reverse(name, args=[session.uuid])}"


def _again(booking: Booking, _: Message) -> dict[str, object]:
    return {"again_link": _page("webinars:session", booking.session)}


def _book(booking: Booking, _: Message) -> dict[str, object]:
    return {"book_link": _page("webinars:book", booking.session)}


def _if_asked_again(booking: Booking, _: Message) -> dict[str, object]:
    answer = _page("webinars:moved", booking.session) if booking.is_asked_again else ""
    return {"answer_link": answer, "has_place": booking.is_seated}


def _why_and_others(booking: Booking, message: Message) -> dict[str, object]:
    session = booking.session
    known = {"reason": session.cancelled_reason, "others": mail.said_dates(_others(session))}
    also = [mail.said_part(part, zone=one.session.zone, own=one.person.time_zone) for one, part in _also(message)]
    return {**known, "also": also, "had_place": bool(message.about.get("had_place"))}


def _also(message: Message) -> list[tuple[Booking, SessionPart]]:
    if not message.about.get("also"):
        return []
    return [(booking, part) for booking in _bookings(message)[1:] for part in booking.session.parts.all()]


def _others(session: Session) -> list[Session]:
    if session.workshop_id is None:
        return []
    now = timezone.now()
    rows = Session.objects.listed_at(now).filter(workshop=session.workshop_id, booking_closes_at__gt=now)
    return list(rows.exclude(pk=session.pk)[:OTHER_DATES])


_HEADINGS = {Lead.WEEK: "A week to go", Lead.DAY: "See you soon", Lead.HOUR: "It begins soon"}


def _of_part(booking: Booking, message: Message) -> dict[str, object]:
    part, session = _part(booking, message), booking.session
    if part is None:  # asked again after it was seen
        return {}
    lead = Lead(message.kind.rpartition(".")[2])
    return {
        "heading": _HEADINGS[lead],
        "part": mail.said_part(part, zone=session.zone, own=booking.person.time_zone),
        "short_when": mail.short_when(part.starts_at, session.zone),
    }


def _how_it_was(booking: Booking, _: Message) -> dict[str, object]:
    session = booking.session
    reach = Recording.objects.unscoped(because="whether there is one, for who had a place")
    shown = reach.within_reach(timezone.now()).filter(session=session, audience=Audience.BOOKED)
    links = {name: _page(f"webinars:{name}", session) for name in ("feedback", "ask")}
    return {"links": links, "has_recording": shown.exists(), "to_say": not booking.said_how_it_was}


def _words_of_note(_: Booking, message: Message) -> dict[str, object]:
    row = RegisterNote.objects.unscoped(because="to who it was written to").get(pk=message.about["note"])
    return {"words": row.words}


def _write_answered(message: Message) -> Words | None:
    """Say that there is an answer: not what was asked, nor what it is."""
    rows = Question.objects.unscoped(because="a letter to who asked").select_related("session")
    question = rows.filter(pk=message.about["question"], asked_by=message.person_id).exclude(answer="").first()
    if question is None:
        return None
    said = mail.short_when(question.session.starts_at, question.session.zone)
    context: dict[str, object] = {
        "subject": "Your question has an answer",
        "says": (f"It's on the page of {said}.",),
        "button": "Read it",
        "link": _page("webinars:ask", question.session),
        "stop_link": stop_address(kind_of(message.kind), message.person_id),
    }
    return render("note", context)


# --- The kinds ------------------------------------------------------------------------------------
_REMINDER = Writer("session_reminder", _still_to_come, _of_part)


def _reminder(lead: Lead, choice: str, *, is_on: bool) -> Kind:
    return Kind(
        f"session_reminder.{lead}", choice, family="session_reminder", is_on=is_on, repeats=False, write=_REMINDER
    )


# A reminder or a question that may have gone out is not sent again; that a date changed or is cancelled is.
KINDS = [
    _reminder(Lead.WEEK, "A reminder a week before a session", is_on=False),
    _reminder(Lead.DAY, "A reminder the day before a session", is_on=True),
    _reminder(Lead.HOUR, "A reminder an hour before a session", is_on=False),
    Kind(
        "session_followup",
        "How was it: a question after a session, with the recording if there is one",
        repeats=False,
        write=Writer("session_followup", _was_there, _how_it_was),
    ),
    Kind("question_answered", "That a question of yours has an answer", write=_write_answered),
    Kind("session_note", write=Writer("session_note", _has_place, _words_of_note)),
    Kind("booking_confirmed", write=Writer("booking_confirmed", _has_place, method="REQUEST")),
    Kind("booking_cancelled", write=Writer("booking_cancelled", _gave_up, _again, method="CANCEL")),
    Kind("place_open", write=Writer("place_open", _place_is_free, _book)),
    Kind("session_changed", write=Writer("session_changed", _is_news, _if_asked_again, method="REQUEST")),
    Kind("session_cancelled", write=Writer("session_cancelled", _is_called_off, _why_and_others, method="CANCEL")),
]
