"""Questions as their form shows them: nothing of an answer key before there is an answer."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from lms.courses import rules
from lms.courses.asking.learning import Learning

PLACE = "place-"


@dataclass(frozen=True)
class Said:
    """Feedback on one option that was chosen."""

    option: str
    words: str
    right: bool


@dataclass(frozen=True)
class Reply:
    """What is said after an answer. Kind in every case."""

    heading: str
    right: bool
    said: tuple[Said, ...]


@dataclass(frozen=True)
class OptionShown:
    """An option in a form, as the reader left it."""

    id: str
    text: str
    chosen: bool
    place: str


@dataclass(frozen=True)
class QuestionShown:
    """A question as its form shows it."""

    item: str
    kind: str
    options: tuple[OptionShown, ...]
    reply: Reply | None
    problem: str
    just_answered: bool
    skipped: bool


def chosen_in(data: QueryDict) -> list[str]:
    """Return the option ids that a form says, in their order. Raises rules.NotAnOption for places that are no order."""
    places = {name.removeprefix(PLACE): data.get(name, "") for name in data if name.startswith(PLACE)}
    if places and any(places.values()):
        return rules.in_places(places)
    return data.getlist("choice")


def question(value: Any, learning: Learning | None, data: QueryDict) -> QuestionShown:
    """Return a question for its page. Who is not learning may try it too: their answer is in the address alone."""
    item = str(value["item_id"])
    problem = learning.problem_at(item) if learning else None
    answer = _answer(item, learning, data)
    typed = chosen_or_nothing(problem.sent) if problem else answer
    options = tuple(
        OptionShown(
            choice.id, choice.text, choice.id in typed, str(typed.index(choice.id) + 1) if choice.id in typed else ""
        )
        for choice in _in_order(value, item)
    )
    return QuestionShown(
        item=item,
        kind=value["kind"],
        options=options,
        reply=_reply(value, answer) if answer and not problem else None,
        problem=problem.message if problem else "",
        just_answered=bool(learning and learning.answered == item),
        skipped=bool(learning and learning.held(item).skipped),
    )


def chosen_or_nothing(sent: Mapping[str, Any]) -> list[str]:
    """Return what a form said as far as it can be read."""
    if not isinstance(sent, QueryDict):
        return []
    try:
        return chosen_in(sent)
    except rules.NotAnOption:
        return []


def _answer(item: str, learning: Learning | None, data: QueryDict) -> list[str]:
    if learning and learning.is_learner:
        kept = learning.held(item).answer
        return list(json.loads(kept)) if kept else []
    return chosen_or_nothing(data) if data.get("try") == item else []


def _in_order(value: Any, item: str) -> Sequence[Any]:
    """The options as they were written; those of an order question stirred, always in the same way."""
    if value["kind"] != "order":
        return list(value.choices)
    return sorted(value.choices, key=lambda choice: hashlib.sha256(f"{item}{choice.id}".encode()).digest())


HEADINGS = {True: "Yes, that's it", False: "Worth another thought"}


def _reply(value: Any, chosen: Sequence[str]) -> Reply | None:
    """Say something to each option chosen, in the words that are published now."""
    choices = {choice.id: choice for choice in value.choices}
    known = [choices[option] for option in chosen if option in choices]
    if not known:
        return None
    if value["kind"] == "order":
        right = list(chosen) == list(choices)
        words = value["when_right"] if right else value["otherwise"]
        return Reply(HEADINGS[right], right, (Said("", words, right),))
    right = {choice.id for choice in known} == {choice.id for choice in choices.values() if choice.right}
    partly = not right and any(choice.right for choice in known)
    heading = "That's part of it" if partly else HEADINGS[right]
    return Reply(heading, right, tuple(Said(choice.text, choice.feedback, choice.right) for choice in known))
