"""The only door to the virus scanner: clamd, over its socket on this machine (``LMS_CLAMD_SOCKET``).

Without the setting nothing is scanned. With it nothing comes in unscanned: while the scanner is away, what can wait
waits, and what cannot is refused.
"""

import socket
import struct
from contextlib import suppress
from typing import IO, Any

from django.conf import settings

PIECE = 64 * 1024  # bytes
LONGEST = 60.0  # seconds for one answer of the scanner
LONGEST_ANSWER = 4_096  # bytes
FOUND = "The virus check found something harmful in this file. It wasn't kept."
TOO_LARGE = "This file is larger than our virus check can read, so it can't come in."
AWAY = "Our virus check isn't answering, so we can't take a file just now. Try again in a few minutes."
WAITS = "Our virus check isn't answering. This waits for it, and goes on by itself."


class Harmful(ValueError):
    """A file that must not come in; ``str`` of it is for who brought it."""


class ScannerAway(Exception):
    """The scanner does not answer: nothing is known of the file."""


def look_through(file: IO[bytes]) -> None:
    """Have the whole of ``file`` looked at, from its beginning, and leave it there. Raises Harmful or ScannerAway."""
    if not settings.LMS_CLAMD_SOCKET:
        return
    file.seek(0)
    try:
        answer = _ask(settings.LMS_CLAMD_SOCKET, file)
    except OSError as fault:
        raise ScannerAway from fault
    finally:
        file.seek(0)
    if answer.endswith("FOUND"):
        raise Harmful(FOUND)
    if "size limit" in answer:
        raise Harmful(TOO_LARGE)
    if not answer.endswith("OK"):
        raise ScannerAway


def _ask(path: str, file: IO[bytes]) -> str:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(LONGEST)
        line.connect(path)
        with suppress(BrokenPipeError, ConnectionResetError):  # it has heard enough, and says why
            line.sendall(b"zINSTREAM\0")
            while piece := file.read(PIECE):
                line.sendall(struct.pack("!L", len(piece)) + piece)
            line.sendall(struct.pack("!L", 0))
        return _answer(line)


def _answer(line: Any) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER and (piece := line.recv(LONGEST_ANSWER)):
        said += piece
    return said.rstrip(b"\0\n").decode(errors="replace")
