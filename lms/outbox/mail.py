"""From a row to an e-mail on the wire."""

import smtplib
from collections.abc import Callable
from contextlib import suppress
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from lms.outbox.kinds import kind_of
from lms.outbox.models import Message
from lms.outbox.returning import return_address
from lms.outbox.stopping import stop_address


def message_id(message: Message) -> str:
    """The same for every attempt, so that a mailbox shows a repeat once."""
    host = urlsplit(settings.LMS_BASE_URL).hostname or "localhost"
    return f"<{message.uuid}@{host}>"


def _headers(message: Message) -> dict[str, str]:
    headers = {"From": settings.DEFAULT_FROM_EMAIL, "Message-ID": message_id(message)}
    headers["Auto-Submitted"] = "auto-generated"
    if address := stop_address(kind_of(message.kind), message.person_id):
        headers["List-Unsubscribe"] = f"<{address}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _calendar_file(message: Message) -> MIMEBase:
    part = MIMEText(message.calendar, "calendar", "utf-8")
    part.set_param("method", message.calendar_method)
    part.add_header("Content-Disposition", "attachment", filename="invite.ics")
    return part


def build(message: Message) -> EmailMultiAlternatives:
    """Make the e-mail: plain text first, HTML beside it, one recipient, no copy to anybody.

    A calendar file goes twice: as another form of the letter, which mail programmes show with buttons, and as a file.
    """
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=return_address(message.uuid) or None,  # the envelope's; whoever reads it sees the header's
        to=[message.address],
        headers=_headers(message),
    )
    if message.html:
        email.attach_alternative(message.html, "text/html")
    if message.calendar:
        email.attach_alternative(message.calendar, f"text/calendar; method={message.calendar_method}")
        email.attach(_calendar_file(message))
    return email


class Post:
    """A way to the mail server, opened for the first letter and kept for the next ones."""

    def __init__(self) -> None:
        self._connection: Any = None

    def send(self, message: Message, *, hand_over: Callable[[], None]) -> None:
        """Hand the e-mail over; ``hand_over`` is called just before its words begin to go.

        Raises what the server or the connection raises, and then the way is closed.
        """
        email = build(message)
        try:
            email.connection = self._open(hand_over)
            email.send()
        except BaseException:
            self.close()
            raise

    def _open(self, hand_over: Callable[[], None]) -> Any:
        self._connection = self._connection or get_connection()
        self._connection.open()
        wire = getattr(self._connection, "connection", None)
        if isinstance(wire, smtplib.SMTP):
            _call_before_words(wire, hand_over)
        else:  # a folder or the tests' own box: there is no line that could be lost
            hand_over()
        return self._connection

    def close(self) -> None:
        """Hang up. What the server says to that is no news of any letter."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                connection.close()


def _call_before_words(wire: smtplib.SMTP, call: Callable[[], None]) -> None:
    """Have ``call`` made when sender and reader were agreed on and the words come next: from there a lost line
    leaves it open whether the letter was taken.
    """

    def data(words: Any) -> tuple[int, bytes]:
        call()
        return smtplib.SMTP.data(wire, words)

    vars(wire)["data"] = data
