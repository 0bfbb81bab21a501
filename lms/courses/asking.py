"""What a lesson asks, as its page shows it to this reader: nothing of an answer key before there is an answer."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.http import QueryDict
from django.urls import reverse

from lms.courses import rules
from lms.courses.models import Reflection
from lms.courses.outlines import Line, Part
from lms.courses.progress import Held, Progress

PLACE, BODY = "place-", "body-"


@dataclass(frozen=True)
class Problem:
    """What to look at again, at which item, with what was sent: nothing that was typed is lost."""

    item: str
    message: str
    sent: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Learning:
    """A lesson's page and its reader. In the editor's preview there is none."""

    progress: Progress
    line: Line
    notes: Mapping[tuple[str, int], Reflection] = field(default_factory=dict)
    problem: Problem | None = None
    answered: str = ""
    client_id: UUID = field(default_factory=uuid4)

    @property
    def is_learner(self) -> bool:
        """Whether what the reader does here is kept."""
        return self.progress.is_learner

    @cached_property
    def part(self) -> Part:
        """The part of the course that the lesson is in."""
        return next(part for part in self.progress.parts if self.line in part.lines)

    @property
    def at(self) -> int:
        """The lesson's place in its part, counted from 1."""
        return self.part.lines.index(self.line) + 1

    @property
    def where(self) -> str:
        """What its place is counted in, in words; nothing where the part is the whole course."""
        return " in this part" if len(self.progress.parts) > 1 else ""

    @property
    def steps(self) -> list[bool]:
        """Which lessons of the part are done, for the row of steps."""
        return [line.is_done for line in self.part.lines]

    @property
    def after(self) -> Line | None:
        """The next lesson."""
        return self.progress.after(self.line)

    @property
    def before(self) -> Line | None:
        """The lesson before."""
        return self.progress.before(self.line)

    @property
    def minutes_left(self) -> int:
        """Minutes left of this lesson."""
        return self.progress.left_of(self.line)

    @property
    def place(self) -> str:
        """The anchor of the block that was in view here last."""
        round_ = self.progress.round
        return round_.last_place if round_ and str(round_.last_lesson) == self.line.id else ""

    def action(self, name: str, item: str = "") -> str:
        """The address that a form of this lesson is sent to."""
        course = self.progress.course.identity
        return reverse(f"courses:{name}", args=[course, item] if item else [course])

    def held(self, item: str) -> Held:
        """What is kept of an item."""
        return self.progress.held.get(item, Held(done=False, skipped=False, answer=""))

    def problem_at(self, item: str) -> Problem | None:
        """What to look at again at this item."""
        return self.problem if self.problem and self.problem.item == item else None


# --- Questions ----------------------------------------------------------------------------------------


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


# --- Scenarios ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WayShown:
    """A choice of a scenario: a link, or a form where it leads to an ending that is kept."""

    card: str
    words: str
    is_ending: bool


@dataclass(frozen=True)
class ScenarioShown:
    """A scenario at the card the reader is at."""

    item: str
    card: Any
    ways: tuple[WayShown, ...]
    is_first: bool
    done: bool
    skipped: bool

    @property
    def is_ending(self) -> bool:
        """Whether this is the last card."""
        return not self.ways


def scenario(value: Any, learning: Learning | None, data: QueryDict) -> ScenarioShown | None:
    """Return a scenario at the card in the address, else at its first; None while it is still being written."""
    item, deck, first = str(value["item_id"]), value.deck, value.first
    if first is None:
        return None
    card = deck.get(data.get("card", ""), first) if data.get("scene") == item else first
    ways = tuple(WayShown(to, words, not deck[to].choices) for to, words in card.choices if to in deck)
    held = learning.held(item) if learning else Held(done=False, skipped=False, answer="")
    return ScenarioShown(item, card, ways, card.name == first.name, held.done, held.skipped)


# --- Private writing ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class BoxShown:
    """A box to write in, as its owner left it."""

    item: str
    number: int
    prompt: str
    body: str
    saved_at: datetime | None
    problem: str

    @property
    def id(self) -> str:
        """The id of its field on the page."""
        return f"body-{self.item}-{self.number}"

    @property
    def name(self) -> str:
        """The name its text is sent under."""
        return f"{BODY}{self.number}"

    @property
    def signs(self) -> str:
        """What in it could point to a person, in words."""
        return rules.listed(rules.identifiers(self.body))


def box(item: Any, number: int, prompt: str, learning: Learning | None) -> BoxShown:
    """Return one box with what its owner wrote in it."""
    name = str(item)
    note = learning.notes.get((name, number)) if learning else None
    problem = learning.problem_at(name) if learning else None
    body = str(problem.sent.get(f"{BODY}{number}", "")) if problem else note.body if note else ""
    return BoxShown(
        item=name,
        number=number,
        prompt=prompt,
        body=body,
        saved_at=note.updated_at if note and not problem else None,
        problem=problem.message if problem else "",
    )


@dataclass(frozen=True)
class PlanShown:
    """The boxes of an action plan."""

    boxes: tuple[BoxShown, ...]

    @property
    def saved_at(self) -> datetime | None:
        """When any of it was last saved."""
        return max((box.saved_at for box in self.boxes if box.saved_at), default=None)

    @property
    def signs(self) -> str:
        """What in any of it could point to a person, in words."""
        return rules.listed(rules.identifiers("\n".join(box.body for box in self.boxes)))


def plan(value: Any, learning: Learning | None) -> PlanShown:
    """Return an action plan with what its owner wrote."""
    boxes = enumerate(value["boxes"], start=1)
    return PlanShown(tuple(box(value["item_id"], number, prompt, learning) for number, prompt in boxes))


# --- Content notices ----------------------------------------------------------------------------------

DOING = frozenset({"question", "scenario"})


@dataclass(frozen=True)
class NoticeShown:
    """A content notice. items: those in it that count. is_open: its reader is in the middle of one of them."""

    anchor: str
    items: tuple[str, ...]
    left_out: bool
    is_open: bool


def notice(value: Any, learning: Learning | None, data: QueryDict) -> NoticeShown:
    """Return a content notice for its page."""
    inside = tuple(str(block.value["item_id"]) for block in value["body"] if block.block_type in DOING)
    at = {data.get(name, "") for name in ("answered", "scene", "try")}
    at.add(learning.problem.item if learning and learning.problem else "")
    return NoticeShown(
        anchor=hashlib.sha256(str(value["about"]).encode()).hexdigest()[:8],
        items=inside,
        left_out=bool(inside) and learning is not None and all(learning.held(item).skipped for item in inside),
        is_open=not at.isdisjoint(inside),
    )
