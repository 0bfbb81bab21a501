"""Started by the clock."""

from django.utils import timezone

from lms.common.tasks import Job
from lms.partners import operations


def forget_asks() -> str:
    """Delete asks that nobody answered in time."""
    return f"forgot {operations.forget_over(now=timezone.now())}"


JOBS = [Job("partners.forget_asks", "lms.partners.jobs.forget_asks", minutes=24 * 60)]
