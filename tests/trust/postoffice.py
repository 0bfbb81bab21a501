"""A mail server that really listens, and does with each letter what the test has told it to."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class PostOffice:
    """Takes letters. ``plan`` says what happens to the next ones: words like ``rcpt 550``, ``drop after data``.

    A letter for which nothing is planned is taken. ``letters`` is what was taken; ``called`` is set with each call.
    """

    def __init__(self) -> None:
        self.plan: list[str] = []
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.called = threading.Event()
        self._now = ""

    async def handle_MAIL(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._now = self.plan.pop(0) if self.plan else ""
        self.called.set()
        envelope.mail_from = address
        return self._answer(server, "mail") or "250 OK"

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        if self._now == "drop before data":
            server.transport.close()
        return self._answer(server, "rcpt") or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the name that aiosmtpd calls
        if self._now == "hang":
            await asyncio.Event().wait()
        if refusal := self._answer(server, "data"):
            return refusal
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        if self._now == "drop after data":
            server.transport.close()
        return "250 OK"

    def _answer(self, server: SMTP, step: str) -> str:
        planned_step, _, code = self._now.partition(" ")
        return f"{code} no" if planned_step == step else ""

    def handle_exception(self, error: Exception) -> str:
        return "451 a fault of the post office"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def open_post_office() -> Iterator[tuple[PostOffice, int]]:
    """Open one on a port of this machine; yield it and its port."""
    office, port = PostOffice(), _free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port, decode_data=False)
    controller.start()
    try:
        yield office, port
    finally:
        controller.stop()
