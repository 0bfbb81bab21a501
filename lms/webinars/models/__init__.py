"""Live sessions: when a workshop happens, who has a place, and who was there."""

from lms.webinars.models.after import (
    Audience,
    Consent,
    Feedback,
    Question,
    QuestionQuerySet,
    Recording,
    RecordingQuerySet,
)
from lms.webinars.models.bookings import (
    ENDED_STATES,
    KEPT_STATES,
    SEATED_STATES,
    TAKING_STATES,
    Booking,
    BookingChange,
    BookingQuerySet,
    BookingState,
)
from lms.webinars.models.feeds import CalendarFeed, CalendarFeedQuerySet
from lms.webinars.models.notes import RegisterNote, RegisterNoteCopy, RegisterNoteQuerySet
from lms.webinars.models.parties import Party, PartyQuerySet, Policy
from lms.webinars.models.registers import (
    Attendance,
    AttendanceChange,
    AttendanceQuerySet,
    SeenBy,
    Sighting,
    Verdict,
    Why,
)
from lms.webinars.models.reminders import LetterRound
from lms.webinars.models.series import Series
from lms.webinars.models.sessions import (
    LEADING_ROLES,
    UNSEEN_STATES,
    Facilitator,
    FacilitatorRole,
    RoomBy,
    Session,
    SessionKind,
    SessionPart,
    SessionQuerySet,
    SessionState,
    Where,
)

__all__ = [
    "ENDED_STATES",
    "KEPT_STATES",
    "LEADING_ROLES",
    "SEATED_STATES",
    "TAKING_STATES",
    "UNSEEN_STATES",
    "Attendance",
    "AttendanceChange",
    "AttendanceQuerySet",
    "Audience",
    "Booking",
    "BookingChange",
    "BookingQuerySet",
    "BookingState",
    "CalendarFeed",
    "CalendarFeedQuerySet",
    "Consent",
    "Facilitator",
    "FacilitatorRole",
    "Feedback",
    "LetterRound",
    "Party",
    "PartyQuerySet",
    "Policy",
    "Question",
    "QuestionQuerySet",
    "Recording",
    "RecordingQuerySet",
    "RegisterNote",
    "RegisterNoteCopy",
    "RegisterNoteQuerySet",
    "RoomBy",
    "SeenBy",
    "Series",
    "Session",
    "SessionKind",
    "SessionPart",
    "SessionQuerySet",
    "SessionState",
    "Sighting",
    "Verdict",
    "Where",
    "Why",
]
