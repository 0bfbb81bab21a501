"""Reading a course that was shared: all that is not right in its files, and all that does not fit this site."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wagtail.models import Page

from cms.courseformat import tree
from cms.courseformat.checking import check
from cms.courseformat.directory import look_up
from cms.courseformat.entries import Entry, Library
from cms.courseformat.mediafiles import fault_of
from cms.courseformat.problems import Problem, Problems
from cms.items import items_in
from cms.models import CoursePage, LessonPage, ModulePage, WorkshopPage

BESIDE = ("topic", "trainer", "fact", "package")
TIES: tuple[str, ...] = ("after", "linked_workshops")  # left as they are here, unless the file names some


def read(folder: Path) -> tuple[Library, list[Problem]]:
    """Read the unpacked files of one course, with all that is not right in them or does not fit this site."""
    problems = Problems()
    library = tree.read(folder, problems)
    if any(folder.iterdir()):
        check(library, look_up(), problems)
    _only_one_course(library, problems)
    _no_stray_media(library, folder, problems)
    _no_stray_packages(library, problems)
    for entry in library.everything():
        for name in TIES:
            if not entry.links.get(name, True):
                del entry.links[name]
        for media in entry.media.values():
            if fault := fault_of(media.path):
                problems.add(media.path.relative_to(folder).as_posix(), 1, fault)
    if not problems:
        _nobody_elses(library, problems)
    return library, problems.in_order()


def _only_one_course(library: Library, problems: Problems) -> None:
    for entry in library.entries:
        if entry.kind not in {"course", *BESIDE}:
            problems.add(entry.path, 1, "a shared course brings only itself, its topics, trainers, facts and packages")
    if len(library.of("course")) != 1:
        problems.add("courses", 1, "there must be one course here, and no other")


def _no_stray_media(library: Library, folder: Path, problems: Problems) -> None:
    named = {media.path.resolve() for entry in library.everything() for media in entry.media.values()}
    for path in sorted(folder.rglob("media/**/*")):
        if path.is_file() and path.resolve() not in named:
            problems.add(path.relative_to(folder).as_posix(), 1, "no text names this file")


def _no_stray_packages(library: Library, problems: Problems) -> None:
    named = {one.slug for one in library.references if one.kind == "package"}
    for entry in library.of("package"):
        if entry.slug not in named:
            problems.add(entry.path, 1, "no lesson names this package")


def pages_of(library: Library) -> list[Entry]:
    """The course with its modules and lessons."""
    return [entry for entry in library.everything() if entry.kind not in BESIDE]


def _items(body: Any) -> Iterator[str]:
    for block in items_in(list(body)):
        if block["value"].get("item_id"):
            yield str(block["value"]["item_id"])
        if block["type"] == "bank":
            yield from (entry["id"] for entry in block["value"]["questions"])


def _nobody_elses(library: Library, problems: Problems) -> None:
    """Note identities that are there twice, or that something else on this site has."""
    (course,) = library.of("course")
    entries = pages_of(library)
    own = CoursePage.objects.filter(identity=course.identity).first()
    taken = _taken(own)
    seen: set[str] = set()
    for entry in entries:
        for identity in (str(entry.identity), *_items(entry.body or [])):
            if identity in seen:
                problems.add(entry.path, 1, f"the identity {identity} is there twice")
            if identity in taken:
                problems.add(entry.path, 1, f'the identity {identity} belongs to "{taken[identity]}" here')
            seen.add(identity)
    _free_slugs(course, own, problems)


def _taken(own: CoursePage | None) -> dict[str, str]:
    """Identities of pages, and of what they ask, outside the course ``own``; with the title that has each."""
    found: dict[str, str] = {}
    for model in (CoursePage, ModulePage, LessonPage, WorkshopPage):
        rows = model.objects.all()
        if own:
            rows = rows.not_descendant_of(own, inclusive=True)
        found |= {str(identity): title for identity, title in rows.values_list("identity", "title")}
    rows = LessonPage.objects.not_descendant_of(own) if own else LessonPage.objects.all()
    for page in rows.only("title", "body").iterator(chunk_size=50):
        found |= dict.fromkeys(_items(page.body.get_prep_value()), page.title)
    return found


def _free_slugs(course: Entry, own: CoursePage | None, problems: Problems) -> None:
    """Note addresses that another page here has: of the course, or of a module or lesson that is new to it."""
    others = CoursePage.objects.filter(slug=course.slug).exclude(identity=course.identity)
    if other := others.first():
        problems.add(course.path, 1, f'another course here has this address: "{other.title}"')
    if own is None:
        return
    here = {page.identity: page for page in _standing(own)}
    for parent, children in ((course, course.children), *((module, module.children) for module in course.children)):
        standing = here.get(parent.identity)
        names = {page.slug: page for page in here.values() if standing and page.path[: -Page.steplen] == standing.path}
        for child in children:
            twin = names.get(child.slug)
            if twin and twin.identity != child.identity:
                problems.add(child.path, 1, f'another page of this course here has this address: "{twin.title}"')


def _standing(course: CoursePage) -> list[Any]:
    """The course with its modules and lessons as they stand here, in order."""
    inside = [*ModulePage.objects.child_of(course), *LessonPage.objects.descendant_of(course)]
    return [course, *sorted(inside, key=lambda page: page.path)]
