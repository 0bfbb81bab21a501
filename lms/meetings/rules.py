"""What holds for rooms, as sums: when to try again, how long somebody was in one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

LEASE = timedelta(minutes=5)  # a claim whose worker died is free again after this
COUNT_EARLY = timedelta(minutes=15)  # being there is counted from so long before the start
COUNT_LATE = timedelta(minutes=30)  # until so long after the end
RECONNECT = timedelta(minutes=2)  # who comes back within this was there all the time
KEEP_EVENTS = timedelta(days=90)
KEEP_PARKED = timedelta(days=7)  # messages about meetings that are none of ours
ASK_AFTER = timedelta(minutes=10)  # how long after a room closes its provider is asked who was there
LOOK_EVERY = timedelta(minutes=5)  # how often a room is looked into that tells of people in loose words
LOOK_BLURS = timedelta(minutes=1)
CLOSE_UNTIL = timedelta(days=7)  # how long after its end a room is still to be taken away: its provider may be gone
RENEW_BEFORE = timedelta(minutes=10)  # when what runs out is asked for again, before a room opens
LINK_LIVES = timedelta(minutes=5)  # how long an address made at a click lets somebody in


def wait_after(attempts: int, *, asked: int = 0) -> timedelta:
    """How long to leave a provider alone after so many tries in vain: from half a minute to ten.

    asked: seconds that it asked for itself; they count up to an hour.
    """
    own = min(30 * 2 ** min(attempts, 5), 600)
    return timedelta(seconds=max(own, min(asked, 3600)))


@dataclass(frozen=True)
class Span:
    """From when to when somebody was in a room on one device. None: not told, or not told yet."""

    joined_at: datetime | None
    left_at: datetime | None


def _known(span: Span, *, first: datetime, last: datetime) -> tuple[datetime, datetime] | None:
    """The part of a span within ``first`` and ``last``; None if there is none, or if nobody told of its beginning."""
    if span.joined_at is None:
        return None
    start, end = max(span.joined_at, first), min(span.left_at or last, last)
    return (start, end) if start < end else None


def _closing(span: Span, *, ends_at: datetime, ended_at: datetime | None) -> datetime:
    """When somebody left whose leaving nobody told."""
    is_theirs = ended_at and span.joined_at and span.joined_at < ended_at
    return ended_at if ended_at and is_theirs else ends_at


def minutes_in(spans: Iterable[Span], *, starts_at: datetime, ends_at: datetime, ended_at: datetime | None) -> int:
    """Return how many whole minutes one person was in a room, however many devices they had.

    Counted from a quarter of an hour before the start until half an hour after the end. Who never left did so when
    the meeting ended (``ended_at``), or at the planned end where nobody told, or told only of an end before they came:
    of somebody who tried the room out. A gap of two minutes is none.
    """
    first, last = starts_at - COUNT_EARLY, ends_at + COUNT_LATE
    closed = [Span(one.joined_at, one.left_at or _closing(one, ends_at=ends_at, ended_at=ended_at)) for one in spans]
    known = sorted(filter(None, (_known(span, first=first, last=last) for span in closed)))
    total, reached = timedelta(0), first
    for start, end in known:
        begin = reached if total and start - reached <= RECONNECT else max(start, reached)
        total += max(end - begin, timedelta(0))
        reached = max(reached, end)
    return int(total.total_seconds() // 60)


@dataclass(frozen=True)
class Look:
    """Who was in at one moment, by our references, as the provider answered us."""

    at: datetime
    seen: frozenset[str]


def spans_seen(ref: str, looks: Iterable[Look]) -> list[Span]:
    """From when to when somebody was seen at one look after another, the looks in order. Seen once is no time."""
    return [Span(one.at, after.at) for one, after in pairwise(looks) if ref in one.seen & after.seen]


def is_belied(ref: str, span: Span, looks: Iterable[Look], *, ended_at: datetime) -> bool:
    """Whether ``ref``, said to have been in, was to be seen at two looks or more and was at none.

    A look within a minute of coming or leaving says nothing.
    """
    if span.joined_at is None:
        return False
    first, last = span.joined_at + LOOK_BLURS, (span.left_at or ended_at) - LOOK_BLURS
    within = [ref in look.seen for look in looks if first <= look.at <= last]
    return len(within) >= 2 and not any(within)
