"""What a name may be: a person's own, in any script, and never one that looks like staff."""

import itertools
import re
import unicodedata
from collections.abc import Iterator

LONGEST_NAME = 80  # visible characters
MOST_MARKS = 2  # accents on one letter: real names have two at most, walls of ink have dozens
LEAST_OF_THEIR_OWN = 6  # letters of a password that are not our words, digits or signs
OUR_WORDS = (
    "adopt",
    "adopter",
    "adopting",
    "adoption",
    "adoptive",
    "agency",
    "child",
    "children",
    "course",
    "family",
    "hearth",
    "learning",
    "parent",
    "parents",
    "password",
    "welcome",
    "workshop",
)
STAFF_WORDS = (
    "admin",
    "administrator",
    "coordinator",
    "hearth",
    "help desk",
    "moderator",
    "safeguarding",
    "social worker",
    "staff",
    "support",
    "trainer",
)

# Letters, digits and signs that look like a Latin letter, by the letter. "l" and "1" both count as "i": in many
# typefaces nobody can tell them apart. Written as escapes, because here two that look alike must not be mixed up.
_LOOK_ALIKES = {
    "a": "\u0430\u03b1\u0251\u1d00@4",
    "b": "\u044c\u0432\u03b2\u0299\u05588",
    "c": "\u0441\u03f2\u1d04",
    "d": "\u0501\u03b4\u1d05",
    "e": "\u0435\u0454\u03b5\u1d07\u212e3",
    "f": "\u03dd\ua730\u0192",
    "g": "\u0261\u0581\u02629",
    "h": "\u04bb\u043d\u029c\u0570",
    "i": "\u0456\u04cf\u03b9\u0131\u026al1|!\u029f\u01c0",
    "j": "\u0458\u03f3\u1d0a",
    "k": "\u043a\u03ba\u1d0b",
    "m": "\u043c\u03bc\u1d0d",
    "n": "\u03b7\u0438\u043f\u0274\u0578",
    "o": "\u043e\u03bf\u03c3\u1d0f\u0585\u05e1\u0e500\u25cb",
    "p": "\u0440\u03c1\u1d18",
    "q": "\u051b\u0566",
    "r": "\u0433\u0280\u027e",
    "s": "\u0455\u03c2\ua7315$",
    "t": "\u0442\u03c4\u1d1b7+",
    "u": "\u03c5\u057d\u1d1c",
    "v": "\u03bd\u0475\u1d20",
    "w": "\u051d\u03c9\u0461\u1d21",
    "x": "\u0445\u03c7\u00d7",
    "y": "\u0443\u03b3\u04af\u028f",
    "z": "\u1d222",
}
_TO_LATIN = {ord(sign): letter for letter, signs in _LOOK_ALIKES.items() for sign in signs}
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


def _bare(text: str) -> str:
    """``text`` without case, compatibility forms and accents."""
    wide = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c for c in wide if not unicodedata.combining(c))


def skeleton(text: str) -> str:
    """Return ``text`` as a hurried eye reads it: two texts with one skeleton can be taken for each other."""
    seen = _bare(text).translate(_TO_LATIN)
    for pair, letter in _PAIRS:
        seen = seen.replace(pair, letter)
    return seen


_STAFF_SKELETONS = frozenset(skeleton(word).replace(" ", "") for word in STAFF_WORDS)


def _readings(name: str) -> Iterator[str]:
    """Every way to take ``name``: each word, each two together, and all of it without the gaps."""
    for text in (name, re.sub(r"\d+(?!\w)", "", name)):  # "Admin2" is "Admin" to the eye
        words = re.split(r"[\W_]+", skeleton(text))
        yield from words
        yield from map("".join, itertools.pairwise(words))
        yield "".join(words)


def looks_like_staff(name: str) -> bool:
    """Whether a reader could take ``name``, or a word of it, for somebody who works here."""
    return any(not _STAFF_SKELETONS.isdisjoint({seen, seen.removesuffix("s")}) for seen in _readings(name))


def is_wall_of_marks(name: str) -> bool:
    """Whether accents are piled up on a letter until they cover the lines around it."""
    marks = (unicodedata.combining(c) > 0 for c in unicodedata.normalize("NFKD", name))
    return any(is_mark and len(list(run)) > MOST_MARKS for is_mark, run in itertools.groupby(marks))


def is_made_of_our_words(password: str) -> bool:
    """Whether little of ``password`` is left without the words of this house, however they are spelt, and digits."""
    bare = _bare(password)
    seen = bare.translate(_TO_LATIN)  # letter for letter, so that places stay comparable
    words = "|".join(sorted((word.translate(_TO_LATIN) for word in OUR_WORDS), key=len, reverse=True))
    ours = {place for found in re.finditer(words, seen) for place in range(*found.span())}
    own = sum(letter.isalpha() and place not in ours for place, letter in enumerate(bare))
    return bool(ours) and own < LEAST_OF_THEIR_OWN


def same_name(typed: str, written: str) -> bool:
    """Whether two spellings are the same name: case, accents, spaces, hyphens and apostrophes do not matter."""
    return bool(_letters(typed)) and _letters(typed) == _letters(written)


# Letters with a stroke or joined, which no Unicode form takes apart; people type the plain ones.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "þ": "th", "æ": "ae", "œ": "oe"}
)


def _letters(text: str) -> str:
    """Letters only; vowel signs stay, because in many scripts they are half the name."""
    return "".join(c for c in _bare(text).translate(_PLAIN) if c.isalnum() or unicodedata.category(c).startswith("M"))
