"""Started by the clock: what the queue lost is sent all the same, and old letters lose their words."""

from datetime import timedelta

from django.utils import timezone

from lms.common.tasks import Job
from lms.outbox import bounces, operations

KEEP_WORDS = timedelta(days=30)
KEEP_WARNINGS = timedelta(days=365)


def sweep() -> str:
    """Wake a worker for each batch of letters that are due."""
    return f"woken for {operations.sweep(now=timezone.now())}"


def forget_words() -> str:
    """Empty what old letters said and to whom; that one was sent is kept. Old warnings of addresses go."""
    now = timezone.now()
    bounces.forget_warnings(before=now - KEEP_WARNINGS)
    return f"emptied {operations.forget_words(before=now - KEEP_WORDS)}"


JOBS = [
    Job("outbox.sweep", "lms.outbox.jobs.sweep", minutes=1),
    Job("outbox.forget_words", "lms.outbox.jobs.forget_words", minutes=24 * 60),
]
