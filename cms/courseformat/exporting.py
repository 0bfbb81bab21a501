"""From the pages of a course back to entries: what its files would say, and the files that lie beside them.

What ties a course to the rest of its site, the courses before it and the workshops beside it, stays behind.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.base import File
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from cms.courseformat import packages
from cms.courseformat.entries import Entry, Library, Media, Raw
from cms.courseformat.problems import Problem
from cms.courseformat.writing import FILES, PICTURES, all_blocks
from cms.models import CoursePage, DatedFact, LessonPage, ModulePage, Topic, TrainerProfile, WorkshopPage

# What stands in a file of each kind as a field of its model; identity, key, body and links are apart.
_FIELDS: dict[str, tuple[str, ...]] = {
    "topic": ("title", "summary", "dye", "weave", "order"),
    "trainer": ("name", "role", "credential", "biography"),
    "fact": ("title", "value", "source", "checked_on", "review_by", "nation"),
    "module": ("title", "summary", "skippable", "content_note"),
}
_REVIEWED = ("lived_experience_review", "nation", "sources", "reviewed_on", "review_by", "content_note", "sensitive")
_FIELDS["lesson"] = ("title", "summary", "minutes", *_REVIEWED, "no_hard_part")
_FIELDS["course"] = (
    *("title", "neutral_title", "summary", "audience", "outcomes", "ages", "open_to", "certificate_months", "in_order"),
    *("finish", "finish_needed", *_REVIEWED),
)


@dataclass
class Bundle:
    """A course as it travels. files: the stored files, by digest."""

    library: Library
    files: dict[str, File[bytes]] = field(default_factory=dict)


def bundle(course: CoursePage, *, drafts: bool = False) -> Bundle:
    """Return ``course`` with all that its files name, as it is published; what never was, as it is drafted.

    drafts: each page as it was last edited, with those that are not on the site.
    """
    made = Bundle(Library(is_whole=True))
    entry = _Course(course, made, drafts=drafts or not course.live).entry()
    made.library.entries = [*_beside(entry), *_packages(entry, made), entry]
    return made


def left_behind(made: Bundle) -> list[Problem]:
    """Name the lessons whose packages aren't ready, so that they cannot come along."""
    known = {entry.slug for entry in made.library.of("package")}
    return [
        Problem(
            page.path, 1, f"the package \"{block['value']['title']}\" isn't ready at the desk, so it can't come along"
        )
        for page in made.library.everything()
        for block in _packages_in(page)
        if block["value"]["package"] not in known
    ]


def _packages_in(page: Entry) -> Iterator[Raw]:
    return (block for block in all_blocks(page.body or []) if block["type"] == "package")


def _packages(course: Entry, made: Bundle) -> Iterator[Entry]:
    """The packages that lessons of a course hold, each as its own file with its zip beside it."""
    lessons = [lesson for module in course.children for lesson in module.children]
    wanted = {block["value"]["package"] for lesson in lessons for block in _packages_in(lesson)}
    for one in packages.packed(wanted):
        entry = Entry("package", one.identity, f"packages/{one.identity}.md", identity=UUID(one.identity))
        entry.fields = {"title": one.title, "done": one.done, "pass_mark": one.pass_mark}
        with one.file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        made.files[digest] = one.file
        entry.media[digest] = Media(Path(f"media/{digest[:16]}.zip"), one.title, digest)
        yield entry


