"""Sending one message, in the worker. May be called twice; sends once."""

import smtplib

from django.utils import timezone

from lms.outbox import mail, rules
from lms.outbox.models import Message, State


def deliver(*, message_id: int) -> str:
    """Send the message if it is due and nobody else is sending it; return what happened, for the task log.

    The claim is committed before the mail server is spoken to, and no transaction is open while it is.
    """
    now = timezone.now()
    if not Message.objects.claim(message_id, now=now, until=now + rules.LEASE):
        return "nothing to send"
    message = Message.objects.get(pk=message_id)
    if message.expires_at and message.expires_at <= now:
        return _settle(message, state=State.SUPPRESSED, fault="too late")
    if message.attempts > rules.MOST_ATTEMPTS:  # its sender died each time: stop, and let staff see it
        return _settle(message, state=State.FAILED, fault="sender died")
    try:
        mail.send(message)
    except (OSError, smtplib.SMTPException, ValueError) as fault:
        return _after_fault(message, _code(fault))
    return _settle(message, state=State.SENT, fault="")


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
    sent_at = timezone.now() if state == State.SENT else None
    Message.objects.filter(pk=message.pk).update(state=state, fault=fault, sent_at=sent_at, leased_until=None)
    return str(state)


def _after_fault(message: Message, code: int) -> str:
    if rules.is_final(code) or message.attempts >= rules.MOST_ATTEMPTS:
        return _settle(message, state=State.FAILED, fault=f"smtp {code}")
    again = timezone.now() + rules.wait_after(message.attempts)
    Message.objects.filter(pk=message.pk).update(
        state=State.QUEUED, not_before=again, leased_until=None, fault=f"smtp {code}"
    )
    return "will try again"
