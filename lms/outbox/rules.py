"""When to try again, and when to stop."""

from datetime import timedelta

MOST_ATTEMPTS = 6
# Longer than one silence of the mail server may last, and short enough that a letter whose sender was killed is taken
# up again within two minutes: this, and at most a minute and a half until the sweep looks again.
LEASE = timedelta(seconds=30)
BATCH = 50  # letters that one task sends, one after the other
BATCH_SECONDS = 60  # a task that has sent for so long leaves the rest to the next: less than a task's time limit


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the given number of failed attempts: 1, 4, 16, 64 minutes, then 4 hours."""
    return min(timedelta(minutes=4 ** (attempts - 1)), timedelta(hours=4))


# What a mail server says later of the letter, not of the mailbox: too full, too long, not wanted.
ABOUT_THE_LETTER = ("5.2.2", "5.2.3", "5.3.4", "5.6.", "5.7.")


def is_dead(status: str) -> bool:
    """Whether a mail server's later word (like "5.1.1") means that nothing reaches the address any more."""
    return status.startswith("5.") and not status.startswith(ABOUT_THE_LETTER)


def is_final(smtp_code: int) -> bool:
    """A 5xx answer will not change by asking again; 4xx and a lost connection may."""
    return 500 <= smtp_code < 600
