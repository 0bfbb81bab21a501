"""Two devices, one box: the words of neither are lost. The newer ones stand in it, the others beside it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True)
class Hand:
    """Who writes: the opened page or the phone, what it knew of each box when it began, and when it wrote."""

    writer: str
    knows: Mapping[int, str]
    at: datetime


@dataclass(frozen=True)
class Beside:
    """What was written for the same box elsewhere, and when."""

    writer: str
    at: datetime
    words: str


@dataclass(frozen=True)
class Words:
    """What is kept of a box. writer: the opened page, or the phone, that wrote it; nothing where that is unknown."""

    body: str
    writer: str
    at: datetime
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True)
class Typed:
    """What a page or a phone sends. knows: when the words were written that it began with, in ISO 8601.

    ``None`` where nobody else can have written meanwhile.
    """

    body: str
    writer: str
    knows: str | None
    at: datetime

    def is_by_writer_of(self, kept: Words) -> bool:
        """Whether the same page or phone wrote both."""
        return self.writer != "" and self.writer == kept.writer

    def has_seen(self, kept: Words) -> bool:
        """Whether the writer knew the words that are kept: their own, or those the page came with."""
        return self.knows is None or self.is_by_writer_of(kept) or self.knows == kept.at.isoformat()


def settle(kept: Words | None, typed: Typed) -> Words | None:
    """Return what a box holds after ``typed`` came in; None where nothing is left of it.

    Who empties a box without having seen the newest words in it empties nothing. Emptied by somebody who has, it
    takes the words that stood beside it. What a page sent first and arrives last is over.
    """
    if kept is None:
        return Words(typed.body, typed.writer, typed.at) if typed.body.strip() else None
    if typed.is_by_writer_of(kept) and typed.at < kept.at:
        return kept
    if not typed.body.strip():
        return _without_body(kept) if typed.has_seen(kept) else kept
    if typed.has_seen(kept):
        return _tidy(replace(kept, body=typed.body, writer=typed.writer, at=typed.at))
    if typed.at < kept.at:
        return _tidy(_put_beside(kept, Beside(typed.writer, typed.at, typed.body)))
    newer = replace(kept, body=typed.body, writer=typed.writer, at=typed.at)
    return _tidy(_put_beside(newer, Beside(kept.writer, kept.at, kept.body)))


def _put_beside(words: Words, other: Beside) -> Words:
    """Add what one writer wrote; what the same one wrote before is part of its story."""
    others = [one for one in words.beside if not other.writer or one.writer != other.writer]
    return replace(words, beside=(*others, other))


def _tidy(words: Words) -> Words:
    """Let go of what stands in the box too."""
    return replace(words, beside=tuple(one for one in words.beside if one.words.strip() not in words.body))


def _without_body(kept: Words) -> Words | None:
    if not kept.beside:
        return None
    *others, last = kept.beside
    return Words(last.words, last.writer, kept.at, tuple(others))


def added(kept: Words, number: int) -> Words:
    """Put the words beside the box under those in it. Raises IndexError."""
    return _tidy(replace(kept, body=f"{kept.body.rstrip()}\n\n{kept.beside[number].words}"))


def dropped(kept: Words, number: int) -> Words:
    """Let go of words beside the box. Raises IndexError."""
    gone = kept.beside[number]
    return replace(kept, beside=tuple(one for one in kept.beside if one is not gone))


def to_json(beside: Iterable[Beside]) -> str:
    """Write down what stands beside a box; nothing for nothing."""
    rows = [{"writer": one.writer, "at": one.at.isoformat(), "words": one.words} for one in beside]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def from_json(text: str) -> tuple[Beside, ...]:
    """Read what ``to_json`` wrote."""
    rows = json.loads(text) if text else []
    return tuple(Beside(row["writer"], datetime.fromisoformat(row["at"]), row["words"]) for row in rows)
