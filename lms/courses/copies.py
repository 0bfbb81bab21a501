"""The copy of a course for a phone without a connection: plain lessons, the same for every reader, that say nothing of
any: no name, no answer, no word they wrote. What a content notice stands before is in it only for who wants no notes
before hard parts: there are two copies, and everybody has one of them.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.urls import reverse

from cms import context, keeping, shelf
from cms.models import LessonPage
from lms.courses.models import Course
from lms.courses.outlines import Line
from lms.courses.progress import Progress

_HASH = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")  # what the file's name carries where static files are hashed
_SHEET = 2_000  # bytes, about: the brand's sheet is made for each answer


@dataclass(frozen=True)
class Sheet:
    """One page of a copy. files: the addresses of all that it shows."""

    url: str
    html: str
    files: frozenset[str]

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.html.encode())


@dataclass(frozen=True)
class Copy:
    """What a phone fetches. stands_for: the address in the copy of each page that it is a copy of."""

    title: str
    sheets: tuple[Sheet, ...]
    stands_for: dict[str, str]

    @property
    def files(self) -> list[str]:
        """The addresses of all that its pages show."""
        return sorted(frozenset[str]().union(*(sheet.files for sheet in self.sheets)))

    @property
    def size(self) -> int:
        """In bytes, before any compression."""
        return sum(sheet.size for sheet in self.sheets) + sum(map(_size_of, self.files))

    @property
    def digest(self) -> str:
        """Another one as soon as any of it has changed."""
        said = "".join(f"{sheet.url}{sheet.html}" for sheet in self.sheets)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def copy_of(progress: Progress, *, notices: bool) -> Copy:
    """Return the copy for somebody on the course: of the lessons that are open to them.

    notices: whether they want a note before hard parts.
    """
    lessons = _lessons(progress, notices)
    lines = [line for line in progress.lines if line.id in lessons and progress.waits_for(line) is None]
    contents = contents_of(progress)
    away = _sheet(reverse("courses:offline"), render_to_string("courses/copy/offline.html", _around()))
    stands_for = {line.url: lessons[line.id].url for line in lines} | {progress.url: contents.url}
    sheets = (away, contents, *(lessons[line.id] for line in lines))
    return Copy(title=progress.course.neutral_title, sheets=sheets, stands_for=stands_for)


def contents_of(progress: Progress) -> Sheet:
    """Return the list of the lessons that are open."""
    lines = [line for line in progress.lines if progress.waits_for(line) is None]
    rows = [(line, _address(progress.course, line)) for line in lines]
    html = render_to_string("courses/copy/contents.html", {**_around(), "course": progress.course, "rows": rows})
    return _sheet(reverse("courses:copy", args=[progress.course.identity]), html)


def lesson_of(progress: Progress, lesson: UUID, *, notices: bool) -> Sheet | None:
    """Return the copy of a lesson that is open; None for any other. notices: as for ``copy_of``."""
    line = progress.line_of(lesson)
    return _lessons(progress, notices).get(line.id) if line and progress.waits_for(line) is None else None


def away() -> str:
    """The page that stands for all that is not kept."""
    return render_to_string("courses/copy/offline.html", _around())


def _lessons(progress: Progress, notices: bool) -> dict[str, Sheet]:
    """All lessons by id, drawn once until the words change: the same for everybody with notices, and without."""

    def draw() -> dict[str, Sheet]:
        lines = progress.lines
        pages = shelf.for_everybody(LessonPage.objects.filter(identity__in=[line.id for line in lines]))
        known = {str(page.identity): page for page in pages}
        return {line.id: _lesson(progress, known[line.id], line, notices) for line in lines if line.id in known}

    return keeping.remember(f"copy:{progress.course.identity}:{progress.course.latest_id}:{notices}", draw)


def _lesson(progress: Progress, page: LessonPage, line: Line, notices: bool) -> Sheet:
    course, after = progress.course, progress.after(line)
    known = {
        **_around(),
        "page": page,
        "line": line,
        "course": course,
        "notices": notices,
        "contents": reverse("courses:copy", args=[course.identity]),
        "after": after,
        "after_url": _address(course, after) if after else "",
    }
    return _sheet(_address(course, line), render_to_string("courses/copy/lesson.html", known))


def _address(course: Course, line: Line) -> str:
    return reverse("courses:copy_lesson", args=[course.identity, line.id])


def _around() -> dict[str, object]:
    return {"brand": context.current.get()}


def _sheet(url: str, html: str) -> Sheet:
    shown = _Shown()
    shown.feed(html)
    return Sheet(url, html, frozenset(shown.files))


class _Shown(HTMLParser):
    """Finds what a page fetches by itself."""

    NAMED = {"link": "href", "script": "src", "img": "src"}

    def __init__(self) -> None:
        super().__init__()
        self.files: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the address, and those for other sizes of the screen."""
        said = dict(attrs)
        found = [said.get(self.NAMED.get(tag, "")) or "", *_sizes(said.get("srcset") or "")]
        self.files.update(address for address in found if address.startswith("/"))


def _sizes(srcset: str) -> Iterator[str]:
    return (part.split()[0] for part in srcset.split(",") if part.split())


def _size_of(address: str) -> int:
    """The bytes of a file of ours."""
    path = address.partition("?")[0]
    if path.startswith(settings.STATIC_URL):
        found = finders.find(_HASH.sub("", path.removeprefix(settings.STATIC_URL)))
        return Path(str(found)).stat().st_size if found else 0
    name = path.removeprefix(settings.MEDIA_URL)
    if path.startswith(settings.MEDIA_URL) and default_storage.exists(name):
        return default_storage.size(name)
    return _SHEET
