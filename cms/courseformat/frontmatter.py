"""Front matter: a small, safe part of YAML, with the line of each field kept for whoever must put it right."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import yaml

from cms.courseformat.problems import Place
from lms.common.html import CONTROLS

LONGEST = 30_000  # characters
DEEPEST = 4  # a list of mappings in a mapping is 3
T = TypeVar("T")


class Unfit(ValueError):
    """A value is not what its field asks for; says what to write instead."""


@dataclass
class Front:
    """The fields of a file. Reading one ticks it off; ``finish`` notes those that nobody asked for."""

    place: Place
    values: dict[str, tuple[Any, int]]
    read: set[str] = field(default_factory=set)

    def line(self, name: str) -> int:
        """Where a field stands; the first line if it is not there."""
        return self.values[name][1] if name in self.values else 1

    def take(self, name: str, fit: Callable[[Any], T], default: T, *, required: bool) -> T:
        """Read a field with ``fit``, which raises Unfit; note a problem and return ``default`` if that fails."""
        self.read.add(name)
        if name not in self.values or self.values[name][0] is None:
            if required:
                self.place.wrong(self.line(name), f'"{name}" is missing')
            return default
        value, line = self.values[name]
        try:
            return fit(value)
        except Unfit as unfit:
            self.place.wrong(line, f'"{name}" {unfit}')
            return default

    def finish(self) -> None:
        """Note the fields that have no meaning here."""
        for name in self.values.keys() - self.read:
            self.place.wrong(self.line(name), f'there is no field "{name}" here')

    def text(self, name: str, *, most: int, required: bool = True) -> str:
        """Read one line of text of at most ``most`` characters."""
        return self.take(name, lambda value: a_text(value, most=most), "", required=required)

    def texts(self, name: str, *, most: int = 300, required: bool = True) -> list[str]:
        """Read a list of texts."""
        return self.take(name, lambda value: [a_text(v, most=most) for v in a_list(value)], [], required=required)

    def number(self, name: str, *, least: int, most: int, required: bool = True) -> int:
        """Read a whole number."""
        return self.take(name, lambda value: a_number(value, least=least, most=most), least, required=required)

    def flag(self, name: str) -> bool:
        """Read ``true`` or ``false``; false when it is not there."""
        return self.take(name, a_flag, False, required=False)

    def day(self, name: str) -> date | None:
        """Read a date."""
        return self.take(name, a_day, None, required=True)

    def one_of(self, name: str, allowed: tuple[str, ...], *, default: str = "") -> str:
        """Read one of some words."""
        return self.take(name, lambda value: a_word(value, allowed), default, required=not default)

    def some_of(self, name: str, allowed: tuple[str, ...]) -> list[str]:
        """Read a list of some words; one alone will do."""
        return self.take(name, lambda value: [a_word(v, allowed) for v in a_list(value)], [], required=True)


def a_text(value: Any, *, most: int) -> str:
    """Return the text itself."""
    if not isinstance(value, str):
        raise Unfit("must be text: put it in quotes")
    if not (text := " ".join(value.split())):
        raise Unfit("is empty")
    if CONTROLS.search(text):
        raise Unfit("has a character that cannot be seen: take it out")
    if len(text) > most:
        raise Unfit(f"is {len(text)} characters long, and there is room for {most}")
    return text


def a_list(value: Any) -> list[Any]:
    """Return the list, or a list of one."""
    if isinstance(value, dict):
        raise Unfit("must be a list")
    return value if isinstance(value, list) else [value]


def a_number(value: Any, *, least: int, most: int) -> int:
    """Return a whole number within bounds."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Unfit(f"must be a whole number from {least} to {most}")
    return value


def a_flag(value: Any) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise Unfit("must be true or false")
    return value


def a_day(value: Any) -> date:
    """Return a date."""
    if type(value) is not date:
        raise Unfit("must be a date, like 2026-10-12")
    return value


def a_word(value: Any, allowed: tuple[str, ...]) -> str:
    """Return one of the allowed words."""
    if value not in allowed:
        raise Unfit(f"must be one of: {', '.join(allowed)}")
    return str(value)


def read_front(text: str, place: Place, *, first_line: int) -> Front | None:
    """Read YAML without its dangers: no anchors, no tags that build things, no depth, no field twice."""
    if len(text) > LONGEST:
        place.wrong(1, f"the front matter is longer than {LONGEST} characters")
        return None
    try:
        _look_over(text)
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
    except Unfit as unfit:
        place.wrong(first_line, str(unfit))
        return None
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        where = first_line + (mark.line if mark else 0)
        place.wrong(where, "the front matter cannot be read here: look for a missing quote, colon or space")
        return None
    if not isinstance(node, yaml.MappingNode):
        place.wrong(first_line, 'the front matter must be lines of "field: value"')
        return None
    return Front(place, dict(_fields(loader, node, place, first_line)))


def _look_over(text: str) -> None:
    """Refuse, before anything is built, what could grow or be more than text, numbers, dates and lists."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unfit("anchors (& and *) have no place in the front matter: put such text in quotes")
        if getattr(event, "tag", None):
            raise Unfit("tags (!) have no place in the front matter: put such text in quotes")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise Unfit("the front matter is nested too deeply")


def _fields(
    loader: yaml.SafeLoader, node: yaml.MappingNode, place: Place, first_line: int
) -> Iterator[tuple[str, tuple[Any, int]]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        line = first_line + key_node.start_mark.line
        name = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
        if name in seen:
            place.wrong(line, f'"{name}" is there twice')
        seen.add(name)
        try:
            yield name, (loader.construct_object(value_node, deep=True), line)
        except (yaml.YAMLError, ValueError, TypeError):  # a date that is not in the calendar, a number without end
            place.wrong(line, f'"{name}" cannot be read: is it a day that exists, or text that needs quotes?')
            yield name, ("", line)
