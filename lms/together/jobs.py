"""Started by the clock."""

from django.utils import timezone

from lms.common.tasks import Job
from lms.together import operations


def forget_old() -> str:
    """Delete what nobody said yes to in time."""
    return f"forgot {operations.forget_old(now=timezone.now())}"


JOBS = [Job("together.forget_old", "lms.together.jobs.forget_old", minutes=24 * 60)]
