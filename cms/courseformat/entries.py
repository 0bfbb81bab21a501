"""What was read from the files: plain data, ready to be written into the site."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5

Raw = dict[str, Any]
OURS = uuid5(NAMESPACE_DNS, "courses.hearth.example")


@dataclass(frozen=True)
class Reference:
    """A file names something that another file, or the site, must have."""

    kind: str
    slug: str
    path: str
    line: int


@dataclass(frozen=True)
class Media:
    """A file beside a text: a download, a video, its captions."""

    path: Path
    title: str
    digest: str


@dataclass
class Entry:
    """One file. ``fields`` are named as the model's are; ``links`` are slugs of other entries by field.

    kind: topic, trainer, fact, contact, card, page, workshop, course, module or lesson. body: a StreamField's raw
    form in which facts are slugs and files are digests. media: the files that the body names, by digest.
    """

    kind: str
    slug: str
    path: str
    key: str = ""
    identity: UUID | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)
    body: list[Raw] | None = None
    media: dict[str, Media] = field(default_factory=dict)
    children: "list[Entry]" = field(default_factory=list)

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.fields.get("title") or self.fields.get("name") or self.slug)


@dataclass
class Library:
    """Everything that was read from one folder. is_whole: all of a site's files, not one course or workshop."""

    is_whole: bool
    entries: list[Entry] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)

    def of(self, kind: str) -> list[Entry]:
        """The entries of one kind, in the order of their files."""
        return [entry for entry in self.entries if entry.kind == kind]

    def everything(self) -> Iterator[Entry]:
        """All entries, with the modules and lessons of courses after the course."""
        for entry in self.entries:
            yield entry
            for module in entry.children:
                yield module
                yield from module.children
