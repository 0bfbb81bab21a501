"""Reading a file that anybody may have written: only readable text of a sensible size from inside the folder."""

from dataclasses import dataclass
from pathlib import Path

from cms.courseformat.frontmatter import Front, read_front
from cms.courseformat.problems import Place

LARGEST = 200_000  # bytes; the longest lesson is about 10 kB
_FENCE = "---"


@dataclass(frozen=True)
class Line:
    """A line of a body and its number in the file."""

    number: int
    text: str


@dataclass(frozen=True)
class Source:
    """A file, divided: its front matter, and the lines below it."""

    front: Front
    body: list[Line]


def inside(root: Path, path: Path) -> bool:
    """Whether ``path``, with all links followed, still lies under ``root``."""
    return path.resolve().is_relative_to(root.resolve())


def read_source(root: Path, path: Path, place: Place) -> Source | None:
    """Read and divide a file; nothing, with the reason noted, when it is not such a file."""
    text = _text(root, path, place)
    if text is None:
        return None
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        place.wrong(1, 'the file must begin with "---" and its front matter')
        return None
    end = next((n for n, line in enumerate(lines[1:], start=1) if line.rstrip() == _FENCE), None)
    if end is None:
        place.wrong(1, 'the front matter has no end: close it with "---"')
        return None
    front = read_front("\n".join(lines[1:end]), place, first_line=2)
    body = [Line(number, line.rstrip()) for number, line in enumerate(lines[end + 1 :], start=end + 2)]
    return Source(front, body) if front is not None else None


def _text(root: Path, path: Path, place: Place) -> str | None:
    if not inside(root, path):
        place.wrong(1, "this is a link that leads out of the folder: put the file itself here")
        return None
    if not path.is_file():
        place.wrong(1, "this is not a file")
        return None
    if path.stat().st_size > LARGEST:
        place.wrong(1, f"the file is larger than {LARGEST // 1000} kB: divide it")
        return None
    return _decoded(path.read_bytes(), place)


def _decoded(data: bytes, place: Place) -> str | None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        place.wrong(data.count(b"\n", 0, fault.start) + 1, "this is not text in UTF-8: save the file as UTF-8")
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    unseen = next((n for n, char in enumerate(text) if char < " " and char not in "\n\t"), None)
    if unseen is not None:
        place.wrong(text.count("\n", 0, unseen) + 1, "there is a character here that cannot be seen: take it out")
        return None
    return text
