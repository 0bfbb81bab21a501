"""Finding courses, workshops, lessons and cards in a parent's own words, slips of the finger included.

What there is to find is read into an index of this process when the words have changed, and answers from memory: the
same on either database. Only what is published and open to everybody is read. Nothing that is typed is kept.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from cms import keeping, shelf
from cms.models import CardPage, CoursePage, LessonPage, WorkshopPage
from cms.ranking import Document, Index, terms
from cms.shelf import CARD, COURSE, LESSON, WORKSHOP, Entry, Patch
from cms.spelling import Speller
from lms.common.memo import forgets

MOST_FOUND = 60
FIRST = {CARD: 0, COURSE: 1, WORKSHOP: 2, LESSON: 3}  # of what fits alike
SPOKEN = frozenset({"about", "prompt", "short", "steps", "text", "title", "transcript"})  # of a block, what is read
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class _Read:
    """What there was to find, and the index that was made of it."""

    rows: list[tuple[Entry, str, str, int | None]]
    known: dict[int, Entry]
    index: Index


class _Kept:
    """The last index of this process: made anew only when something in it is another."""

    last: _Read | None = None


def _forget() -> None:
    _Kept.last = None


forgets(_forget)


def find(text: str) -> list[Entry]:
    """Return courses, workshops, lessons and cards that fit what was asked, best first."""
    read = keeping.remember("search", _read)
    return [read.known[pk] for pk in read.index.find(text)[:MOST_FOUND]]


def near(text: str) -> list[Patch]:
    """Return topics that sound like what was typed: for when nothing was found."""
    about = {word: patch for patch in shelf.topics() for word in terms(f"{patch.title} {patch.summary}")}
    speller = Speller(about)
    return list(dict.fromkeys(about[like] for word in terms(text) for like in sorted(speller.meant(word))))


def _read() -> _Read:
    """Look what there is: six queries. The long texts are read, in three more, only if anything has changed."""
    rows = sorted(_rows(), key=lambda row: (FIRST[row[0].kind], row[0].path))
    last = _Kept.last
    if last is None or last.rows != rows:
        bodies = _bodies()
        documents = [_document(*row, body=bodies.get(row[0].id, "")) for row in rows]
        last = _Kept.last = _Read(rows, {row[0].id: row[0] for row in rows}, Index(documents))
    return last


def _rows() -> Iterator[tuple[Entry, str, str, int | None]]:
    """Yield everything on the shelves: with what else it is called, what it tells, and which revision is live."""
    entries = {entry.id: entry for entry in (*shelf.entries(), *shelf.cards())}
    more = {**_more(CardPage, "also_called", "do_now"), **_more(CoursePage, "audience", "outcomes")}
    more |= {**_more(WorkshopPage, "audience", "leave_with"), **_more(LessonPage, "summary", "summary")}
    lessons = shelf.lessons(more.keys() - entries.keys())
    for entry in (*entries.values(), *lessons):
        if entry.id in more:  # a page may have come between two looks
            yield entry, *more[entry.id]


def _more(model: Any, called: str, told: str) -> dict[int, tuple[str, str, int | None]]:
    rows = shelf.for_everybody(model.objects).values_list("pk", called, told, "live_revision_id")
    return {pk: (others, says, revision) for pk, others, says, revision in rows}


def _document(entry: Entry, called: str, told: str, _revision: int | None, *, body: str) -> Document:
    card = entry.kind == CARD
    topics = " ".join(patch.title for patch in entry.topics) if entry.kind != LESSON else ""
    return Document(
        id=entry.id,
        names=(entry.title, *(called.splitlines() if card else ())),
        summary=f"{entry.summary} {topics}",
        told=told if card else f"{called} {told}",
        body=body,
        at_hand=card,
    )


def _bodies() -> dict[int, str]:
    """Return the running text of all pages that have one."""
    found: dict[int, str] = {}
    for model in (CoursePage, LessonPage, WorkshopPage):
        pages: QuerySet[Any] = shelf.for_everybody(model.objects)
        raw = pages.annotate(raw=Cast("body", TextField())).values_list("pk", "raw")
        found |= {pk: " ".join(_spoken(json.loads(text or "[]"))) for pk, text in raw}
    return found


def _spoken(stream: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what a raw body says: no options, no answers, no names of things."""
    for block in stream:
        value = block["value"]
        if isinstance(value, str):
            yield _text(value) if block["type"] == "text" else ""
        elif isinstance(value, dict):
            yield from (_text(said) for name, said in value.items() if name in SPOKEN and isinstance(said, str))
            yield from _spoken(value.get("body") or [])


def _text(rich: str) -> str:
    return html.unescape(_TAG.sub(" ", rich))
