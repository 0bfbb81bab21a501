"""What pages show of what comes after a session."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.accounts.models import User
from lms.webinars import leads
from lms.webinars.models import (
    Audience,
    Booking,
    Feedback,
    Question,
    QuestionQuerySet,
    Recording,
    RecordingQuerySet,
    RegisterNote,
    Session,
    SessionQuerySet,
)
from lms.webinars.signals import asking_about_course

ENOUGH = 5  # fewer answers than that are shown to nobody
STATEMENTS = {
    "worth_it": "It was worth my time",
    "took_part": "I could take part in the way I wanted",
    "can_use": "I can use something from it",
}


@dataclass(frozen=True)
class FeedbackReport:
    """What a session's answers come to. ``lines``: statement and mean of five, in words; empty while too few."""

    count: int
    is_open: bool
    lines: list[tuple[str, str]]
    changes: list[str]

    @property
    def is_shown(self) -> bool:
        """Whether there is enough, and nothing more to come from which one answer could be told."""
        return not self.is_open and self.count >= ENOUGH


def feedback_on(session: Session, *, with_words: bool, now: datetime) -> FeedbackReport:
    """Return what people said, once nobody can add to it and five have; their words only ``with_words``."""
    is_open = now < session.ends_at + leads.ASK_FOR
    rows = Feedback.objects.filter(session=session)
    count = 0 if is_open else rows.count()
    if count < ENOUGH:
        return FeedbackReport(count, is_open, [], [])
    answers = list(rows.order_by("pk"))
    lines = [(said, _mean([getattr(one, name) for one in answers])) for name, said in STATEMENTS.items()]
    return FeedbackReport(count, is_open, lines, [one.one_change for one in answers if one.one_change and with_words])


def _mean(marks: Iterable[int | None]) -> str:
    given = [mark for mark in marks if mark is not None]
    if len(given) < ENOUGH:
        return "Fewer than 5 answers"
    return f"{sum(given) / len(given):.1f} of 5, from {len(given)} answers"


# --- Questions ------------------------------------------------------------------------------------
def questions_of(session: Session, person: User) -> list[Question]:
    """What ``person`` asked, newest first."""
    rows = Question.objects.owned_by(person).filter(session=session)
    return list(rows.order_by("-asked_at", "-pk"))


def published_of(session: Session) -> list[Question]:
    """What everybody with a place may read; nobody's own words, and not who asked."""
    rows = Question.objects.unscoped(because="what the facilitator published, for who has a place")
    return list(rows.filter(session=session).published().defer("words", "asked_by"))


def questions_at_desk(sessions: SessionQuerySet) -> QuestionQuerySet:
    """What was asked about ``sessions``, with what its page shows; not who asked."""
    rows: QuestionQuerySet = Question.objects.unscoped(because="the sessions were found within the reader's scope")
    return rows.filter(session__in=sessions.order_by()).select_related("session").defer("asked_by")


# --- Recordings -----------------------------------------------------------------------------------
def may_watch(recording: Recording, person: User, *, now: datetime) -> bool:
    """Whether ``person`` may see a recording now: asked at every click."""
    if not recording.is_within_reach(now):
        return False
    if recording.audience == Audience.BOOKED:
        return Booking.objects.owned_by(person).filter(session=recording.session_id).seated().exists()
    return recording.course_id is not None and recording.course_id in courses_of(person)


def courses_of(person: User) -> set[int]:
    """Pages of the courses that ``person`` is on, as whoever looks after courses says."""
    answers: Sequence[tuple[object, Any]] = asking_about_course.send(sender=User, person=person)
    return {int(page) for _, pages in answers for page in pages}


def recordings_for(person: User, *, now: datetime) -> list[Recording]:
    """Every recording that ``person`` may see, newest first, without its address."""
    rows: RecordingQuerySet = Recording.objects.unscoped(because="narrowed to the person's own sessions and courses")
    mine = Booking.objects.owned_by(person).seated().values("session")
    shown = rows.filter(audience=Audience.BOOKED, session__in=mine)
    shown = shown | rows.filter(audience=Audience.COURSE, course__in=courses_of(person))
    found = (
        shown.within_reach(now).select_related("session").defer("address", "session__room_address", "session__venue")
    )
    return list(found.order_by("-added_at", "-pk"))


def recordings_of(session: Session) -> list[Recording]:
    """All that is kept of one session, for who runs it, without the addresses."""
    rows = Recording.objects.unscoped(because="the session was found within the reader's scope")
    return list(rows.filter(session=session).defer("address").order_by("pk"))


def notes_of(session: Session) -> list[RegisterNote]:
    """What was written to everybody, newest first, with who got it."""
    rows = RegisterNote.objects.unscoped(because="the session was found within the reader's scope")
    rows = rows.filter(session=session).select_related("sent_by").prefetch_related("copies__booking__person")
    return list(rows.newest())
