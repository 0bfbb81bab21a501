"""The workbook: every prompt of a course with what its owner wrote, in course order.

A prompt that was taken out since is found in the version of the course in which it last stood.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from lms.accounts.models import User
from lms.courses.finding import behind_notices
from lms.courses.models import Course, CourseVersion, Reflection
from lms.portfolio.rules import Document, Entry, Section

Said = Mapping[tuple[str, int], Reflection]
NOT_YET = "Nothing written yet."


@dataclass(frozen=True)
class Prompt:
    """A place to write in: the item, which box of it, and its words now."""

    item: str
    field: int
    words: str


def workbook(person: User, course: Course, *, now: datetime) -> Document:
    """Return the workbook of ``person`` as it is now, also half-way; two to five queries."""
    version = CourseVersion.objects.only("outline", "keys").filter(latest_of=course).first()
    notes = list(Reflection.objects.owned_by(person).filter(course=course).order_by("created_at", "field", "pk"))
    lessons = [lesson for module in version.outline["modules"] for lesson in module["lessons"]] if version else []
    behind = behind_notices(course)
    prompts = {lesson["id"]: tuple(_prompts(lesson, version.keys)) for lesson in lessons} if version else {}
    asked = {(prompt.item, prompt.field) for many in prompts.values() for prompt in many}
    gone = _by_lesson(course, [note for note in notes if _place(note) not in asked])
    said = {_place(note): note for note in notes}
    sections = [
        _section(f"Lesson {number}: {lesson['title']}", prompts[lesson["id"]], said, gone.pop(lesson["id"], []), behind)
        for number, lesson in enumerate(lessons, start=1)
    ]
    left_over = [_section(_heading(many[0]), (), said, many, behind) for many in gone.values()]
    return Document(
        title=course.title,
        over=(f"The workbook of {person.display_name}", f"Made on {said_day(now)}"),
        sections=tuple(section for section in [*sections, *left_over] if section.entries),
    )


def said_day(moment: datetime) -> str:
    """Like "3 March 2026"."""
    return date_format(timezone.localtime(moment), "j F Y")


def entry_of(note: Reflection) -> Entry:
    """A note under the prompt that it answered."""
    return Entry(note.prompt, note.body, f"Written on {said_day(note.created_at)}")


def _place(note: Reflection) -> tuple[str, int]:
    return str(note.item), note.field


def _heading(note: Reflection) -> str:
    return f"{note.lesson_title or 'A lesson'} (no longer in the course)"


def _prompts(lesson: Mapping[str, Any], keys: Mapping[str, Any]) -> Iterator[Prompt]:
    for item in lesson["items"]:
        if item["kind"] == "reflection":
            yield Prompt(item["id"], 0, item["title"])
        elif item["kind"] == "plan":
            boxes = keys.get(item["id"], {}).get("boxes", ())
            yield from (Prompt(item["id"], number, words) for number, words in enumerate(boxes, start=1))


def _section(
    heading: str, prompts: Iterable[Prompt], said: Said, gone: Iterable[Reflection], behind: Mapping[str, str]
) -> Section:
    entries = [_entry(prompt, said, behind) for prompt in prompts]
    return Section(heading, (*entries, *(entry_of(note) for note in gone)))


def _entry(prompt: Prompt, said: Said, behind: Mapping[str, str]) -> Entry:
    """An entry; what stands behind a content notice is not told to whoever has not written there."""
    note = said.get((prompt.item, prompt.field))
    if note:
        return entry_of(note)
    about = behind.get(prompt.item)
    words = f"A place to write, in a part that talks about {about}" if about else prompt.words
    return Entry(words, "", NOT_YET)


def _by_lesson(course: Course, notes: Iterable[Reflection]) -> dict[str, list[Reflection]]:
    """Group notes on prompts that are gone by the lesson in which those last stood, by title where none is known."""
    grouped: dict[str, list[Reflection]] = defaultdict(list)
    notes = list(notes)
    stood = _where_they_stood(course, {str(note.item) for note in notes})
    for note in notes:
        grouped[stood.get(str(note.item), note.lesson_title)].append(note)
    return grouped


def _where_they_stood(course: Course, items: set[str]) -> dict[str, str]:
    if not items:
        return {}
    stood: dict[str, str] = {}
    for known in course.versions.order_by("number").values_list("items", flat=True).iterator():
        stood |= {item: known[item]["lesson"] for item in items & known.keys()}
    return stood
