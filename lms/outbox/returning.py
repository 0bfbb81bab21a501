"""The address to which mail servers send letters back: one for each letter, signed, so nobody can make it up.

Like ``bounces+<word>@learn.example.org``. The word stands for the letter alone, and says nothing of who it went to.
"""

import re
from base64 import b32decode, b32encode
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

SIGNED = 10  # bytes of the signature
WORD = re.compile(r"\+([a-z2-7]{42})@", re.IGNORECASE)
FILL = "=" * 6  # what is left out at the end of a word, and reading it needs


def _signature(letter: UUID) -> bytes:
    return salted_hmac("lms.outbox.returning", letter.hex, algorithm="sha256").digest()[:SIGNED]


def return_address(letter: UUID) -> str:
    """Return where a letter comes back to; nothing where this installation reads no returned mail."""
    box, _, host = settings.LMS_BOUNCES_TO.rpartition("@")
    word = b32encode(letter.bytes + _signature(letter)).decode().rstrip("=").lower()
    return f"{box}+{word}@{host}" if box else ""


def letter_of(text: str) -> UUID | None:
    """Return the letter whose return address stands in ``text``; None where there is none that we signed."""
    for word in WORD.findall(text):
        said = b32decode(word.upper() + FILL)
        letter = UUID(bytes=said[:-SIGNED])
        if constant_time_compare(said[-SIGNED:], _signature(letter)):
            return letter
    return None
