"""Sums about learning: what an answer is worth, what facts come to, what is left to do. No Django here."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from typing import Any

LONGEST_ENTRY = 20_000  # characters of private writing in one box
FULL_MARKS = 100  # scores are hundredths

# Which state of an enrolment may follow which; "" is the state before there was one.
CHANGES: Mapping[str, frozenset[str]] = {
    "": frozenset({"requested", "invited", "waiting", "active"}),
    "requested": frozenset({"active", "waiting", "left"}),
    "invited": frozenset({"active", "left"}),
    "waiting": frozenset({"active", "left"}),
    "active": frozenset({"paused", "completed", "left"}),
    "paused": frozenset({"active", "completed", "left"}),
    "completed": frozenset({"active"}),
    "left": frozenset({"active"}),
}


def may_change(before: str, after: str) -> bool:
    """Whether an enrolment in the state ``before`` may come into the state ``after``."""
    return after in CHANGES[before]


# --- What facts come to ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Fact:
    """Something that happened to one item. kind: opened, skipped, or any other word for having done it.

    score: hundredths, for answers. answer: what was chosen, as JSON.
    """

    kind: str
    at: datetime
    score: int | None = None
    answer: str = ""


@dataclass(frozen=True)
class Standing:
    """What all facts of one item come to."""

    opened_at: datetime
    done_at: datetime | None = None
    skipped: bool = False
    best_score: int | None = None
    latest: str = ""
    latest_at: datetime | None = None


def merge(standing: Standing | None, fact: Fact) -> Standing:
    """Add ``fact`` to what is known. Facts may come in any order and any number of times: the sum is the same.

    It only goes forward: done stays done, the best score stays, and who has done a thing has no longer left it out.
    """
    known = standing or Standing(opened_at=fact.at)
    merged = replace(known, opened_at=min(known.opened_at, fact.at), best_score=_best(known.best_score, fact.score))
    if fact.kind != "opened":
        first = fact.at if known.done_at is None else min(known.done_at, fact.at)
        only_skipped = known.skipped or known.done_at is None
        merged = replace(merged, done_at=first, skipped=fact.kind == "skipped" and only_skipped)
    return _with_answer(merged, fact) if fact.answer else merged


def _best(one: int | None, other: int | None) -> int | None:
    return max((score for score in (one, other) if score is not None), default=None)


def _with_answer(standing: Standing, fact: Fact) -> Standing:
    newest = (fact.at, fact.answer)
    if standing.latest_at is not None:
        newest = max(newest, (standing.latest_at, standing.latest))
    return replace(standing, latest_at=newest[0], latest=newest[1])


# --- What is asked, and what is left ----------------------------------------------------------------

Items = Mapping[str, Mapping[str, Any]]


def required(pinned: Items, latest: Items) -> frozenset[str]:
    """The items that a round must come to: asked by the version it began with, and by the latest one still.

    What was taken out since, or made optional, is no longer asked; what was added since is offered, not asked.
    """
    return frozenset(item for item, asked in pinned.items() if counts(asked, latest.get(item)))


def asked_in(items: Items) -> frozenset[str]:
    """The items that one version asks for."""
    return frozenset(item for item, said in items.items() if said["required"])


def counts(pinned: Mapping[str, Any] | None, latest: Mapping[str, Any] | None) -> bool:
    """Whether one item is required, given what both versions say of it; None where a version has no such item."""
    return bool(pinned and pinned["required"] and latest and latest["required"])


@dataclass(frozen=True)
class LessonCount:
    """How far one lesson is. ``asked`` is what is required of it here."""

    asked: int
    done: int
    read: bool
    asks_reading: bool

    @property
    def is_done(self) -> bool:
        """A lesson is done when its required items are done; one that asks for nothing, when it is read."""
        return self.done >= self.asked if self.asked else self.read

    @property
    def left(self) -> int:
        """How many required items are still to do."""
        return max(self.asked - self.done, 0)

    @property
    def left_to_try(self) -> int:
        """How many of those are not the reading itself."""
        return self.left - (self.asks_reading and not self.read)


def count_lesson(lesson: Mapping[str, Any], *, asked: Collection[str], done: Collection[str]) -> LessonCount:
    """Count one lesson of an outline."""
    here = [item["id"] for item in lesson["items"] if item["id"] in asked]
    reading = lesson["id"]
    return LessonCount(len(here), sum(item in done for item in here), reading in done, reading in asked)


def minutes_left(minutes: int, *, passed: int, parts: int) -> int:
    """Return the minutes left of a lesson of which ``passed`` of ``parts`` are behind the reader; at least one."""
    ahead = 1 - min(max(passed, 0), parts) / parts if parts > 0 else 1
    return max(1, ceil(minutes * ahead))


# --- Answers ----------------------------------------------------------------------------------------


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


# --- Words that could point to a person ---------------------------------------------------------------

_SIGNS = {
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}"),
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
