"""Boxes for private writing, as their owner left them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lms.courses import rules
from lms.courses.asking.learning import Learning

BODY, KNOWS = "body-", "knows-"


@dataclass(frozen=True)
class BoxShown:
    """A box to write in, as its owner left it.

    writer: the opened page. knows: when the words were written that it begins with. note: where to settle what stands
    beside the box, if anything does.
    """

    item: str
    number: int
    prompt: str
    body: str
    saved_at: datetime | None
    problem: str
    writer: str
    knows: str
    note: UUID | None
    beside: tuple[rules.Beside, ...]

    @property
    def id(self) -> str:
        """The id of its field on the page."""
        return f"body-{self.item}-{self.number}"

    @property
    def name(self) -> str:
        """The name its text is sent under."""
        return f"{BODY}{self.number}"

    @property
    def knows_name(self) -> str:
        """The name under which is sent what the page knew of it."""
        return f"{KNOWS}{self.number}"

    @property
    def signs(self) -> str:
        """What in it could point to a person, in words."""
        return rules.listed(rules.identifiers(self.body))


def box(item: Any, number: int, prompt: str, learning: Learning | None) -> BoxShown:
    """Return one box with what its owner wrote in it."""
    name = str(item)
    note = learning.notes.get((name, number)) if learning else None
    problem = learning.problem_at(name) if learning else None
    sent = problem.sent if problem else {}
    body = str(sent.get(f"{BODY}{number}", "")) if problem else note.body if note else ""
    knew = note.updated_at.isoformat() if note else ""
    return BoxShown(
        item=name,
        number=number,
        prompt=prompt,
        body=body,
        saved_at=note.updated_at if note and not problem else None,
        problem=problem.message if problem else "",
        writer=str(sent.get("writer") or (learning.client_id if learning else "")),
        knows=str(sent.get(f"{KNOWS}{number}", knew)),
        note=note.uuid if note else None,
        beside=rules.from_json(note.beside) if note else (),
    )


@dataclass(frozen=True)
class PlanShown:
    """The boxes of an action plan."""

    boxes: tuple[BoxShown, ...]

    @property
    def writer(self) -> str:
        """The opened page."""
        return next((box.writer for box in self.boxes), "")

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
    item, prompts = str(value["item_id"]), list(value["boxes"])
    notes = learning.notes if learning else {}
    fields = rules.fields_of(prompts, {field: note.prompt for (of, field), note in notes.items() if of == item})
    return PlanShown(tuple(box(item, field, prompt, learning) for field, prompt in zip(fields, prompts, strict=True)))
