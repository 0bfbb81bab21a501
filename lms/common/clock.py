"""Local time: what a trainer typed, in which zone, and whether that moment exists."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from lms.common.errors import DomainError


class TimeDoesNotExist(DomainError):
    code = "clock.gap"
    message = "That time doesn't exist: the clocks go forward that night. Choose an hour later."


class TimeHappensTwice(DomainError):
    code = "clock.fold"
    message = "That time happens twice: the clocks go back that night. Say if you mean the first or the second."


def to_utc(local: datetime, *, zone: str, second: bool | None = None) -> datetime:
    """Return the UTC moment that a naive local time means in ``zone``.

    second: which of two equal clock times is meant when the clocks go back; None where nobody was asked.
    Raises TimeDoesNotExist in the gap in spring, TimeHappensTwice in the fold in autumn if ``second`` is None.
    """
    tz = ZoneInfo(zone)
    first, later = (local.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(tz).replace(tzinfo=None) != local:
        raise TimeDoesNotExist(zone=zone)
    if first == later:
        return first
    if second is None:
        raise TimeHappensTwice(zone=zone)
    return later if second else first
