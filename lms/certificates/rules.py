"""Sums about certificates: the code, which state may follow which, until when one holds, what fits on paper."""

import calendar
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from lms.accounts.rules import is_wall_of_marks

# --- The code ------------------------------------------------------------------------------------------------------

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O or U to be misread
CODE_LENGTH = 16  # characters of 5 bits each: 80 random bits
_GROUP = 4
_READ_AS = str.maketrans("OIL", "011")


def new_code() -> str:
    """Return a code that nobody can guess, without dashes or check character."""
    number = secrets.randbits(5 * CODE_LENGTH)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(CODE_LENGTH))


def check_character(code: str) -> str:
    """Return the character that one wrong letter, and nearly any two that swapped places, would change."""
    return ALPHABET[sum((2 * place + 1) * ALPHABET.index(c) for place, c in enumerate(code)) % 32]


def shown(code: str) -> str:
    """Return ``code`` as it is printed: in groups of four, the check character last."""
    groups = [code[start : start + _GROUP] for start in range(0, CODE_LENGTH, _GROUP)]
    return "-".join([*groups, check_character(code)])


def read_code(typed: str) -> str | None:
    """Return the code that somebody meant, or None if it can be none.

    Case, spaces and dashes of any kind do not matter, O is read as 0, I and L as 1. Who leaves out the check
    character is understood; a wrong one means a slip of the finger.
    """
    wide = unicodedata.normalize("NFKC", typed[:100]).upper().translate(_READ_AS)
    bare = "".join(c for c in wide if unicodedata.category(c) not in {"Zs", "Pd", "Cc", "Cf"})
    code, check = bare[:CODE_LENGTH], bare[CODE_LENGTH:]
    if len(code) != CODE_LENGTH or any(c not in ALPHABET for c in bare):
        return None
    return code if check in {"", check_character(code)} else None


# --- States --------------------------------------------------------------------------------------------------------


class State(StrEnum):
    STAGED = "staged"  # earned; its agency looks at it before its holder may have it
    DECLINED = "declined"  # looked at, and not given
    WAITING = "waiting"  # earned; its holder has not said yet how the name is written
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


IN_HAND = frozenset({State.ACTIVE, State.EXPIRED})  # states in which the paper itself may be had


class Deed(StrEnum):
    APPROVE = "approve"
    DECLINE = "decline"
    CLAIM = "claim"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    EXPIRE = "expire"
    REPLACE = "replace"
    WITHDRAW = "withdraw"


class ImpossibleMove(ValueError):
    """That deed does not follow this state."""


MOVES = {
    (State.STAGED, Deed.APPROVE): State.WAITING,
    (State.STAGED, Deed.DECLINE): State.DECLINED,
    (State.STAGED, Deed.WITHDRAW): State.WITHDRAWN,
    (State.DECLINED, Deed.APPROVE): State.WAITING,
    (State.DECLINED, Deed.WITHDRAW): State.WITHDRAWN,
    (State.WAITING, Deed.CLAIM): State.ACTIVE,
    (State.WAITING, Deed.WITHDRAW): State.WITHDRAWN,
    (State.ACTIVE, Deed.SUSPEND): State.SUSPENDED,
    (State.ACTIVE, Deed.EXPIRE): State.EXPIRED,
    (State.ACTIVE, Deed.REPLACE): State.REPLACED,
    (State.ACTIVE, Deed.WITHDRAW): State.WITHDRAWN,
    (State.SUSPENDED, Deed.REINSTATE): State.ACTIVE,
    (State.SUSPENDED, Deed.WITHDRAW): State.WITHDRAWN,
    (State.EXPIRED, Deed.REPLACE): State.REPLACED,
    (State.EXPIRED, Deed.WITHDRAW): State.WITHDRAWN,
    (State.REPLACED, Deed.WITHDRAW): State.WITHDRAWN,
}


def after(state: str, deed: Deed) -> State:
    """Return the state that ``deed`` leads to. Raises ImpossibleMove."""
    try:
        return MOVES[State(state), deed]
    except KeyError:
        raise ImpossibleMove(f"{deed} after {state}") from None


def standing(state: str, *, valid_until: date | None, today: date) -> State:
    """Return the state that holds today: an end date that has passed counts before any job has noticed it."""
    is_over = valid_until is not None and today > valid_until
    return State.EXPIRED if state == State.ACTIVE and is_over else State(state)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month when it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


RENEW_FROM = timedelta(days=90)  # before its end date a certificate can be renewed without losing any of it
REMIND_AT = (7, 30, 90)  # days before the end date


def valid_until(earned_on: date, months: int | None, *, before: date | None, grace_days: int) -> date | None:
    """Return the last day of an award that is given for ``months``; None where it has no end.

    before: the end of the award that it renews, if any. Renewed in the last 90 days or within the days of grace, the
    new one goes on from there; else it counts from the day it was earned, and never ends before the old one.
    """
    if months is None:
        return None
    if before is None:
        return months_after(earned_on, months)
    if before - RENEW_FROM <= earned_on <= before + timedelta(days=grace_days):
        return months_after(before, months)
    return max(months_after(earned_on, months), before)


def may_renew(state: str, *, valid_until: date | None, today: date) -> bool:
    """Whether an award is near enough to its end, or past it, to be earned again."""
    return state in {State.ACTIVE, State.EXPIRED} and valid_until is not None and today >= valid_until - RENEW_FROM


def reminder(ends_on: date, *, today: date) -> int:
    """Return which reminder is due of one that ends within 90 days, as its number of days: the latest that has come."""
    left = (ends_on - today).days
    return next(days for days in REMIND_AT if left <= days)


# --- The name on paper ---------------------------------------------------------------------------------------------

Ranges = tuple[tuple[int, int], ...]

