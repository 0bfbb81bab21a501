"""The agency's face where there is no request: in e-mail and on paper."""

from django import template

from cms.context import current
from cms.models import Brand

register = template.Library()


@register.simple_tag
def agency() -> Brand:
    """Return the name, colour and lines to ring of this installation: ``{% agency as brand %}``."""
    return current.get()
