"""What to do with each file: compared with what was loaded last and with what has been edited on the site since."""

import enum
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import models

from cms.courseformat.entries import Entry
from cms.models import Loaded

BY_IDENTITY = frozenset({"course", "module", "lesson", "workshop"})


class Deed(enum.Enum):
    """What is done with a file."""

    MAKE = "new"
    CHANGE = "changed"
    LEAVE = "unchanged"
    KEEP = "left as changed on the site"


@dataclass(frozen=True)
class Standing:
    """Something as it stands on the site. ``stamp`` changes when somebody edits it.

    name: what it is remembered by, if that may be another than its file is.
    """

    pk: int
    stamp: str
    name: str = ""


def name_of(entry: Entry) -> str:
    """What the site remembers a file by: kept when it is moved or its words change."""
    return f"{entry.kind}/{entry.identity if entry.kind in BY_IDENTITY else entry.slug}"


def digest_of(value: Any) -> str:
    """Return SHA-256 of plain data."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def digest_of_entry(entry: Entry, parent: Entry | None) -> str:
    """Return SHA-256 of all that a file says."""
    within = name_of(parent) if parent else ""
    return digest_of([within, entry.slug, entry.key, entry.identity, entry.fields, entry.links, entry.body])


def stamp_of_page(latest_revision_id: int | None, live: bool) -> str:
    """A page is edited when it has another revision, or was taken down or put up."""
    return f"{latest_revision_id} {'live' if live else 'draft'}"


def stamp_of_row(row: models.Model) -> str:
    """A snippet is edited when one of its fields differs."""
    return digest_of({field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})


class Memory:
    """What was loaded before."""

    def __init__(self, *, overwrite: bool) -> None:
        self.overwrite = overwrite
        self.loaded = {row.name: row for row in Loaded.objects.all()}
        self.fresh: dict[str, Loaded] = {}
        self.replaced: set[str] = set()

    def decide(self, name: str, digest: str, standing: Standing | None) -> Deed:
        """Say what to do with a file whose words have this digest. What was edited on the site stays, unless asked."""
        loaded = self.loaded.get(name)
        if standing is None:
            return Deed.MAKE if loaded is None or self.overwrite else Deed.KEEP
        loaded = loaded or self.loaded.get(standing.name)
        edited = loaded is None or loaded.stamp != standing.stamp
        changed = loaded is None or loaded.digest != digest
        if self.overwrite:
            return Deed.CHANGE if edited or changed else Deed.LEAVE
        if not changed:
            return Deed.LEAVE
        return Deed.KEEP if edited else Deed.CHANGE

    def digest(self, name: str) -> str:
        """The digest of what was loaded by this name; nothing if nothing was."""
        return self.loaded[name].digest if name in self.loaded else ""

    def remember(self, name: str, digest: str, stamp: str, *, instead_of: str = "") -> None:
        """Keep in mind what was written; ``save`` writes it down. instead_of: the name it had before."""
        self.fresh[name] = Loaded(name=name, digest=digest, stamp=stamp)
        if instead_of and instead_of != name:
            self.replaced.add(instead_of)

    def remember_shelf(self, name: str, stamp: str) -> None:
        """Keep in mind a page that was made without a file, so that a file may still give it its words."""
        self.remember(name, "", stamp)
        self.loaded[name] = self.fresh[name]

    def save(self) -> None:
        """Write down what was remembered."""
        Loaded.objects.filter(name__in=self.replaced).delete()
        Loaded.objects.bulk_create(
            self.fresh.values(), update_conflicts=True, unique_fields=["name"], update_fields=["digest", "stamp"]
        )

    def gone(self, names: set[str]) -> list[str]:
        """What was loaded once and is none of these."""
        return sorted(self.loaded.keys() - names)