# What the title face of the house has; a name with any other letter is set in a face made for that writing.
TITLE_FACE: Ranges = (
    (0x20, 0x7E),
    (0xA0, 0x131),
    (0x134, 0x17E),
    (0x1A0, 0x1A1),
    (0x1AF, 0x1B0),
    (0x218, 0x21B),
    (0x1E80, 0x1E85),
    (0x1EA0, 0x1EF9),
)
_LATIN: Ranges = ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x24F), (0x1E00, 0x1EF9))
_GREEK: Ranges = ((0x386, 0x386), (0x388, 0x38A), (0x38C, 0x38C), (0x38E, 0x3A1), (0x3A3, 0x3CE))
_CYRILLIC: Ranges = ((0x400, 0x45F), (0x490, 0x49B), (0x49E, 0x4A7), (0x4AA, 0x4B7), (0x4BA, 0x4BB), (0x4CF, 0x4F9))
_ARMENIAN_AND_GEORGIAN: Ranges = ((0x531, 0x556), (0x561, 0x587), (0x10D0, 0x10F0))
_HEBREW: Ranges = ((0x5B0, 0x5BC), (0x5C1, 0x5C2), (0x5D0, 0x5EA))
_ARABIC: Ranges = (
    (0x621, 0x63A),
    (0x641, 0x655),
    (0x670, 0x670),
    (0x679, 0x6BF),
    (0x6C6, 0x6C8),
    (0x6CC, 0x6CC),
    (0x6D5, 0x6D5),
)
_MARKS: Ranges = ((0x300, 0x338),)
LETTERS: Ranges = _LATIN + _GREEK + _CYRILLIC + _ARMENIAN_AND_GEORGIAN + _HEBREW + _ARABIC + _MARKS
BETWEEN_LETTERS = " '-.,\u00b7\u2010\u2018\u2019"

# Widths in ems, a little generous; measured against the faces by the tests.
_WIDE, _NARROW = "MWmwÆŒæœ@ЖШЩЮжшщюфФ", f"ijlftrI{BETWEEN_LETTERS}"
_SECOND_FACE = 1.16  # it runs wider than the first
SIZES = (("", 13.2), ("long", 19.2), ("longest", 46.0))  # class of the name, and how many ems fit


def _within(character: str, ranges: Ranges) -> bool:
    return any(low <= ord(character) <= high for low, high in ranges)


def unprintable(name: str) -> str:
    """Return the characters of ``name`` that our faces cannot print, each once."""
    odd = (c for c in name if c not in BETWEEN_LETTERS and not _within(c, LETTERS))
    return "".join(dict.fromkeys(odd))


def has_letters(name: str) -> bool:
    """Whether there is at least one letter in it."""
    return any(c.isalpha() for c in name)


def in_title_face(name: str) -> bool:
    """Whether the title face has every letter of it."""
    return all(_within(c, TITLE_FACE) or c in "\u2018\u2019" for c in name)


def has_loose_marks(name: str) -> bool:
    """Whether it has accents that are no part of a letter: those must come from the same face as what they stand on."""
    return any(_within(c, _MARKS) for c in name)


def ems(name: str) -> float:
    """Return about how wide ``name`` runs, in ems of its face."""
    return sum(map(_width, name)) * (1.0 if in_title_face(name) else _SECOND_FACE)


def _width(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if character in _WIDE:
        return 0.98
    if character in _NARROW:
        return 0.38
    return 0.72 if character.isupper() else 0.56


def size_of(name: str) -> str | None:
    """Return the class that sets the size of ``name``; None when no size fits it on the paper."""
    width = ems(name)
    return next((size for size, most in SIZES if width <= most), None)


# --- Words ---------------------------------------------------------------------------------------------------------

MOST_LEARNED, LONGEST_LEARNED = 4, 90  # lines, and characters of one
MOST_SIGNATORIES = 2

# What each kind is and is not, so that none is taken for another.
STATEMENTS = {
    "completion": "This records completion of {hours} of learning. "
    "It is not a qualification, a licence or an assessment of parenting.",
    "attendance": "This records taking part in a live session for {hours}. Nothing was assessed. "
    "It is not a qualification, a licence or an assessment of parenting.",
    "leader": "This is an assessed award with an end date: {issuer} has seen each step met and signed it off. "
    "It is not a professional qualification, a licence or a background check.",
}


def hours(minutes: int) -> str:
    """Say a length of time in words: ``2 hours 15 minutes``."""
    parts = ((minutes // 60, "hour"), (minutes % 60, "minute"))
    return " ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts if count) or "0 minutes"


def months(count: int) -> str:
    """Say a validity in words: ``2 years`` or ``18 months``."""
    whole, rest = divmod(count, 12)
    number, word = (count, "month") if rest else (whole, "year")
    return f"{number} {word}{'' if number == 1 else 's'}"


def fitting(lines: Iterable[str], *, most: int, longest: int) -> list[str]:
    """Return the first ``most`` lines that fit in one row of ``longest`` characters, without a full stop."""
    return [bare for line in lines if (bare := line.strip().rstrip(".")) and len(bare) <= longest][:most]


class NameProblem(StrEnum):
    """Why a name cannot stand on a certificate."""

    EMPTY = "empty"
    UNPRINTABLE = "unprintable"
    PILED_UP = "piled_up"
    TOO_WIDE = "too_wide"


def name_problem(name: str) -> NameProblem | None:
    """Return what keeps ``name`` from being set properly, or None."""
    if not has_letters(name):
        return NameProblem.EMPTY
    if unprintable(name):
        return NameProblem.UNPRINTABLE
    if is_wall_of_marks(name):
        return NameProblem.PILED_UP
    return NameProblem.TOO_WIDE if size_of(name) is None else None
