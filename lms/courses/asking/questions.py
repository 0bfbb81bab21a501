"""Questions as their form shows them: nothing of an answer key before there is an answer."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.http import QueryDict

from lms.courses import rules
from lms.courses.asking.learning import Learning

PLACE = "place-"
CHOICE = "choice"


@dataclass(frozen=True)
class Option:
    """An option with all that is known of it."""

    id: str
    text: str
    right: bool
    feedback: str


@dataclass(frozen=True)
class Asked:
    """A question with its key, as it is published or as it was compiled."""

    item: str
    kind: str
    options: tuple[Option, ...]
    when_right: str
    otherwise: str

    @classmethod
    def on_page(cls, value: Any) -> Self:
        """Read a block of a lesson."""
        options = tuple(Option(one.id, one.text, one.right, one.feedback) for one in value.choices)
        return cls(str(value["item_id"]), value["kind"], options, value["when_right"], value["otherwise"])

    @classmethod
    def in_bank(cls, item: str, key: Mapping[str, Any]) -> Self:
        """Read a question of a bank from its compiled form."""
        words, feedback, right = key["words"], key["feedback"], key["right"]
        options = tuple(Option(id_, words[id_], id_ in right, feedback.get(id_, "")) for id_ in key["options"])
        return cls(item, key["kind"], options, key.get("when_right", ""), key["otherwise"])

    @property
    def shown(self) -> Sequence[Option]:
        """The options as they were written; those of an order question stirred, always in the same way."""
        if self.kind != "order":
            return self.options
        return sorted(self.options, key=lambda one: hashlib.sha256(f"{self.item}{one.id}".encode()).digest())


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
    """An option in a form, as the reader left it. name: what its place is sent under."""

    id: str
    text: str
    chosen: bool
    place: str
    name: str


@dataclass(frozen=True)
class QuestionShown:
    """A question as its form shows it. name: what a choice is sent under."""

    item: str
    kind: str
    name: str
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
    return data.getlist(CHOICE)


def question(value: Any, learning: Learning | None, data: QueryDict) -> QuestionShown:
    """Return a question for its page. Who is not learning may try it too: their answer is in the address alone."""
    asked = Asked.on_page(value)
    problem = learning.problem_at(asked.item) if learning else None
    answer = _answer(asked.item, learning, data)
    typed = chosen_or_nothing(problem.sent) if problem else answer
    places = {option: str(place) for place, option in enumerate(typed, start=1)}
    return QuestionShown(
        item=asked.item,
        kind=asked.kind,
        name=CHOICE,
        options=options_shown(asked, chosen=typed, places=places, prefix=PLACE),
        reply=reply(asked, answer) if answer and not problem else None,
        problem=problem.message if problem else "",
        just_answered=bool(learning and learning.answered == asked.item),
        skipped=bool(learning and learning.held(asked.item).skipped),
    )


def options_shown(
    asked: Asked, *, chosen: Sequence[str], places: Mapping[str, str], prefix: str
) -> tuple[OptionShown, ...]:
    """Return the options of a form, as they were left: without a word of the key."""
    return tuple(
        OptionShown(one.id, one.text, one.id in chosen, places.get(one.id, ""), f"{prefix}{one.id}")
        for one in asked.shown
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


HEADINGS = {True: "Yes, that's it", False: "Worth another thought"}


def reply(asked: Asked, chosen: Sequence[str]) -> Reply | None:
    """Say something to each option chosen; nothing where none of them is there any more."""
    options = {option.id: option for option in asked.options}
    known = [options[option] for option in chosen if option in options]
    if not known:
        return None
    if asked.kind == "order":
        right = list(chosen) == list(options)
        words = asked.when_right if right else asked.otherwise
        return Reply(HEADINGS[right], right, (Said("", words, right),))
    right = {option.id for option in known} == {option.id for option in asked.options if option.right}
    partly = not right and any(option.right for option in known)
    heading = "That's part of it" if partly else HEADINGS[right]
    return Reply(heading, right, tuple(Said(option.text, option.feedback, option.right) for option in known))
