"""A lesson and its reader: what every part of the page may ask about them."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.http import QueryDict
from django.urls import reverse

from lms.courses import rules
from lms.courses.models import Draft, Reflection, Try
from lms.courses.outlines import Line, Part
from lms.courses.progress import Held, Progress


@dataclass(frozen=True)
class Problem:
    """What to look at again, at which item, with what was sent: nothing that was typed is lost."""

    item: str
    message: str
    sent: Mapping[str, Any] = field(default_factory=dict)


NAMES = {"bank": "Check", "audio": "Recording"}


@dataclass(frozen=True)
class Counted:
    """One thing that is asked for. rule: what does it, in a sentence."""

    title: str
    rule: str
    done: bool


@dataclass(frozen=True)
class Learning:
    """A lesson's page and its reader. In the editor's preview there is none."""

    progress: Progress
    line: Line
    notes: Mapping[tuple[str, int], Reflection] = field(default_factory=dict)
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    tries: Mapping[str, tuple[Try, ...]] = field(default_factory=dict)
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
    def counted(self) -> list[Counted]:
        """All that is asked for in this lesson: what it is, what does it, and whether it is done.

        Named by kind and number: the words of a question may stand behind a content notice.
        """
        seen: Counter[str] = Counter()
        found = []
        for item in self.line.asked:
            seen[item["kind"]] += 1
            name = f"{NAMES.get(item['kind'], item['kind'].capitalize())} {seen[item['kind']]}"
            found.append(Counted(name, rules.rule(item["kind"]), self.held(item["id"]).done))
        return found

    @property
    def marks(self) -> list[str]:
        """What of the lesson staff have marked as done: by whom, and why."""
        return [kept.marked for kept in self.progress.held.values() if kept.marked]

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

    def begun(self, item: str) -> QueryDict | None:
        """The form of a question as it was left, if its answer was begun and not given yet."""
        draft = self.drafts.get(item)
        if draft is None:
            return None
        data = QueryDict(mutable=True)
        for name, values in json.loads(draft.fields).items():
            data.setlist(name, values)
        return data

    def problem_at(self, item: str) -> Problem | None:
        """What to look at again at this item."""
        return self.problem if self.problem and self.problem.item == item else None
