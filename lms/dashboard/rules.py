"""What to say at which hour, and how long ago is worth a word."""

from datetime import datetime, timedelta

MORNING, AFTERNOON, EVENING = 4, 12, 18  # the hour at which each begins
A_WHILE = timedelta(days=28)


def greeting(local: datetime) -> str:
    """Return how to greet somebody at this local time. The small hours still belong to the evening."""
    if MORNING <= local.hour < AFTERNOON:
        return "Good morning"
    return "Good afternoon" if AFTERNOON <= local.hour < EVENING else "Good evening"


def last_here(seen: datetime, *, now: datetime) -> str:
    """Say since when somebody has been away, without a reproach; nothing if it is not long."""
    if now - seen < A_WHILE:
        return ""
    month = f"{seen:%B}" if seen.year == now.year else f"{seen:%B %Y}"
    return f"You were last here in {month}, and that's fine."


def silence(away: timedelta | None) -> str:
    """Say how long the worker has been silent: ``12 minutes``, ``3 hours`` or ``2 days``."""
    if away is None:
        return "since it was set up"
    minutes = int(away.total_seconds() // 60)
    for size, word in ((24 * 60, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return f"for {minutes // size} {word}s"
    return f"for {minutes} minute{'' if minutes == 1 else 's'}"
