"""Which option is which after an edit of a file.

What people chose is kept by the id of the option. A position would be lost when options change places, and words when
they are put better; so an option that still says the same is the same, and of those that do not, the one in the
same place is the old one in new words. Only the site knows the words before, so this is done while writing.
"""

from typing import Any

from cms.items import Raw, items_in


def keep_ids(new: list[Raw], old: list[Raw]) -> None:
    """Give the options in ``new`` the ids they have in ``old``, in place."""
    before = {block["value"]["item_id"]: block["value"]["options"] for block in _questions(old)}
    for block in _questions(new):
        if options := before.get(block["value"]["item_id"]):
            _match(block["value"]["options"], options)


def _questions(stream: list[Raw]) -> list[Raw]:
    return [block for block in items_in(stream) if block["type"] == "question"]


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
