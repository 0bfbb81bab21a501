"""How the blocks of a lesson stand in its copy for a phone without a connection."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from lms.courses import asking
from lms.courses.models import Course

register = template.Library()

READ = frozenset(
    {
        *("text", "key_point", "example", "try_steps", "contested", "unknown", "pause", "fact", "nation"),
        *("resource", "download"),
    }
)
DRAWN: Mapping[str, str] = {
    "question": "question",
    "reflection": "reflection",
    "action_plan": "plan",
    "notice": "notice",
    "video": "transcript",
    "audio": "transcript",
}


@register.simple_tag
def copied(block: Any, course: Course, notices: bool) -> SafeString:
    """Show a block: what is read as it is, what can wait for a connection as a form, and of all else that it is there.

    A notice stands without what is behind it: nobody opens that by mistake where no help can be reached. For who wants
    no ``notices`` the part is there in its place.
    """
    if block.block_type in READ:
        return SafeString(block.render_as_block({}))
    name = DRAWN.get(block.block_type, "elsewhere")
    known = {"value": block.value, "course": course, "notices": notices}
    return SafeString(render_to_string(f"courses/copy/{name}.html", known))


@register.simple_tag
def question_copied(value: Any) -> asking.QuestionShown:
    """Return a question as somebody sees it who has not answered: nothing of its key is in it."""
    return asking.question(value, None, QueryDict())


@register.simple_tag
def asked_behind(value: Any) -> list[str]:
    """Return the items behind a content notice that count."""
    return [str(block.value["item_id"]) for block in value["body"] if block.block_type in asking.DOING]


@register.simple_tag
def learn(course: Course, name: str, item: Any = "") -> str:
    """Return where a form of the course is sent."""
    return reverse(f"courses:{name}", args=[course.identity, item] if item else [course.identity])
