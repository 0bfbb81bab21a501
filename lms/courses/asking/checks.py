"""A check as its learner sees it: the questions of a try while it is under way, and what was right after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.courses import rules
from lms.courses.asking.learning import Learning
from lms.courses.asking.questions import QuestionShown, options_shown
from lms.courses.asking.replies import Asked, Reply, reply
from lms.courses.banks import Bank, Terms

QUESTION = "q."


@dataclass(frozen=True)
class CheckQuestion:
    """A question of a try, with its words."""

    number: int
    prompt: str
    asked: QuestionShown


@dataclass(frozen=True)
class Answered:
    """A question of a try that is handed in. chosen: the words of what was chosen. reply: what is said to it."""

    number: int
    prompt: str
    chosen: tuple[str, ...]
    right: bool
    reply: Reply | None


def check_questions(
    key: Mapping[str, Any], drawn: Sequence[str], answers: Mapping[str, Sequence[str]], *, missing: bool
) -> list[CheckQuestion]:
    """Return the questions of a try under way as they were left. missing: point at those without an answer."""
    present = [question for question in drawn if question in key["questions"]]
    return [
        CheckQuestion(
            number,
            key["questions"][question]["prompt"],
            _shown(Asked.in_bank(question, key["questions"][question]), answers.get(question, ()), point_out=missing),
        )
        for number, question in enumerate(present, start=1)
    ]


def _shown(asked: Asked, chosen: Sequence[str], *, point_out: bool) -> QuestionShown:
    behind = rules.by_option(chosen) if asked.kind in rules.IN_PAIRS else {}
    return QuestionShown(
        item=asked.item,
        kind=asked.kind,
        name=f"{QUESTION}{asked.item}",
        options=options_shown(asked, chosen=chosen, behind=behind, prefix=f"{QUESTION}{asked.item}."),
        halves=tuple(asked.halves),
        words="",
        reply=None,
        problem="This one has no answer yet." if point_out and not chosen else "",
        just_answered=False,
        skipped=False,
    )


def answered(key: Mapping[str, Any], drawn: Sequence[str], answers: Mapping[str, Sequence[str]]) -> list[Answered]:
    """Return the questions of a try that is handed in, with what is said to each answer."""
    present = [question for question in drawn if question in key["questions"]]
    return [
        _answered(number, key["questions"][question], question, answers.get(question, ()))
        for number, question in enumerate(present, start=1)
    ]


def _answered(number: int, key: Mapping[str, Any], question: str, sent: Sequence[str]) -> Answered:
    asked = Asked.in_bank(question, key)
    chosen = rules.option_order(sent) if asked.kind == "order" else list(sent)
    return Answered(
        number=number,
        prompt=key["prompt"],
        chosen=_said(asked, chosen),
        right=rules.is_right(key, sent),
        reply=reply(asked, chosen),
    )


def _said(asked: Asked, chosen: Sequence[str]) -> tuple[str, ...]:
    """Put an answer into words."""
    words = {option.id: option.text for option in asked.options}
    if asked.kind != "match":
        return tuple(words[option] for option in chosen if option in words)
    halves = dict(asked.halves)
    given = rules.by_option(chosen)
    return tuple(f"{words[one]}: {halves[half]}" for one, half in given.items() if one in words and half in halves)


@dataclass(frozen=True)
class BankShown:
    """A bank in its lesson. bank: with what the reader has done of it; None for who is not on the course."""

    item: str
    terms: Terms
    bank: Bank | None


def bank(value: Any, learning: Learning | None) -> BankShown:
    """Return a bank for the page of its lesson: what it takes to pass, and how far the reader is."""
    item = str(value["item_id"])
    if learning is None or learning.progress.round is None or not learning.is_learner:
        return BankShown(item, Terms.of(value), None)
    mine = Bank(
        round=learning.progress.round,
        item=value["item_id"],
        title=value["title"],
        lesson_title=learning.line.title,
        lesson_url=learning.line.url,
        key=value,
        tries=learning.tries.get(item, ()),
    )
    return BankShown(item, mine.terms, mine)
