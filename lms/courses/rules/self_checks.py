"""Sums about a self-check: what may help somebody who answered like this. Nothing is counted for or against anybody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

NOT_YET, SOMETIMES, MOSTLY, NOT_FOR_US = "not-yet", "sometimes", "mostly", "not-for-us"
ANSWERS = {NOT_YET: "Not yet", SOMETIMES: "Sometimes", MOSTLY: "Mostly", NOT_FOR_US: "Doesn't apply"}
MOST = 5  # suggestions: more is a list, and no help


@dataclass(frozen=True)
class Answer:
    """What somebody answered to a statement. leads_to: slugs of what may help; help_first: who to ring is among it."""

    key: str
    words: str
    answer: str
    leads_to: tuple[str, ...] = ()
    help_first: bool = False

    @property
    def said(self) -> str:
        """The answer in words."""
        return ANSWERS[self.answer]


def may_help(answers: Iterable[Answer]) -> list[str]:
    """Return the slugs of what may help, the nearest first: what isn't yet before what is sometimes."""
    answers = list(answers)
    ordered = [one for wanted in (NOT_YET, SOMETIMES) for one in answers if one.answer == wanted]
    return list(dict.fromkeys(slug for one in ordered for slug in one.leads_to))[:MOST]


def wants_help_first(answers: Iterable[Answer]) -> bool:
    """Whether somebody to ring comes before all else: nobody is known to ring, or most of life is "not yet"."""
    answers = [one for one in answers if one.answer != NOT_FOR_US]
    not_yet = [one for one in answers if one.answer == NOT_YET]
    return any(one.help_first for one in not_yet) or (len(not_yet) > 3 and len(not_yet) * 2 > len(answers))


def answered(statements: Iterable[Mapping[str, Any]], chosen: Mapping[str, str], *, help_word: str) -> list[Answer]:
    """Return the answers to those statements that have one of ours; what is not one of them is left out."""
    found = []
    for one in statements:
        leads = [str(slug) for slug in one["leads_to"]]
        answer = chosen.get(str(one["key"]), "")
        if answer in ANSWERS:
            to = tuple(slug for slug in leads if slug != help_word)
            found.append(Answer(str(one["key"]), str(one["words"]), answer, to, help_word in leads))
    return found
