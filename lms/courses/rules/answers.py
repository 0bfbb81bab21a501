"""What an answer is worth."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_OPTION = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:=[0-9a-f]*)?")  # an id, with its half to match
LONGEST_ANSWER = 1_000  # characters of a few words of one's own
FULL_MARKS = 100  # scores are hundredths


class NotAnOption(ValueError):
    """What was chosen is not among the options, or is there twice."""


class Unfinished(NotAnOption):
    """A line was left without its other half."""


def score(key: Mapping[str, Any], chosen: Sequence[str]) -> int | None:
    """Return what ``chosen`` is worth in hundredths; None where nothing is right or not. In ``order`` the order counts.

    chosen: option ids; to ``match`` ``option=half``; a ``text`` as it was written. A partly right answer to a question
    with several right options, or pairs, is worth its share. Raises NotAnOption.
    """
    return _SCORES.get(key["kind"], _one)(key, chosen)


def _options(key: Mapping[str, Any], chosen: Sequence[str]) -> set[str]:
    if not set(chosen) <= set(key["options"]) or len(set(chosen)) < len(chosen):
        raise NotAnOption
    return set(chosen)


def _one(key: Mapping[str, Any], chosen: Sequence[str]) -> int:
    if len(_options(key, chosen)) > 1:
        raise NotAnOption
    return FULL_MARKS if chosen and chosen[0] in key["right"] else 0


def _several(key: Mapping[str, Any], chosen: Sequence[str]) -> int:
    return _share(_options(key, chosen), set(key["right"]), set(key["options"]))


def _ordered(key: Mapping[str, Any], chosen: Sequence[str]) -> int:
    if _options(key, chosen) != set(key["options"]):
        raise NotAnOption
    return FULL_MARKS if list(chosen) == list(key["right"]) else 0


def _step(key: Mapping[str, Any], chosen: Sequence[str]) -> None:
    _one(key, chosen)


def _words(_key: Mapping[str, Any], chosen: Sequence[str]) -> None:
    if len(chosen) > 1:
        raise NotAnOption


def _share(chosen: set[str], right: set[str], options: set[str]) -> int:
    agreed = sum((option in chosen) == (option in right) for option in options)
    return FULL_MARKS * agreed // len(options)


def half(words: str) -> str:
    """Return a short name for the other half of a pair. It comes of the words alone, and tells nothing of the pair."""
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def halves(key: Mapping[str, Any]) -> dict[str, str]:
    """Return the name of the right half for each option of a ``match`` question."""
    return {option: half(words) for option, words in key["goes_with"].items()}


def by_option(chosen: Sequence[str]) -> dict[str, str]:
    """Return what stands behind each option of an answer like ``["b=1", "a=2"]``."""
    return {option: behind for option, _, behind in (pair.partition("=") for pair in chosen)}


def _pairs(key: Mapping[str, Any], chosen: Sequence[str]) -> int:
    right, given = halves(key), by_option(chosen)
    if given.keys() != right.keys() or not set(given.values()) <= set(right.values()):
        raise NotAnOption
    return FULL_MARKS * sum(given[option] == right[option] for option in right) // len(right)


_SCORES: Mapping[str, Callable[[Mapping[str, Any], Sequence[str]], int | None]] = {
    "multiple": _several,
    "order": _ordered,
    "match": _pairs,
    "scale": _step,
    "text": _words,
}


def own_words(answer: Sequence[str]) -> str:
    """Return what was written; nothing where options were chosen, as of a question that had some before."""
    return answer[0] if len(answer) == 1 and not _OPTION.fullmatch(answer[0]) else ""


def in_places(places: Mapping[str, str]) -> list[str]:
    """Return the options of an ``order`` question in the order given by their places, like ``{"b": "1", "a": "2"}``.

    Raises NotAnOption when the places are not exactly 1 to the number of options.
    """
    wanted = [str(place) for place in range(1, len(places) + 1)]
    if sorted(places.values(), key=lambda text: (len(text), text)) != wanted:
        raise NotAnOption
    return sorted(places, key=lambda option: int(places[option]))
