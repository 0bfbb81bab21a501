"""From an entry back to the text of its file: what ``tree`` reads from it is the same entry again.

Every file of one content is the same to the byte, wherever it is written: that is how a course that was shared is
known again.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml

from cms.courseformat.block_texts import body_text
from cms.courseformat.entries import Entry
from cms.courseformat.markdown import plain
from cms.courseformat.source import Line
from cms.models.courses import Finish

# What each kind of file says, in order. "key" and "id" are the entry's own; links stand by the field they are kept in.
_REVIEW = ("author", "reviewer", "lived_experience_review", "nation", "reviewed_on", "review_by", "sources")
_ORDER: dict[str, tuple[str, ...]] = {
    "topic": ("title", "dye", "weave", "order"),
    "trainer": ("name", "role", "credential"),
    "fact": ("title", "value", "source", "checked_on", "review_by", "nation"),
    "course": (
        *("key", "id", "title", "neutral_title", "summary", "audience", "outcomes", "topics", "ages", "content_note"),
        *("sensitive", "open_to", "certificate_months", "in_order", "finish", "finish_needed"),
        *("after", "linked_workshops", *_REVIEW),
    ),
    "package": ("title", "done", "pass_mark", "file"),
    "module": ("id", "title", "summary", "skippable", "content_note"),
    "lesson": ("key", "id", "title", "minutes", "summary", "sensitive", "content_note", "no_hard_part", *_REVIEW),
}
_LINES = frozenset({"outcomes", "sources"})  # kept as lines, written as a list
_BELOW = {"topic": "summary", "trainer": "biography"}
_PLAIN = re.compile(r"[A-Za-z][^:#\n\"'\[\]{}&*!|>%@`\\]*")


def text_of(entry: Entry, files: dict[str, str]) -> str:
    """Return the whole file. files: for each digest that the body names, where the file lies beside the text."""
    front = "".join(f"{name}:{value}\n" for name, value in _front(entry, files))
    below = body_text(entry.body or [], files) if entry.body is not None else _below(entry)
    return f"---\n{front}---\n" + (f"\n{below}\n" if below else "")


def _below(entry: Entry) -> str:
    text = str(entry.fields.get(_BELOW.get(entry.kind, ""), ""))
    return plain([Line(number, line) for number, line in enumerate(text.splitlines())])


def _front(entry: Entry, files: dict[str, str]) -> Iterator[tuple[str, str]]:
    own = {"key": entry.key, "id": str(entry.identity or ""), "file": next(iter(files.values()), "")}
    for name in _ORDER[entry.kind]:
        value = own[name] if name in own else entry.links.get(name, entry.fields.get(name))
        if name in {"author", "reviewer"}:
            value = (value or [""])[0]
        elif name == "nation":
            value = [one.strip() for one in str(value or "").split(",")]
        elif name == "finish":
            value = "" if value == Finish.ALL else value
        elif name in _LINES:
            value = str(value or "").splitlines()
        if written := _written(value):
            yield name, written


def _written(value: Any) -> str:
    """A value of the front matter; nothing for what need not be said."""
    if isinstance(value, bool):
        return " true" if value else ""
    if isinstance(value, int | date):
        return f" {value}"
    if isinstance(value, list):
        items = [_scalar(item) for item in value if str(item).strip()]
        return "\n" + "\n".join(f"  - {item}" for item in items) if items else ""
    return f" {_scalar(str(value))}" if str(value or "").strip() else ""


def _scalar(text: str) -> str:
    """One line of text, in quotes wherever YAML could take it for something else."""
    text = " ".join(text.split())
    bare = _PLAIN.fullmatch(text) and yaml.safe_load(text) == text
    return text if bare else json.dumps(text, ensure_ascii=False)
