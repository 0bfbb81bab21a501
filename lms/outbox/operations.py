"""Posting: one row for each e-mail, in the transaction of what it tells of."""

from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string

from lms.common.tasks import enqueue, waiting
from lms.outbox import tasks
from lms.outbox.models import Message, State


@dataclass(frozen=True)
class Letter:
    """What is said, to whom, on which occasion.

    once: names kind, thing and occasion; a second letter with the same ``once`` is not written.
    template: a folder of ``templates/emails/`` with ``subject.txt``, ``body.txt`` and ``body.html``.
    """

    kind: str
    once: str
    address: str
    person_id: int | None
    template: str
    context: dict[str, object]
    calendar: str = ""
    calendar_method: str = ""
    expires_at: datetime | None = None


def _subject(letter: Letter) -> str:
    rendered = render_to_string(f"emails/{letter.template}/subject.txt", letter.context)
    return " ".join(rendered.split())[:150]


def post(letter: Letter, *, now: datetime, not_before: datetime | None = None) -> Message:
    """Write the letter down, to be sent at ``not_before`` (now, unless said); asked twice, return the first.

    Called inside the caller's transaction: what is rolled back is never told.
    """
    message, is_new = Message.objects.get_or_create(
        once=letter.once,
        defaults={
            "kind": letter.kind,
            "person_id": letter.person_id,
            "address": letter.address,
            "subject": _subject(letter),
            "text": render_to_string(f"emails/{letter.template}/body.txt", letter.context),
            "html": render_to_string(f"emails/{letter.template}/body.html", letter.context),
            "calendar": letter.calendar,
            "calendar_method": letter.calendar_method,
            "created_at": now,
            "not_before": not_before or now,
            "expires_at": letter.expires_at,
        },
    )
    if is_new and message.not_before <= now:
        enqueue(tasks.deliver, message_id=message.pk)
    return message


def sweep(*, now: datetime, most: int = 500) -> int:
    """Wake a worker for each message that is due; return how many. Rows are the truth, the queue only wakes.

    A queue that is long already is not made longer: a mail server that hangs must not fill it minute by minute.
    """
    room = max(most - waiting(), 0)
    due = list(Message.objects.due(now).values_list("pk", flat=True)[:room])
    for pk in due:
        enqueue(tasks.deliver, message_id=pk)
    return len(due)


def try_again(*, message_id: int, now: datetime) -> bool:
    """Send a message that was given up once more; say whether there was one."""
    given_up = Message.objects.filter(pk=message_id, state=State.FAILED)
    found = given_up.update(state=State.QUEUED, attempts=0, not_before=now, fault="") == 1
    if found:
        enqueue(tasks.deliver, message_id=message_id)
    return found
