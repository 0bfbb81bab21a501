"""What public pages show of what there is. Templates ask, so that a page looks the same served and in the editor."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.formats import date_format
from wagtail.models import Page

from cms import catalogue, lines, shelf, wording
from cms.lines import Line
from cms.models import CardPage
from cms.shelf import COURSE, LESSON, Entry, Patch

register = template.Library()


@register.simple_tag(takes_context=True)
def catalogue_results(context: Mapping[str, Any]) -> catalogue.Results:
    """Return what the address asks the catalogue for."""
    return catalogue.look(catalogue.Wanted.read(context["request"].GET))


@register.simple_tag
def topic_list() -> list[Patch]:
    """Return all topics."""
    return shelf.topics()


@register.simple_tag
def card_list() -> list[Entry]:
    """Return all cards for right now."""
    return shelf.cards()


@register.simple_tag
def workshop_list() -> list[Entry]:
    """Return all workshops."""
    return [entry for entry in shelf.entries() if entry.kind == shelf.WORKSHOP]


@register.simple_tag
def on_topic(slug: str) -> dict[str, list[Entry]]:
    """Return what there is on a topic: ``learn``, ``cards`` and ``resources``."""

    def among(entries: Iterable[Entry]) -> list[Entry]:
        return [entry for entry in entries if any(patch.slug == slug for patch in entry.topics)]

    return {"learn": among(shelf.entries()), "cards": among(shelf.cards()), "resources": among(shelf.resources())}


@register.filter
def ids(entries: Iterable[Entry]) -> list[int]:
    """Return the ids of the pages, to ask other rooms about."""
    return [entry.id for entry in entries]


@register.filter
def place_of(page_id: int | None) -> str:
    """Return where a workshop's page is; nothing when it has none that everybody may read."""
    return next((entry.url for entry in shelf.entries() if entry.id == page_id), "")


@register.filter
def kind_of(entry: Entry) -> str:
    """Say what an entry is."""
    return f"Lesson in {entry.within}" if entry.kind == LESSON else wording.KINDS[entry.kind]


@register.simple_tag
def facts_of(entry: Entry, dates: Mapping[int, Any] | str = "") -> list[tuple[str, str]]:
    """Return what a card says below its text: icons and words. dates: the next session by the id of its workshop."""
    following = dates.get(entry.id) if isinstance(dates, Mapping) else None
    when = f"Next: {_spoken(following.local_start)}" if following else ""
    facts = [("calendar", when), ("clock", _length(entry)), ("lamp", wording.first_sentence(entry.note))]
    return [(icon, words) for icon, words in facts if words]


def _spoken(moment: datetime) -> str:
    return f"{date_format(moment, 'D j F')}, {date_format(moment, 'g:iA').lower().replace(':00', '')}"


def _length(entry: Entry) -> str:
    if entry.kind == COURSE:
        return _course_length(entry)
    return wording.lasts(entry.minutes) if entry.minutes else ""


def _course_length(entry: Entry) -> str:
    if not entry.lessons:
        return ""
    return f"{entry.lessons} lesson{'' if entry.lessons == 1 else 's'}, {wording.roughly(entry.minutes)}"


@register.filter
def openness(entry: Entry) -> str:
    """Say who a thing is for where it is not for everybody."""
    return {"verified": "For verified adopters", "invited": "By invitation"}.get(entry.open_to, "")


@register.simple_tag(takes_context=True)
def everyone_to_ring(context: Mapping[str, Any]) -> list[Line]:
    """Return all numbers to ring."""
    return lines.everyone(context["brand"])


@register.simple_tag(takes_context=True)
def who_to_ring(context: Mapping[str, Any], card: CardPage) -> list[Line]:
    """Return the numbers that a card names."""
    return lines.said(card.who_to_ring.all(), context["brand"])


@register.simple_tag
def deeper(card: CardPage) -> list[tuple[str, str]]:
    """Return where a card leads: title and address of each published page."""
    chosen = [page.pk for page in card.deeper.all()]  # in the editor's preview they are not in the database yet
    pages = shelf.for_everybody(Page.objects.filter(pk__in=chosen)).values_list("title", "url_path")
    return [(title, shelf.public_url(url_path)) for title, url_path in pages]
