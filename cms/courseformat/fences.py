"""The blocks of a body: ``::: name``, fields, an empty line, text, ``:::``. Blocks that hold blocks use four colons."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cms.courseformat.problems import Place
from cms.courseformat.source import Line

HOLDERS = frozenset({"notice", "bank"})
_COLONS = re.compile(r"(:{3,})\s*(.*)")
_NAME = re.compile(r"[a-z]+(-[a-z]+)*")
_FIELD = re.compile(r"([a-z][a-z_-]*):(?:\s+(.*))?")


@dataclass(frozen=True)
class Text:
    """Lines of Markdown."""

    lines: list[Line]


@dataclass
class Block:
    """A named block. Those that hold others have ``parts``, all else has ``lines``."""

    name: str
    line: int
    fields: dict[str, tuple[str, int]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    parts: "list[Part]" = field(default_factory=list)


Part = Text | Block


def parse(lines: list[Line], place: Place) -> list[Part]:
    """Divide a body into running text and blocks, noting what is not closed, not known or in the wrong place."""
    return _Reader(lines, place).parts(within=None)


class _Reader:
    def __init__(self, lines: list[Line], place: Place) -> None:
        self.lines = lines
        self.place = place
        self.at = 0

    def parts(self, *, within: Block | None) -> list[Part]:
        """Read parts until the end, or until the four colons that close ``within``."""
        found: list[Part] = []
        text: list[Line] = []
        for line in self._rest():
            colons = _COLONS.fullmatch(line.text)
            if not colons:
                text.append(line)
                continue
            found += _written(text)
            text = []
            if not colons[2]:
                if within and len(colons[1]) == 4:
                    return found
                self._stray(line, within)
            elif block := self._block(line, len(colons[1]), colons[2], within):
                found.append(block)
        if within:
            self._unclosed(within, 4)
        return found + _written(text)

    def _rest(self) -> Iterator[Line]:
        while self.at < len(self.lines):
            self.at += 1
            yield self.lines[self.at - 1]

    def _stray(self, line: Line, within: Block | None) -> None:
        words = f'close the {within.name} with "::::"' if within else "nothing is open that this could close"
        self.place.wrong(line.number, words)

    def _unclosed(self, block: Block, colons: int) -> None:
        self.place.wrong(block.line, f'the {block.name} block is never closed: end it with "{":" * colons}"')

    def _block(self, line: Line, colons: int, name: str, within: Block | None) -> Block | None:
        if not _NAME.fullmatch(name):
            self.place.wrong(line.number, f'"{name}" is no name of a block')
            return None
        block = Block(name, line.number)
        wanted = 4 if name in HOLDERS else 3
        if colons != wanted:
            self.place.wrong(line.number, f'write {"four" if wanted == 4 else "three"} colons before "{name}"')
        self._fields(block)
        if name in HOLDERS:
            if within:
                self.place.wrong(line.number, f"a {within.name} cannot hold a {name}")
            block.parts = self.parts(within=block)
        else:
            self._inside(block)
        return block

    def _fields(self, block: Block) -> None:
        for line in self._rest():
            if not line.text.strip():
                return
            if _COLONS.fullmatch(line.text):
                self.at -= 1
                return
            self._field(block, line)

    def _field(self, block: Block, line: Line) -> None:
        found = _FIELD.fullmatch(line.text)
        if not found:
            self.place.wrong(line.number, f"leave an empty line between the fields of the {block.name} and its text")
            block.lines.append(line)
        elif found[1] in block.fields:
            self.place.wrong(line.number, f'"{found[1]}" is there twice')
        else:
            block.fields[found[1]] = (_unquoted(found[2] or ""), line.number)

    def _inside(self, block: Block) -> None:
        for line in self._rest():
            colons = _COLONS.fullmatch(line.text)
            if colons and (colons[2] or len(colons[1]) != 3):
                self.at -= 1
                break
            if colons:
                return
            block.lines.append(line)
        self._unclosed(block, 3)


def _written(lines: list[Line]) -> list[Part]:
    return [Text(lines)] if any(line.text.strip() for line in lines) else []


def _unquoted(value: str) -> str:
    value = value.strip()
    in_quotes = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if in_quotes else value
