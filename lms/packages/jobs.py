"""Started by the clock."""

from django.utils import timezone

from lms.common.tasks import Job
from lms.packages import tasks


def unpack_what_waits() -> str:
    """Unpack what a killed worker left."""
    return f"woken for {tasks.wake_unpackers()}"


def sweep_folders() -> str:
    """Take away what a killed unpacking left."""
    return f"swept {tasks.sweep_folders(now=timezone.now())}"


JOBS = [
    Job("packages.unpack_what_waits", "lms.packages.jobs.unpack_what_waits", minutes=5),
    Job("packages.sweep_folders", "lms.packages.jobs.sweep_folders", minutes=60),
]
