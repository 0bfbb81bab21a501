"""What a body holds that people do: found in its raw form, and given identities that are nobody else's.

A block's own id is no identity, because a copied page keeps it. Pure data in and out: lists and dicts as a
StreamField keeps them.
"""

from collections.abc import Container, Iterator
from copy import deepcopy
from typing import Any
from uuid import UUID, uuid5

KINDS = {
    "question": "question",
    "bank": "bank",
    "reflection": "reflection",
    "scenario": "scenario",
    "action_plan": "plan",
    "video": "video",
    "audio": "audio",
    "package": "package",
    "workshop": "workshop",
}
Raw = dict[str, Any]


def items_in(stream: list[Raw]) -> Iterator[Raw]:
    """Yield the raw blocks of ``stream`` that are items, in reading order, those inside notices too."""
    for block in stream:
        if block["type"] in KINDS:
            yield block
        elif block["type"] == "notice":
            yield from items_in(block["value"].get("body") or [])


def settled(stream: list[Raw], *, home: UUID, renew: bool) -> list[Raw]:
    """Return ``stream`` with an identity of its own for each item: the same list if each has one already.

    home: the identity of the page. renew: the page was copied, so that every item is a new one. New identities
    are worked out from the old ones, so that a page and its kept revisions come to the same.
    """
    identities: dict[str, None] = {}
    for block in items_in(stream):
        identities[_identity(block, home=home, renew=renew, taken=identities)] = None
    if list(identities) == [block["value"].get("item_id") for block in items_in(stream)]:
        return stream
    fresh = deepcopy(stream)  # a copied page shares the original's blocks
    for block, identity in zip(items_in(fresh), identities, strict=True):
        block["value"]["item_id"] = identity
    return fresh


def _identity(block: Raw, *, home: UUID, renew: bool, taken: Container[str]) -> str:
    kept: str | None = block["value"].get("item_id")
    if kept and renew:
        kept = str(uuid5(home, kept))
    if kept and kept not in taken:
        return kept
    return str(uuid5(home, str(block.get("id"))))  # a new block, or one doubled in the editor
