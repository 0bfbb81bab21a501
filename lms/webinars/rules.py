"""What holds for live sessions, as sums: when a door is open, how a date is said, what counts as having been there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from unicodedata import category
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

VENUE_SHOWN = timedelta(days=3)  # how long before the start a booked person sees the address
FACILITATOR_EARLY = timedelta(minutes=30)
KEEP_NEEDS = timedelta(days=30)
KEEP_CANCELLED_IN_FEED = timedelta(days=30)
ENOUGH_SHARE = 80  # per cent of the minutes that count as having attended

# The zones a session can be offered in: the United Kingdom's first, then where its families are posted.
SESSION_ZONES = (
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Athens",
    "Asia/Dubai",
    "America/New_York",
    "Australia/Sydney",
    "Pacific/Auckland",
)


class Door(StrEnum):
    """Whether somebody without a place can book one now, and if not, why."""

    OPEN = "open"
    FULL = "full"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    OVER = "over"
    DRAFT = "draft"


@dataclass(frozen=True)
class Timetable:
    """When a session takes bookings. ``opens_at`` None: as soon as it is published."""

    starts_at: datetime
    opens_at: datetime | None
    closes_at: datetime


def door(state: str, times: Timetable, *, places_left: int | None, now: datetime) -> Door:
    """Return how the door stands at ``now``. It closes at ``closes_at`` exactly; ``places_left`` None: no limit."""
    if state == Door.CANCELLED:
        return Door.CANCELLED
    if state in {"draft", "proposed", "declined"}:
        return Door.DRAFT
    if state == "ended" or times.starts_at <= now:
        return Door.OVER
    if times.opens_at and now < times.opens_at:
        return Door.NOT_YET
    if times.closes_at <= now:
        return Door.CLOSED
    return Door.FULL if places_left == 0 else Door.OPEN


# --- Offers of a place ----------------------------------------------------------------------------
HOLD = timedelta(minutes=10)  # a place is kept so long while a form is filled in
KEEP_FOR_TWO = timedelta(hours=24)  # one place is kept so long for two people who want two
KEEP_FOR_TWO_STOPS = timedelta(hours=48)  # before booking closes
SHORTEST_OFFER = timedelta(minutes=15)  # shorter than that is no time to answer
# How much time there is to answer, by how far away the start is: the first line that fits.
_TO_ANSWER = (
    (timedelta(days=7), timedelta(hours=48)),
    (timedelta(days=2), timedelta(hours=12)),
    (timedelta(hours=6), timedelta(hours=2)),
)
_MORNING, _EVENING, _NIGHT = time(8), time(20, 45), time(21)  # nobody has to answer at night
_NEAR = timedelta(days=7)  # at 7 days exactly there are 12 hours to answer


def offer_ends(times: Timetable, *, zone: str, most: timedelta | None, now: datetime) -> datetime | None:
    """Return until when a place that is free at ``now`` is offered to one person alone; None: to everybody at once.

    most: no longer than this, where a session says so. The time to answer is 48 hours more than 7 days before the
    start, 12 hours from 7 to 2 days before, 2 hours after that, and nothing in the last 6 hours. It ends by the time
    booking closes, and never between 9 in the evening and 8 in the morning by the clocks of ``zone``.
    """
    usual = _time_to_answer(times.starts_at - now)
    if usual is None:
        return None
    ends = _by_day(now + (min(usual, most) if most else usual), zone, later=True)
    if ends > times.closes_at:
        ends = _by_day(times.closes_at, zone, later=False)
    return ends if ends - now >= min(SHORTEST_OFFER, most or SHORTEST_OFFER) else None


def _time_to_answer(ahead: timedelta) -> timedelta | None:
    for away, time_given in _TO_ANSWER:
        if ahead > away or (ahead == away and away != _NEAR):
            return time_given
    return None


def _by_day(moment: datetime, zone: str, *, later: bool) -> datetime:
    """``moment``, or where it is night: the morning after, or the evening before."""
    local = moment.astimezone(ZoneInfo(zone))
    if _MORNING <= local.time() < _NIGHT:
        return moment
    late = local.time() >= _NIGHT
    day = local.date() + timedelta(days=(1 if late else 0) if later else (0 if late else -1))
    return datetime.combine(day, _MORNING if later else _EVENING, ZoneInfo(zone)).astimezone(UTC)


def kept_for_two_until(closes_at: datetime, *, now: datetime) -> datetime | None:
    """Until when one free place is kept for two people who want two; None when it is too late for that."""
    ends = min(now + KEEP_FOR_TWO, closes_at - KEEP_FOR_TWO_STOPS)
    return ends if ends > now else None


# --- A date that moves ----------------------------------------------------------------------------
MOVED_FAR = timedelta(hours=24)  # further than that, who has a place is asked again


def has_moved_far(before: Iterable[datetime], after: Iterable[datetime]) -> bool:
    """Whether one of the starts in ``after`` is more than 24 hours from every one of ``before``."""
    known = list(before)
    return any(all(abs(start - was) > MOVED_FAR for was in known) for start in after)


SAID_FROM = 5  # a smaller number of waiting people is not said


def said_waiting(count: int) -> str:
    """Like "6 people are waiting"; "A few people are waiting" for fewer than five, and nothing for none."""
    if count == 0:
        return ""
    return f"{count} people are waiting." if count >= SAID_FROM else "A few people are waiting."


MISSED_BEFORE_SAID = 3
MISSED_WITHIN = timedelta(days=183)


class Room(StrEnum):
    """How the way into an online room stands for one person."""

    EARLY = "early"
    OPEN = "open"
    OVER = "over"


def room(parts: Iterable[tuple[datetime, datetime]], *, before: timedelta, after: timedelta, now: datetime) -> Room:
    """Return how the room stands at ``now``: open from ``before`` a part's start until ``after`` its end, both ends
    included; early while another part is to come; else over.
    """
    ahead = False
    for starts_at, ends_at in parts:
        if starts_at - before <= now <= ends_at + after:
            return Room.OPEN
        ahead = ahead or now < starts_at
    return Room.EARLY if ahead else Room.OVER


def venue_is_shown(starts_at: datetime, *, now: datetime) -> bool:
    """Whether a booked person may read the address now."""
    return starts_at - now <= VENUE_SHOWN


# --- Having been there ----------------------------------------------------------------------------
_SHARE_OF = {"present": 2, "made_up": 2, "partial": 1, "absent": 0}  # halves of a part's minutes


def minutes_there(marks: Iterable[tuple[int, str]]) -> int:
    """Return how many whole minutes of (minutes of the part, verdict) somebody was there: part counts half."""
    return sum(_SHARE_OF[verdict] * minutes for minutes, verdict in marks) // 2


def attendance(marks: Iterable[tuple[int, str]], *, parts: int) -> str | None:
    """Return "attended", "partial" or "absent", or None while one of the ``parts`` is not marked.

    marks: (minutes of the part, verdict). Here and made up count all minutes of a part, part counts half, away
    none. 80 per cent of all minutes is attendance; nothing at all is absence; the rest is partial.
    """
    marked = list(marks)
    if not parts or len(marked) < parts:
        return None
    whole = sum(2 * minutes for minutes, _ in marked)
    there = sum(_SHARE_OF[verdict] * minutes for minutes, verdict in marked)
    if there == 0:
        return "absent"
    return "attended" if there * 100 >= ENOUGH_SHARE * whole else "partial"


# --- Saying dates and times -----------------------------------------------------------------------
def zone_is_known(name: str) -> bool:
    """Whether ``name`` is a time zone that this machine knows."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown; not a name at all; a folder of zones
        return False
    return True


