"""What goes through the pipe between a worker and its press: orders one way, answers the other. Plain data only.

Nothing is unpickled: whatever happens to the press, the worker reads no more of it than words and bytes.
"""

import json
import os
import select
import struct
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any

_LENGTHS = struct.Struct(">II")  # of the words, and of the bytes behind them
LONGEST = 4_000_000  # bytes of one message; a certificate with everything is about 100 kB
Files = dict[str, tuple[str, bytes]]  # by name: what kind it is, and what is in it


class Torn(Exception):
    """The other side has gone, or says what cannot be read."""


class Late(Torn):
    """The other side said nothing in time."""


@dataclass(frozen=True)
class Order:
    """One certificate to be drawn, or another document of at most ``pages`` pages.

    page: its HTML. files: what the page may ask for, by name, besides our own faces and styles. address: what the
    QR code says; empty for no code. for_print_shop: as PDF/A. signed_at: the time the signature states; None for no
    signature.
    """

    page: str
    address: str
    files: Files = field(default_factory=dict)
    for_print_shop: bool = False
    signed_at: datetime | None = None
    pages: int = 1


@dataclass(frozen=True)
class Drawn:
    """A finished certificate, and its QR code as ``lms.certificates.pdf.qr_path`` gives it."""

    pdf: bytes
    qr: str


@dataclass(frozen=True)
class Frame:
    """One message: words, and bytes behind them."""

    words: dict[str, Any]
    body: bytes = b""


class Pipe:
    """Both ends of one side: a file to read from and one to write to. Nothing is held back in between."""

    def __init__(self, reads: int, writes: int) -> None:
        self._reads, self._writes = reads, writes
        os.set_blocking(writes, False)

    def send(self, frame: Frame, *, within: float | None = None) -> None:
        """Send a message. Raises Late when it is not taken in so many seconds, Torn when nobody is there."""
        words = json.dumps(frame.words).encode()
        rest = memoryview(_LENGTHS.pack(len(words), len(frame.body)) + words + frame.body)
        until = _until(within)
        while rest:
            if not select.select([], [self._writes], [], _left(until))[1]:
                raise Late
            try:
                rest = rest[os.write(self._writes, rest) :]
            except OSError as fault:
                raise Torn from fault

    def take(self, *, within: float | None = None) -> Frame:
        """Take a message. Raises Late when none came in so many seconds, Torn at the end and for what is none."""
        until = _until(within)
        words, body = _LENGTHS.unpack(self._exactly(_LENGTHS.size, until))
        if words + body > LONGEST:
            raise Torn
        try:
            return Frame(json.loads(self._exactly(words, until)), self._exactly(body, until))
        except ValueError as fault:
            raise Torn from fault

    def _exactly(self, size: int, until: float | None) -> bytes:
        read = bytearray()
        while len(read) < size:
            if not select.select([self._reads], [], [], _left(until))[0]:
                raise Late
            more = os.read(self._reads, size - len(read))
            if not more:
                raise Torn
            read += more
        return bytes(read)


def _until(seconds: float | None) -> float | None:
    return None if seconds is None else monotonic() + seconds


def _left(until: float | None) -> float | None:
    return None if until is None else max(0.0, until - monotonic())


def order_frame(order: Order) -> Frame:
    """Return ``order`` as a message."""
    words = {
        "page": order.page,
        "address": order.address,
        "files": [(name, kind, len(body)) for name, (kind, body) in order.files.items()],
        "for_print_shop": order.for_print_shop,
        "signed_at": order.signed_at.isoformat() if order.signed_at else None,
        "pages": order.pages,
    }
    return Frame(words, b"".join(body for _, body in order.files.values()))


def read_order(frame: Frame) -> Order:
    """Return the order that a message holds."""
    words, files, start = dict(frame.words), {}, 0
    for name, kind, size in words.pop("files"):
        files[name] = (kind, frame.body[start : start + size])
        start += size
    at = words.pop("signed_at")
    return Order(**words, files=files, signed_at=datetime.fromisoformat(at) if at else None)
