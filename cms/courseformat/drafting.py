"""Bringing a shared course in: what would be made and changed, and then that, as drafts. Editors put it on the site."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from wagtail.models import Page

from cms.courseformat import packages, writing
from cms.courseformat.bodies import PICTURES
from cms.courseformat.directory import Directory, look_up
from cms.courseformat.entries import Entry, Library
from cms.courseformat.exporting import bundle
from cms.courseformat.importing import BESIDE, pages_of
from cms.courseformat.loading import naming
from cms.courseformat.planning import PAGES, SNIPPETS
from cms.courseformat.site import complete_shelves
from cms.courseformat.texts import text_of
from cms.models import CoursePage

PACKAGE = "package"
NEW, CHANGED, SAME, HERE = "new", "changed", "same", "here"


@dataclass(frozen=True)
class Step:
    """What becomes of one file. deed: new, changed, same, or here: it is the site's own and stays."""

    kind: str
    title: str
    path: str
    deed: str


@dataclass(frozen=True)
class Foreseen:
    """What bringing a course in would do. known_as: what the course is called here, if it is here.

    left: titles of pages of the course here that the archive does not have; they stay. apart: titles of those that
    stand in another part of the course here; they stay there, because people read it.
    """

    title: str
    slug: str
    identity: UUID
    known_as: str
    steps: tuple[Step, ...]
    left: tuple[str, ...]
    apart: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many of each deed."""
        return dict(Counter(step.deed for step in self.steps))

    @property
    def changes_nothing(self) -> bool:
        """Whether all of it is here already."""
        return not {NEW, CHANGED} & self.counts.keys()


def foresee(library: Library) -> Foreseen:
    """Say what ``bring_in`` would do, writing nothing."""
    (course,) = library.of("course")
    own = CoursePage.objects.filter(identity=course.identity).first()
    now, wanted = _as_it_stands(own), _homes(course)
    moved = {one for one, home in wanted.items() if one in now and now[one][1] != home}
    stays = own is not None and own.live
    pages = [_step(entry, now, is_moved=entry.identity in moved and not stays) for entry in pages_of(library)]
    return Foreseen(
        title=course.title,
        slug=course.slug,
        identity=course.identity or UUID(int=0),
        known_as=own.title if own else "",
        steps=(*_snippet_steps(library), *pages),
        left=tuple(entry.title for identity, (entry, _) in now.items() if identity not in wanted),
        apart=tuple(now[one][0].title for one in wanted if one in moved and stays),
    )


def _homes(course: Entry) -> dict[UUID | None, UUID | None]:
    """The identity of each page of a course, with that of the page it stands in."""
    modules = {module.identity: course.identity for module in course.children}
    lessons = {lesson.identity: module.identity for module in course.children for lesson in module.children}
    return {course.identity: None, **modules, **lessons}


def _as_it_stands(own: CoursePage | None) -> dict[UUID | None, tuple[Entry, UUID | None]]:
    """Each page of the course here as its file would say it, drafts as they are, with the page it stands in."""
    if own is None:
        return {}
    (course,) = bundle(own, drafts=True).library.of("course")
    homes = _homes(course)
    entries = [course, *(one for module in course.children for one in (module, *module.children))]
    return {entry.identity: (entry, homes[entry.identity]) for entry in entries}


def _snippet_steps(library: Library) -> Iterator[Step]:
    for kind in BESIDE:
        slugs = {entry.slug for entry in library.of(kind)}
        here = packages.here(slugs) if kind == PACKAGE else _slugs(kind)
        for entry in library.of(kind):
            yield Step(kind, entry.title, entry.path, HERE if entry.slug in here else NEW)


def _slugs(kind: str) -> set[str]:
    return set(SNIPPETS[kind].objects.values_list("slug", flat=True))


def _step(entry: Entry, now: dict[UUID | None, tuple[Entry, UUID | None]], *, is_moved: bool) -> Step:
    standing = now.get(entry.identity)
    deed = NEW
    if standing is not None:
        deed = CHANGED if is_moved or _as_text(entry) != _as_text(standing[0]) else SAME
    return Step(entry.kind, entry.title, entry.path, deed)


def _as_text(entry: Entry) -> tuple[str, str]:
    """Everything that an entry says, in one form whoever wrote it."""
    links = {**entry.links, "topics": sorted(entry.links.get("topics", []))}
    told = Entry(entry.kind, entry.slug, "", entry.key, entry.identity, entry.fields, links, entry.body)
    return entry.slug, text_of(told, {digest: digest for digest in entry.media})


def bring_in(library: Library, *, by: Any = None, home: int | None = None) -> Foreseen:
    """Write a shared course as drafts: all of it or, when anything is refused, nothing. Say what was done.

    What is new is not on the site yet, and what is changed waits beside what people read now. Topics, trainers and
    facts that are here stay as they are, and so do packages. by: who does it. home: the id of the agency whose its
    packages will be. Raises Unwritable.
    """
    made: list[Any] = []
    try:
        with transaction.atomic():
            foreseen = foresee(library)
            _Drafts(library, foreseen, made, by, home).write()
    except BaseException:
        for file in made:  # the rows are gone with the transaction, their files are not
            file.storage.delete(file.name)
        raise
    return foreseen


class _Drafts:
    """The writing of one course. made: takes the files that were put into the library, for who must take them back."""

    def __init__(self, library: Library, foreseen: Foreseen, made: list[Any], by: Any, home: int | None) -> None:
        self.library, self.made, self.by, self.home = library, made, by, home
        self.deeds = {step.path: step.deed for step in foreseen.steps}
        self.directory: Directory = {}
        self.is_live = CoursePage.objects.live().filter(identity=foreseen.identity).exists()

    def write(self) -> None:
        """Small things first, then pages in their places, then their words."""
        for entry in self.library.entries:
            if entry.kind in BESIDE and self.deeds[entry.path] == NEW:
                self._write_beside(entry)
        self._keep_files()
        self.directory = look_up()
        (course,) = self.library.of("course")
        written: list[Any] = []
        with writing.indexed_at_the_end(written):
            shelf = complete_shelves(on_new=lambda _slug, _page: None)["courses"]
            self._write(course, shelf, written)

    def _write_beside(self, entry: Entry) -> None:
        if entry.kind in SNIPPETS:
            writing.write_snippet(SNIPPETS[entry.kind], entry)
        elif room := packages.room():
            (media,) = entry.media.values()
            with naming(entry), media.path.open("rb") as opened:
                packed = packages.Packed(entry.slug, **entry.fields, file=File(opened, media.path.name))
                self.made.append(room.take(packed, home=self.home, by=self.by))

    def _keep_files(self) -> None:
        for entry in pages_of(self.library):
            for media in entry.media.values() if self.deeds[entry.path] in {NEW, CHANGED} else ():
                is_picture = media.path.suffix.lower() in PICTURES
                if row := writing.keep_as_it_is(media, is_picture=is_picture):
                    self.made.append(row.file)

    def _write(self, entry: Entry, parent: Page, written: list[Any]) -> None:
        model = PAGES[entry.kind]
        page = model.objects.filter(identity=entry.identity).first()
        with naming(entry):
            page = page or writing.add_draft(parent, model, entry, self.directory)
            if self.deeds[entry.path] in {NEW, CHANGED}:
                if page.locked:
                    raise ValidationError("An editor has locked this page here. Unlock it first.")
                writing.draft(page, entry, self.directory, by=self.by)
                if self.deeds[entry.path] == NEW:
                    page.save()  # like a draft that is begun in the editor: its row says what its revision does
                written.append(page)
        for child in entry.children:
            self._write(child, page, written)
        if not self.is_live:
            self._put_in_place(entry, page)

    def _put_in_place(self, entry: Entry, page: Any) -> None:
        """Put what a course holds under it, in the order of its files. Of a course that is read, nothing is moved."""
        if not entry.children:
            return
        rows = PAGES[entry.children[0].kind].objects
        for child in entry.children:
            writing.put_under(rows.get(identity=child.identity), page.pk)
        pks = dict(rows.child_of(page).values_list("identity", "pk"))
        writing.put_in_order(page, [pks[child.identity] for child in entry.children])