def wall_time(moment: datetime, zone: str) -> datetime:
    """What clocks in ``zone`` show at ``moment``, as a time without a zone."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def said_date(day: date) -> str:
    """Like "Thursday 12 March"."""
    return f"{day:%A} {day.day} {day:%B}"


def said_day_in(day: date, *, seen: date) -> str:
    """Like "Thursday 12 March", with the year where it is not the year in which it is seen."""
    return said_date(day) if day.year == seen.year else f"{said_date(day)} {day.year}"


def said_time(moment: datetime | time) -> str:
    """Like "7:30pm", "10am", "midday" or "midnight"."""
    if (moment.hour, moment.minute) in {(0, 0), (12, 0)}:
        return "midday" if moment.hour else "midnight"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def said_moment(moment: datetime, zone: str) -> str:
    """Like "Thursday 12 March at 7:15pm"."""
    local = wall_time(moment, zone)
    return f"{said_date(local)} at {said_time(local)}"


def said_range(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """Like "7:30pm to 9pm", in ``zone``; says so when it ends on another day."""
    first, last = wall_time(starts_at, zone), wall_time(ends_at, zone)
    ending = "" if first.date() == last.date() else f" on {said_date(last)}"
    return f"{said_time(first)} to {said_time(last)}{ending}"


def said_of_recording(*, may_be: bool) -> str:
    """Whether a session is recorded, in words for who comes."""
    if not may_be:
        return "We don't record."
    return (
        "Whoever leads it may record the part where they talk to everyone, and says so first. People who come aren't "
        "recorded, and nobody sees it until everyone in it has agreed."
    )


def said_zone(zone: str) -> str:
    """Like "UK time" or "Auckland time": never an abbreviation."""
    return "UK time" if zone == "Europe/London" else f"{zone.rsplit('/', 1)[-1].replace('_', ' ')} time"


def same_clock(starts_at: datetime, ends_at: datetime, one: str, other: str) -> bool:
    """Whether clocks in two zones say the same at both moments."""
    zones = ZoneInfo(one), ZoneInfo(other)
    return all(
        moment.astimezone(zones[0]).utcoffset() == moment.astimezone(zones[1]).utcoffset()
        for moment in (starts_at, ends_at)
    )


def said_elsewhere(starts_at: datetime, ends_at: datetime, *, zone: str, own: str) -> str:
    """Like "8:30am to 10am on Friday 13 March, Auckland time" for who lives by another clock; else nothing."""
    if not zone_is_known(own) or same_clock(starts_at, ends_at, zone, own):
        return ""
    there = wall_time(starts_at, own)
    day = "" if there.date() == wall_time(starts_at, zone).date() else f" on {said_date(there)}"
    return f"{said_range(starts_at, ends_at, own)}{day}, {said_zone(own)}"


def first_name(display_name: str) -> str:
    """The first word of a name: what a sheet of paper shows."""
    return display_name.split()[0] if display_name.split() else ""


_BREAKS = {"Cc", "Cs", "Zl", "Zp"}  # Unicode categories


def one_line(text: str) -> str:
    """``text`` without line breaks, control characters and halves of pairs; runs of spaces as one."""
    return " ".join("".join(" " if category(c) in _BREAKS else c for c in text).split())
