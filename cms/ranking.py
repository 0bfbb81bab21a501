"""What fits a question in a parent's own words, best first. Sums only: the same on every database."""

import math
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cms import spelling
from cms.spelling import Speller

MOST_WORDS = 10  # of a question that count
CALLED, SAID, TOLD, MENTIONED = 3.0, 2.0, 1.3, 0.7  # what a word counts in a name, a summary, a list, a body
WHOLE = 5.0  # what it counts that a name holds the question, and little else
NEAR_THE_BEST = 0.02  # of the best: what fits less is left out
PART_OF_IT = 0.4  # of the question that the best holds: what holds less is left out
IN_PASSING = 0.4  # how much the rarity of a word counts that nothing is about
AT_HAND = 1.25  # what helps in ten minutes comes before what takes an hour
_SAY_NOTHING = """
a about again all also always am an and any are as at back be because been but by can cant could couldnt day did
didnt do does doesnt doing done dont every everything for from get getting give go goes going gone got had has hasnt
have he hed help her here hes him his how i id if ill im in into is isnt it its ive just keep keeps know let like me
more much my need never no not now of off old on or our out please really say says she shed shes should so some
something start still stop such take than that thats the their them then there they theyre thing this time to today
together tonight too up us very want was wasnt we were what whats when where which who whole why will with wont
wouldnt year you your youre yr
"""
SILENT = frozenset(_SAY_NOTHING.split())


def _table() -> dict[str, str]:
    """Return the word that is looked for, by each word or pair of words that stands for it."""
    with (Path(__file__).parent / "synonyms.toml").open("rb") as file:
        rows: dict[str, list[str]] = tomllib.load(file)
    return {" ".join(map(spelling.stem, other.split())): spelling.stem(one) for one in rows for other in rows[one]}


SAME = _table()
_OTHER_WORDS = Speller(word for word in SAME if " " not in word)


def _is_silent(word: str) -> bool:
    """Whether a word says little by itself: the small words, and a number like an age."""
    return len(word) < 2 or word in SILENT or word.removesuffix("s") in SILENT or (word.isdigit() and len(word) < 3)


def terms(text: str) -> list[str]:
    """Return what a text is about: its telling words as stems, each thing by one name."""
    spoken = spelling.words(text)
    stems = [spelling.stem(word) for word in spoken]
    found, at = [], 0
    while at < len(stems):
        pair = " ".join(stems[at : at + 2])
        if pair in SAME and " " in pair:
            found.append(SAME[pair])
            at += 2
            continue
        if not _is_silent(spoken[at]):
            found.append(SAME.get(stems[at], stems[at]))
        at += 1
    return found


@dataclass(frozen=True)
class Document:
    """Something to find. names: what people call it, each for itself; at_hand: whether it is for right now."""

    id: int
    names: Sequence[str]
    summary: str = ""
    told: str = ""
    body: str = ""
    at_hand: bool = False

    @cached_property
    def called(self) -> list[frozenset[str]]:
        """The terms of each of its names."""
        return [known for name in self.names if (known := frozenset(terms(name)))]

    @cached_property
    def weights(self) -> dict[str, float]:
        """What each term counts here: as much as where it counts most."""
        weights = dict.fromkeys(terms(self.body), MENTIONED)
        weights.update(dict.fromkeys(terms(self.told), TOLD))
        weights.update(dict.fromkeys(terms(self.summary), SAID))
        weights.update({term: CALLED for name in self.called for term in name})
        return weights

    @property
    def telling(self) -> list[str]:
        """The terms that say what it is about, and not only what it mentions."""
        return [term for term, counts in self.weights.items() if counts > MENTIONED]


@dataclass(frozen=True)
class _Asked:
    """A term of a question: the known terms that may be meant, how surely each, and how much the term tells."""

    meant: Mapping[str, float]
    tells: float


class Index:
    """All there is to find, read once."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents = list(documents)
        self.used = Counter(term for document in self.documents for term in document.telling)
        self.speller = Speller(term for document in self.documents for term in document.weights)

    def find(self, question: str) -> list[int]:
        """Return the ids of what fits, best first; of equals, what was put in first."""
        asked = [self._asked(term) for term in list(dict.fromkeys(terms(question)))[:MOST_WORDS]]
        found = [(document.id, *_fit(document, asked)) for document in self.documents] if asked else []
        found = [row for row in found if row[1] > 0]
        best, fullest = max((row[1] for row in found), default=0.0), max((row[2] for row in found), default=0.0)
        near = [row for row in found if row[1] >= NEAR_THE_BEST * best and row[2] >= PART_OF_IT * fullest]
        return [row[0] for row in sorted(near, key=lambda row: -row[1])]

    def _asked(self, term: str) -> _Asked:
        meant = self._meant(term)
        most = max((self.used[one] for one in meant), default=0)  # a slip is likeliest in the commonest word
        rarity = math.log(1 + len(self.documents) / max(most, 1))
        return _Asked(meant, 1 + (rarity if most else rarity * IN_PASSING))

    def _meant(self, term: str) -> Mapping[str, float]:
        """A slip may hide that a word is another's name: what it was meant to be is looked up once more."""
        meant = self.speller.meant(term)
        if term in self.speller.known:
            return meant
        others = {SAME[one]: surely for one, surely in _OTHER_WORDS.meant(term).items()}
        return {**meant, **{one: max(surely, meant.get(one, 0.0)) for one, surely in others.items()}}


def _fit(document: Document, asked: Sequence[_Asked]) -> tuple[float, float]:
    """Return how well a document fits, and which share of the question it holds."""
    whole = sum(one.tells for one in asked)
    held = score = 0.0
    for one in asked:
        best = max((surely * document.weights.get(term, 0.0) for term, surely in one.meant.items()), default=0.0)
        held += one.tells if best else 0.0
        score += one.tells * best
    share = held / whole
    named = max((_likeness(name, asked, whole) for name in document.called), default=0.0)
    fit = (score + WHOLE * named * whole) * share**1.5
    return fit * (AT_HAND if document.at_hand else 1.0), share


def _likeness(name: frozenset[str], asked: Sequence[_Asked], whole: float) -> float:
    """Return from 0 to 1 how nearly a name is what was asked: what it holds of it, less what it says besides."""
    held, used = 0.0, 0
    for one in asked:
        surely = max((surely for term, surely in one.meant.items() if term in name), default=0.0)
        held += one.tells * surely
        used += surely > 0
    return held / (whole + 0.5 * (whole / len(asked)) * (len(name) - used)) if used else 0.0
