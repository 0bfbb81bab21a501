"""What public pages show of what there is. Templates ask, so that a page looks the same served and in the editor."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from cms import catalogue, keeping, lines, shelf, wording
from cms.lines import Line
from cms.models import CardPage
from cms.shelf import COURSE, LESSON, Entry, Patch

register = template.Library()

# How a page looks to somebody we do not know, whoever is reading.
STRANGER = {
    "user": AnonymousUser(),
    "at_desk": False,
    "may_write": False,
    "messages": (),
    "perms": {},
    "csrf_token": "",
}


class SameForEverybody(template.Node):
    """What is between the tags, drawn as for a stranger, once for each address that our own filters can make."""

    def __init__(self, inside: template.NodeList) -> None:
        self.inside = inside

    def render(self, context: template.Context) -> SafeString:
        """Draw it, or take it from memory. A preview and an address with parts we do not know are drawn anew."""
        request = context["request"]
        if getattr(request, "is_preview", False) or not set(request.GET) <= catalogue.FILTERS:
            return self._draw(context)
        key = f"part:{request.path}?{request.GET.urlencode()}"
        return keeping.remember(key, lambda: self._draw(context))

    def _draw(self, context: template.Context) -> SafeString:
        with context.push(**STRANGER):
            return self.inside.render(context)


@register.tag
def same_for_everybody(parser: template.base.Parser, _token: template.base.Token) -> SameForEverybody:
    """Mark what says the same to every reader. Between the tags nobody is signed in."""
    inside = parser.parse(("end_same_for_everybody",))
    parser.delete_first_token()
    return SameForEverybody(inside)


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


@register.simple_tag
def entry_cards(entries: Iterable[Entry], dates: Mapping[int, Any], level: int = 3) -> SafeString:
    """Draw a card for each entry. dates: the next session by the id of its workshop. level: of the headings.

    A card says the same to everybody, so it is drawn once and remembered.
    """
    drawn = (_card(entry, dates[entry.id].local_start if entry.id in dates else None, level) for entry in entries)
    return format_html_join("\n", "{}", ((card,) for card in drawn))


def _card(entry: Entry, following: datetime | None, level: int) -> SafeString:
    def draw() -> SafeString:
        words = {"entry": entry, "kind": _kind(entry), "facts": _facts(entry, following), "level": level}
        return render_to_string("cms/parts/entry.html", words)

    return keeping.remember(f"card:{entry.kind}:{entry.id}:{following}:{level}", draw)


def _kind(entry: Entry) -> str:
    return f"Lesson in {entry.within}" if entry.kind == LESSON else wording.KINDS[entry.kind]


def _facts(entry: Entry, following: datetime | None) -> list[tuple[str, str]]:
    when = f"Next: {_spoken(following)}" if following else ""
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
    words = {"verified": "For verified adopters", "approval": "Ask to join", "invited": "By invitation"}
    return words.get(entry.open_to, "")


@register.simple_tag(takes_context=True)
def everyone_to_ring(context: Mapping[str, Any]) -> list[Line]:
    """Return all numbers to ring."""
    return lines.everyone(context["brand"])


@register.simple_tag(takes_context=True)
def who_to_ring(context: Mapping[str, Any], card: CardPage) -> list[Line]:
    """Return the numbers that a card names."""
    return lines.said(card.who_to_ring.all(), context["brand"])


@register.simple_tag
def published(chosen: Any) -> list[tuple[str, str]]:
    """Return title and address of each chosen page that everybody may read, in the order of the tree; one query."""
    pages = shelf.for_everybody(chosen.all()).order_by("path").values_list("title", "url_path")
    return [(title, shelf.public_url(url_path)) for title, url_path in pages]
