"""What the desk shows of a register: who is booked, what was marked, and what speaks for it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from lms.accounts.models import User
from lms.meetings import reports as meetings
from lms.meetings.models import Presence
from lms.webinars import attending, rules
from lms.webinars.models import Attendance, Booking, SeenBy, Session, SessionPart, Sighting, Verdict

_WHY = "the session was found within the viewer's scope"
WORDS = {
    Verdict.PRESENT: "here",
    Verdict.PARTIAL: "for part",
    Verdict.ABSENT: "away",
    Verdict.MADE_UP: "made up",
    "": "not marked",
}


@dataclass(frozen=True)
class Line:
    """One person on a register. ``needs`` is empty for a viewer who does not run the session.

    is_own: it is the viewer's, whom somebody else marks.
    """

    booking: Booking
    part: SessionPart
    verdict: str
    needs: str
    is_own: bool
    minutes: int | None = None
    typed_at: datetime | None = None

    @property
    def name(self) -> str:
        """What they want to be called."""
        return str(self.booking.person.display_name)

    @property
    def first_name(self) -> str:
        """What paper says."""
        return rules.first_name(self.name)

    @property
    def proposed(self) -> str:
        """The mark that the signs propose; empty where there are none. Minutes say more than a code; none, nothing."""
        if self.typed_at and not self.minutes:
            return Verdict.PRESENT
        return "" if self.minutes is None else attending.proposed(self.minutes, of=self.part.minutes)

    @property
    def signs(self) -> str:
        """What speaks for a mark, like "In the room 84 of 90 minutes. Typed the code at 7:52pm."."""
        said = []
        if self.minutes is not None:
            said.append(f"In the room {min(self.minutes, self.part.minutes)} of {self.part.minutes} minutes.")
        if self.typed_at:
            local = rules.wall_time(self.typed_at, self.part.session.zone)
            said.append(f"Typed the code at {rules.said_time(local)}.")
        return " ".join(said)


@dataclass(frozen=True)
class Register:
    """Who is booked, and how one part was marked."""

    part: SessionPart
    lines: list[Line]
    saved_at: datetime | None
    guests: list[Presence] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """Like "5 here, 1 for part, 1 away, 1 not marked."."""
        count = Counter(line.verdict for line in self.lines)
        said = [f"{count[verdict]} {word}" for verdict, word in WORDS.items() if count[verdict]]
        return f"{', '.join(said)}." if said else "Nobody is booked."

    @property
    def saved_time(self) -> str:
        """When it was last saved, like "7:52pm"; empty when never."""
        return rules.said_time(rules.wall_time(self.saved_at, self.part.session.zone)) if self.saved_at else ""

    @property
    def can_be_taken(self) -> int:
        """How many have no mark yet, and signs that propose one."""
        return sum(bool(line.proposed and not line.verdict and not line.is_own) for line in self.lines)

    @property
    def unanswered(self) -> int:
        """How many have not said whether a date that moved by days still suits them."""
        return sum(line.booking.is_asked_again for line in self.lines)

    @property
    def typed(self) -> int:
        """How many have typed the code."""
        return sum(line.typed_at is not None for line in self.lines)


def register(
    session: Session, part: SessionPart, *, viewer: User, with_needs: bool, with_guests: bool = False
) -> Register:
    """The register of one part: three queries, and one for guests. What people asked for is read ``with_needs``."""
    rows = Booking.objects.unscoped(because=_WHY).filter(session=session).seated()
    rows = rows.select_related("person").order_by("person__display_name", "pk")
    bookings = list(rows if with_needs else rows.defer("access_needs"))
    marks = {mark.booking_id: mark for mark in Attendance.objects.unscoped(because=_WHY).filter(part=part)}
    seen = _seen(Sighting.objects.unscoped(because=_WHY).filter(part=part))
    lines = [
        Line(
            booking,
            part,
            verdict=marks[booking.pk].verdict if booking.pk in marks else "",
            needs=booking.access_needs if with_needs else "",
            is_own=booking.person_id == viewer.pk,
            minutes=_minutes(seen.get((booking.pk, SeenBy.ROOM))),
            typed_at=_moment(seen.get((booking.pk, SeenBy.CODE))),
        )
        for booking in bookings
    ]
    saved_at = max((mark.decided_at for mark in marks.values()), default=None)
    guests = meetings.guests(session.uuid, part.number) if with_guests else []
    return Register(part, lines, saved_at, guests=guests)


def _seen(rows: Iterable[Sighting]) -> dict[tuple[int, str], Sighting]:
    return {(sighting.booking_id, sighting.by): sighting for sighting in rows}


def _minutes(sighting: Sighting | None) -> int | None:
    return sighting.minutes if sighting else None


def _moment(sighting: Sighting | None) -> datetime | None:
    return sighting.seen_at if sighting else None
