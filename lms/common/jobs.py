"""Started by the clock: the heartbeat and the pruning of what no longer serves."""

from django.core.management import call_command
from django.utils import timezone

from lms.common.models import Heartbeat
from lms.common.tasks import Job

WORKER = "worker"


def heartbeat() -> None:
    """Show that the worker takes tasks and the database answers."""
    Heartbeat.beat(name=WORKER, now=timezone.now())


def clear_sessions() -> None:
    """Drop sessions that have ended by themselves."""
    call_command("clearsessions")


JOBS = [
    Job("common.heartbeat", "lms.common.jobs.heartbeat", minutes=1),
    Job("common.clear_sessions", "lms.common.jobs.clear_sessions", minutes=24 * 60),
]
