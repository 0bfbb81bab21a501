"""Sending letters, in the worker. May be called twice; sends once.

A claim is committed before the mail server is spoken to, and no transaction is open while it is. Each step of a sender
counts only while the claim is still its own.
"""

import smtplib
from datetime import datetime
from time import monotonic

from django.utils import timezone

from lms.outbox import rules
from lms.outbox.kinds import Kind, Words, kind_of
from lms.outbox.mail import Post
from lms.outbox.models import LetterChoice, Message, State


class NotOurs(OSError):
    """The claim ran out and somebody else has taken the letter over: it must not be handed over twice."""


def deliver(*, message_id: int) -> str:
    """Send one message if it is due and nobody else is sending it; return what happened, for the task log."""
    post = Post()
    try:
        return _deliver(message_id, post)
    finally:
        post.close()


def deliver_batch(*, first: int, last: int) -> str:
    """Send what is due among the messages ``first`` to ``last``, for a minute at most, over one line.

    A mail server that does not answer ends it: the rest is not made to wait in a task, the sweep comes back to it.
    """
    due = Message.objects.due(timezone.now()).filter(pk__gte=first, pk__lte=last)
    post, begun, done = Post(), monotonic(), 0
    try:
        for pk in list(due.values_list("pk", flat=True)[: rules.BATCH]):
            if monotonic() - begun > rules.BATCH_SECONDS or _deliver(pk, post) == "no answer":
                break
            done += 1
    finally:
        post.close()
    return f"looked after {done}"


def _deliver(pk: int, post: Post) -> str:
    now = timezone.now()
    if not Message.objects.claim(pk, now=now, until=now + rules.LEASE):
        return "nothing to send"
    message = Message.objects.get(pk=pk)
    kind = kind_of(message.kind)
    state, fault = _not_to_be_sent(message, kind, now)
    if state is None and not _write(message, kind):
        state, fault = State.SUPPRESSED, "no longer true"
    return _settle(message, state=state, fault=fault) if state else _send(message, kind, post)


def _not_to_be_sent(message: Message, kind: Kind, now: datetime) -> tuple[State | None, str]:
    if message.handed_at and not kind.repeats:  # its sender died while the words went over
        return State.UNSURE, "sender died"
    if message.expires_at and message.expires_at <= now:
        return State.SUPPRESSED, "too late"
    if message.attempts > rules.MOST_ATTEMPTS:  # its sender died each time: stop, and let staff see it
        return State.FAILED, "sender died"
    if message.person_id and kind.may_stop and not _is_wanted(message.person_id, kind):
        return State.SUPPRESSED, "not wanted"
    return None, ""


def _is_wanted(person_id: int, kind: Kind) -> bool:
    return LetterChoice.objects.of(person_id).get(kind.name, kind.is_on)


def _write(message: Message, kind: Kind) -> bool:
    """Give a letter that waits without words its words, as things are now; say whether there is still cause for it."""
    if kind.write is None:
        return True
    words: Words | None = kind.write(message)
    if words is None:
        return False
    for name, value in vars(words).items():
        setattr(message, name, value)
    return True


def _send(message: Message, kind: Kind, post: Post) -> str:
    def hand_over() -> None:
        now = timezone.now()
        handed = None if kind.repeats else now
        if not _still_ours(message, handed_at=handed, leased_until=now + rules.LEASE):
            raise NotOurs
        message.handed_at = now

    message.handed_at = None
    try:
        post.send(message, hand_over=hand_over)
    except NotOurs:
        return "somebody else sends it"
    except (OSError, smtplib.SMTPException, ValueError) as fault:
        return _after_fault(message, kind, _code(fault))
    return _settle(message, state=State.SENT, fault="")


def _still_ours(message: Message, **changes: object) -> bool:
    """Change the row while it is claimed by this very attempt; say whether it is."""
    ours = Message.objects.filter(pk=message.pk, state=State.SENDING, attempts=message.attempts)
    return ours.update(**changes) == 1


def _code(fault: Exception) -> int:
    """Return what the server said of this letter; 0 when it said nothing of it, so that it is worth asking again.

    A refused sign-in or greeting is about us, not about the letter. One that cannot be put on the wire at all
    (a line break in a header) never will be.
    """
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return max(code for code, _ in fault.recipients.values())
    if isinstance(fault, smtplib.SMTPAuthenticationError | smtplib.SMTPHeloError | smtplib.SMTPConnectError):
        return 0
    if isinstance(fault, smtplib.SMTPResponseException):
        return fault.smtp_code
    return 550 if isinstance(fault, ValueError) else 0


def _settle(message: Message, *, state: State, fault: str) -> str:
    """Note how it ended. A letter that was written when it was sent keeps its words, for who asks what we wrote."""
    changes: dict[str, object] = {"state": state, "fault": fault, "leased_until": None}
    if state == State.SENT:
        changes["sent_at"] = timezone.now()
        changes |= {name: getattr(message, name) for name in Words.__dataclass_fields__}
    _still_ours(message, **changes)
    return str(state)


def _after_fault(message: Message, kind: Kind, code: int) -> str:
    if code == 0 and message.handed_at and not kind.repeats:
        return _settle(message, state=State.UNSURE, fault="no answer")
    if rules.is_final(code) or message.attempts >= rules.MOST_ATTEMPTS:
        return _settle(message, state=State.FAILED, fault=f"smtp {code}")
    again = timezone.now() + rules.wait_after(message.attempts)
    waits = {"state": State.QUEUED, "not_before": again, "leased_until": None, "handed_at": None}
    _still_ours(message, fault=f"smtp {code}", **waits)
    return "will try again" if code else "no answer"
