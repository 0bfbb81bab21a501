"""Started by the clock."""

from django.utils import timezone

from lms.accounts import operations
from lms.common.tasks import Job


def forget_places() -> str:
    """Forget the browser and the internet address of sessions that are over."""
    return f"forgot {operations.forget_places(now=timezone.now())}"


JOBS = [Job("accounts.forget_places", "lms.accounts.jobs.forget_places", minutes=24 * 60)]
