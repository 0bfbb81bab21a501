"""Started by the clock."""

from django.utils import timezone

from lms.common.tasks import Job
from lms.portfolio import operations


def forget_papers() -> str:
    """Delete files that were made more than a day ago."""
    return f"forgot {operations.forget_old(now=timezone.now())}"


def remind() -> str:
    """Write to those whose day has come."""
    return f"reminded {operations.remind(now=timezone.now())}"


JOBS = [
    Job("portfolio.forget_papers", "lms.portfolio.jobs.forget_papers", minutes=60),
    Job("portfolio.remind", "lms.portfolio.jobs.remind", minutes=60),
]
