"""Days that come again: every week, every two weeks, or every month by weekday or by date."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

_NTH = ("first", "second", "third", "fourth", "last")
_WEEKS = {"week": 1, "fortnight": 2}


class Every(StrEnum):
    """How often a day comes again."""

    WEEK = "week"
    FORTNIGHT = "fortnight"
    WEEKDAY = "weekday"  # of the month, like the second Tuesday
    DATE = "date"  # of the month, like the 31st


def repeated(first: date, *, every: Every, times: int) -> list[date]:
    """Return ``times`` days from ``first`` on, each counted from the first so that none drifts.

    A weekday that is the fifth of its kind means the last of each month. A date that a month does not have is its
    last day, and the month after has it again.
    """
    if every in _WEEKS:
        return [first + timedelta(weeks=_WEEKS[every] * n) for n in range(times)]
    months = [divmod(first.year * 12 + first.month - 1 + n, 12) for n in range(times)]
    pick = _same_weekday if every == Every.WEEKDAY else _same_date
    return [pick(first, year, month + 1) for year, month in months]


def _same_date(first: date, year: int, month: int) -> date:
    return date(year, month, min(first.day, monthrange(year, month)[1]))


def _same_weekday(first: date, year: int, month: int) -> date:
    starts_on, days = monthrange(year, month)
    day = 1 + (first.weekday() - starts_on) % 7 + 7 * _nth(first)
    return date(year, month, day if day <= days else day - 7)


def _nth(day: date) -> int:
    return (day.day - 1) // 7


def said(first: date, *, every: Every) -> str:
    """Like "Every week on Tuesday" or "Every month on the second Tuesday"."""
    if every == Every.DATE:
        return f"Every month on day {first.day}" + (", or its last day" if first.day > 28 else "")
    if every == Every.WEEKDAY:
        return f"Every month on the {_NTH[_nth(first)]} {first:%A}"
    return f"Every {'two weeks' if every == Every.FORTNIGHT else 'week'} on {first:%A}"
