"""What pages of other rooms show of reading together."""

from collections.abc import Mapping
from typing import Any

from django import template

from lms.courses.asking import Learning
from lms.partners.access import link_of
from lms.together.reports import waiting_for

register = template.Library()


@register.simple_tag(takes_context=True)
def reads_with_somebody(context: Mapping[str, Any], learning: Learning) -> bool:
    """Whether the reader of this lesson is on the course and has a partner; one query, none for who looks around."""
    return learning.is_learner and link_of(context["user"]) is not None


@register.simple_tag(takes_context=True)
def waiting_together(context: Mapping[str, Any]) -> Any:
    """The lessons that wait for the reader's own word; one query."""
    return waiting_for(context["user"])
