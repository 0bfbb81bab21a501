"""What pages of the desk say of sessions."""

from django import template

from lms.accounts.access import Visitor
from lms.webinars.forms.dates import Unit

register = template.Library()


@register.simple_tag
def elsewhere(unit: Unit, viewer: Visitor) -> str:
    """Say when planned dates begin by the viewer's own clock, where it shows something else."""
    return unit.elsewhere(str(getattr(viewer, "time_zone", "")))