class _Course:
    """The reading of one course."""

    def __init__(self, course: CoursePage, made: Bundle, *, drafts: bool) -> None:
        self.course, self.made, self.drafts = course, made, drafts
        self.facts = dict(DatedFact.objects.values_list("pk", "slug"))
        self.trainers = dict(TrainerProfile.objects.values_list("pk", "slug"))
        self.workshops = dict(WorkshopPage.objects.values_list("pk", "slug"))

    def entry(self) -> Entry:
        """The course with its modules and lessons, in order."""
        entry = self._page("course", self.course, f"courses/{self.course.slug}/course.md")
        topics = self._words(self.course).topics.all()
        entry.links["topics"] = sorted(topic.slug for topic in topics)
        folder = entry.path.rpartition("/")[0]
        modules = [page for page in ModulePage.objects.child_of(self.course).order_by("path") if self._is_in(page)]
        for number, module in enumerate(modules, start=1):
            entry.children.append(self._module(module, f"{folder}/{number:02}-{module.slug}"))
        return entry

    def _module(self, page: ModulePage, folder: str) -> Entry:
        entry = self._page("module", page, f"{folder}/module.md")
        lessons = [one for one in LessonPage.objects.child_of(page).order_by("path") if self._is_in(one)]
        for number, lesson in enumerate(lessons, start=1):
            entry.children.append(self._page("lesson", lesson, f"{folder}/{number:02}-{lesson.slug}.md"))
        return entry

    def _is_in(self, page: Any) -> bool:
        return bool(page.live) or self.drafts

    def _words(self, page: Any) -> Any:
        return page if page.live and not self.drafts else page.get_latest_revision_as_object()

    def _page(self, kind: str, page: Any, path: str) -> Entry:
        words = self._words(page)
        entry = Entry(kind, page.slug, path, identity=page.identity)
        entry.fields = {name: getattr(words, name) for name in _FIELDS[kind]}
        if kind == "module":
            return entry
        entry.key = words.key or _made_up(kind, page.identity)
        for name in ("author", "reviewer"):
            slug = self.trainers.get(getattr(words, f"{name}_id"))
            entry.links[name] = [slug] if slug else []
        entry.body = _merged(words.body.get_prep_value())
        for block in all_blocks(entry.body):
            self._travels(block, entry)
        return entry

    def _travels(self, block: Raw, entry: Entry) -> None:
        """Put names in place of the primary keys of this site, and a key where an editor gave none."""
        if block["type"] == "fact":
            block["value"] = self.facts.get(block["value"])
        elif block["type"] == "workshop":
            block["value"]["workshop"] = self.workshops.get(block["value"]["workshop"])
        elif block["type"] == "bank":
            for question in block["value"]["questions"]:
                question["value"]["key"] = question["value"].get("key") or _made_up("question", question["id"])
        if block["type"] != "fact" and block["type"] != "text" and block["value"].get("item_id"):
            block["value"]["key"] = block["value"].get("key") or _made_up(block["type"], block["value"]["item_id"])
        for names, model in ((FILES, get_document_model()), (PICTURES, get_image_model())):
            for name in names.get(block["type"], ()):
                block["value"][name] = self._file(model, block["value"].get(name), entry)

    def _file(self, model: Any, pk: int | None, entry: Entry) -> str | None:
        row = model.objects.filter(pk=pk).first() if pk else None
        if row is None:
            return None
        with row.file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        ending = Path(row.file.name).suffix.lower()
        self.made.files[digest] = row.file
        entry.media[digest] = Media(Path(f"media/{digest[:16]}{ending}"), row.title, digest)
        return digest


def _made_up(kind: str, identity: Any) -> str:
    """A key for what an editor gave none: always the same for the same thing."""
    return f"{kind.replace('_', '-')}-{str(identity)[:13]}"


def _merged(body: list[Raw]) -> list[Raw]:
    """A body of its own to change, in which running text is one block: a file knows no gap between two."""
    merged: list[Raw] = []
    for block in body:
        value = block["value"]
        if block["type"] == "notice":
            value = {**value, "body": _merged(value["body"])}
        if block["type"] == "text" and merged and merged[-1]["type"] == "text":
            merged[-1]["value"] += value
        elif block["type"] != "text" or re.sub(r"<[^>]*>", "", value).strip():
            merged.append({**block, "value": _own(value)})
    return merged


def _own(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _own(one) for name, one in value.items()}
    return [_own(one) for one in value] if isinstance(value, list) else value


def _beside(course: Entry) -> Iterator[Entry]:
    """The topics, trainers and facts that a course names, each as its own file."""
    pages = [course, *(lesson for module in course.children for lesson in module.children)]
    links = [page.links for page in pages]
    facts = {b["value"] for page in pages for b in all_blocks(page.body or []) if b["type"] == "fact" and b["value"]}
    wanted: dict[str, set[str]] = {
        "topic": {slug for one in links for slug in one.get("topics", ())},
        "trainer": {slug for one in links for name in ("author", "reviewer") for slug in one.get(name, ())},
        "fact": facts,
    }
    folders: dict[str, tuple[Any, str]] = {
        "topic": (Topic, "topics"),
        "trainer": (TrainerProfile, "trainers"),
        "fact": (DatedFact, "facts"),
    }
    for kind, (model, folder) in folders.items():
        for row in model._default_manager.filter(slug__in=wanted[kind]).order_by("slug"):
            yield snippet(kind, row, f"{folder}/{row.slug}.md")


def snippet(kind: str, row: Any, path: str) -> Entry:
    """A topic, trainer or dated fact as its file says it."""
    return Entry(kind, row.slug, path, fields={name: getattr(row, name) for name in _FIELDS[kind]})
