"""Loading: decide for each file what to do, do it in one transaction, and tell what was done."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Page

from cms.courseformat import writing
from cms.courseformat.directory import look_up
from cms.courseformat.entries import Entry, Library
from cms.courseformat.memory import (
    Deed,
    Memory,
    Standing,
    digest_of,
    digest_of_entry,
    name_of,
    stamp_of_page,
    stamp_of_row,
)
from cms.courseformat.site import complete_shelves, shelves
from cms.models import CardPage, CoursePage, LessonPage, ModulePage, PlainPage, TopicPage, WorkshopPage

MODELS: dict[str, Any] = {
    "topic-page": TopicPage,
    "page": PlainPage,
    "card": CardPage,
    "workshop": WorkshopPage,
    "course": CoursePage,
    "module": ModulePage,
    "lesson": LessonPage,
}
SHELF_OF = {"topic-page": "topics", "page": "home", "card": "right-now", "workshop": "workshops", "course": "courses"}
Say = Callable[[str], None]


class Unwritable(Exception):
    """The site refused what a file says. Nothing has been written."""

    def __init__(self, entry: Entry, words: str) -> None:
        super().__init__(f"{entry.path}:1: {words}")


@dataclass
class Task:
    """A file and what is done with it. ``pk`` is that of its row or page, once there is one."""

    entry: Entry
    parent: "Task | None"
    digest: str
    deed: Deed
    pk: int | None

    @property
    def is_due(self) -> bool:
        """Whether anything is written."""
        return self.deed in {Deed.MAKE, Deed.CHANGE}


@dataclass
class Report:
    """What was done, for whoever ran it."""

    deeds: Counter[Deed] = field(default_factory=Counter)
    kept: list[Entry] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


def plan(library: Library, *, overwrite: bool) -> Report:
    """Say what ``load`` would do, writing nothing."""
    return Load(library, Memory(overwrite=overwrite), shelves()).report()


@transaction.atomic
def load(library: Library, *, overwrite: bool, say: Say) -> Report:
    """Write what was read into the site; all of it or, when anything is refused, nothing.

    overwrite: also what has been edited on the site since the last load. Raises Unwritable.
    """
    pages: list[Any] = []
    with writing.indexed_at_the_end(pages):
        memory = Memory(overwrite=overwrite)
        standing = complete_shelves(on_new=lambda slug, page: memory.remember_shelf(f"page/{slug}", stamp_of(page)))
        made = Load(library, memory, standing)
        pages += made.run(say)
        memory.save()
    return made.report()


def stamp_of(page: Any) -> str:
    """Return the stamp of a page as it stands."""
    return stamp_of_page(page.latest_revision_id, page.live)


class Load:
    """One load: which file becomes what, and the writing of it."""

    def __init__(self, library: Library, memory: Memory, standing_shelves: dict[str, Any]) -> None:
        self.library = library
        self.memory = memory
        self.shelves = standing_shelves
        self.snippets = [self._snippet(entry) for kind in writing.SNIPPETS for entry in library.of(kind)]
        self.pages = [task for kind in SHELF_OF for task in self._page_tasks(kind)]

    # --- deciding -----------------------------------------------------------------------------------------------
    def _snippet(self, entry: Entry) -> Task:
        row = writing.SNIPPETS[entry.kind].objects.filter(slug=entry.slug).first()
        standing = Standing(row.pk, stamp_of_row(row)) if row else None
        digest = digest_of_entry(entry, None)
        return Task(entry, None, digest, self.memory.decide(name_of(entry), digest, standing), row and row.pk)

    def _page_tasks(self, kind: str) -> Iterator[Task]:
        entries = self._topic_pages() if kind == "topic-page" else self.library.of(kind)
        rows = _Rows(kind)
        modules, lessons = _Rows("module"), _Rows("lesson")
        for entry in entries:
            task = self._page(entry, None, rows)
            yield task
            for module_entry in entry.children:
                module = self._page(module_entry, task, modules)
                yield module
                yield from (self._page(lesson, module, lessons) for lesson in module_entry.children)

    def _topic_pages(self) -> list[Entry]:
        return [
            Entry("topic-page", topic.slug, topic.path, fields={"title": topic.title}, links={"topic": [topic.slug]})
            for topic in self.library.of("topic")
        ]

    def _page(self, entry: Entry, parent: Task | None, rows: "_Rows") -> Task:
        shelf = self.shelves.get(entry.slug) if entry.kind == "page" else None
        standing = Standing(shelf.pk, stamp_of(shelf)) if shelf else rows.find(entry, self._place(entry, parent))
        digest = digest_of_entry(entry, parent.entry if parent else None)
        deed = self.memory.decide(name_of(entry), digest, standing)
        if standing is None and parent and parent.pk is None and parent.deed is Deed.KEEP:
            deed = Deed.KEEP  # what it belongs to was taken out on the site
        return Task(entry, parent, digest, deed, standing.pk if standing else None)

    def _place(self, entry: Entry, parent: Task | None) -> int | None:
        if parent:
            return parent.pk
        shelf = self.shelves.get(SHELF_OF[entry.kind])
        return shelf.pk if shelf else None

    # --- writing ------------------------------------------------------------------------------------------------
    def run(self, say: Say) -> list[Any]:
        """Write all that is due; return the pages as they are published now."""
        due = [task for task in (*self.snippets, *self.pages) if task.is_due]
        self.total, self.done, self.say = len(due), 0, say
        for task in self.snippets:
            if task.is_due:
                self._write_snippet(task)
        self.directory = look_up()
        for task in self.pages:
            if task.is_due and task.pk is None:
                self._add(task)
        self.directory = look_up()
        pages = [self._publish(task) for task in self._inside_first() if task.is_due]
        self._keep_order()
        return pages

    def _inside_first(self, parent: Task | None = None) -> Iterator[Task]:
        """Yield what is in a course before the course: it is compiled when all it holds is there."""
        for task in self.pages:
            if task.parent is parent:
                yield from self._inside_first(task)
                yield task

    def _tell(self, task: Task) -> None:
        self.done += 1
        self.say(f"{self.done}/{self.total} {task.entry.title}")

    def _write_snippet(self, task: Task) -> None:
        row = writing.write_snippet(task.entry)
        self.memory.remember(name_of(task.entry), task.digest, stamp_of_row(row))
        self._tell(task)

    def _add(self, task: Task) -> None:
        parent = Page.objects.get(pk=self._place(task.entry, task.parent))
        with _naming(task.entry):
            task.pk = writing.add_draft(parent, MODELS[task.entry.kind], task.entry, self.directory).pk

    def _publish(self, task: Task) -> Any:
        page = Page.objects.get(pk=task.pk).specific
        place = self._place(task.entry, task.parent)
        if task.entry.slug not in self.shelves and page.get_parent().pk != place:
            page.move(Page.objects.get(pk=place), pos="last-child")
            page.refresh_from_db()
        with _naming(task.entry):
            page = writing.publish(page, task.entry, self.directory)
        self.memory.remember(name_of(task.entry), task.digest, stamp_of(page))
        self._tell(task)
        return page

    def _keep_order(self) -> None:
        """Put modules and lessons in the order of their files, if that is another than at the last load."""
        for task in self.pages:
            children = [child for child in self.pages if child.parent is task and child.pk]
            name, digest = f"order/{name_of(task.entry)}", digest_of([name_of(child.entry) for child in children])
            loaded = self.memory.loaded.get(name)
            if not children or task.pk is None or (loaded and loaded.digest == digest):
                continue
            writing.put_in_order(Page.objects.get(pk=task.pk), [child.pk for child in children if child.pk])
            self.memory.remember(name, digest, "")

    # --- telling ------------------------------------------------------------------------------------------------
    def report(self) -> Report:
        """Tell what was, or would be, done."""
        tasks = [*self.snippets, *self.pages]
        names = {name_of(task.entry) for task in tasks}
        return Report(
            deeds=Counter(task.deed for task in tasks),
            kept=[task.entry for task in tasks if task.deed is Deed.KEEP],
            gone=self.memory.gone(names) if self.library.is_whole else [],
        )


class _Rows:
    """The pages of one kind as they stand: found by identity, or else by slug under the same parent."""

    def __init__(self, kind: str) -> None:
        model = MODELS[kind]
        self.by_identity: dict[Any, Standing] = {}
        self.by_place: dict[tuple[str, str], Standing] = {}
        has_identity = any(one.name == "identity" for one in model._meta.get_fields())
        fields = ("identity",) if has_identity else ("slug",)
        for own, slug, path, pk, revision, live in model.objects.values_list(
            *fields, "slug", "path", "pk", "latest_revision_id", "live"
        ):
            standing = Standing(pk, stamp_of_page(revision, live))
            self.by_place[path[: -Page.steplen], slug] = standing
            if has_identity:
                self.by_identity[own] = standing

    def find(self, entry: Entry, parent_pk: int | None) -> Standing | None:
        """Return the page that a file stands for, if there is one."""
        if entry.identity in self.by_identity:
            return self.by_identity[entry.identity]
        path = Page.objects.filter(pk=parent_pk).values_list("path", flat=True).first()
        return self.by_place.get((path, entry.slug)) if path else None


@contextmanager
def _naming(entry: Entry) -> Iterator[None]:
    """Say which file it was when the site refuses what it says."""
    try:
        yield
    except ValidationError as fault:
        raise Unwritable(entry, "; ".join(fault.messages)) from fault
