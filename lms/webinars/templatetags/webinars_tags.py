"""What other rooms' pages show of live sessions."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils import timezone

from cms.models import WorkshopPage
from lms.accounts.access import Visitor
from lms.webinars import registers, reports, rules
from lms.webinars.models import Session, SessionPart

register = template.Library()


@register.simple_tag
def upcoming_sessions(count: int) -> list[Session]:
    """Return the next sessions of all workshops: ``{% upcoming_sessions 3 as sessions %}``."""
    return reports.upcoming(count=count, now=timezone.now())


@register.simple_tag(takes_context=True)
def sessions_of(context: Mapping[str, Any], page: WorkshopPage) -> list[reports.Row]:
    """Return the dates of a workshop as its reader sees them; in the editor's preview, as a stranger does."""
    request = context.get("request")
    viewer = None if getattr(request, "is_preview", False) else getattr(request, "user", None)
    return reports.dates_of(workshop_id=page.pk, viewer=viewer, now=timezone.now()) if page.pk else []


@register.filter
def may_be_recorded(rows: Iterable[reports.Row] | None) -> bool:
    """Whether any of the dates that are shown may be recorded."""
    return any(row.session.may_be_recorded for row in rows or [])


@register.simple_tag
def next_dates(workshop_ids: Iterable[int]) -> dict[int, Session]:
    """Return the next session of each workshop that has one, by its id: one query for a whole list."""
    return reports.next_dates(workshop_ids=workshop_ids, now=timezone.now())


@register.simple_tag
def hours_for(thing: Session | SessionPart, viewer: Visitor) -> str:
    """Say when a session or a part of one is: "7:30pm to 9pm", with the viewer's own clock beside it if it differs."""
    part = thing.parts.all()[0] if isinstance(thing, Session) else thing
    zone = part.session.zone
    own = str(getattr(viewer, "time_zone", "") or "Europe/London")
    elsewhere = rules.said_elsewhere(part.starts_at, part.ends_at, zone=zone, own=own)
    return f"{part.hours}, {rules.said_zone(zone)}. For you: {elsewhere}" if elsewhere else part.hours


@register.simple_tag
def choice_of(line: registers.Line, typed: Mapping[int, str]) -> str:
    """Return the mark to show as chosen: what was just typed, else what is kept."""
    return typed.get(line.booking.pk) or line.verdict
