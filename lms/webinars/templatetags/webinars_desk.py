"""What pages of the desk say of sessions."""

from typing import Any

from django import template

from lms.webinars.forms.dates import Unit

register = template.Library()


@register.simple_tag
def elsewhere(unit: Unit, viewer: Any) -> str:
    """Say when planned dates begin by the viewer's own clock, where it shows something else."""
    return unit.elsewhere(str(getattr(viewer, "time_zone", "")))
