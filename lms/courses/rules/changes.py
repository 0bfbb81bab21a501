"""What differs between two versions of a course, as it matters to who is in the middle of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lms.courses.rules.asked import Items

Keys = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Altered:
    """A question of which another answer is right now. question: which of a bank; empty for a question by itself."""

    item: str
    question: str
    words: str


@dataclass(frozen=True)
class Changes:
    """Items by id: asked for now and not before; asked for no more; in other words; with another right answer."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    reworded: tuple[str, ...]
    corrected: tuple[Altered, ...]

    @property
    def matter(self) -> bool:
        """Whether somebody in the middle of the course may notice."""
        return bool(self.added or self.removed or self.corrected)


def compare(before: Items, after: Items, *, keys_before: Keys, keys_after: Keys) -> Changes:
    """Say what differs. before, after: what two versions say of their items."""
    asked = [{item for item, said in items.items() if said["required"]} for items in (before, after)]
    both = [item for item in after if item in before]
    return Changes(
        added=tuple(item for item in after if item in asked[1] - asked[0]),
        removed=tuple(item for item in before if item in asked[0] - asked[1]),
        reworded=tuple(item for item in both if before[item]["title"] != after[item]["title"]),
        corrected=tuple(
            one
            for item in both
            for one in _corrected(item, after[item]["title"], keys_before.get(item, {}), keys_after.get(item, {}))
        ),
    )


def moved(before: Items, after: Items) -> list[str]:
    """Return the items that stand in another lesson than before."""
    return [item for item, said in after.items() if item in before and before[item]["lesson"] != said["lesson"]]


def _corrected(item: str, title: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Altered]:
    if "questions" in before and "questions" in after:
        for question, key in after["questions"].items():
            old = before["questions"].get(question)
            if old and what_is_right(old) != what_is_right(key):
                yield Altered(item, question, key["prompt"])
    elif what_is_right(before) != what_is_right(after):
        yield Altered(item, "", title)


def what_is_right(key: Mapping[str, Any]) -> Any:
    """Return what decides whether an answer is right; None where nothing does."""
    if key.get("kind") in (None, "text", "scale") or "right" not in key:
        return None
    right = key["right"] if key["kind"] == "order" else frozenset(key["right"])
    halves = key.get("goes_with", {}).items()
    return right, frozenset(halves)
