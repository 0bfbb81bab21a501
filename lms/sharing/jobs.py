"""Started by the clock."""

from django.utils import timezone

from lms.common.tasks import Job
from lms.sharing import operations, tasks


def go_on() -> str:
    """Go on with what a killed worker left."""
    return f"woken for {tasks.wake()}"


def drop_forgotten() -> str:
    """Put aside what nobody confirmed."""
    return f"dropped {operations.drop_forgotten(now=timezone.now())}"


JOBS = [
    Job("sharing.go_on", "lms.sharing.jobs.go_on", minutes=5),
    Job("sharing.drop_forgotten", "lms.sharing.jobs.drop_forgotten", minutes=24 * 60),
]
