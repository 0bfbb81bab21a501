"""When reminders go out, and until when they help: sums only."""

from datetime import datetime, timedelta
from enum import StrEnum


class Lead(StrEnum):
    """How long before a date somebody is reminded of it."""

    WEEK = "week"
    DAY = "day"
    HOUR = "hour"


BEFORE = {Lead.WEEK: timedelta(days=7), Lead.DAY: timedelta(hours=24), Lead.HOUR: timedelta(hours=1)}
_NEARER = {Lead.WEEK: Lead.DAY, Lead.DAY: Lead.HOUR}
FOLLOW_UP_HELPS = timedelta(days=7)  # after the end; later than that nobody is asked how it was
ASK_FOR = timedelta(days=14)  # after the end: so long people can say how it was, and no longer


def window(lead: Lead) -> tuple[timedelta, timedelta]:
    """Return how far away a part is whose reminder is due and still helps: more than the first, at most the second."""
    nearer = _NEARER.get(lead)
    return (BEFORE[nearer] if nearer else timedelta(0)), BEFORE[lead]


def falls_due(lead: Lead, starts_at: datetime) -> datetime:
    """Return when the reminder is due: real time before the start, also over a change of the clocks."""
    return starts_at - BEFORE[lead]


def helps_until(lead: Lead, starts_at: datetime) -> datetime:
    """Return until when a late reminder still helps: until the nearer one is due, for the nearest until the start."""
    return starts_at - window(lead)[0]
