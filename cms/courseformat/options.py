"""Which option is which after an edit of a file.

What people chose is kept by the id of the option. A position would be lost when options change places, and words when
they are put better; so an option that still says the same is the same, and of those that do not, the one in the
same place is the old one in new words. Only the site knows the words before, so this is done while writing.
"""

from collections.abc import Iterator
from typing import Any

from cms.items import Raw, items_in


def keep_ids(new: list[Raw], old: list[Raw]) -> None:
    """Give the options in ``new`` the ids they have in ``old``, in place."""
    before = dict(_options(old))
    for question, options in _options(new):
        if question in before:
            _match(options, before[question])


def _options(stream: list[Raw]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the identity of each question, those in banks too, with its options."""
    for block in items_in(stream):
        if block["type"] == "question":
            yield block["value"]["item_id"], block["value"]["options"]
        elif block["type"] == "bank":
            yield from ((entry["id"], entry["value"]["options"]) for entry in block["value"]["questions"])


def _match(new: list[Any], old: list[Any]) -> None:
    unmatched = {option["value"]["text"]: option["id"] for option in old}
    reworded = []
    for place, option in enumerate(new):
        kept = unmatched.pop(option["value"]["text"], None)
        if kept:
            option["id"] = kept
        else:
            reworded.append(place)
    free = set(unmatched.values())
    for place in reworded:
        if place < len(old) and old[place]["id"] in free:
            new[place]["id"] = old[place]["id"]
