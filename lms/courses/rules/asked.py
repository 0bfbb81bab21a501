"""What a round must come to, and what is left of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

Items = Mapping[str, Mapping[str, Any]]


def required(pinned: Items, latest: Items) -> frozenset[str]:
    """The items that a round must come to: asked by the version it began with, and by the latest one still.

    What was taken out since, or made optional, is no longer asked. What was added since is offered, unless its editor
    asked it of everyone.
    """
    return frozenset(item for item, said in latest.items() if counts(pinned.get(item), said))


def asked_in(items: Items) -> frozenset[str]:
    """The items that one version asks for."""
    return frozenset(item for item, said in items.items() if said["required"])


def counts(pinned: Mapping[str, Any] | None, latest: Mapping[str, Any] | None) -> bool:
    """Whether one item is required, given what both versions say of it; None where a version has no such item."""
    if not latest or not latest["required"]:
        return False
    return bool((pinned and pinned["required"]) or latest.get("everyone"))


@dataclass(frozen=True)
class LessonCount:
    """How far one lesson is. ``asked`` is what is required of it here."""

    asked: int
    done: int
    read: bool
    asks_reading: bool

    @property
    def is_done(self) -> bool:
        """A lesson is done when its required items are done; one that asks for nothing, when it is read."""
        return self.done >= self.asked if self.asked else self.read

    @property
    def left(self) -> int:
        """How many required items are still to do."""
        return max(self.asked - self.done, 0)

    @property
    def left_to_try(self) -> int:
        """How many of those are not the reading itself."""
        return self.left - (self.asks_reading and not self.read)


def count_lesson(lesson: Mapping[str, Any], *, asked: Collection[str], done: Collection[str]) -> LessonCount:
    """Count one lesson of an outline."""
    here = [item["id"] for item in lesson["items"] if item["id"] in asked]
    reading = lesson["id"]
    return LessonCount(len(here), sum(item in done for item in here), reading in done, reading in asked)


def minutes_left(minutes: int, *, passed: int, parts: int) -> int:
    """Return the minutes left of a lesson of which ``passed`` of ``parts`` are behind the reader; at least one."""
    ahead = 1 - min(max(passed, 0), parts) / parts if parts > 0 else 1
    return max(1, ceil(minutes * ahead))
