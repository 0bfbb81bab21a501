"""Scenarios at the card that their reader has come to."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from lms.courses.asking.learning import Learning
from lms.courses.progress import Held


@dataclass(frozen=True)
class WayShown:
    """A choice of a scenario: a link, or a form where it leads to an ending that is kept."""

    card: str
    words: str
    is_ending: bool


@dataclass(frozen=True)
class ScenarioShown:
    """A scenario at the card the reader is at."""

    item: str
    card: Any
    ways: tuple[WayShown, ...]
    is_first: bool
    done: bool
    skipped: bool

    @property
    def is_ending(self) -> bool:
        """Whether this is the last card."""
        return not self.ways


def scenario(value: Any, learning: Learning | None, data: QueryDict) -> ScenarioShown | None:
    """Return a scenario at the card in the address, else at its first; None while it is still being written."""
    item, deck, first = str(value["item_id"]), value.deck, value.first
    if first is None:
        return None
    card = deck.get(data.get("card", ""), first) if data.get("scene") == item else first
    ways = tuple(WayShown(to, words, not deck[to].choices) for to, words in card.choices if to in deck)
    held = learning.held(item) if learning else Held(done=False, skipped=False, answer="")
    return ScenarioShown(item, card, ways, card.name == first.name, held.done, held.skipped)
