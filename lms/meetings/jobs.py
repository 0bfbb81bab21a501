"""Started by the clock: rooms that are due, and forgetting what providers told."""

from django.utils import timezone

from lms.common.tasks import Job
from lms.meetings import operations, rules, tasks


def wake() -> str:
    """Have done what is due."""
    return f"woken for {operations.wake(now=timezone.now())}"


def match_parked() -> str:
    """Read again what was told of a meeting before we knew it."""
    return f"matched {tasks.match_parked(since=timezone.now() - rules.KEEP_PARKED)}"


def forget_events() -> str:
    """Forget what providers told, once only the minutes count."""
    return f"forgot {operations.forget_old_events(now=timezone.now())}"


JOBS = [
    Job("meetings.wake", "lms.meetings.jobs.wake", minutes=1),
    Job("meetings.match_parked", "lms.meetings.jobs.match_parked", minutes=60),
    Job("meetings.forget_events", "lms.meetings.jobs.forget_events", minutes=24 * 60),
]
