"""What a package asks of the order of its parts and of its end, in words: what is done of it here, and what isn't."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from lms.packages import rollup

Node = Mapping[str, Any]
BEYOND = {
    "no way back": "It asks that nobody goes back to an earlier part. Here, what's finished can be opened again.",
    "no way out": "It asks that nobody leaves a part for another before its end. Here, people may go to any open part.",
    "conditions": (
        "It asks to skip, hide or repeat parts after what somebody has done. "
        "Here, no part is skipped, hidden or repeated by itself."
    ),
    "limits": "It asks for a limit of tries or time. Here, people may open it as often and for as long as they like.",
    "chance": "It asks for parts that are drawn or mixed by chance. Here, all of them come in the order it lists.",
    "own ends": "It has more rules for its end, which we don't follow. Here, it's over as said above.",
    "shared results": "It asks its parts to share results. Here, each part only knows its own.",
    "one mark": "It asks for one mark over several parts. Here, each part has to be done by itself.",
    "needs": "Some of its parts name what comes first in words we can't read. Here, those are open from the start.",
}


def of_end(parts: Sequence[Node], groups: Sequence[Node], *, action: str) -> list[str]:
    """Say what of several parts has to be done; nothing of one part alone."""
    if len(parts) == 1:
        return []
    least, total = rollup.enough(parts, groups, rollup.WHOLE, action=action)
    whole = "all of it is done" if least == total else f"{least} of its {total} parts are done"
    found = [f"It's over when {whole}."]
    for group in groups:
        least, total = rollup.enough(parts, groups, group["id"], action=action)
        if least < total and group["id"] != rollup.WHOLE:
            found.append(f'In "{_title(group)}", {least} of {total} are enough.')
    spare = [f'"{_title(part)}"' for part in parts if action in part.get("left_out", ())]
    return [*found, f"Not needed for its end: {', '.join(spare)}."] if 0 < len(spare) < len(parts) else found


def _title(node: Node) -> str:
    return str(node["title"] or node["id"])


def of_order(parts: Sequence[Node], *, in_order: Collection[str]) -> list[str]:
    """Say in which order several parts open. in_order: the groups that are gone through one after the other."""
    if len(parts) == 1:
        return []
    if rollup.WHOLE in in_order:
        return ["Its parts open one after the other, as it asks."]
    if in_order or any(part.get("needs") for part in parts):
        return ["Some of its parts open after others, as it asks."]
    return ["Its parts can be opened in any order."]
