"""Sums about words as parents type them: their stems, and words that were meant where a finger slipped."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

_WORD = re.compile(r"\w+")
_QUOTES = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}`]")
_VOWEL = re.compile(r"[aeiouy]")
_SUFFIXES = ("ingly", "edly", "ing", "ion", "ed", "ly")
LONGEST = 30  # letters; longer ones are no words
SHORTEST_SLIP = 4  # letters; in shorter words a slip makes another word
ONE_SLIP, TWO_SLIPS, OTHER_BEGINNING = 0.8, 0.6, 0.7  # how much a word counts that is like the one typed


def words(text: str) -> list[str]:
    """Return the words of a text in small letters, "won't" as one of them."""
    return [word for word in _WORD.findall(_QUOTES.sub("", text.lower())) if len(word) <= LONGEST]


def stem(word: str) -> str:
    """Return what "hits", "hitting" and "hit" have in common; short words stay as they are."""
    word = _singular(word)
    for suffix in _SUFFIXES:
        left = word.removesuffix(suffix)
        if left != word and len(left) > 2 and _VOWEL.search(left) and not word.endswith("eed"):
            word = left[:-1] if left[-1] == left[-2] and left[-1] not in "lsz" else left
            break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def _singular(word: str) -> str:
    if len(word) <= 3 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word.removesuffix("s")


def distance(one: str, other: str, *, most: int) -> int:
    """Return how many slips lie between two words: a letter left out, put in, mistaken, or two that changed places.

    Anything over ``most`` is ``most + 1``.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, its in enumerate(other, start=1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]


def slips_allowed(word: str) -> int:
    """How many slips a word of this length may have and still be known."""
    return 0 if len(word) < SHORTEST_SLIP else 1 if len(word) < 7 else 2


def _pairs(word: str) -> set[str]:
    framed = f"^{word}$"
    return {framed[n : n + 2] for n in range(len(framed) - 1)}


class Speller:
    """Finds the known words that somebody may have meant."""

    MOST = 40  # words with the most letters in common that are compared letter by letter

    def __init__(self, known: Iterable[str]) -> None:
        self.known = frozenset(known)
        self._with: dict[str, list[str]] = {}
        for word in sorted(self.known):
            for pair in _pairs(word):
                self._with.setdefault(pair, []).append(word)

    def meant(self, word: str) -> Mapping[str, float]:
        """Return the words that ``word`` may stand for, and how surely, from 0 to 1; itself alone where it's known."""
        if word in self.known:
            return {word: 1.0}
        most = slips_allowed(word)
        if not most:
            return {}
        return {like: _surely(word, like, slips) for like in self._likest(word)
                if (slips := distance(word, like, most=most)) <= min(most, slips_allowed(like))}  # fmt: skip

    def _likest(self, word: str) -> list[str]:
        shared: Counter[str] = Counter()
        for pair in _pairs(word):
            shared.update(self._with.get(pair, ()))
        ranked = sorted(shared, key=lambda like: (-shared[like] / (len(like) + len(word)), like))
        return ranked[: self.MOST]


def _surely(word: str, like: str, slips: int) -> float:
    surely = ONE_SLIP if slips <= 1 else TWO_SLIPS
    return surely if word[0] == like[0] else surely * OTHER_BEGINNING
