"""What there is to learn, as light rows: what lists and search show of courses, workshops, lessons and cards.

Read with a fixed number of queries, however much there is; no page object is made and no long text is loaded.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import CharField, Count, Exists, ExpressionWrapper, F, Min, OuterRef, QuerySet, Sum
from django.db.models.functions import Substr
from modelcluster.queryset import FakeQuerySet
from wagtail.models import Page, PageViewRestriction

from cms import keeping
from cms.models import (
    CardPage,
    CoursePage,
    LeadersPage,
    LessonPage,
    ModulePage,
    ResourcePage,
    Topic,
    TopicPage,
    WorkshopPage,
)

COURSE_DEPTH = 4  # root, home, catalogue, course
COURSE, WORKSHOP, LESSON, CARD, RESOURCE = "course", "workshop", "lesson", "card", "resource"


@dataclass(frozen=True)
class Patch:
    """A topic as lists show it: its words, its colour and its weave."""

    slug: str
    title: str
    summary: str
    dye: str
    weave: str
    order: int = 0
    url: str = ""


@dataclass(frozen=True)
class Entry:
    """One thing on the shelf. minutes: of the whole of it. shortest: of its shortest lesson, 0 if it has none."""

    id: int
    kind: str
    title: str
    summary: str
    path: str
    url: str
    ages: tuple[str, ...] = ()
    note: str = ""
    open_to: str = "everyone"
    minutes: int = 0
    lessons: int = 0
    shortest: int = 0
    within: str = ""
    topics: tuple[Patch, ...] = field(default=(), compare=False)

    @property
    def patch(self) -> Patch | None:
        """The first topic, which gives the card its colour."""
        return self.topics[0] if self.topics else None


def public_url(url_path: str) -> str:
    """Return where a page is found: its path in the tree without the site's root page.

    A page that is just being made, and has no place yet, would be found at the front page.
    """
    return "/" + "".join(url_path.split("/", 2)[2:])


def for_everybody(pages: QuerySet[Any]) -> QuerySet[Any]:
    """Keep pages that are published and lie in no restricted part of the tree; costs no query of its own."""
    if isinstance(pages, FakeQuerySet):  # what was chosen in an editor's form and is not in the database yet
        pages = pages.model.objects.filter(pk__in=[page.pk for page in pages])
    asked = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    closed = PageViewRestriction.objects.annotate(asked=asked).filter(asked__startswith=F("page__path"))
    return pages.filter(~Exists(closed), live=True)


_TOPIC = ("topics__slug", "topics__title", "topics__summary", "topics__dye", "topics__weave", "topics__order")
_COMMON = ("pk", "title", "summary", "path", "url_path", "ages", "content_note")


def _with_topics(rows: Iterable[tuple[Any, ...]], *, kind: str, extra: str) -> list[Entry]:
    """Make one entry of the rows of each page: there is a row for each of its topics."""
    entries: dict[int, Entry] = {}
    for pk, title, summary, path, url_path, ages, note, more, *topic in rows:
        if pk not in entries:
            entries[pk] = Entry(
                pk, kind, title, summary, path, public_url(url_path), tuple(ages), note, **{extra: more}
            )
        if topic[0]:
            entries[pk] = replace(entries[pk], topics=(*entries[pk].topics, Patch(*topic)))
    return list(entries.values())


def _courses() -> list[Entry]:
    pages = for_everybody(CoursePage.objects).order_by("path", "topics__order")
    found = _with_topics(pages.values_list(*_COMMON, "open_to", *_TOPIC), kind=COURSE, extra="open_to")
    lengths = _lengths() if found else {}
    return [_with_length(entry, *lengths.get(entry.path, (0, 0, 0))) for entry in found]


def _with_length(entry: Entry, minutes: int, shortest: int, lessons: int) -> Entry:
    return replace(entry, minutes=minutes, shortest=shortest, lessons=lessons)


def _lengths() -> dict[str, tuple[int, int, int]]:
    """Return minutes, the shortest lesson's, and the number of lessons of every course, by its place in the tree."""
    lessons = LessonPage.objects.live().order_by()
    by_course = lessons.annotate(course=Substr("path", 1, COURSE_DEPTH * Page.steplen)).values("course")
    rows = by_course.annotate(total=Sum("minutes"), shortest=Min("minutes"), count=Count("pk"))
    numbers = rows.values_list("course", "total", "shortest", "count")
    return {place: (total, shortest, count) for place, total, shortest, count in numbers}


