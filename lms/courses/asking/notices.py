"""Content notices: what they hold, and whether their reader asked for it or left it out.

What a notice holds is not on the page until its reader asks to see it: not folded away, but not there. Who wants no
notes before hard parts has it in its place, and can leave it out all the same.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from cms.items import items_in
from cms.keeping import ASKED
from lms.courses.asking.learning import Learning

DOING = frozenset({"question", "scenario", "video", "audio", "package"})


@dataclass(frozen=True)
class NoticeShown:
    """A content notice. items: those in it that can be left out. places: of all in it that somebody may come back to.

    is_open: its reader asked to see it, or is in the middle of something in it. here: the page it is on.
    in_place: its reader wants no notes, and has the part in the page like any other.
    """

    anchor: str
    here: str
    items: tuple[str, ...]
    places: tuple[str, ...]
    left_out: bool
    is_open: bool
    in_place: bool


def notice(
    value: Any, learning: Learning | None, data: QueryDict, *, here: str, is_draft: bool, in_place: bool
) -> NoticeShown:
    """Return a content notice for its page. is_draft: whoever writes it sees all of it."""
    raw = value["body"].get_prep_value()
    every = tuple(str(block["value"]["item_id"]) for block in items_in(raw))
    inside = tuple(str(block["value"]["item_id"]) for block in raw if block["type"] in DOING)
    anchor = hashlib.sha256(f"{value['about']} {raw[0]['id'] if raw else ''}".encode()).hexdigest()[:8]
    at = {data.get(name, "") for name in ("answered", "scene", "try", "at")}
    at.add(learning.problem.item if learning and learning.problem else "")
    return NoticeShown(
        anchor=anchor,
        here=learning.line.url if learning else here,
        items=inside,
        places=every,
        left_out=bool(inside) and learning is not None and all(learning.held(item).skipped for item in inside),
        is_open=is_draft or in_place or data.get(ASKED) == anchor or not at.isdisjoint(every),
        in_place=in_place,
    )
