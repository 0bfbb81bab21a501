"""Many reminders, two workers, one of them killed in the middle: each is sent once, or seen not to be known."""

import os
import signal
from datetime import timedelta

import pytest
from django.utils import timezone

from lms.outbox.models import Message, State
from lms.outbox.operations import sweep
from lms.webinars import operations
from tests.factories.webinars import BookingFactory, SessionFactory
from tests.trust.postoffice import open_post_office
from tests.trust.processes import until, who_talks_to, worker

PEOPLE = 120


def unsent():
    return Message.objects.filter(state__in=[State.QUEUED, State.SENDING])


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_each_reminder_goes_out_once_though_a_worker_is_killed(tmp_path):
    now = timezone.now()
    session = SessionFactory(starts_at=now + timedelta(hours=20), capacity=None)
    BookingFactory.create_batch(PEOPLE, session=session)
    assert operations.remind(now=now) == PEOPLE
    folders = [tmp_path / name for name in ("first", "second")]
    for folder in folders:
        folder.mkdir()
    with (
        open_post_office() as (office, port),
        worker(folders[0], mail_port=port),
        worker(folders[1], mail_port=port),
    ):
        assert sweep(now=timezone.now()) == PEOPLE
        until(lambda: len(office.letters) > PEOPLE // 4)
        os.kill(until(lambda: who_talks_to(port))[0], signal.SIGKILL)
        # What its task had before it is found by the sweep; the one letter in its hand when the lease is over.
        until(lambda: sweep(now=timezone.now()) >= 0 and unsent().filter(state=State.QUEUED).count() == 0)
        until(lambda: unsent().count() <= 1)  # the other worker has put down what it had in its own hand
        Message.objects.filter(state=State.SENDING).update(leased_until=timezone.now() - timedelta(seconds=1))
        until(lambda: sweep(now=timezone.now()) >= 0 and not unsent().exists())
        ids = [letter["Message-ID"] for letter in office.letters]
    sent, unsure = (Message.objects.filter(state=state).count() for state in (State.SENT, State.UNSURE))
    assert len(ids) == len(set(ids))
    assert sent + unsure == PEOPLE
    assert unsure <= 1
    assert sent <= len(ids) <= sent + unsure
