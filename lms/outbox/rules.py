"""When to try again, and when to stop."""

from datetime import timedelta

MOST_ATTEMPTS = 6
LEASE = timedelta(seconds=90)  # longer than the mail time-out, shorter than the two minutes promised after a kill


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the given number of failed attempts: 1, 4, 16, 64 minutes, then 4 hours."""
    return min(timedelta(minutes=4 ** (attempts - 1)), timedelta(hours=4))


def is_final(smtp_code: int) -> bool:
    """A 5xx answer will not change by asking again; 4xx and a lost connection may."""
    return 500 <= smtp_code < 600
