"""Our own drawings as the operators of a PDF: worked out once, where WeasyPrint would walk through them for each page.

They are plain on purpose: one ``svg`` with a view box, paths of absolute M, L, H, V, C and Z, flat colours, groups
that clip to a named path. Anything else is an error here, so that no drawing comes out other than it was meant.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from lms.common import xml

_SVG = "{http://www.w3.org/2000/svg}"
_TOKENS = re.compile(r"[A-Za-z]|-?\d*\.?\d+")
_COUNTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Z": 0}
_CAPS = {"butt": 0, "round": 1, "square": 2}


class NotPlain(ValueError):
    """A drawing holds what is not translated."""


@dataclass(frozen=True)
class Linework:
    """A drawing: its width and height in its own units, its operators, and the opacities they call by name."""

    width: float
    height: float
    operators: bytes
    opacities: dict[str, tuple[float, float]]  # of fills and of strokes


@dataclass
class _Pen:
    """Collects operators."""

    lines: list[str] = field(default_factory=list)
    opacities: dict[tuple[float, float], str] = field(default_factory=dict)

    def opacity(self, fill: float, stroke: float) -> None:
        if (fill, stroke) != (1, 1):
            name = self.opacities.setdefault((fill, stroke), f"O{len(self.opacities)}")
            self.lines.append(f"/{name} gs")

    def colour(self, typed: str, operator: str) -> None:
        if not re.fullmatch(r"#[0-9a-f]{6}", typed):
            raise NotPlain(f"colour {typed}")
        parts = (int(typed[start : start + 2], 16) / 255 for start in (1, 3, 5))
        self.lines.append(" ".join(f"{part:.4g}" for part in parts) + f" {operator}")


def linework(svg: bytes) -> Linework:
    """Translate one of our drawings. Raises NotPlain."""
    root, pen = xml.parse(svg), _Pen()
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    if (left, top) != (0, 0):
        raise NotPlain("a view box that does not begin at nought")
    clips = {clip.attrib["id"]: clip[0].attrib["d"] for clip in root.iter(f"{_SVG}clipPath")}
    _draw(root, pen, clips)
    names = {name: pair for pair, name in pen.opacities.items()}
    return Linework(width, height, "\n".join(pen.lines).encode(), names)


def _draw(parent: Any, pen: _Pen, clips: dict[str, str]) -> None:
    for child in parent:
        if child.tag == f"{_SVG}g":
            pen.lines.append("q")
            pen.lines += [*_outline(clips[child.attrib["clip-path"][5:-1]]), "W n"]
            _draw(child, pen, clips)
            pen.lines.append("Q")
        elif child.tag == f"{_SVG}path":
            _paint(child.attrib, pen)
        elif child.tag != f"{_SVG}defs":
            raise NotPlain(child.tag)


def _paint(look: dict[str, str], pen: _Pen) -> None:
    fill, stroke = look.get("fill", "none"), look.get("stroke", "none")
    pen.lines.append("q")
    pen.opacity(float(look.get("fill-opacity", 1)), float(look.get("stroke-opacity", 1)))
    if fill != "none":
        pen.colour(fill, "rg")
    if stroke != "none":
        pen.colour(stroke, "RG")
        dashes = look.get("stroke-dasharray", "")
        pen.lines.append(f"{look['stroke-width']} w {_CAPS[look.get('stroke-linecap', 'butt')]} J 4 M [{dashes}] 0 d")
    pen.lines += _outline(look["d"])
    pen.lines += [_painter(fill != "none", stroke != "none", look.get("fill-rule") == "evenodd"), "Q"]


def _painter(fills: bool, strokes: bool, is_evenodd: bool) -> str:
    operator = {(True, True): "B", (True, False): "f", (False, True): "S", (False, False): "n"}[fills, strokes]
    return f"{operator}*" if is_evenodd and fills else operator


def _outline(path: str) -> list[str]:
    lines, x, y, command = [], "0", "0", ""
    tokens = _TOKENS.findall(path)
    while tokens:
        if tokens[0].isalpha():
            command = tokens.pop(0)
        if command not in _COUNTS or (command == "Z" and tokens and not tokens[0].isalpha()):
            raise NotPlain(f"path command {command}")
        given, tokens = tokens[: _COUNTS[command]], tokens[_COUNTS[command] :]
        x, y = _end(command, given, x, y)
        lines.append(_segment(command, given, x, y))
        command = "L" if command == "M" else command
    return lines


def _end(command: str, given: list[str], x: str, y: str) -> tuple[str, str]:
    """Where the pen is after a command."""
    if command == "H":
        return given[0], y
    if command == "V":
        return x, given[0]
    return (given[-2], given[-1]) if given else (x, y)


def _segment(command: str, given: list[str], x: str, y: str) -> str:
    if command == "Z":
        return "h"
    if command == "C":
        return f"{' '.join(given)} c"
    return f"{x} {y} {'m' if command == 'M' else 'l'}"
