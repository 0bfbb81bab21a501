"""Reading what a window on a package sends."""

import json
import math
from typing import Any
from uuid import UUID

from lms.packages.operations import Told

STATUS = {"packages.open_elsewhere": 409, "packages.is_over": 409, "packages.not_kept": 422}
REFUSED = 422  # whatever else is not kept
DEEPEST = 20  # of a data model inside itself; those of both standards go to seven


def told_in(body: bytes) -> Told | None:
    """What was sent, if it has the shape of it; the words themselves are judged where they are kept."""
    try:
        sent: Any = json.loads(body, parse_constant=_number, parse_float=_number)
        told = Told(
            launch=UUID(str(sent["launch"])),
            part=str(sent["part"])[:200],
            sequence=int(sent["sequence"]),
            cmi=dict(sent["cmi"]),
            is_finished=sent.get("finished") is True,
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None
    return told if 0 < told.sequence < 2**31 and _is_shallow(told.cmi) else None


def _number(text: str) -> float:
    """A number that a browser can read again: JSON has no word for one without end."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _is_shallow(value: Any, left: int = DEEPEST) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return left > 0 and all(_is_shallow(one, left - 1) for one in inside)
