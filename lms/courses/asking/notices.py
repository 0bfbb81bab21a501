"""Content notices: what they hold, and whether their reader left it out."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from lms.courses.asking.learning import Learning

DOING = frozenset({"question", "scenario", "video", "audio", "package"})


@dataclass(frozen=True)
class NoticeShown:
    """A content notice. items: those in it that count. is_open: its reader is in the middle of one of them."""

    anchor: str
    items: tuple[str, ...]
    left_out: bool
    is_open: bool


def notice(value: Any, learning: Learning | None, data: QueryDict) -> NoticeShown:
    """Return a content notice for its page."""
    inside = tuple(str(block.value["item_id"]) for block in value["body"] if block.block_type in DOING)
    at = {data.get(name, "") for name in ("answered", "scene", "try")}
    at.add(learning.problem.item if learning and learning.problem else "")
    return NoticeShown(
        anchor=hashlib.sha256(str(value["about"]).encode()).hexdigest()[:8],
        items=inside,
        left_out=bool(inside) and learning is not None and all(learning.held(item).skipped for item in inside),
        is_open=not at.isdisjoint(inside),
    )
