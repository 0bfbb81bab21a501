"""The parts that pages are made of: drawings, form fields, notices, folds, and plain text as paragraphs.

A builtin library: templates use these tags without loading anything. Parts that need no body of their own are
plain includes from ``templates/components/``.
"""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, Field, Form, RadioSelect, Select
from django.template.loader import get_template, render_to_string
from django.utils.formats import date_format
from django.utils.html import linebreaks
from django.utils.safestring import SafeString

from lms.common.html import sanitise

register = template.Library()

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
FULL_TURN = 360  # degrees
MOST_STITCHES = 40  # more of them would be a blur: then the ring is one thread
TONE_ICONS = {"good": "check", "note": "info", "lamp": "lamp", "care": "thread"}


@lru_cache(maxsize=256)
def _drawing(path: str) -> SafeString:
    return SafeString(get_template(path).render())


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon from ``templates/icons``. It is decoration: a word always stands beside it."""
    return _drawing(f"icons/{name}.svg")


@register.simple_tag
def art(name: str) -> SafeString:
    """Draw a picture from ``templates/art``. It is decoration too."""
    return _drawing(f"art/{name}.svg")


@register.filter
def paragraphs(text: str) -> SafeString:
    """Show somebody's plain text: an empty line begins a paragraph, a line break stays one."""
    return sanitise(linebreaks(str(text), autoescape=True))


@register.filter
def lines(text: str) -> list[str]:
    """Split a "one a line" text into its lines, without the empty ones."""
    return [line.strip() for line in str(text).splitlines() if line.strip()]


@register.filter
def field_words(name: str) -> str:
    """Say the name of a form field as words, for who sees it without its label."""
    return str(name).replace("-", " ").replace("_", " ").strip().capitalize()


@register.filter
def number_word(count: int) -> str:
    """Say a small number as a word that begins a sentence."""
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else str(count)


@register.filter
def share(done: int, total: int) -> int:
    """Return ``done`` of ``total`` in steps of five per cent: 0 only for nothing, 100 only for everything."""
    if total <= 0 or done <= 0:
        return 0
    if done >= total:
        return 100
    return min(95, max(5, round(done * 20 / total) * 5))


@register.simple_tag(takes_context=True)
def here(context: dict[str, Any], path: str) -> SafeString | str:
    """Mark a menu link: this page itself, or the part of the site that this page is in."""
    request = context.get("request")
    now_at = request.path if request else ""
    if now_at == path:
        return SafeString(' aria-current="page"')
    inside = path != "/" and now_at.startswith(path)
    return SafeString(' aria-current="true"') if inside else ""


# The links of the menus: which of them a page belongs to is all that the frame knows of an address.
MENU = ("/", "/my/", "/courses/", "/workshops/", "/talk/", "/desk/", "/accounts/login/")


@register.simple_tag(takes_context=True)
def frame(context: dict[str, Any], name: str) -> SafeString:
    """Draw a part of what stands around every page: once for each brand, kind of reader and place in the menu.

    Such a part says nothing of one person and holds no form.
    """
    shown = {key: context.get(key) for key in ("brand", "user", "at_desk", "may_write", "request")}
    is_known = bool(getattr(shown["user"], "is_authenticated", False))
    kind = (name, is_known, bool(shown["at_desk"]), bool(shown["may_write"]), *(here(context, at) for at in MENU))
    drawn: dict[tuple[object, ...], SafeString] = getattr(shown["brand"], "drawn", {})
    if kind not in drawn:
        drawn[kind] = render_to_string(f"components/{name}.html", shown)
    return drawn[kind]


@register.simple_tag
def address(path: str) -> str:
    """Return the whole address of a path of ours, for e-mail and paper."""
    return f"{settings.LMS_BASE_URL.rstrip('/')}{path}"


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, **options: Any) -> dict[str, Any]:
    """Ask for something: label above, hint before the box, and what to do about a problem.

    label, hint: other words than the form's own. rows: height of a text area. ruled: writing lines.
    slots: show choices side by side.
    """
    words = {"label": bound.label, "hint": bound.help_text, **options}
    ids = [f"{bound.auto_id}_helptext"] if words["hint"] else []
    ids += [f"{bound.auto_id}_error"] if bound.errors else []
    attrs = {"rows": options.get("rows"), "aria-describedby": " ".join(ids)}
    attrs["class"] = "ruled" if options.get("ruled") else None
    return {
        **words,
        "field": bound,
        "kind": _kind(bound),
        "described_by": " ".join(ids),
        "control": _control(bound, attrs),
    }


