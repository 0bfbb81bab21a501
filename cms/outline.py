"""What a course asks, read from its live pages: plain data that the learning records are compiled from.

``lms.courses`` turns this into an immutable version; nothing here knows that anybody learns.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Item:
    """One thing a learner does in a lesson.

    kind: question, reflection, scenario, plan, video or audio. title: of a reflection, its prompt in full.
    answer: what only the server may know. For questions ``{"kind", "right": [option ids, of an order question in the
    right order], "feedback": {option id: text}, "otherwise": text, "options": [option ids]}``; for scenarios
    ``{"endings": [card names]}``; for plans ``{"boxes": [the words of each box]}``.
    """

    id: UUID
    kind: str
    title: str
    required: bool
    answer: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Lesson:
    """One page of a course. Reading it is itself an item, with the lesson's id."""

    id: UUID
    title: str
    slug: str
    path: str
    minutes: int
    content_note: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Module:
    """A part of a course. A skippable one is never required."""

    id: UUID
    title: str
    slug: str
    summary: str
    skippable: bool
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True)
class Outline:
    """A whole course as it is published now."""

    id: UUID
    page_id: int
    slug: str
    title: str
    neutral_title: str
    open_to: str
    modules: tuple[Module, ...]
