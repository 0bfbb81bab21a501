"""What holds for consultations, as sums: how a window is cut into times, and how long somebody may have to wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SHORTEST, LONGEST = 20, 120  # minutes of one time
LONGEST_REST = 60  # minutes between two times
LONGEST_NOTICE = 14 * 24 * 60  # minutes before the start at which a time can last be booked
HOLD = timedelta(minutes=5)  # how long a chosen time is kept while somebody fills in the form
KEEP_REASON = timedelta(days=7)  # after the end; then what it was about is emptied
COUNTED_DAYS = timedelta(days=28)  # over which "at most so many times" is counted
JOIN_BEFORE = timedelta(minutes=10)
JOIN_AFTER = timedelta(minutes=15)
TIDY_MINUTES = 5


def times(starts_at: datetime, ends_at: datetime, *, minutes: int, rest: int) -> list[tuple[datetime, datetime]]:
    """Cut a window into times of ``minutes`` with ``rest`` minutes between them; what is left over stays free."""
    step, length = timedelta(minutes=minutes + rest), timedelta(minutes=minutes)
    cut, start = [], starts_at
    while start + length <= ends_at:
        cut.append((start, start + length))
        start += step
    return cut


@dataclass(frozen=True)
class Wait:
    """How long somebody may have to wait, in minutes, and whether there may be no time left for them."""

    least: int
    most: int
    may_be_too_late: bool


def wait(*, ahead: int, is_busy: bool, minutes: int, left: int) -> Wait:
    """Return an honest guess for who has ``ahead`` people before them.

    Everybody takes between half of ``minutes`` and all of it; somebody being talked to now may be done any moment.
    ``left``: minutes until the worker stops. Rounded to five minutes, outwards.
    """
    least = ahead * minutes // 2
    most = (ahead + is_busy) * minutes
    return Wait(_down(least), _up(most), most > left)


def _down(minutes: int) -> int:
    return minutes // TIDY_MINUTES * TIDY_MINUTES


def _up(minutes: int) -> int:
    return -(-minutes // TIDY_MINUTES) * TIDY_MINUTES


def door_is_open(starts_at: datetime, ends_at: datetime, *, now: datetime) -> bool:
    """Whether the way in can be used now, both ends included."""
    return starts_at - JOIN_BEFORE <= now <= ends_at + JOIN_AFTER
