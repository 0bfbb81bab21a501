"""What a document of somebody's own is made of, and how hours are said: plain data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """A prompt with what its owner wrote; ``text`` is empty where nothing was. note: when, in words."""

    prompt: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a document under its own heading: lines, entries or both."""

    heading: str
    entries: tuple[Entry, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """Something to keep or to hand over. over: the lines under its title."""

    title: str
    over: tuple[str, ...]
    sections: tuple[Section, ...]


def said_minutes(minutes: int) -> str:
    """Like "1 hour 20 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = [_counted(hours, "hour")] if hours else []
    return " ".join([*parts, _counted(rest, "minute")] if rest or not hours else parts)


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
