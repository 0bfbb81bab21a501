"""What a course asks, read from its live pages: plain data that the learning records are compiled from.

``lms.courses`` turns this into an immutable version; nothing here knows that anybody learns.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from wagtail.models import Page

from cms import items
from cms.models import CoursePage, LessonPage, ModulePage
from cms.shelf import public_url


@dataclass(frozen=True)
class Item:
    """One thing a learner does in a lesson.

    kind: question, bank, reflection, scenario, plan, video, audio, package or workshop. title: of a reflection, its
    whole prompt.
    answer: what only the server may know. For questions ``{"kind", "right": [option ids, of an order question in the
    right order], "feedback": {option id: text}, "otherwise": text, "options": [option ids], "words": {option id:
    text}}``, for order and match questions ``"when_right": text`` besides, and for the latter ``"goes_with": {option
    id: text}``; for banks ``{"show", "pass_mark", "attempts", "minutes", "questions": {id: as for a question, with
    "prompt": text besides}}``, the two limits None where there is none; for scenarios
    ``{"endings": [card names]}``; for plans ``{"boxes": [the words of each box]}``; for packages
    ``{"package": its uuid}``; for videos and audios ``{"minutes"}``; for workshops ``{"workshop": its page's id}``.
    """

    id: UUID
    kind: str
    title: str
    required: bool
    answer: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Lesson:
    """One page of a course. Reading it is itself an item, with the lesson's id. path: like ``/courses/a/b/c/``."""

    id: UUID
    title: str
    slug: str
    path: str
    minutes: int
    content_note: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Module:
    """A part of a course. A skippable one is never required."""

    id: UUID
    title: str
    slug: str
    summary: str
    skippable: bool
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True)
class Outline:
    """A whole course as it is published now. after: the courses that must be finished first.

    finish: ``all`` of it, ``any`` lessons, as many as ``finish_needed`` says, or all with a pass ``mark`` of so many
    per cent.
    """

    id: UUID
    page_id: int
    slug: str
    title: str
    neutral_title: str
    open_to: str
    modules: tuple[Module, ...]
    in_order: bool = False
    after: tuple[UUID, ...] = ()
    finish: str = "all"
    finish_needed: int = 0


REQUIRED = frozenset({"question", "bank", "package", "video", "audio", "workshop"})
_UNREAD = ("sources", "search_description", "key", "nation")


def read_course(page: CoursePage, *, instead: Page | None = None) -> Outline:
    """Read what ``page`` asks as it is published, in three queries whatever its size.

    instead: a draft of a page of the course, read as if it were published too.

    Required are reading each lesson and all in it that is answered, passed, watched, heard, gone through or gone to, in
    modules that may not be left out. Modules and lessons that are not published are not there, nor are lessons of a
    module that is not.
    """
    below = {"live": True, "path__startswith": page.path}
    modules = ModulePage.objects.filter(**below, depth=page.depth + 1).order_by("path")
    found = LessonPage.objects.filter(**below, depth=page.depth + 2).order_by("path").defer(*_UNREAD)
    said = instead if isinstance(instead, CoursePage) else page
    lessons: dict[str, list[LessonPage]] = defaultdict(list)
    for lesson in _with_draft(found, instead):
        lessons[lesson.path[: -lesson.steplen]].append(lesson)
    return Outline(
        id=page.identity,
        page_id=page.pk,
        slug=said.slug,
        title=said.title,
        neutral_title=said.neutral_title,
        open_to=said.open_to,
        modules=tuple(_module(module, lessons[module.path]) for module in _with_draft(modules, instead)),
        in_order=said.in_order,
        after=tuple(course.identity for course in said.after.all()),
        finish=said.finish,
        finish_needed=said.finish_needed or 0,
    )


def _with_draft(pages: QuerySet[Any], draft: Page | None) -> list[Any]:
    """Put a draft in the place of what it is a draft of, or where it will stand."""
    if not isinstance(draft, pages.model):
        return list(pages)
    others = [page for page in pages if page.pk != draft.pk]
    return sorted([*others, draft], key=lambda page: str(page.path))


def _module(page: ModulePage, lessons: Iterable[LessonPage]) -> Module:
    return Module(
        id=page.identity,
        title=page.title,
        slug=page.slug,
        summary=page.summary,
        skippable=page.skippable,
        lessons=tuple(_lesson(lesson, asked=not page.skippable) for lesson in lessons),
    )


def _lesson(page: LessonPage, *, asked: bool) -> Lesson:
    # The raw body is enough, and costs no look at the documents, pictures and facts that its blocks show.
    raw = page.body.get_prep_value()
    return Lesson(
        id=page.identity,
        title=page.title,
        slug=page.slug,
        path=public_url(page.url_path),
        minutes=page.minutes,
        content_note=page.content_note,
        items=tuple(_item(block, asked=asked) for block in items.items_in(raw)),
    )


def _item(block: items.Raw, *, asked: bool) -> Item:
    kind, value = items.KINDS[block["type"]], block["value"]
    return Item(
        id=UUID(value["item_id"]),
        kind=kind,
        title=value.get("prompt") or value.get("title") or "",
        required=asked and kind in REQUIRED,
        answer=_ANSWERS[kind](value) if kind in _ANSWERS else {},
    )


def _question(value: dict[str, Any]) -> dict[str, Any]:
    options = [(option["id"], option["value"]) for option in value["options"] if value["kind"] != "text"]
    ids = [id_ for id_, _ in options]
    in_full = value["kind"] in {"order", "match"}
    answer: dict[str, Any] = {
        "kind": value["kind"],
        "right": ids if in_full else [id_ for id_, option in options if option["right"]],
        "feedback": {id_: option["feedback"] for id_, option in options if option["feedback"]},
        "otherwise": value.get("otherwise") or "",
        "options": ids,
        "words": {id_: option["text"] for id_, option in options},
    }
    if in_full:
        answer["when_right"] = value.get("when_right") or ""
    if value["kind"] == "match":
        answer["goes_with"] = {id_: option["goes_with"] for id_, option in options}
    return answer


def _bank(value: dict[str, Any]) -> dict[str, Any]:
    limits = {name: value.get(name) for name in ("show", "pass_mark", "attempts", "minutes")}
    return {**limits, "questions": {entry["id"]: _bank_question(entry["value"]) for entry in value["questions"]}}


def _bank_question(value: dict[str, Any]) -> dict[str, Any]:
    return {**_question(value), "prompt": value["prompt"]}


def _scenario(value: dict[str, Any]) -> dict[str, Any]:
    cards = [card["value"] for card in value["cards"]]
    return {"endings": [card["name"] for card in cards if not card["choices"]]}


def _plan(value: dict[str, Any]) -> dict[str, Any]:
    return {"boxes": [box["value"] for box in value["boxes"]]}


_ANSWERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "question": _question,
    "bank": _bank,
    "scenario": _scenario,
    "plan": _plan,
    "package": lambda value: {"package": value["package"]},
    "video": lambda value: {"minutes": value["minutes"]},
    "audio": lambda value: {"minutes": value["minutes"]},
    "workshop": lambda value: {"workshop": value["workshop"]},
}
