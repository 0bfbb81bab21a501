"""Deciding for each file what to do with it: what was loaded before, and how things stand on the site now."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from wagtail.models import Page

from cms.courseformat.directory import Directory
from cms.courseformat.entries import Entry, Library
from cms.courseformat.memory import (
    BY_IDENTITY,
    Deed,
    Memory,
    Standing,
    digest_of_entry,
    name_of,
    stamp_of_page,
    stamp_of_row,
)
from cms.models import (
    CardPage,
    ContactLine,
    CoursePage,
    DatedFact,
    LessonPage,
    ModulePage,
    PlainPage,
    SelfCheckPage,
    Topic,
    TopicPage,
    TrainerProfile,
    WorkshopPage,
)

SNIPPETS: dict[str, Any] = {"topic": Topic, "trainer": TrainerProfile, "fact": DatedFact, "contact": ContactLine}
PAGES: dict[str, Any] = {
    "topic-page": TopicPage,
    "page": PlainPage,
    "card": CardPage,
    "self-check": SelfCheckPage,
    "workshop": WorkshopPage,
    "course": CoursePage,
    "module": ModulePage,
    "lesson": LessonPage,
}
SHELF_OF = {
    "topic-page": "topics",
    "page": "home",
    "card": "right-now",
    "self-check": "home",
    "workshop": "workshops",
    "course": "courses",
}


@dataclass
class Task:
    """A file and what is done with it. ``pk`` is that of its row or page, once there is one."""

    entry: Entry
    parent: "Task | None"
    digest: str
    deed: Deed
    pk: int | None
    was: str = ""

    @property
    def is_due(self) -> bool:
        """Whether anything is written."""
        return self.deed in {Deed.MAKE, Deed.CHANGE}


@dataclass
class Report:
    """What was, or would be, done, for whoever asked for it."""

    deeds: Counter[Deed] = field(default_factory=Counter)
    kept: list[Entry] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


class Plan:
    """What is to be done with every file of a library."""

    def __init__(self, library: Library, memory: Memory, shelves: dict[str, Any]) -> None:
        self.memory = memory
        self.shelves = shelves
        self.rows = {kind: _Rows(kind) for kind in PAGES}
        self.snippets = [self._snippet(entry) for kind in SNIPPETS for entry in library.of(kind)]
        self.pages = [task for kind in SHELF_OF for task in self._page_tasks(kind, library)]
        self.is_whole = library.is_whole

    def place_of(self, task: Task) -> int | None:
        """The page under which a task's page belongs; nothing while there is none."""
        return self._place(task.entry, task.parent)

    def add_names(self, directory: Directory) -> None:
        """Let pages be found by the names that the files give them, before those are written."""
        for task in self.pages:
            if task.pk and task.entry.kind in {"course", "workshop"}:
                directory[task.entry.kind][task.entry.slug] = directory["deeper"][task.entry.slug] = task.pk
            elif task.pk and task.entry.kind == "lesson" and task.parent and task.parent.parent:
                directory["deeper"][f"{task.parent.parent.entry.slug}/{task.entry.key}"] = task.pk

    def inside_first(self, parent: Task | None = None) -> Iterator[Task]:
        """Yield what is in a course before the course: it is compiled when all it holds is there."""
        for task in self.pages:
            if task.parent is parent:
                yield from self.inside_first(task)
                yield task

    def report(self) -> Report:
        """Tell what was, or would be, done."""
        tasks = [*self.snippets, *self.pages]
        names = {name_of(task.entry) for task in tasks} | {task.was for task in tasks}
        return Report(
            deeds=Counter(task.deed for task in tasks),
            kept=[task.entry for task in tasks if task.deed is Deed.KEEP],
            gone=[name for name in self.memory.gone(names) if self._is_there(name)] if self.is_whole else [],
        )

    def _is_there(self, name: str) -> bool:
        kind, _, rest = name.partition("/")
        if kind in PAGES:
            return name in self.rows[kind].names
        return kind in SNIPPETS and bool(SNIPPETS[kind].objects.filter(slug=rest).exists())

    def _snippet(self, entry: Entry) -> Task:
        row = SNIPPETS[entry.kind].objects.filter(slug=entry.slug).first()
        standing = Standing(row.pk, stamp_of_row(row)) if row else None
        digest = digest_of_entry(entry, None)
        return Task(entry, None, digest, self.memory.decide(name_of(entry), digest, standing), row and row.pk)

    def _page_tasks(self, kind: str, library: Library) -> Iterator[Task]:
        for entry in _topic_pages(library) if kind == "topic-page" else library.of(kind):
            yield from self._with_children(entry, None)

    def _with_children(self, entry: Entry, parent: Task | None) -> Iterator[Task]:
        task = self._page(entry, parent)
        yield task
        for child in entry.children:
            yield from self._with_children(child, task)

    def _page(self, entry: Entry, parent: Task | None) -> Task:
        shelf = self.shelves.get(entry.slug) if entry.kind == "page" else None
        place = self._place(entry, parent)
        standing = Standing(shelf.pk, stamp_of(shelf)) if shelf else self.rows[entry.kind].find(entry, place)
        digest = digest_of_entry(entry, parent.entry if parent else None)
        deed = self.memory.decide(name_of(entry), digest, standing)
        if standing is None and parent and parent.pk is None and parent.deed is Deed.KEEP:
            deed = Deed.KEEP  # what it belongs to was taken out on the site
        pk, was = (standing.pk, standing.name) if standing else (None, "")
        return Task(entry, parent, digest, deed, pk, was)

    def _place(self, entry: Entry, parent: Task | None) -> int | None:
        if parent:
            return parent.pk
        shelf = self.shelves.get(SHELF_OF[entry.kind])
        return shelf.pk if shelf else None


def stamp_of(page: Any) -> str:
    """Return the stamp of a page as it stands."""
    return stamp_of_page(page.latest_revision_id, page.live)


def _topic_pages(library: Library) -> list[Entry]:
    return [
        Entry("topic-page", topic.slug, topic.path, fields={"title": topic.title}, links={"topic": [topic.slug]})
        for topic in library.of("topic")
    ]


class _Rows:
    """The pages of one kind as they stand: found by identity, or else by slug under the same parent."""

    def __init__(self, kind: str) -> None:
        self.by_identity: dict[UUID, Standing] = {}
        self.by_place: dict[tuple[str, str], Standing] = {}
        fields = ["slug", "path", "pk", "latest_revision_id", "live", *(["identity"] if kind in BY_IDENTITY else [])]
        for slug, path, pk, revision, live, *identity in PAGES[kind].objects.values_list(*fields):
            name = f"{kind}/{identity[0] if identity else slug}"
            standing = Standing(pk, stamp_of_page(revision, live), name)
            self.by_place[path[: -Page.steplen], slug] = standing
            self.by_identity.update((one, standing) for one in identity)
        self.names = {standing.name for standing in self.by_place.values()}

    def find(self, entry: Entry, parent_pk: int | None) -> Standing | None:
        """Return the page that a file stands for, if there is one."""
        if entry.identity and entry.identity in self.by_identity:
            return self.by_identity[entry.identity]
        path = Page.objects.filter(pk=parent_pk).values_list("path", flat=True).first()
        return self.by_place.get((path, entry.slug)) if path else None
