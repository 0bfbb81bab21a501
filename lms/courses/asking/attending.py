"""A live workshop in a lesson: whether its reader has been to a session of it."""

from dataclasses import dataclass
from typing import Any

from cms import shelf
from lms.courses import rules
from lms.courses.asking.learning import Learning


@dataclass(frozen=True)
class WorkshopShown:
    """name, address: of the workshop's page; nothing where it is not published. rule: what does it, in words."""

    item: str
    name: str
    address: str
    rule: str
    is_done: bool


def workshop(value: Any, learning: Learning | None) -> WorkshopShown:
    """Return a workshop block as its reader has it."""
    item, page = str(value["item_id"]), value["workshop"]
    is_there = page is not None and page.live
    return WorkshopShown(
        item=item,
        name=page.title if is_there else "",
        address=shelf.public_url(page.url_path) if is_there else "",
        rule=rules.rule("workshop"),
        is_done=learning is not None and learning.held(item).done,
    )
