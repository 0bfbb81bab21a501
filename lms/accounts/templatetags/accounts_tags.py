"""Words about how somebody signs in, and about what is held of them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone

from lms.accounts.devices import device
from lms.common.templatetags.ui import clock, day_of_year, field_words

register = template.Library()
register.filter("device", device)


@register.filter
def plainly(value: Any) -> str:
    """Say what a row holds as people read it: "Yes", "12 March 2026, 7:30pm", "a, b". Nothing for nothing."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        here = timezone.localtime(value)
        return f"{day_of_year(here)}, {clock(here)}"
    if isinstance(value, date):
        return day_of_year(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{field_words(name)}: {plainly(held)}" for name, held in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(plainly, value))
    return "" if value is None else str(value)
