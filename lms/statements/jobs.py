"""Started by the clock: every five minutes, so that what was being written at one look is there at the next."""

from django.utils import timezone

from lms.common.tasks import Job
from lms.statements import operations


def tell() -> str:
    """Tell record stores what is new."""
    return f"woken for {operations.wake(now=timezone.now())}"


def forget_sent() -> str:
    """Forget what was sent long ago."""
    return f"forgot {operations.forget_sent(now=timezone.now())}"


JOBS = [
    Job("statements.tell", "lms.statements.jobs.tell", minutes=5),
    Job("statements.forget_sent", "lms.statements.jobs.forget_sent", minutes=24 * 60),
]
