"""From a row to an e-mail on the wire."""

from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from lms.outbox.models import Message


def message_id(message: Message) -> str:
    """The same for every attempt, so that a mailbox shows a repeat once."""
    host = urlsplit(settings.LMS_BASE_URL).hostname or "localhost"
    return f"<{message.uuid}@{host}>"


def _calendar_part(message: Message) -> MIMEBase:
    part = MIMEText(message.calendar, "calendar", "utf-8")
    part.set_param("method", message.calendar_method)
    part.add_header("Content-Disposition", "attachment", filename="invite.ics")
    return part


def build(message: Message) -> EmailMultiAlternatives:
    """Make the e-mail: plain text first, HTML beside it, one recipient, no copy to anybody."""
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.address],
        headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
    )
    if message.html:
        email.attach_alternative(message.html, "text/html")
    if message.calendar:
        email.attach(_calendar_part(message))
    return email


def send(message: Message) -> None:
    """Hand the e-mail to the mail server. Raises what the server or the connection raises."""
    email = build(message)
    email.connection = get_connection()
    try:
        email.send()
    finally:
        email.connection.close()  # a refused sign-in would leave it open
