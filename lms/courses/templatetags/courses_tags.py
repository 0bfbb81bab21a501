"""What templates ask of courses: how far the reader is, and what each block of a lesson shows to this reader."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.http import QueryDict

from cms import shelf, wording
from cms.models import CoursePage
from lms.courses import asking
from lms.courses.asking import BoxShown, Learning, NoticeShown, PlanShown, QuestionShown, ScenarioShown
from lms.courses.progress import begun_words

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
def notice_shown(context: Context, value: Any) -> NoticeShown:
    """Return what a content notice holds and whether it was left out."""
    return asking.notice(value, _learning(context), _asked(context))


@register.simple_tag
def action(learning: Learning | None, name: str, item: Any = "") -> str:
    """Return where a form of a lesson is sent; nothing in a preview, where forms go nowhere."""
    return learning.action(name, str(item)) if learning else ""


@register.simple_tag
def linked_workshops(page: CoursePage) -> list[tuple[str, str]]:
    """Return title and address of the published workshops that go with a course; one query."""
    found = shelf.for_everybody(page.linked_workshops.all()).order_by("path").values_list("title", "url_path")
    return [(title, shelf.public_url(url_path)) for title, url_path in found]


@register.filter
def roughly(minutes: int) -> str:
    """Say a sum of many short lengths as people say it."""
    return wording.roughly(minutes)
