"""What to say to somebody who comes back to a course after a while: where they were, and what comes next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.courses.outlines import Line
from lms.courses.progress import Progress

AWAY = timedelta(days=14)
MOST = 3  # lessons to look at again


@dataclass(frozen=True)
class Recap:
    """last: the lesson they were in. read: the last ones they read, in reading order, to look at again."""

    last: Line
    read: tuple[Line, ...]
    next: Line
    minutes_left: int


def recap(progress: Progress, *, now: datetime) -> Recap | None:
    """Return what to say; None for who was here lately, has not begun, or has nothing left."""
    round_ = progress.round
    if round_ is None or not progress.is_learner or progress.next is None or now - round_.last_seen_at < AWAY:
        return None
    last = progress.line_of(round_.last_lesson) if round_.last_lesson else None
    if last is None:
        return None
    read = [line for line in progress.lines[: last.number] if line.count.read]
    return Recap(last, tuple(read[-MOST:]), progress.next, progress.minutes_left)
