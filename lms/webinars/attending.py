"""Signs that somebody was at a date, as sums: the code in the room, minutes in it, and when a mark is corrected."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from lms.webinars import rules

CODE_LIVES = timedelta(minutes=3)  # a code is shown this long, and taken as long again for who types slowly
CODE_LENGTH = 5
CODE_SIGNS = "BCDFGHJKMNPQRTVWXY346789"  # none that sounds or looks like another, no vowels and so no words
PUT_RIGHT_FREELY = timedelta(hours=24)  # after the end of a date; from then on another mark needs a reason
_WORTH = {"": 0, "absent": 0, "partial": 1, "present": 2, "made_up": 2}


def code_number(now: datetime) -> int:
    """Which of all codes is shown at ``now``."""
    return int(now.timestamp() // CODE_LIVES.total_seconds())


def code_seconds_left(now: datetime) -> int:
    """In how many whole seconds the next code is shown: at least one."""
    whole = int(CODE_LIVES.total_seconds())
    return whole - int(now.timestamp()) % whole


def code(secret: bytes, number: int) -> str:
    """Return the code of one date with this secret."""
    drawn = int.from_bytes(hmac.new(secret, str(number).encode(), hashlib.sha256).digest(), "big")
    signs = []
    for _ in range(CODE_LENGTH):
        drawn, place = divmod(drawn, len(CODE_SIGNS))
        signs.append(CODE_SIGNS[place])
    return "".join(signs)


def code_fits(typed: str, secret: bytes, now: datetime) -> bool:
    """Whether ``typed`` is the code shown now or the one before, however it is written."""
    plain = "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum())
    number = code_number(now)
    return any(hmac.compare_digest(plain, code(secret, one)) for one in (number, number - 1))


def part_at(dates: Sequence[tuple[datetime, datetime]], *, after: timedelta, now: datetime) -> int:
    """Return which of the dates is on or comes next, from 0; one lasts until ``after`` its end, the last for good."""
    ahead = (number for number, (_, ends_at) in enumerate(dates) if now <= ends_at + after)
    return next(ahead, len(dates) - 1)


def proposed(minutes: int, *, of: int) -> str:
    """Return the mark that so many minutes of a date propose, by the same share as everywhere."""
    if minutes * 100 >= rules.ENOUGH_SHARE * of:
        return "present"
    return "partial" if minutes else "absent"


def needs_reason(*, before: str, after: str, was_settled: bool, ends_at: datetime, now: datetime) -> bool:
    """Whether a mark may only be changed with a reason: a day later, or when it takes from what was settled."""
    if not before or before == after:
        return False
    return now > ends_at + PUT_RIGHT_FREELY or (was_settled and _WORTH[after] < _WORTH[before])
