"""The catalogue: what somebody asked for, and what fits. Nothing that is typed here is stored."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from cms import crisis, search, shelf
from cms.shelf import CARD, COURSE, LESSON, WORKSHOP, Entry, Patch
from lms.common.html import plain

PER_PAGE = 24
FILTERS = frozenset({"topic", "way", "time", "age", "page"})
LONGEST_QUESTION = 400  # characters: what cannot wait is often said last

WAYS = {"own": "On my own, any time", "live": "Live, with other parents"}
LENGTHS = {
    "10": "10 minutes: one short lesson",
    "60": "About an hour: up to 90 minutes in all",
    "long": "Longer: over 90 minutes, in parts",
}
AGES = {"under-5": "Under 5", "5-7": "5 to 7", "8-11": "8 to 11", "12-17": "12 to 17"}
ANY_AGE = "any"

IN_WORDS = {
    "own": "to start any time",
    "live": "live",
    "10": "with a lesson of 10 minutes or less",
    "60": "up to 90 minutes in all",
    "long": "over 90 minutes in all",
    **{
        value: f"for children {label.lower() if value == 'under-5' else f'aged {label}'}"
        for value, label in AGES.items()
    },
}

FITS_LENGTH: dict[str, Callable[[Entry], bool]] = {
    "10": lambda entry: 0 < entry.shortest <= 10 or (entry.kind in {LESSON, CARD} and entry.minutes <= 10),
    "60": lambda entry: 10 < entry.minutes <= 90,
    "long": lambda entry: entry.minutes > 90,
}
FITS_WAY: dict[str, Callable[[Entry], bool]] = {
    "own": lambda entry: entry.kind in {COURSE, LESSON},
    "live": lambda entry: entry.kind == WORKSHOP,
}


@dataclass(frozen=True)
class Wanted:
    """What somebody asked for. Each filter is empty (anything) or says which of its choices would do."""

    text: str = ""
    topic: tuple[str, ...] = ()
    way: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    age: tuple[str, ...] = ()
    page: str = "1"

    @classmethod
    def read(cls, query: QueryDict) -> "Wanted":
        """Read an address; what we do not know in it is passed over."""
        return cls(
            text=" ".join(plain(query.get("q", ""))[:LONGEST_QUESTION].split()),
            topic=_known(query, "topic", [patch.slug for patch in shelf.topics_in_use()] if "topic" in query else ()),
            way=_known(query, "way", WAYS),
            time=_known(query, "time", LENGTHS),
            age=_known(query, "age", AGES),
            page=query.get("page", "1")[:4],
        )

    @property
    def filters(self) -> int:
        """How many choices are ticked."""
        return sum(map(len, (self.topic, self.way, self.time, self.age)))

    def fits(self, entry: Entry) -> bool:
        """Whether an entry is among what was asked for."""
        return (
            (not self.topic or any(patch.slug in self.topic for patch in entry.topics))
            and (not self.way or any(FITS_WAY[way](entry) for way in self.way))
            and (not self.time or any(FITS_LENGTH[time](entry) for time in self.time))
            and (not self.age or ANY_AGE in entry.ages or any(age in entry.ages for age in self.age))
        )


def _known(query: QueryDict, name: str, choices: Iterable[str]) -> tuple[str, ...]:
    asked = set(query.getlist(name))
    return tuple(choice for choice in choices if choice in asked)


@dataclass(frozen=True)
class Choice:
    """A box to tick."""

    value: str
    label: str
    ticked: bool


@dataclass(frozen=True)
class Results:
    """One page of what fits, with all that the catalogue says around it."""

    wanted: Wanted
    page: Page[Entry]
    urgent: bool
    suggestions: list[Patch]

    @property
    def summary(self) -> str:
        """Say which filters are on."""
        chosen = (self.wanted.way, self.wanted.time, self.wanted.age)
        about = [f"about {choice.label}" for choice in self.topics if choice.ticked]
        groups = [" or ".join(IN_WORDS[value] for value in values) for values in chosen if values]
        return ", ".join([*groups, " or ".join(about)] if about else groups)

    @property
    def ways(self) -> list[Choice]:
        """How they would like to learn."""
        return _choices(WAYS, self.wanted.way)

    @property
    def lengths(self) -> list[Choice]:
        """The time they have."""
        return _choices(LENGTHS, self.wanted.time)

    @property
    def ages(self) -> list[Choice]:
        """How old the child is."""
        return _choices(AGES, self.wanted.age)

    @property
    def topics(self) -> list[Choice]:
        """What it is about."""
        return _choices({patch.slug: patch.title for patch in shelf.topics_in_use()}, self.wanted.topic)


def _choices(labels: dict[str, str], ticked: tuple[str, ...]) -> list[Choice]:
    return [Choice(value, label, value in ticked) for value, label in labels.items()]


def look(wanted: Wanted) -> Results:
    """Find what fits, best first, and cut out the page that was asked for; a page too far is the last one."""
    found = search.find(wanted.text) if wanted.text else shelf.entries()
    fitting = [entry for entry in found if wanted.fits(entry)]
    return Results(
        wanted=wanted,
        page=Paginator(fitting, PER_PAGE).get_page(wanted.page),
        urgent=crisis.is_urgent(wanted.text),
        suggestions=[] if fitting else search.near(wanted.text),
    )