def _control(bound: BoundField, attrs: dict[str, Any]) -> SafeString:
    """Draw the bare box. A placeholder would vanish when somebody types, and the label says it already."""
    bound.field.widget.attrs.pop("placeholder", None)
    return bound.as_widget(attrs={name: value for name, value in attrs.items() if value})


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "tick"
    return "select" if isinstance(widget, Select) else "line"


@register.filter
def problems(bound: BoundField) -> list[str]:
    """Say what to do about each problem of a field; one that is only empty is asked for by name."""
    return [_words(bound, error) for error in bound.errors.as_data()]


def _words(bound: BoundField, error: ValidationError) -> str:
    if error.code != "required" or error.message != Field.default_error_messages["required"]:
        return " ".join(error.messages)
    return f"{'Choose one for' if _kind(bound) in ('choices', 'select') else 'Fill in'} “{bound.label}”"


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Form, *, focus: bool = True) -> dict[str, Any]:
    """Say at the top of a form what to look at again, with a link to each place. focus: begin reading here."""
    found = [(bound, words) for bound in form.visible_fields() for words in problems(bound)]
    general = list(form.non_field_errors()) if form.is_bound else []
    return {"problems": found, "general": general, "count": len(found) + len(general), "focus": focus}


@register.filter(expects_localtime=True)
def clock(moment: datetime) -> str:
    """Say a time of day as people do: 7:30pm, 10am."""
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


@register.filter(expects_localtime=True)
def day(moment: date) -> str:
    """Say a day as people do: Thursday 12 March."""
    return date_format(moment, "l j F")


@register.filter(expects_localtime=True)
def day_of_year(moment: date) -> str:
    """Say a day that may lie far off: 12 March 2026."""
    return date_format(moment, "j F Y")


@register.inclusion_tag("components/ring.html")
def ring(done: int, total: int, unit: str = "lessons") -> dict[str, Any]:
    """Show progress as stitches round a ring, one for each of ``total``; the words inside say the same."""
    each = FULL_TURN / max(total, 1)
    gap = min(8, each / 4) if 1 < total <= MOST_STITCHES else 0
    stitch = f"{each - gap:g} {gap:g} "
    shown = min(done, total)
    so_far = stitch * max(shown - 1, 0) + f"{each - gap:g} {FULL_TURN}" if gap else f"{each * shown:g} {FULL_TURN}"
    return {"done": shown, "total": total, "unit": unit, "length": FULL_TURN, "all": stitch, "so_far": so_far}


@register.inclusion_tag("components/steps.html")
def steps(done: list[bool], at: int, where: str = "") -> dict[str, Any]:
    """Show where a lesson stands. done: for each lesson in order, whether it is finished. at: counts from 1.

    where: what is counted, in words, if it is not the whole course.
    """
    states = ["now" if n == at else "done" if is_done else "" for n, is_done in enumerate(done, start=1)]
    finished = sum(done)
    return {"states": states, "at": at, "total": len(done), "finished": finished, "where": where}


@register.simple_block_tag
def notice(content: str, tone: str = "note", heading: str = "", **options: Any) -> SafeString:
    """Something to know. tone: good, note, lamp (heads up) or care (needs you).

    icon: another drawing. level: 2 or 3, the heading's. role: "status" only where it appears after an action.
    """
    drawing = options.pop("icon", "") or TONE_ICONS[tone]
    parts = {"tone": tone, "heading": heading, "icon": drawing, "body": content, "level": 3, **options}
    return render_to_string("components/notice.html", parts)


@register.simple_block_tag
def fold(content: str, summary: str, **options: Any) -> SafeString:
    """Something to open. is_open, boxed: how it stands there. kind: further classes."""
    return render_to_string("components/fold.html", {"summary": summary, "body": content, **options})
