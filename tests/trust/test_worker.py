"""A real worker: what is put off inside a transaction lives and dies with it, and what fails stops failing."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from django_q.models import OrmQ, Schedule, Task
from django_q.signing import SignedPackage

from lms.common.jobs import WORKER
from lms.common.models import Heartbeat
from lms.common.tasks import Job, all_jobs, enqueue, forget_done, run_wagtail_task, sync_schedules
from tests.factories.cms import SiteTree
from tests.trust import deeds
from tests.trust.processes import until, worker

real = pytest.mark.django_db(transaction=True, serialized_rollback=True)
OURS = {"default": {"BACKEND": "lms.common.tasks.DjangoQ2Backend", "QUEUES": []}}


@real
def test_a_worker_does_what_was_committed_and_never_what_was_undone(tmp_path):
    sync_schedules(all_jobs())
    with worker(tmp_path):
        with transaction.atomic():
            enqueue(deeds.note, name="undone")
            transaction.set_rollback(True)
        with transaction.atomic():
            enqueue(deeds.note, name="committed")
        until(lambda: deeds.times("committed"))
        with override_settings(TASKS=OURS):
            SiteTree()  # Wagtail puts off its own work when pages are saved
        until(lambda: Task.objects.filter(func="lms.common.tasks.run_wagtail_task", success=True).exists())
        until(lambda: Heartbeat.silence(name=WORKER, now=timezone.now()) is not None)
        until(lambda: not OrmQ.objects.exists())
    assert deeds.times("committed") == 1
    assert deeds.times("undone") == 0
    assert not Task.objects.filter(success=False).exists()


@real
def test_a_task_that_always_fails_stops_after_five_and_the_others_go_on(tmp_path):
    with worker(tmp_path):
        enqueue(deeds.fail, name="failing")
        enqueue(deeds.note, name="other")
        until(lambda: deeds.times("other"))
        for tries in range(1, 6):
            until(lambda tries=tries: deeds.times("failing") >= tries)
            until(lambda tries=tries: Task.objects.filter(func__endswith="fail", attempt_count__gte=tries).exists())
            OrmQ.objects.update(lock=timezone.now() - timedelta(hours=1))  # as if the time to try again had come
        until(lambda: not OrmQ.objects.exists())
    assert deeds.times("failing") == 5
    kept = Task.objects.get(func__endswith="fail")
    assert "ValueError" in kept.result
    assert "deeds.py" in kept.result
    assert "canary words" not in kept.result


# --- Without a worker ----------------------------------------------------------------------------


def test_a_task_row_takes_ids_and_fixed_words_only(db):
    for words in ("two words", "a@example.org", "x" * 65, "line\nbreak", ["list"], {"a": 1}, 1.5, None):
        with pytest.raises(TypeError):
            enqueue(deeds.note, name=words)
    assert not OrmQ.objects.exists()
    enqueue(deeds.note, name="0b9c9f52-9e1f-4a7e-9d8a-1f1f1f1f1f1f")
    assert SignedPackage.loads(OrmQ.objects.get().payload)["kwargs"] == {"name": "0b9c9f52-9e1f-4a7e-9d8a-1f1f1f1f1f1f"}


def test_the_schedules_say_what_the_code_says_and_nothing_besides(db):
    Schedule.objects.create(name="left over", func="os.getcwd")
    sync_schedules(all_jobs())
    sync_schedules(all_jobs())
    assert sorted(Schedule.objects.values_list("name", flat=True)) == sorted(job.name for job in all_jobs())


def test_a_schedule_follows_a_change_of_the_code_and_keeps_its_turn_otherwise(db):
    sync_schedules([Job("a.b", "lms.common.jobs.heartbeat", minutes=5)])
    before = Schedule.objects.get()
    sync_schedules([Job("a.b", "lms.common.jobs.heartbeat", minutes=5)])
    assert Schedule.objects.get().next_run == before.next_run
    sync_schedules([Job("a.b", "lms.common.jobs.heartbeat", minutes=7)])
    assert Schedule.objects.get().minutes == 7


def test_every_job_is_a_function_without_arguments_that_runs(db):
    from django.utils.module_loading import import_string

    for job in all_jobs():
        import_string(job.func)()


def test_every_room_with_work_by_the_clock_is_heard():
    rooms = {job.name.partition(".")[0] for job in all_jobs()}
    assert {"common", "audit", "outbox", "agencies"} <= rooms
    assert len({job.name for job in all_jobs()}) == len(all_jobs())


def test_one_of_wagtail_s_tasks_that_fails_is_noted_once_and_not_repeated(db):
    answer = run_wagtail_task(path="wagtail.tasks.delete_file_from_storage_task", args=["no-model", "x"], kwargs={})
    assert answer["ok"] is False


def test_what_is_kept_of_old_tasks_is_dropped_failed_ones_too(db, now):
    for number, age in enumerate((1, 40)):
        Task.objects.create(
            id=f"{number:032}",
            name=str(number),
            func="x",
            started=now,
            stopped=now - timedelta(days=age),
            success=False,
        )
    assert forget_done(before=now - timedelta(days=30)) == 1
    assert Task.objects.get().name == "0"
