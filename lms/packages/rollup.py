"""When a whole package is over, as its manifest adds its parts up: sums over plain data, like rules."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Node = Mapping[str, Any]
WHOLE = ""  # the group that everything is in
HUNDRED = 100


def is_over(parts: Sequence[Node], groups: Sequence[Node], *, done: Collection[str], action: str) -> bool:
    """Whether the whole is over: all of its parts are done, or as many as the manifest asks for.

    groups: those of the manifest with their rules, the whole among them. action: "completed" or "satisfied", which of
    the rules are looked at. Where no part counts, all do.
    """
    over = _Sum(parts, groups, done, action).of(WHOLE)
    return all(part["id"] in done for part in parts) if over is None else over


@dataclass(frozen=True)
class _Sum:
    """The parts of a package, added up."""

    parts: Sequence[Node]
    groups: Sequence[Node]
    done: Collection[str]
    action: str

    @cached_property
    def names(self) -> set[str]:
        return {group["id"] for group in self.groups}

    def of(self, own: str) -> bool | None:
        """Whether a group is over; None where nothing in it counts."""
        inside = self.inside(own)
        return sum(inside) >= self.enough(own, of=len(inside)) if inside else None

    def inside(self, own: str) -> list[bool]:
        """Whether each thing that counts in a group is over."""
        found = [part["id"] in self.done for part in self.parts if self._counts(part, own)]
        below = (group["id"] for group in self.groups if group["id"] != WHOLE and self._counts(group, own))
        return found + [over for group in below if (over := self.of(group)) is not None]

    def enough(self, own: str, *, of: int) -> int:
        """How many of so many end a group: all, unless its rules ask for fewer."""
        rules = [rule for group in self.groups if group["id"] == own for rule in group["rules"]]
        return min((_needed(rule, of=of) for rule in rules if rule["action"] == self.action), default=of)

    def _counts(self, node: Node, home: str) -> bool:
        within = [one for one in node.get("within", ()) if one in self.names]
        return (within[-1] if within else WHOLE) == home and self.action not in node.get("left_out", ())


def enough(parts: Sequence[Node], groups: Sequence[Node], own: str, *, action: str) -> tuple[int, int]:
    """How many of a group have to be done, of how many."""
    every = _Sum(parts, groups, (), action)
    total = len(every.inside(own))
    return every.enough(own, of=total), total


def _needed(rule: Node, *, of: int) -> int:
    share = -(-rule["share"] * of // HUNDRED)
    return min(max(rule["least"], share, 1), of)
