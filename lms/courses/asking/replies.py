"""What is said to an answer: something kind in every case, in the words that are published now."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from lms.courses import rules


@dataclass(frozen=True)
class Option:
    """An option with all that is known of it."""

    id: str
    text: str
    right: bool
    feedback: str
    goes_with: str


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
        options = tuple(Option(one.id, one.text, one.right, one.feedback, one.goes_with) for one in value.choices)
        return cls(str(value["item_id"]), value["kind"], options, value["when_right"], value["otherwise"])

    @classmethod
    def in_bank(cls, item: str, key: Mapping[str, Any]) -> Self:
        """Read a question of a bank from its compiled form."""
        feedback, halves = key["feedback"], key.get("goes_with", {})
        options = tuple(
            Option(id_, key["words"][id_], id_ in key["right"], feedback.get(id_, ""), halves.get(id_, ""))
            for id_ in key["options"]
        )
        return cls(item, key["kind"], options, key.get("when_right", ""), key["otherwise"])

    @property
    def shown(self) -> Sequence[Option]:
        """The options as they were written; those of an order question stirred, always in the same way."""
        if self.kind != "order":
            return self.options
        return sorted(self.options, key=lambda one: hashlib.sha256(f"{self.item}{one.id}".encode()).digest())

    @property
    def halves(self) -> list[tuple[str, str]]:
        """The other halves of a match question with their names, stirred, always in the same way."""
        return sorted((rules.half(one.goes_with), one.goes_with) for one in self.options if self.kind == "match")


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


HEADINGS = {True: "Yes, that's it", False: "Worth another thought"}


def reply(asked: Asked, chosen: Sequence[str]) -> Reply | None:
    """Say something to an answer; nothing to one that no longer fits the question."""
    return _REPLIES.get(asked.kind, _to_choices)(asked, chosen)


def _to_choices(asked: Asked, chosen: Sequence[str]) -> Reply | None:
    known = _known(asked, chosen)
    if not known:
        return None
    right = {option.id for option in known} == {option.id for option in asked.options if option.right}
    partly = not right and any(option.right for option in known)
    heading = "That's part of it" if partly else HEADINGS[right]
    return Reply(heading, right, tuple(Said(option.text, option.feedback, option.right) for option in known))


def _known(asked: Asked, chosen: Sequence[str]) -> list[Option]:
    options = {option.id: option for option in asked.options}
    return [options[option] for option in chosen if option in options]


def _in_full(asked: Asked, *, right: bool) -> Reply:
    words = asked.when_right if right else asked.otherwise
    return Reply(HEADINGS[right], right, (Said("", words, right),))


def _to_order(asked: Asked, chosen: Sequence[str]) -> Reply | None:
    right = list(chosen) == [option.id for option in asked.options]
    return _in_full(asked, right=right) if _known(asked, chosen) else None


def _to_pairs(asked: Asked, chosen: Sequence[str]) -> Reply | None:
    given = rules.by_option(chosen)
    wanted = {option.id: rules.half(option.goes_with) for option in asked.options}
    return _in_full(asked, right=given == wanted) if given.keys() & wanted.keys() else None


def _to_words(asked: Asked, chosen: Sequence[str]) -> Reply | None:
    said = (Said("", asked.otherwise, right=True),)
    return Reply("Kept for you alone", right=True, said=said) if rules.own_words(chosen) else None


def _to_step(asked: Asked, chosen: Sequence[str]) -> Reply | None:
    said = tuple(Said(option.text, option.feedback, right=True) for option in _known(asked, chosen))
    return Reply("Thank you. You can change it whenever you like", right=True, said=said) if said else None


_REPLIES: dict[str, Callable[[Asked, Sequence[str]], Reply | None]] = {
    "order": _to_order,
    "match": _to_pairs,
    "text": _to_words,
    "scale": _to_step,
}
