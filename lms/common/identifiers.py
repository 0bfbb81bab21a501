"""Words in what somebody writes that could point to a person. What they were is kept nowhere."""

import re
from collections.abc import Iterable

# None may look for long from each of its places: what is typed can be a million characters without a space.
_SIGNS = {
    "an e-mail address": re.compile(r"[\w.+-]@[\w-]+\.\w{2,}"),
    "a phone number": re.compile(r"(?<!\d)(?:\+44|0)(?:[ -]?\d){9,10}(?!\d)"),
    "a postcode": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE),
    "a date of birth": re.compile(
        r"\b(?:born|birthday|birth|dob|d\.o\.b\.?)\b.{0,20}?\b\d{1,2}(?:st|nd|rd|th)?[ ./-](?:\d{1,2}|[a-z]{3,9})\b"
        r"|\b\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d\b",
        re.IGNORECASE,
    ),
}


def identifiers(text: str) -> list[str]:
    """Say what in ``text`` looks as if it could point to a person, in words; never what it was."""
    return [words for words, sign in _SIGNS.items() if sign.search(text)]


def listed(words: Iterable[str]) -> str:
    """Join words for a sentence: "a, b and c"."""
    *before, last = list(words) or [""]
    return " and ".join(filter(None, [", ".join(before), last]))
