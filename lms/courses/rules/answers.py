"""What an answer is worth."""

from collections.abc import Mapping, Sequence
from typing import Any

FULL_MARKS = 100  # scores are hundredths


class NotAnOption(ValueError):
    """What was chosen is not among the options, or is there twice."""


def score(key: Mapping[str, Any], chosen: Sequence[str]) -> int:
    """Return what ``chosen`` is worth in hundredths; in ``order`` questions the order counts.

    A partly right answer to a question with several right options is worth its share. Raises NotAnOption.
    """
    options, right = set(key["options"]), list(key["right"])
    if not set(chosen) <= options or len(set(chosen)) < len(chosen):
        raise NotAnOption
    if key["kind"] == "order":
        if set(chosen) != options:
            raise NotAnOption
        return FULL_MARKS if list(chosen) == right else 0
    if key["kind"] != "multiple":
        if len(chosen) > 1:
            raise NotAnOption
        return FULL_MARKS if chosen and chosen[0] in right else 0
    return _share(set(chosen), set(right), options)


def _share(chosen: set[str], right: set[str], options: set[str]) -> int:
    agreed = sum((option in chosen) == (option in right) for option in options)
    return FULL_MARKS * agreed // len(options)


def in_places(places: Mapping[str, str]) -> list[str]:
    """Return the options of an ``order`` question in the order given by their places, like ``{"b": "1", "a": "2"}``.

    Raises NotAnOption when the places are not exactly 1 to the number of options.
    """
    wanted = [str(place) for place in range(1, len(places) + 1)]
    if sorted(places.values(), key=lambda text: (len(text), text)) != wanted:
        raise NotAnOption
    return sorted(places, key=lambda option: int(places[option]))
