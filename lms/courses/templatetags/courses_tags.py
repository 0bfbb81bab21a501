"""What templates ask of courses: how far the reader is, and what each block of a lesson shows to this reader."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django import template
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cms import shelf, wording
from cms.models import CoursePage, LessonPage, Topic
from lms.accounts.models import User
from lms.common import crypto
from lms.courses import asking, thread
from lms.courses.asking import (
    BankShown,
    BoxShown,
    Learning,
    MediaShown,
    NoticeShown,
    PackageShown,
    PlanShown,
    QuestionShown,
    ScenarioShown,
    WorkshopShown,
)
from lms.courses.progress import Progress, begun_words
from lms.courses.whose import whose

register = template.Library()
Context = Mapping[str, Any]


@register.simple_tag(takes_context=True)
def my_progress(context: Context) -> dict[int, str]:
    """Return what to say of the reader's courses, by the id of the course's page; one query, none for strangers."""
    user = context.get("user")
    return begun_words(user) if user is not None and user.is_authenticated else {}


@register.filter
def at_page(progress: Mapping[int, str], page_id: int) -> str:
    """Return what ``my_progress`` says of the course with this page: "You're on lesson 4", or nothing."""
    return progress.get(page_id, "")


def _learning(context: Context) -> Learning | None:
    learning: Learning | None = context.get("learning")
    return learning


def _asked(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET if request else QueryDict()


@register.simple_tag(takes_context=True)
def question_shown(context: Context, value: Any) -> QuestionShown:
    """Return a question block as this reader sees it."""
    return asking.question(value, _learning(context), _asked(context))


@register.simple_tag(takes_context=True)
def bank_shown(context: Context, value: Any) -> BankShown:
    """Return a bank of questions as this reader has it."""
    return asking.bank(value, _learning(context))


@register.simple_tag(takes_context=True)
def scenario_shown(context: Context, value: Any) -> ScenarioShown | None:
    """Return a scenario block at the reader's card."""
    return asking.scenario(value, _learning(context), _asked(context))


@register.simple_tag(takes_context=True)
def box_shown(context: Context, item: Any, number: int, prompt: str) -> BoxShown:
    """Return a box for private writing with what its owner wrote."""
    return asking.box(item, number, prompt, _learning(context))


@register.simple_tag(takes_context=True)
def plan_shown(context: Context, value: Any) -> PlanShown:
    """Return an action plan with what its owner wrote."""
    return asking.plan(value, _learning(context))


@register.simple_tag(takes_context=True)
def package_shown(context: Context, value: Any) -> PackageShown:
    """Return a package as this reader has it."""
    return asking.package(value, _learning(context))


@register.simple_tag(takes_context=True)
def workshop_shown(context: Context, value: Any) -> WorkshopShown:
    """Return a live workshop as this reader has it."""
    return asking.workshop(value, _learning(context))


@register.simple_tag(takes_context=True)
def media_shown(context: Context, value: Any, kind: str) -> MediaShown:
    """Return a video or an audio as this reader has it."""
    return asking.media(value, kind, _learning(context))


@register.simple_tag(takes_context=True)
def notice_shown(context: Context, value: Any) -> NoticeShown:
    """Return what a content notice holds, and whether it was asked for or left out."""
    request = context.get("request")
    is_draft = bool(getattr(request, "is_preview", False))
    here = request.path if request else ""
    in_place = not is_draft and not getattr(context.get("user"), "content_notices", True)
    return asking.notice(value, _learning(context), _asked(context), here=here, is_draft=is_draft, in_place=in_place)


@register.filter
def has_notice(page: LessonPage) -> bool:
    """Whether some part of a lesson stands behind a content notice, and can be left out."""
    return any(block.block_type == "notice" for block in page.body)


@register.simple_tag
def action(learning: Learning | None, name: str, item: Any = "") -> str:
    """Return where a form of a lesson is sent; nothing in a preview, where forms go nowhere."""
    return learning.action(name, str(item)) if learning else ""


@register.simple_tag(takes_context=True)
def signed_by(context: Context) -> SafeString:
    """Say in a form whose it is, so that after the session's end it finds its writer again."""
    user = context.get("user")
    if not isinstance(user, User):
        return SafeString("")
    return format_html('<input type="hidden" name="whose" value="{}">', whose(user))


@register.simple_tag(takes_context=True)
def lock_for_phones(context: Context) -> SafeString:
    """Say with what a page locks what waits on this device, and whose it is."""
    return format_html(' data-whose="{}" data-lock="{}"', whose(context["user"]), crypto.public_lock())


Made = TypeVar("Made")
PERSONAL = frozenset(
    {"question", "bank", "scenario", "reflection", "action_plan", "notice", "package", "video", "audio", "workshop"}
)


def _once(thing: Any, name: str, make: Callable[[], Made]) -> Made:
    """Return what was made of a page or a block of it: a page that is kept for its readers keeps this too."""
    made: dict[str, Made] = vars(thing).setdefault("made_of_it", {})
    if name not in made:
        made[name] = make()
    return made[name]


@register.simple_tag(takes_context=True)
def passage(context: template.Context, block: Any) -> SafeString:
    """Show a block of the page. What only is read looks the same to every reader, and is drawn once."""

    def draw() -> SafeString:
        return SafeString(block.render_as_block(context.flatten()))

    if block.block_type in PERSONAL:
        return draw()
    return _once(block, "drawn", draw)


@register.simple_tag
def first_topic(page: CoursePage) -> Topic | None:
    """Return the topic that gives a course its colour; one query, once."""
    return _once(page, "topic", page.topics.first)


@register.simple_tag
def finish_first(page: CoursePage) -> list[tuple[str, str]]:
    """Return title and address of the courses that must be finished before this one; one query, once."""

    def read() -> list[tuple[str, str]]:
        found = shelf.for_everybody(page.after.all()).order_by("path").values_list("title", "url_path")
        return [(title, shelf.public_url(url_path)) for title, url_path in found]

    return _once(page, "after", read)


@register.simple_tag
def linked_workshops(page: CoursePage) -> list[tuple[str, str]]:
    """Return title and address of the published workshops that go with a course; one query, once."""

    def read() -> list[tuple[str, str]]:
        found = shelf.for_everybody(page.linked_workshops.all()).order_by("path").values_list("title", "url_path")
        return [(title, shelf.public_url(url_path)) for title, url_path in found]

    return _once(page, "workshops", read)


@register.simple_tag
def outline(progress: Progress, here: str = "") -> SafeString:
    """Draw all lessons of a course as a thread. here: the id of the lesson that is open."""
    return thread.draw(progress, here=here)


@register.filter
def roughly(minutes: int) -> str:
    """Say a sum of many short lengths as people say it."""
    return wording.roughly(minutes)
