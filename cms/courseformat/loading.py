"""Loading: what was decided is done, in one transaction, and told while it is done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Page

from cms.courseformat import writing
from cms.courseformat.directory import Directory, look_up
from cms.courseformat.entries import Entry, Library
from cms.courseformat.memory import Memory, digest_of, name_of, stamp_of_row
from cms.courseformat.planning import PAGES, SNIPPETS, Plan, Report, Task, stamp_of
from cms.courseformat.site import complete_shelves, shelves

Say = Callable[[str], None]


class Unwritable(Exception):
    """The site refused what a file says. Nothing has been written."""

    def __init__(self, entry: Entry, words: str) -> None:
        super().__init__(f"{entry.path}:1: {words}")


def foresee(library: Library, *, overwrite: bool) -> Report:
    """Say what ``load`` would do, writing nothing."""
    return Plan(library, Memory(overwrite=overwrite), shelves()).report()


@transaction.atomic
def load(library: Library, *, overwrite: bool, say: Say) -> Report:
    """Write what was read into the site; all of it or, when anything is refused, nothing.

    overwrite: also what has been edited on the site since the last load. Raises Unwritable.
    """
    written: list[Any] = []
    with writing.indexed_at_the_end(written):
        memory = Memory(overwrite=overwrite)
        standing = complete_shelves(on_new=lambda slug, page: memory.remember_shelf(f"page/{slug}", stamp_of(page)))
        plan = Plan(library, memory, standing)
        written += _Load(plan, say).run()
        memory.save()
    return plan.report()


class _Load:
    """The writing of one plan."""

    def __init__(self, plan: Plan, say: Say) -> None:
        self.plan = plan
        self.memory = plan.memory
        self.say = say
        self.done = 0
        self.total = sum(task.is_due for task in (*plan.snippets, *plan.pages))

    def run(self) -> list[Any]:
        """Write all that is due; return the pages as they are published now."""
        for task in self.plan.snippets:
            if task.is_due:
                self._write_snippet(task)
        directory = look_up()
        for task in self.plan.pages:
            if task.is_due and task.pk is None:
                self._add(task, directory)
        directory = look_up()
        self.plan.add_names(directory)
        pages = [self._publish(task, directory) for task in self.plan.inside_first() if task.is_due]
        for task in self.plan.pages:
            self._keep_order(task)
        return pages

    def _write_snippet(self, task: Task) -> None:
        row = writing.write_snippet(SNIPPETS[task.entry.kind], task.entry)
        self._written(task, stamp_of_row(row))

    def _add(self, task: Task, directory: Directory) -> None:
        parent = Page.objects.get(pk=self.plan.place_of(task))
        with naming(task.entry):
            task.pk = writing.add_draft(parent, PAGES[task.entry.kind], task.entry, directory).pk

    def _publish(self, task: Task, directory: Directory) -> Any:
        page = Page.objects.get(pk=task.pk).specific
        if page.slug not in self.plan.shelves:
            writing.put_under(page, self.plan.place_of(task))
        with naming(task.entry):
            page = writing.publish(page, task.entry, directory)
        self._written(task, stamp_of(page))
        return page

    def _written(self, task: Task, stamp: str) -> None:
        self.memory.remember(name_of(task.entry), task.digest, stamp, instead_of=task.was)
        self.done += 1
        self.say(f"{self.done}/{self.total} {task.entry.title}")

    def _keep_order(self, parent: Task) -> None:
        """Put modules and lessons in the order of their files, if that is another than at the last load."""
        children = [task for task in self.plan.pages if task.parent is parent and task.pk]
        name = f"order/{name_of(parent.entry)}"
        digest = digest_of([name_of(child.entry) for child in children])
        if parent.pk and children and self.memory.digest(name) != digest:
            writing.put_in_order(Page.objects.get(pk=parent.pk), [child.pk for child in children if child.pk])
            self.memory.remember(name, digest, "")


@contextmanager
def naming(entry: Entry) -> Iterator[None]:
    """Say which file it was when the site refuses what it says."""
    try:
        yield
    except ValidationError as fault:
        raise Unwritable(entry, "; ".join(fault.messages)) from fault
