"""Whoever dies in the middle of issuing is followed by another: one award, one file, one letter.

At each point the process that does the work is killed for good (SIGKILL, which nothing can catch), and then the
nightly and ten-minute jobs run, as they would in the next worker.
"""

import multiprocessing
import os
import signal
from contextlib import contextmanager

import pytest
from django.core.files.storage import storages
from django.db import connections
from django_q.models import OrmQ

from lms.certificates import jobs, mail, operations, tasks
from lms.certificates.models import Award, AwardChange
from lms.certificates.operations import awards as claiming
from lms.certificates.operations import earning
from lms.outbox import operations as outbox
from lms.outbox.models import Message
from tests.factories.accounts import PersonFactory
from tests.factories.certificates import NAME, completed_round

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

# Where it dies: the module and the function in it, and whether just before it is called or just after it is done.
POINTS = {
    "before the award is written": (earning, "_as_row", "before"),
    "after the award, before its history": (earning, "_begin", "before"),
    "after its history, before it is made out": (earning, "arrive", "before"),
    "after it is made out, before all that is committed": (earning, "arrive", "after"),
    "before the making is put off": (claiming, "enqueue", "before"),
    "before the file is drawn": (tasks, "order", "before"),
    "after the file is drawn, before it is kept": (tasks, "keep", "before"),
    "after the file is kept, before the row says so": (tasks, "keep", "after"),
    "after the row, before the letter": (mail, "certificate_ready", "before"),
    "after the letter is written, before that is committed": (outbox, "enqueue", "before"),
    "after everything": (tasks, "_settle", "after"),
}


def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(function, when):
    if when == "before":
        return die

    def then_die(*args, **kwargs):
        function(*args, **kwargs)
        die()

    return then_die


@contextmanager
def killing(point):
    """Take the place of a function, in the process that is to die."""
    module, name, when = POINTS[point]
    setattr(module, name, deadly(getattr(module, name), when))
    yield


def work(round_id):
    """What a worker does for one completion: give, then make what was put off."""
    operations.issue_for_round(round_id=round_id, now=completed_at(round_id))
    for award in rows():
        tasks.render_award(award_id=award.pk)


def completed_at(round_id):
    from lms.courses.models import Round

    return Round.objects.unscoped(because="a test").get(pk=round_id).completed_at


def rows():
    return Award.objects.unscoped(because="a test")


def killed_at(point, round_id):
    """Do the work in a process that dies at ``point``; return how it ended."""
    connections.close_all()

    def run():
        with killing(point):
            work(round_id)

    worker = multiprocessing.get_context("fork").Process(target=run)
    worker.start()
    worker.join(60)
    return worker.exitcode


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": private}


@pytest.mark.parametrize("point", POINTS)
def test_killed_there_it_still_comes_to_one_award_one_file_and_one_letter(point):
    done = completed_round(person=PersonFactory(certificate_name=NAME))
    assert killed_at(point, done.pk) == -signal.SIGKILL
    for _ in range(2):  # the next worker, and another after it
        jobs.give_what_was_missed()
        jobs.make_what_waits()
        for award in rows():
            tasks.render_award(award_id=award.pk)
    award = rows().get()
    assert (award.state, award.name, bool(award.pdf)) == ("active", NAME, True)
    assert AwardChange.objects.filter(award=award).count() == 2
    assert storages["private"].listdir("certificates")[1] == [f"{award.uuid}.pdf"]
    assert Message.objects.filter(kind="certificate_ready").count() == 1
    assert OrmQ.objects.exists()
