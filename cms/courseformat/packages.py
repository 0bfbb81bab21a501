"""Packages of a course that travels: what the room that keeps them has to answer (hook ``package_room``)."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.core.files.base import File
from django.core.files.storage import Storage
from wagtail import hooks

# What makes a part of a package done, in the words of its file.
DONE = ("complete", "ended", "passed", "score", "opened")


@dataclass(frozen=True)
class Packed:
    """A package with what it is called, when a part of it is done, and the zip that it came as.

    pass_mark: hundredths, where the mark counts.
    """

    identity: str
    title: str
    done: str
    pass_mark: int
    file: File[bytes]


@dataclass(frozen=True)
class Kept:
    """A file that was put away, for who must take it back."""

    storage: Storage
    name: str


class PackageRoom(Protocol):
    """Where packages are kept. home: the id of the agency whose they will be."""

    def here(self, identities: Collection[str]) -> set[str]:
        """Which of these are here, ready or not."""

    def packed(self, identities: Collection[str]) -> list[Packed]:
        """Those that are ready, with the zip of the version that people open now."""

    def fault_of(self, path: Path) -> str:
        """What is wrong with a zip, by the same judgement as at the desk; nothing when it may come in."""

    def take(self, packed: Packed, *, home: int | None, by: Any) -> Kept:
        """Keep one and have it unpacked; say where its file lies. Raises ValidationError."""


def room() -> PackageRoom | None:
    """The one room, if there is one."""
    found: PackageRoom | None = next((answer() for answer in hooks.get_hooks("package_room")), None)
    return found


def here(identities: Collection[str]) -> set[str]:
    """Which of these packages are here."""
    own = room()
    return own.here(identities) if own and identities else set()


def packed(identities: Collection[str]) -> list[Packed]:
    """Those of these packages that can travel."""
    own = room()
    return own.packed(identities) if own and identities else []
