"""Started by the clock."""

from django.utils import timezone

from lms.common.tasks import Job
from lms.consultations import operations


def keep_tidy() -> str:
    """Free times kept too long, and end queues whose hours are over."""
    now = timezone.now()
    return f"freed {operations.free_lapsed(now=now)}, ended {operations.end_queues(now=now)}"


def remind() -> str:
    """Remind people of tomorrow."""
    return f"reminded {operations.remind(now=timezone.now())}"


def forget_reasons() -> str:
    """Empty what talks of a week ago were about."""
    return f"forgot {operations.forget_reasons(now=timezone.now())}"


JOBS = [
    Job("consultations.keep_tidy", "lms.consultations.jobs.keep_tidy", minutes=5),
    Job("consultations.remind", "lms.consultations.jobs.remind", minutes=15),
    Job("consultations.forget_reasons", "lms.consultations.jobs.forget_reasons", minutes=24 * 60),
]
