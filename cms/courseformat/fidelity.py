"""Whether the files of a course say what its pages say: words that a file would take for something else are found."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from cms.courseformat.asked import SAID
from cms.courseformat.entries import Entry, Library
from cms.courseformat.memory import BY_IDENTITY
from cms.courseformat.problems import Problem

WORDS = "what stands here can't be written as text: something in it would be read as something else"
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_PASSING = frozenset({"id", "key"})
_RIGHT = frozenset({"single", "multiple", "true-false"})


def differences(meant: Library, read: Library) -> list[Problem]:
    """Return a problem for each file that reads as another thing than was meant."""
    found = {entry.path: entry for entry in read.everything()}
    return [
        Problem(entry.path, 1, WORDS)
        for entry in meant.everything()
        if entry.path in found and _said(entry) != _said(found[entry.path])
    ]


def _said(entry: Entry) -> list[Any]:
    fields = {name: value for name, value in entry.fields.items() if _bare(value)}
    blocks = [[block["type"], _bare(block["value"])] for block in entry.body or []]
    return [entry.identity if entry.kind in BY_IDENTITY else "", _bare(fields), blocks]


def _bare(value: Any) -> Any:
    """A value without what a file does not say: ids of parts, spaces, tags, what is empty."""
    if isinstance(value, dict):
        return {name: bare for name, one in _meant(value) if (bare := _bare(one))}
    if isinstance(value, list):
        return [bare for one in value if (bare := _bare(one))]
    return "".join(unescape(_TAG.sub("", str(value))).split()) if value else ""


def _meant(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """What counts of a block: a question keeps what was typed for another kind of it, and nobody sees that."""
    unused: set[str] = set()
    if "options" in value:
        kind = value["kind"]
        said = {"when_right" if name == "right" else "otherwise" for name in SAID.get(kind, ())}
        unused = {"when_right", "otherwise"} - said
        value = {**value, "options": [_option(entry["value"], kind) for entry in value["options"]]}
    return ((name, one) for name, one in value.items() if name not in _PASSING | unused)


def _option(option: dict[str, Any], kind: str) -> dict[str, Any]:
    words = {name: option[name] for name in ("text", "feedback")}
    return {**words, "right": option["right"] and kind in _RIGHT, "with": kind == "match" and option.get("goes_with")}
