"""Reading what a window on a package sends."""

import json
from typing import Any
from uuid import UUID

from lms.packages.operations import Told

STATUS = {"packages.open_elsewhere": 409, "packages.is_over": 409, "packages.not_kept": 422}
REFUSED = 422  # whatever else is not kept


def told_in(body: bytes) -> Told | None:
    """What was sent, if it has the shape of it; the words themselves are judged where they are kept."""
    try:
        sent: Any = json.loads(body)
        told = Told(
            launch=UUID(str(sent["launch"])),
            part=str(sent["part"])[:200],
            sequence=int(sent["sequence"]),
            cmi=dict(sent["cmi"]),
            is_finished=sent.get("finished") is True,
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None
    return told if 0 < told.sequence < 2**31 else None
