"""Sums about an agency's own words on its certificates: places to fill in from a fixed list, and nothing clever."""

import re
from enum import StrEnum

from lms.certificates import rules

PLACES = {
    "completion": ("agency", "title", "date", "length"),
    "attendance": ("agency", "title", "date", "length"),
    "leader": ("agency", "title", "date"),
}
LONGEST = 90  # characters that fit on one line of the paper, if what is filled in is short
_PLACE = re.compile(r"\{([^{}]*)\}")
_SIGNS = " '-.,:;!?()&/\u2013\u2014\u2018\u2019\u201c\u201d\u00b7"
# Words that would make a paper look like more than it is.
_TOO_MUCH = ("accredit", "certified", "diploma", "degree", "licen", "qualif", "approved to adopt")
_ASSESSED = ("assess", "examin", "award")


class WordingProblem(StrEnum):
    """Why words cannot stand on a certificate."""

    UNKNOWN_PLACE = "unknown_place"
    BRACES = "braces"
    UNPRINTABLE = "unprintable"
    TOO_LONG = "too_long"
    TOO_MUCH = "too_much"


def problem(text: str, *, kind: str) -> WordingProblem | None:
    """Return what keeps ``text`` from standing on a certificate of ``kind``, or None."""
    if unknown_places(text, kind=kind):
        return WordingProblem.UNKNOWN_PLACE
    bare = _PLACE.sub("", text)
    if "{" in bare or "}" in bare:
        return WordingProblem.BRACES
    if unprintable(bare):
        return WordingProblem.UNPRINTABLE
    if len(text) > LONGEST:
        return WordingProblem.TOO_LONG
    return WordingProblem.TOO_MUCH if claims_too_much(bare, kind=kind) else None


def unknown_places(text: str, *, kind: str) -> list[str]:
    """Return the places in ``text`` that cannot be filled in on a certificate of ``kind``."""
    return [place for place in _PLACE.findall(text) if place not in PLACES[kind]]


def unprintable(text: str) -> str:
    """Return the characters that our faces cannot print, each once."""
    odd = rules.unprintable("".join(c for c in text if c not in _SIGNS and not (c.isascii() and c.isdigit())))
    return "".join(c for c in odd)


def claims_too_much(text: str, *, kind: str) -> bool:
    """Whether the words make more of the certificate than it is; only the group leader award is assessed."""
    lower = text.lower()
    return any(word in lower for word in (_TOO_MUCH if kind == "leader" else _TOO_MUCH + _ASSESSED))


def filled(text: str, values: dict[str, str]) -> str:
    """Return ``text`` with its places filled in; what is no known place stays as it was typed."""
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)