def _workshops() -> list[Entry]:
    pages = for_everybody(WorkshopPage.objects).order_by("path", "topics__order")
    return _with_topics(pages.values_list(*_COMMON, "minutes", *_TOPIC), kind=WORKSHOP, extra="minutes")


def entries() -> list[Entry]:
    """Return all courses and workshops in the order of the tree, courses first. Three queries, or none."""
    return keeping.remember("shelf", lambda: [*_courses(), *_workshops()])


def cards() -> list[Entry]:
    """Return the cards for right now, in their own order. One query, or none."""
    return keeping.remember("cards", _cards)


def _cards() -> list[Entry]:
    pages = for_everybody(CardPage.objects).order_by("order", "path", "topics__order")
    rows = pages.values_list("pk", "title", "introduction", "path", "url_path", "content_note", "sensitive", *_TOPIC)
    shaped = ((pk, title, text, path, url, (), note, 0, *topic) for pk, title, text, path, url, note, _, *topic in rows)
    return _with_topics(shaped, kind=CARD, extra="minutes")


def resources() -> list[Entry]:
    """Return the books, guides and services that have a page of their own. One query, or none."""
    return keeping.remember("resources", _resources)


def _resources() -> list[Entry]:
    pages = for_everybody(ResourcePage.objects).order_by("title", "topics__order")
    rows = pages.values_list("pk", "title", "summary", "path", "url_path", *_TOPIC)
    shaped = ((pk, title, text, path, url, (), "", 0, *topic) for pk, title, text, path, url, *topic in rows)
    return _with_topics(shaped, kind=RESOURCE, extra="minutes")


def lessons(ids: Iterable[int]) -> list[Entry]:
    """Return these lessons as entries that know their course; one query and those of ``entries``."""
    courses = {entry.path: entry for entry in entries() if entry.kind == COURSE}
    pages = for_everybody(LessonPage.objects).filter(pk__in=list(ids))
    rows = pages.values_list("pk", "title", "summary", "path", "url_path", "content_note", "minutes")
    return [
        Entry(pk, LESSON, title, summary, path, public_url(url_path), course.ages, note, course.open_to, minutes,
              within=course.title, topics=course.topics)
        for pk, title, summary, path, url_path, note, minutes in rows
        if (course := courses.get(path[: COURSE_DEPTH * Page.steplen]))
    ]  # fmt: skip


def topics() -> list[Patch]:
    """Return all topics in their order, each with its page, or the catalogue's answer where it has none. One query."""
    return keeping.remember("topics", _topics)


def _topics() -> list[Patch]:
    rows = Topic.objects.select_related("page")
    return [Patch(row.slug, row.title, row.summary, row.dye, row.weave, row.order, _topic_url(row)) for row in rows]


def _topic_url(topic: Topic) -> str:
    page: TopicPage | None = getattr(topic, "page", None)
    return public_url(page.url_path) if page and page.live else f"/courses/?topic={topic.slug}"


def topics_in_use() -> list[Patch]:
    """Return the topics that some course or workshop is about. No query beyond those of ``entries``."""
    used = {patch.slug: patch for entry in entries() for patch in entry.topics}
    return sorted(used.values(), key=lambda patch: (patch.order, patch.title))


def public_pages() -> list[tuple[str, date | None]]:
    """Return the address of each page that search engines may list, and when it was last published."""
    ours = Page.objects.not_exact_type(Page).not_type(LessonPage, ModulePage, LeadersPage)
    pages = for_everybody(ours).order_by("path")
    rows = pages.values_list("url_path", "last_published_at")
    return [(public_url(url_path), at.date() if at else None) for url_path, at in rows]
