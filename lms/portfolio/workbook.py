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
from lms.courses import rules
from lms.courses.finding import behind_notices
from lms.courses.models import Course, CourseVersion, ItemState, Reflection
from lms.courses.outlines import PROMPTS
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
    """Where an item last stood, and whether it was ever answered in words."""

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
    places = {item["id"] for lesson in lessons for item in lesson["items"] if item["kind"] in PROMPTS}
    notes = _notes(person, course, places)
    prompts = {lesson["id"]: tuple(_prompts(lesson, version.keys, notes)) for lesson in lessons} if version else {}
    asked = {(prompt.item, prompt.field): prompt.words for many in prompts.values() for prompt in many}
    texts = _texts(person, course)
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


def _notes(person: User, course: Course, items: set[str]) -> list[Written]:
    """What was written in a course, and under its prompts while their lesson stood in another."""
    mine = Reflection.objects.owned_by(person).filter(Q(course=course) | Q(item__in=items))
    return [_of_note(note) for note in mine.order_by("created_at", "field", "pk")]


def _texts(person: User, course: Course) -> list[Written]:
    """Answers that look like words of one's own, each time through the course: also to questions that are gone, or are
    of another kind by now.
    """
    rows = ItemState.objects.owned_by(person).filter(round__enrolment__course=course).exclude(latest="")
    answers = rows.order_by("latest_at", "pk").values_list("item", "latest", "latest_at")
    told = [Written((str(item), 0), "", _words(answer), at) for item, answer, at in answers]
    return [one for one in told if one.text]


def _words(answer: str) -> str:
    chosen = json.loads(answer)
    return rules.own_words([str(one) for one in chosen]) if isinstance(chosen, list) else ""


def _of_text(one: Written, asked: Mapping[Place, str], stood: Mapping[str, Stood]) -> Written | None:
    """The answer under its question; None for one that was chosen and not written."""
    item = one.place[0]
    if one.place in asked:
        return replace(one, prompt=asked[one.place])
    known = stood.get(item)
    return replace(one, prompt=known.prompt, lesson_title=known.lesson_title) if known and known.is_text else None


# --- Where it stands -----------------------------------------------------------------------------------------------


def _prompts(lesson: Mapping[str, Any], keys: Mapping[str, Any], notes: Iterable[Written]) -> Iterator[Prompt]:
    for item in lesson["items"]:
        key = keys.get(item["id"], {})
        if item["kind"] == "reflection" or (item["kind"] == "question" and key.get("kind") == "text"):
            yield Prompt(item["id"], 0, item["title"])
        elif item["kind"] == "plan":
            boxes = key.get("boxes", ())
            over = {one.place[1]: one.prompt for one in notes if one.place[0] == item["id"]}
            yield from (Prompt(item["id"], *box) for box in zip(rules.fields_of(boxes, over), boxes, strict=True))


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
                    here = Stood(lesson["id"], lesson["title"], item["title"], is_text)
                    stood[item["id"]] = _still_in_words(stood.get(item["id"]), here)
    return stood


def _still_in_words(before: Stood | None, here: Stood) -> Stood:
    """What was once answered in words is told under the words that asked for them."""
    return replace(here, prompt=before.prompt, is_text=True) if before and before.is_text and not here.is_text else here


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
