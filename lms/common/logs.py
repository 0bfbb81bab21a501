"""Log lines of a real installation: where something failed and with what kind of fault, never the fault's words.

A database that refuses a row quotes the row; a parser quotes the text; an address may carry somebody's secret. Logs
are kept long and read by many.
"""

import logging
import re
import traceback
from typing import Any

SECRET = re.compile(r"[\w-]{20,}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_KINDS = 5  # a longer chain of faults says nothing more


class WithoutWords(logging.Formatter):
    """A formatter that names files, lines and kinds of faults, and leaves out what could open a door."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name that logging calls
        """Return the places of the fault, and its kind and that of the faults behind it."""
        places = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(ei[2])]
        return "\n".join([*places, " from ".join(_kinds(ei[1]))])

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name that logging calls
        """Return the line with long words taken out, unless they are ids: those are how a fault is traced."""
        return SECRET.sub(_unless_id, super().formatMessage(record))


def _unless_id(word: re.Match[str]) -> str:
    return word[0] if UUID.fullmatch(word[0]) else "[left out]"


def _kinds(fault: BaseException | None) -> list[str]:
    kinds: list[str] = []
    while fault is not None and len(kinds) < MOST_KINDS:
        kinds.append(type(fault).__name__)
        fault = fault.__cause__ or fault.__context__
    return kinds
