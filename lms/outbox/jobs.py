"""Started by the clock: what the queue lost is sent all the same, and old letters lose their words."""

from datetime import timedelta

from django.utils import timezone

from lms.common.tasks import Job
from lms.outbox import operations
from lms.outbox.models import Message, State

KEEP_WORDS = timedelta(days=30)


def sweep() -> str:
    """Wake a worker for each letter that is due."""
    return f"woken for {operations.sweep(now=timezone.now())}"


def forget_words() -> str:
    """Empty what old letters said and to whom; that one was sent is kept."""
    old = Message.objects.filter(created_at__lt=timezone.now() - KEEP_WORDS).exclude(text="")
    done = old.exclude(state__in=[State.QUEUED, State.SENDING])
    return f"emptied {done.update(text='', html='', calendar='', subject='', address='erased@invalid.example')}"


JOBS = [
    Job("outbox.sweep", "lms.outbox.jobs.sweep", minutes=1),
    Job("outbox.forget_words", "lms.outbox.jobs.forget_words", minutes=24 * 60),
]
