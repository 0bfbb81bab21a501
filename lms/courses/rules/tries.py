"""Tries at a bank of questions: what is drawn, what was right, and when it passes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from random import Random
from types import MappingProxyType
from typing import Any

from lms.courses.rules.answers import FULL_MARKS, NotAnOption, by_option, halves, in_places, score

Questions = Mapping[str, Mapping[str, Any]]
IN_PAIRS = frozenset({"order", "match"})
TAKEN_BACK = frozenset({"multiple", *IN_PAIRS})  # kinds of which an answer can be emptied again
GRACE = timedelta(minutes=1)  # for the way from the browser to us


@dataclass(frozen=True)
class Result:
    """How many questions of a try were asked, and how many answers were fully right."""

    asked: int
    right: int

    @property
    def score(self) -> int:
        """Hundredths, rounded down."""
        return FULL_MARKS * self.right // self.asked if self.asked else 0

    def passes(self, pass_mark: int) -> bool:
        """Whether it comes to ``pass_mark`` per cent."""
        return self.asked > 0 and FULL_MARKS * self.right >= pass_mark * self.asked


def draw(questions: Sequence[str], *, show: int, luck: Random) -> list[str]:
    """Draw ``show`` of the questions by lot, all of them where there are fewer."""
    return luck.sample(list(questions), min(show, len(questions)))


def needed(asked: int, *, pass_mark: int) -> int:
    """How many of ``asked`` questions must be right."""
    return ceil(asked * pass_mark / FULL_MARKS)


def check_answer(key: Mapping[str, Any], chosen: Sequence[str]) -> None:
    """Raise NotAnOption for an answer that the question's form could not have sent, finished or not.

    chosen: option ids; for ``order`` questions ``option=place``, to ``match`` ``option=half``.
    """
    if key["kind"] in IN_PAIRS:
        behind = [pair.partition("=")[2] for pair in chosen]
        if not set(behind) <= _behind(key):
            raise NotAnOption
        chosen = [pair.partition("=")[0] for pair in chosen]
    several = key["kind"] in {"multiple", *IN_PAIRS}
    if not set(chosen) <= set(key["options"]) or len(set(chosen)) < len(chosen) or (len(chosen) > 1 and not several):
        raise NotAnOption


def _behind(key: Mapping[str, Any]) -> set[str]:
    if key["kind"] == "match":
        return set(halves(key).values())
    return {str(place) for place in range(1, len(key["options"]) + 1)}


def option_order(chosen: Sequence[str]) -> list[str]:
    """Return the options of an ``order`` question in the places they were given; none while that is no order."""
    try:
        return in_places(by_option(chosen))
    except (NotAnOption, ValueError):
        return []


def is_right(key: Mapping[str, Any], chosen: Sequence[str]) -> bool:
    """Whether an answer is fully right. One to an older form of the question, which no longer fits, is not."""
    answer = option_order(chosen) if key["kind"] == "order" else chosen
    try:
        return bool(answer) and score(key, answer) == FULL_MARKS
    except NotAnOption:
        return False


def mark(
    questions: Questions,
    drawn: Sequence[str],
    answers: Mapping[str, Sequence[str]],
    *,
    given: Collection[str] = (),
    also: Mapping[str, Sequence[Mapping[str, Any]]] = MappingProxyType({}),
) -> Result:
    """Mark a try. A question that has been taken out of the bank since it was drawn counts for nothing.

    given: questions that count as right whatever was answered. also: other keys by which an answer may be right too.
    """
    asked = [question for question in drawn if question in questions]

    def counts(one: str) -> bool:
        keys = (questions[one], *also.get(one, ()))
        return one in given or any(is_right(key, answers.get(one, ())) for key in keys)

    return Result(len(asked), sum(map(counts, asked)))


def ends_at(begun_at: datetime, *, minutes: int | None, extra: int) -> datetime | None:
    """When the time of a try is up; None without a limit. extra: per cent more for this person."""
    return begun_at + timedelta(minutes=minutes) * (FULL_MARKS + extra) / FULL_MARKS if minutes else None


def is_over(ends: datetime | None, now: datetime) -> bool:
    """Whether the time is up at ``now``, with a little for the way."""
    return ends is not None and now > ends + GRACE
