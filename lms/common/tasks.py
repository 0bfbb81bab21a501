"""The only door to django-q2: putting work off, work by the clock, and Wagtail's own tasks.

The broker is the database itself, so a task put off inside a transaction commits or vanishes with it. A task
may run twice (at least once is what a queue can promise): every task is written so that it counts once.
"""

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ, Schedule
from django_q.models import Task as DoneTask
from django_q.signals import post_execute_in_worker
from django_q.tasks import async_task
from django_tasks import TaskResult, TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task
from django_tasks.utils import get_random_id, normalize_json

from lms.common.ids import require_ids
from lms.common.rooms import modules

log = logging.getLogger(__name__)

KIND_OF_FAULT = re.compile(r"([A-Za-z_][\w.]*)(?::|$)")


def enqueue(task: Callable[..., object], **ids: int | str) -> None:
    """Put ``task`` off, with ids as its only arguments: task rows are kept and must hold nobody's words.

    Raises TypeError for anything that is not an id or a fixed word.
    """
    require_ids(ids)
    async_task(f"{task.__module__}.{task.__qualname__}", **ids, q_options={"ack_failure": False})


@dataclass(frozen=True)
class Job:
    """Work started by the clock. Each room lists its own in ``jobs.py`` as ``JOBS``."""

    name: str
    func: str  # dotted path of a function without arguments
    minutes: int = 1


def all_jobs() -> list[Job]:
    """Return the jobs of every installed room."""
    return [job for module in modules("jobs") for job in module.JOBS]


def sync_schedules(jobs: Iterable[Job]) -> None:
    """Make the schedule table say what the code says: one row a job, none besides."""
    jobs = list(jobs)
    Schedule.objects.exclude(name__in=[job.name for job in jobs]).delete()
    for job in jobs:
        wanted = {"func": job.func, "schedule_type": Schedule.MINUTES, "minutes": job.minutes, "repeats": -1}
        row, made = Schedule.objects.get_or_create(name=job.name, defaults=wanted)
        if not made and (row.func, row.minutes) != (job.func, job.minutes):
            Schedule.objects.filter(pk=row.pk).update(**wanted)


def waiting() -> int:
    """How many tasks are in the queue."""
    return int(OrmQ.objects.count())


def forget_done(*, before: datetime) -> int:
    """Drop what is kept of tasks that ended before then, failed ones too; return how many."""
    return int(DoneTask.objects.filter(stopped__lt=before).delete()[0])


@receiver(post_execute_in_worker, dispatch_uid="lms.common.tasks.forget_words")
def forget_words_of_faults(task: dict[str, Any], **_: Any) -> None:
    """Keep where a task failed and with what kind of fault: the fault's words may quote somebody."""
    if not task["success"]:
        lines = str(task["result"]).splitlines()
        places = [line.strip() for line in lines if line.startswith("  File ")]
        kinds = [found[1] for line in lines if (found := KIND_OF_FAULT.match(line))]
        task["result"] = "\n".join([*places, *kinds[-1:]])


def run_wagtail_task(*, path: str, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Run one of Wagtail's own tasks in the worker. A page deleted since is an answer, not a fault to repeat."""
    try:
        task = import_string(path)
        task.call(*args, **kwargs)
    except Exception as fault:  # noqa: BLE001 - whatever it was, it is recorded once and not repeated for ever
        log.warning("%s: %s", path, type(fault).__name__)
        return {"ok": False, "fault": type(fault).__name__}
    return {"ok": True}


class DjangoQ2Backend(BaseTaskBackend):
    """django-tasks, which Wagtail speaks, carried by django-q2: one worker for both."""

    supports_defer = False
    supports_async_task = False
    supports_get_result = False

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        """Put one of Wagtail's tasks off; it commits or vanishes with the caller's transaction."""
        self.validate_task(task)
        payload = {"path": task.module_path, "args": normalize_json(list(args)), "kwargs": normalize_json(kwargs)}
        async_task(f"{__name__}.run_wagtail_task", **payload, q_options={"ack_failure": True})
        return TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=list(args),
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
