"""The workbook: every prompt of a course with what its owner wrote, in course order.

A prompt that was taken out since is found in the version of the course in which it last stood.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from lms.accounts.models import User
from lms.courses.finding import behind_notices
from lms.courses.models import Course, CourseVersion, ItemState, Reflection
from lms.portfolio.rules import Document, Entry, Section

NOT_YET = "Nothing written yet."
Place = tuple[str, int]


@dataclass(frozen=True)
class Prompt:
    """A place to write in: the item, which box of it, and its words now."""

    item: str
    field: int
    words: str


@dataclass(frozen=True)
class Written:
    """What somebody wrote in one place, and the words it answered."""

    place: Place
    prompt: str
    text: str
    at: datetime
    lesson_title: str = ""


@dataclass(frozen=True)
class Stood:
    """Where an item last stood that is no longer in the course."""

    lesson: str
    lesson_title: str
    prompt: str
    is_text: bool


def workbook(person: User, course: Course, *, now: datetime) -> Document:
    """Return the workbook of ``person`` as it is now, also half-way; three queries, or four where prompts are gone.

    Two more read what stands behind content notices, once for everybody.
    """
    version = CourseVersion.objects.only("outline", "keys").filter(latest_of=course).first()
    lessons = [lesson for module in version.outline["modules"] for lesson in module["lessons"]] if version else []
    prompts = {lesson["id"]: tuple(_prompts(lesson, version.keys)) for lesson in lessons} if version else {}
    asked = {(prompt.item, prompt.field): prompt.words for many in prompts.values() for prompt in many}
    rows = Reflection.objects.owned_by(person).filter(course=course).order_by("created_at", "field", "pk")
    notes = [_of_note(note) for note in rows]
    texts = _texts(person, course, asked, items={item["id"] for lesson in lessons for item in lesson["items"]})
    stood = _where_they_stood(course, {one.place[0] for one in (*notes, *texts) if one.place not in asked})
    everything = [*notes, *(found for one in texts if (found := _of_text(one, asked, stood)))]
    said, gone = _by_place(everything), _by_lesson([one for one in everything if one.place not in asked], stood)
    behind = behind_notices(course)
    told = {lesson: _told(many, said, behind) for lesson, many in prompts.items()}
    sections = [
        _section(f"Lesson {number}: {lesson['title']}", told[lesson["id"]], said, gone.pop(lesson["id"], []))
        for number, lesson in enumerate(lessons, start=1)
    ]
    left_over = [_section(_heading(many[0]), (), said, many) for many in gone.values()]
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
    return _entry(_of_note(note))


def _entry(one: Written) -> Entry:
    return Entry(one.prompt, one.text, f"Written on {said_day(one.at)}")


# --- What was written ----------------------------------------------------------------------------------------------


def _of_note(note: Reflection) -> Written:
    return Written((str(note.item), note.field), note.prompt, note.body, note.created_at, note.lesson_title)


def _texts(person: User, course: Course, asked: Mapping[Place, str], *, items: set[str]) -> list[Written]:
    """Answers to questions in words of one's own, each time through the course; with those to questions that are gone,
    of which it is not known yet whether they were answered in words.
    """
    rows = ItemState.objects.owned_by(person).filter(round__enrolment__course=course).exclude(latest="")
    kept = rows.filter(Q(item__in=[item for item, _ in asked]) | ~Q(item__in=items)).order_by("latest_at", "pk")
    return [
        Written((str(item), 0), "", _first(answer), at)
        for item, answer, at in kept.values_list("item", "latest", "latest_at")
    ]


def _first(answer: str) -> str:
    chosen = json.loads(answer)
    return str(chosen[0]) if isinstance(chosen, list) and chosen else ""


def _of_text(one: Written, asked: Mapping[Place, str], stood: Mapping[str, Stood]) -> Written | None:
    """The answer under its question; None for one that was chosen and not written."""
    item = one.place[0]
    if one.place in asked:
        return replace(one, prompt=asked[one.place])
    known = stood.get(item)
    return replace(one, prompt=known.prompt, lesson_title=known.lesson_title) if known and known.is_text else None


# --- Where it stands -----------------------------------------------------------------------------------------------


def _prompts(lesson: Mapping[str, Any], keys: Mapping[str, Any]) -> Iterator[Prompt]:
    for item in lesson["items"]:
        key = keys.get(item["id"], {})
        if item["kind"] == "reflection" or (item["kind"] == "question" and key.get("kind") == "text"):
            yield Prompt(item["id"], 0, item["title"])
        elif item["kind"] == "plan":
            yield from (Prompt(item["id"], number, words) for number, words in enumerate(key.get("boxes", ()), start=1))


def _told(prompts: Iterable[Prompt], said: Mapping[Place, Any], behind: Mapping[str, str]) -> list[Prompt]:
    """The prompts, without the words of one that stands behind a content notice and that nobody has written under."""
    return [
        replace(one, words=f"A place to write, in a part that talks about {about}")
        if (about := behind.get(one.item)) and (one.item, one.field) not in said
        else one
        for one in prompts
    ]


def _by_place(everything: Iterable[Written]) -> dict[Place, list[Written]]:
    found: defaultdict[Place, list[Written]] = defaultdict(list)
    for one in everything:
        found[one.place].append(one)
    return found


def _by_lesson(gone: Iterable[Written], stood: Mapping[str, Stood]) -> dict[str, list[Written]]:
    """What was written under prompts that are gone, by the lesson in which those last stood, or by its title."""
    found: defaultdict[str, list[Written]] = defaultdict(list)
    for one in gone:
        known = stood.get(one.place[0])
        found[known.lesson if known else one.lesson_title].append(one)
    return found


def _where_they_stood(course: Course, items: set[str]) -> dict[str, Stood]:
    if not items:
        return {}
    stood: dict[str, Stood] = {}
    for outline, keys in course.versions.order_by("number").values_list("outline", "keys").iterator():
        for lesson in (lesson for module in outline["modules"] for lesson in module["lessons"]):
            for item in lesson["items"]:
                if item["id"] in items:
                    is_text = keys.get(item["id"], {}).get("kind") == "text"
                    stood[item["id"]] = Stood(lesson["id"], lesson["title"], item["title"], is_text)
    return stood


def _heading(one: Written) -> str:
    return f"{one.lesson_title or 'A lesson'} (no longer in the course)"


def _section(
    heading: str, prompts: Iterable[Prompt], said: Mapping[Place, Sequence[Written]], gone: Iterable[Written]
) -> Section:
    entries = [entry for prompt in prompts for entry in _entries(prompt, said)]
    return Section(heading, (*entries, *map(_entry, gone)))


def _entries(prompt: Prompt, said: Mapping[Place, Sequence[Written]]) -> list[Entry]:
    written = said.get((prompt.item, prompt.field), ())
    return [_entry(one) for one in written] or [Entry(prompt.words, "", NOT_YET)]
