"""What to do with each file: compared with what was loaded last and with what has been edited on the site since."""

import enum
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import models

from cms.courseformat.entries import Entry
from cms.models import Loaded


class Deed(enum.Enum):
    """What is done with a file."""

    MAKE = "new"
    CHANGE = "changed"
    LEAVE = "unchanged"
    KEEP = "kept as edited on the site"


@dataclass(frozen=True)
class Standing:
    """Something as it stands on the site. ``stamp`` changes when somebody edits it."""

    pk: int
    stamp: str


def name_of(entry: Entry) -> str:
    """What the site remembers a file by: kept when it is moved or its words change."""
    return f"{entry.kind}/{entry.identity if entry.key or entry.kind == 'module' else entry.slug}"


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
        self.fresh: list[Loaded] = []

    def decide(self, name: str, digest: str, standing: Standing | None) -> Deed:
        """Say what to do with a file whose words have this digest. What was edited on the site stays, unless asked."""
        loaded = self.loaded.get(name)
        if standing is None:
            return Deed.MAKE if loaded is None or self.overwrite else Deed.KEEP
        edited = loaded is None or loaded.stamp != standing.stamp
        changed = loaded is None or loaded.digest != digest
        if self.overwrite:
            return Deed.CHANGE if edited or changed else Deed.LEAVE
        if not changed:
            return Deed.LEAVE
        return Deed.KEEP if edited else Deed.CHANGE

    def remember(self, name: str, digest: str, stamp: str) -> None:
        """Keep in mind what was written; ``save`` writes it down."""
        self.fresh.append(Loaded(name=name, digest=digest, stamp=stamp))

    def remember_shelf(self, name: str, stamp: str) -> None:
        """Keep in mind a page that was made without a file, so that a file may still give it its words."""
        self.loaded[name] = Loaded(name=name, digest="", stamp=stamp)
        self.fresh.append(self.loaded[name])

    def save(self) -> None:
        """Write down what was remembered."""
        newest = {row.name: row for row in self.fresh}
        Loaded.objects.bulk_create(
            newest.values(), update_conflicts=True, unique_fields=["name"], update_fields=["digest", "stamp"]
        )

    def gone(self, names: set[str]) -> list[str]:
        """What was loaded from a file once and is in none any more."""
        return sorted(
            name for name in self.loaded.keys() - names if self.loaded[name].stamp and self.loaded[name].digest
        )
