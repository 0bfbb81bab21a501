"""Started by the clock: the heartbeat and the pruning of what no longer serves."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from lms.common import tasks
from lms.common.models import Heartbeat, Tally
from lms.common.tasks import Job

WORKER = "worker"


def heartbeat() -> None:
    """Show that the worker takes tasks and the database answers."""
    Heartbeat.beat(name=WORKER, now=timezone.now())


def clear_sessions() -> None:
    """Drop sessions that have ended by themselves."""
    call_command("clearsessions")


def forget_tasks() -> None:
    """Drop what is kept of tasks done a month ago; failed ones would otherwise stay for ever."""
    tasks.forget_done(before=timezone.now() - timedelta(days=30))


def forget_tries() -> None:
    """Drop counts whose window is over."""
    Tally.objects.filter(ends_at__lt=timezone.now()).delete()


JOBS = [
    Job("common.heartbeat", "lms.common.jobs.heartbeat", minutes=1),
    Job("common.clear_sessions", "lms.common.jobs.clear_sessions", minutes=24 * 60),
    Job("common.forget_tasks", "lms.common.jobs.forget_tasks", minutes=24 * 60),
    Job("common.forget_tries", "lms.common.jobs.forget_tries", minutes=60),
]
