"""What a version of a course says, read once in each process: a version never changes.

Kept by the version and the digest of its words.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lms.courses import rules
from lms.courses.models import CourseVersion

PROMPTS = frozenset({"reflection", "plan"})
QUESTIONS = frozenset({"question"})
BANKS = frozenset({"bank"})
MOST = 200  # outlines in one process; one of two hundred lessons takes about a megabyte


@dataclass(frozen=True)
class Line:
    """A lesson as outlines show it. prompts: the items in it under which there is something to write. questions: its
    questions.

    banks: those that are passed or not. asked: all that is asked for in it; ahead: what of that is not done yet.
    """

    id: str
    number: int
    title: str
    url: str
    minutes: int
    content_note: str
    prompts: tuple[str, ...]
    questions: tuple[str, ...]
    banks: tuple[str, ...]
    asked: Sequence[Mapping[str, Any]]
    ahead: Sequence[Mapping[str, Any]]
    count: rules.LessonCount
    is_new: bool

    @property
    def rule(self) -> str:
        """What does the lesson, in a sentence."""
        return rules.lesson_rule(Counter(item["kind"] for item in self.asked))

    @cached_property
    def left(self) -> Mapping[str, int]:
        """How many of each kind are not done yet."""
        return Counter(item["kind"] for item in self.ahead)

    @property
    def is_done(self) -> bool:
        """Whether all that this lesson asks for is done."""
        return self.count.is_done

    @property
    def questions_left(self) -> int:
        """How many questions of it are asked for and not tried yet."""
        return self.left.get("question", 0)

    @property
    def checks_left(self) -> int:
        """How many checks of it are asked for and not passed yet."""
        return self.left.get("bank", 0)

    @property
    def label(self) -> str:
        """What the lesson is called in a row of lessons."""
        return f"Lesson {self.number}"


@dataclass(frozen=True)
class Part:
    """A module as outlines show it."""

    title: str
    summary: str
    skippable: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Outline:
    """The modules of a version with their lessons, in reading order."""

    modules: tuple[Mapping[str, Any], ...]

    @cached_property
    def lessons(self) -> tuple[Mapping[str, Any], ...]:
        """All lessons."""
        return tuple(lesson for module in self.modules for lesson in module["lessons"])

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The place of each lesson, counted from 1, by its id."""
        return {lesson["id"]: number for number, lesson in enumerate(self.lessons, start=1)}

    @cached_property
    def items(self) -> dict[str, Mapping[str, Any]]:
        """Everything that people do in it, by id, with the lesson that it is in."""
        return {item["id"]: {**item, "lesson": lesson["id"]} for lesson in self.lessons for item in lesson["items"]}

    @cached_property
    def prompts(self) -> dict[str, tuple[str, ...]]:
        """The items under which there is something to write, by lesson."""
        return self._of_kinds(PROMPTS)

    @cached_property
    def questions(self) -> dict[str, tuple[str, ...]]:
        """The questions, by lesson."""
        return self._of_kinds(QUESTIONS)

    @cached_property
    def banks(self) -> dict[str, tuple[str, ...]]:
        """The items that are passed or not, by lesson."""
        return self._of_kinds(BANKS)

    @cached_property
    def quiet(self) -> frozenset[str]:
        """The items that came in without being shown as new."""
        return frozenset(id_ for id_, item in self.items.items() if item.get("quiet"))

    @cached_property
    def _asked(self) -> frozenset[str]:
        """What is asked of somebody who begins with this version."""
        return rules.asked_in(self.items)

    def _of_kinds(self, kinds: Collection[str]) -> dict[str, tuple[str, ...]]:
        return {
            lesson["id"]: tuple(item["id"] for item in lesson["items"] if item["kind"] in kinds)
            for lesson in self.lessons
        }

    def first_left(self, *, before: str, asked: Collection[str], done: Collection[str]) -> Mapping[str, Any] | None:
        """The first lesson before another one in which something is left to do. What is optional is no hurdle."""
        ahead = self.lessons[: self.numbers[before] - 1]
        return next((one for one in ahead if rules.count_lesson(one, asked=asked, done=done).left), None)

    def parts(self, *, began_with: rules.Items | None, done: Collection[str]) -> tuple[Part, ...]:
        """Return the modules as one reader has them. began_with: what another version asked, if they began with one."""
        pinned = self.items if began_with is None else began_with
        asked = self._asked if began_with is None else rules.required(began_with, self.items)
        return tuple(
            Part(
                module["title"],
                module["summary"],
                module["skippable"],
                tuple(self._line(lesson, asked, done, pinned) for lesson in module["lessons"]),
            )
            for module in self.modules
        )

    def _line(
        self, lesson: Mapping[str, Any], asked: Collection[str], done: Collection[str], pinned: rules.Items
    ) -> Line:
        id_ = lesson["id"]
        wanted = [item for item in lesson["items"] if item["id"] in asked]
        ahead = [item for item in wanted if item["id"] not in done]
        return Line(
            id=id_,
            number=self.numbers[id_],
            title=lesson["title"],
            url=lesson["path"],
            minutes=lesson["minutes"],
            content_note=lesson["content_note"],
            prompts=self.prompts[id_],
            questions=self.questions[id_],
            banks=self.banks[id_],
            asked=wanted,
            ahead=ahead,
            count=rules.LessonCount(len(wanted), len(wanted) - len(ahead), id_ in done, id_ in asked),
            is_new=id_ not in pinned and id_ not in self.quiet,
        )


NOTHING = Outline(modules=())
_made: dict[tuple[int, str], Outline] = {}


def of(versions: Iterable[CourseVersion]) -> dict[int, Outline]:
    """Return the outlines of these versions by their ids; one query for those that this process has not read before."""
    wanted = {version.pk: (version.pk, version.digest) for version in versions}
    unread = [pk for pk, name in wanted.items() if name not in _made]
    if unread:
        if len(_made) + len(unread) > MOST:
            _made.clear()
        rows = CourseVersion.objects.filter(pk__in=unread).values_list("pk", "digest", "outline")
        _made.update({(pk, digest): Outline(modules=tuple(outline["modules"])) for pk, digest, outline in rows})
    return {pk: _made[name] for pk, name in wanted.items() if name in _made}
