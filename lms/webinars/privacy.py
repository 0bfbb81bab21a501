"""What live sessions hold of a person."""

from datetime import datetime

from lms.accounts.models import User
from lms.common.register import Holding
from lms.webinars.models import Question

UNTIL_DELETED = "Until you delete your account."
GONE = "Deleted."


def forget_asker(person: User, _: datetime) -> None:
    """Delete what ``person`` asked; of what was published, only their own words."""
    theirs = Question.objects.owned_by(person)
    theirs.filter(published_at=None).delete()
    theirs.update(words="", asked_by=None)


HOLDINGS = [
    Holding(
        model="webinars.Booking",
        what="Live sessions you booked or waited for, and what you asked for to take part",
        kept="Until you delete your account. What you asked for: 30 days after the session.",
        on_erase="Deleted. A place that is still to come goes to the next person.",
        owner=("person",),
        shown=("session__title", "session__starts_at", "state", "access_needs", "booked_at", "said_how_it_was"),
    ),
    Holding(
        model="webinars.Party",
        what="Sessions you asked to come to as two, and whether you said yes to somebody who asked for you",
        kept=UNTIL_DELETED,
        on_erase="Deleted with who asked. Your yes is taken off it. A place that was kept goes to the next person.",
        owner=("made_by", "partner"),
        shown=("session__title", "policy", "created_at"),
    ),
    Holding(
        model="webinars.BookingChange",
        what="When you booked, gave up or were given a place",
        kept=UNTIL_DELETED,
        on_erase=GONE,
        owner=("booking__person",),
        shown=("booking__session__title", "before", "after", "at", "reason"),
    ),
    Holding(
        model="webinars.Attendance",
        what="Whether you were there",
        kept=UNTIL_DELETED,
        on_erase=GONE,
        owner=("booking__person",),
        shown=("booking__session__title", "part__starts_at", "verdict", "decided_at"),
    ),
    Holding(
        model="webinars.AttendanceChange",
        what="How the mark of whether you were there was changed, and why",
        kept=UNTIL_DELETED,
        on_erase=GONE,
        owner=("booking__person",),
        shown=("booking__session__title", "part__starts_at", "before", "after", "why", "at"),
    ),
    Holding(
        model="webinars.Sighting",
        what="That you were in the room and how many minutes, or that you typed the code said there",
        kept=UNTIL_DELETED,
        on_erase=GONE,
        owner=("booking__person",),
        shown=("booking__session__title", "part__starts_at", "by", "minutes", "seen_at"),
    ),
    Holding(
        model="webinars.CalendarFeed",
        what="That your calendar reads your bookings, and when it last did. Not the address itself",
        kept=UNTIL_DELETED,
        on_erase="Deleted. The address stops at once.",
        owner=("person",),
        shown=("created_at", "last_used_on", "revoked_at"),
    ),
    Holding(
        model="webinars.Facilitator",
        what="Sessions you ran",
        kept=UNTIL_DELETED,
        on_erase=GONE,
        owner=("person",),
        shown=("session__title", "session__starts_at", "role"),
    ),
    Holding(
        model="webinars.Session",
        what="Your name beside sessions you put into the calendar or proposed",
        kept="As long as the session.",
        on_erase="The session stays. Your name is taken off it.",
    ),
    Holding(
        model="webinars.Series",
        what="Your name beside dates you put into the calendar together",
        kept="As long as the sessions.",
        on_erase="The dates stay. Your name is taken off them.",
    ),
    Holding(
        model="webinars.Question",
        what="Questions you asked about sessions",
        kept="Your words and that you asked: 30 days after the session. A published answer names nobody and stays.",
        on_erase="Deleted. What was published in other words stays, without you.",
        owner=("asked_by",),
        shown=("session__title", "words", "asked_at", "answer"),
        erase=forget_asker,
    ),
    Holding(
        model="webinars.RegisterNoteCopy",
        what="Messages to everybody on a register that you were sent",
        kept=UNTIL_DELETED,
        on_erase="That you were sent them is deleted.",
        owner=("booking__person",),
        shown=("note__session__title", "note__words", "note__sent_at"),
    ),
    Holding(
        model="webinars.RegisterNote",
        what="Your name beside messages you wrote to people on a register",
        kept="As long as the session.",
        on_erase="The message stays. Your name is taken off it.",
    ),
]
