"""How a time is said to its reader."""

from django import template

from lms.accounts.access import Visitor
from lms.consultations.models import Slot
from lms.webinars import rules as saying

register = template.Library()


@register.simple_tag
def elsewhere(slot: Slot, viewer: Visitor) -> str:
    """Say the same time by the viewer's own clock, where it differs; else nothing."""
    own = str(getattr(viewer, "time_zone", "") or "Europe/London")
    return saying.said_elsewhere(slot.starts_at, slot.ends_at, zone=slot.surgery.zone, own=own)
