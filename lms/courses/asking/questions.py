"""Questions as their form shows them: nothing of an answer key before there is an answer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from lms.courses import rules
from lms.courses.asking.learning import Learning
from lms.courses.asking.replies import Asked, Reply, reply

PLACE, MATCH = "place-", "match-"
CHOICE, WORDS = "choice", "words"
FIELDS, PREFIXES = (CHOICE, WORDS), (PLACE, MATCH)


@dataclass(frozen=True)
class OptionShown:
    """An option in a form, as the reader left it. name, behind: what its place or other half is sent under, and is."""

    id: str
    text: str
    chosen: bool
    behind: str
    name: str


@dataclass(frozen=True)
class QuestionShown:
    """A question as its form shows it. name: what a choice or words are sent under. halves: names and words.

    begun: it shows an answer that was begun, on this device or another, and not given yet.
    """

    item: str
    kind: str
    name: str
    options: tuple[OptionShown, ...]
    halves: tuple[tuple[str, str], ...]
    words: str
    reply: Reply | None
    problem: str
    just_answered: bool
    skipped: bool
    begun: bool = False


def chosen_in(data: QueryDict) -> list[str]:
    """Return the answer that a form says: option ids, in their order; ``option=half`` pairs; or words.

    Raises rules.NotAnOption for places that are no order, and rules.Unfinished while a line has no half.
    """
    places = {name.removeprefix(PLACE): data.get(name, "") for name in data if name.startswith(PLACE)}
    if places and any(places.values()):
        return rules.in_places(places)
    pairs = [(name.removeprefix(MATCH), data.get(name, "")) for name in data if name.startswith(MATCH)]
    if any(half for _, half in pairs):
        if not all(half for _, half in pairs):
            raise rules.Unfinished
        return [f"{option}={half}" for option, half in pairs]
    words = data.get(WORDS, "").strip()
    return [words] if words else data.getlist(CHOICE)


def question(value: Any, learning: Learning | None, data: QueryDict) -> QuestionShown:
    """Return a question for its page. Who is not learning may try it too: their answer is in the address alone."""
    asked = Asked.on_page(value)
    problem = learning.problem_at(asked.item) if learning else None
    answer = _answer(asked.item, learning, data)
    begun = learning.begun(asked.item) if learning and not problem else None
    sent = problem.sent if problem else begun
    typed = answer if sent is None else chosen_or_nothing(sent)
    behind, prefix = _behind(asked, typed, sent), _PREFIX.get(asked.kind, "")
    return QuestionShown(
        item=asked.item,
        kind=asked.kind,
        name=WORDS if asked.kind == "text" else CHOICE,
        options=options_shown(asked, chosen=typed, behind=behind, prefix=prefix),
        halves=tuple(asked.halves),
        words=_words(asked, typed),
        reply=reply(asked, answer) if answer and sent is None else None,
        problem=problem.message if problem else "",
        just_answered=bool(learning and learning.answered == asked.item),
        skipped=bool(learning and learning.held(asked.item).skipped),
        begun=begun is not None,
    )


_PREFIX = {"order": PLACE, "match": MATCH}


def _behind(asked: Asked, typed: Sequence[str], sent: Mapping[str, Any] | None) -> Mapping[str, str]:
    """Return the place or the other half that each option was given."""
    prefix = _PREFIX.get(asked.kind)
    if prefix and sent is not None:
        return {one.id: str(sent.get(f"{prefix}{one.id}", "")) for one in asked.options}
    if asked.kind == "match":
        return rules.by_option(typed)
    return {option: str(place) for place, option in enumerate(typed, start=1)}


def _words(asked: Asked, typed: Sequence[str]) -> str:
    return rules.own_words(typed) if asked.kind == "text" else ""


def options_shown(
    asked: Asked, *, chosen: Sequence[str], behind: Mapping[str, str], prefix: str
) -> tuple[OptionShown, ...]:
    """Return the options of a form, as they were left: without a word of the key."""
    return tuple(
        OptionShown(one.id, one.text, one.id in chosen, behind.get(one.id, ""), f"{prefix}{one.id}")
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
