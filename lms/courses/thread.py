"""An outline of a course drawn as a thread of lessons.

Drawn here and not in a template: it is on every lesson's page with every lesson of the course, and as a template two
hundred of them took longer than all the rest of the page.
"""

from collections.abc import Iterator
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from lms.common.templatetags.ui import NUMBERS, icon
from lms.courses.outlines import Line, Part
from lms.courses.progress import Progress

_LINE = (
    '<li{}><span class="knot" aria-hidden="true">{}</span>'
    '<h3><a href="{}"{}>{}</a></h3><p class="quiet">{}</p>{}</li>\n'
)
_NOTE = '<p><span class="tag lamp">{} {}</span></p>'
_THREAD = '<ol class="thread close" role="list" start="{}"{}>\n{}</ol>\n'
_PART = '<p class="over" id="{}">Module {}: {}{}</p>\n'
_ELSEWHERE = '<p><a class="go" href="{}">Module {}: {}</a></p>\n'
_LABELLED = ' aria-labelledby="{}"'
_MAY_BE_LEFT = SafeString(' <span class="quiet">(you can leave this part out and still finish)</span>')
_HERE = SafeString(' aria-current="page"')
_DONE, _NOW = SafeString(' class="done"'), SafeString(' class="now"')


def minutes(count: int) -> str:
    """Say a number of minutes."""
    return f"{count} minute{'' if count == 1 else 's'}"


def _left(line: Line) -> str:
    left = line.count.left_to_try
    what, to = ("question", "try") if left == line.questions_left else ("thing", "do")
    return f"{NUMBERS[left] if left < len(NUMBERS) else left} {what}{'' if left == 1 else 's'} left to {to}"


def words_of(progress: Progress, line: Line) -> str:
    """Say how a lesson stands with this reader."""
    if not progress.is_learner:
        return f"{minutes(line.minutes)}{'. Free to read' if line.number == 1 else ''}"
    if line.is_done:
        return f"Done. {minutes(line.minutes)}"
    if line.count.read:
        return f"Read. {_left(line)}"
    if line is progress.next and progress.has_begun:
        return f"You’re here. About {minutes(progress.minutes_left)} left"  # noqa: RUF001 - as people write it
    return f"{minutes(line.minutes)}{'. New since you joined: read it if you like' if line.is_new else ''}"


@lru_cache(maxsize=8192, typed=True)
def _drawn(*said: object) -> SafeString:
    """One line. Most are drawn alike for everybody: a lesson that is done, or is not."""
    return format_html(_LINE, *said)


def _lines(progress: Progress, part: Part, here: str) -> Iterator[SafeString]:
    tick, lamp = icon("check"), icon("lamp")
    next_one = progress.next if progress.is_learner else None
    for line in part.lines:
        is_done = progress.is_learner and line.is_done
        is_now = line is next_one
        yield _drawn(
            _DONE if is_done else _NOW if is_now else "",
            tick if is_done else line.number,
            line.url,
            _HERE if line.id == here else "",
            line.title,
            words_of(progress, line),
            format_html(_NOTE, lamp, line.content_note) if line.content_note else "",
        )


def draw(progress: Progress, *, here: str) -> SafeString:
    """Draw the outline. here: the lesson that is open: then the lessons of its part, and the way to the others."""
    parts = [(number, part) for number, part in enumerate(progress.parts, start=1) if part.lines]
    return format_html_join("", "{}", ((_part(progress, part, number, here),) for number, part in parts))


def _part(progress: Progress, part: Part, number: int, here: str) -> SafeString:
    if here and not any(line.id == here for line in part.lines):
        return format_html(_ELSEWHERE, part.lines[0].url, number, part.title)
    first, lines = part.lines[0].number, SafeString("".join(_lines(progress, part, here)))
    if len(progress.parts) == 1:
        return format_html(_THREAD, first, "", lines)
    name = f"module-{number}"
    title = format_html(_PART, name, number, part.title, _MAY_BE_LEFT if part.skippable else "")
    return title + format_html(_THREAD, first, format_html(_LABELLED, name), lines)
