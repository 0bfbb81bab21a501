"""The pages of courses at their addresses, each in one query, where Wagtail's own routing takes eight.

A published page is the same for every reader, so a process keeps it until the words change: reading its body and
making blocks of it takes longer than all else on a lesson's page. Readers of a kept page only look at it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform

from cms import items, keeping, shelf
from cms.models import CoursePage, LessonPage, ModulePage
from lms.courses.models import Course

WITH_PEOPLE = ("author", "reviewer")


def _at(pages: QuerySet[Any], *slugs: str) -> Any | None:
    """The published page at an address. A restricted one is Wagtail's to answer, and is not found here."""
    address = "/".join(["/courses", *slugs, ""])
    return keeping.remember(f"read:{address}", lambda: _read(pages, slugs[-1], address))


def _read(pages: QuerySet[Any], slug: str, address: str) -> Any | None:
    found = shelf.for_everybody(pages).filter(slug=slug, url_path__endswith=address)
    return next((page for page in found if shelf.public_url(page.url_path) == address), None)


def course_at(course: str) -> CoursePage | None:
    """The course page with this slug."""
    return _at(CoursePage.objects.select_related(*WITH_PEOPLE), course)


def module_at(course: str, module: str) -> ModulePage | None:
    """The module page with these slugs."""
    return _at(ModulePage.objects.all(), course, module)


def lesson_at(course: str, module: str, lesson: str) -> LessonPage | None:
    """The lesson page with these slugs."""
    return _at(LessonPage.objects.select_related(*WITH_PEOPLE), course, module, lesson)


def lesson_of_item(course: UUID, item: UUID) -> LessonPage | None:
    """The lesson page that an item of a course is on."""
    says = Course.objects.annotate(says=KeyTransform(str(item), "latest__items")).filter(identity=course)
    said = says.values_list("says", flat=True).first()
    pages = LessonPage.objects.select_related(*WITH_PEOPLE).live()
    return pages.filter(identity=said["lesson"]).first() if said else None


def course_slug(page: CoursePage | ModulePage | LessonPage) -> str:
    """The slug of the course that a page belongs to, read from its own address."""
    steps = {CoursePage: 2, ModulePage: 3, LessonPage: 4}
    return str(page.url_path.split("/")[-steps[type(page)]])


def behind_notices(course: Course) -> Mapping[str, str]:
    """What the content notices of a course talk about, by the items they hold; two queries, or none."""
    return keeping.remember(f"behind:{course.pk}", lambda: dict(_behind(course)))


def may_be_left_out(course: UUID, items: Iterable[UUID]) -> bool:
    """Whether all of these stand behind content notices of a course: nothing else of it is done by leaving it out."""
    found = Course.objects.only("page_id").filter(identity=course).first()
    wanted = {str(item) for item in items}
    # What this process remembers may be a moment old, and a notice may have come since.
    return found is not None and (wanted <= behind_notices(found).keys() or wanted <= dict(_behind(found)).keys())


def _behind(course: Course) -> Iterator[tuple[str, str]]:
    path = CoursePage.objects.filter(pk=course.page_id).values_list("path", flat=True).first()
    lessons = LessonPage.objects.live().filter(path__startswith=path) if path else LessonPage.objects.none()
    for body in lessons.values_list("body", flat=True):
        for block in body.get_prep_value():
            if block["type"] == "notice":
                held = items.items_in(block["value"]["body"])
                yield from ((str(one["value"]["item_id"]), str(block["value"]["about"])) for one in held)
