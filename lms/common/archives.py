"""Whether a zip may be unpacked, judged from its list of contents alone, and its files read no further than told."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any
from zipfile import BadZipFile, ZipFile, ZipInfo

MEGABYTE = 1_000_000
LONGEST_NAME = 200
_PORTS = [f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)]
RESERVED = frozenset({"con", "prn", "aux", "nul", *_PORTS})
ENCRYPTED = 0x1
IGNORED = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


class ArchiveRefused(ValueError):
    """An archive that may not come in. ``entry``: which file of it; ``why``: in words for the person who uploads it."""

    def __init__(self, why: str, *, entry: str = "") -> None:
        super().__init__(f"{entry}: {why}" if entry else why)
        self.why, self.entry = why, entry


@dataclass(frozen=True)
class Limits:
    """How much a zip may hold. what: what people call it. ratio: of a file above a megabyte to what it is packed into.

    kinds: endings without the dot. deepest: folders. bytes: unpacked.
    """

    what: str
    kinds: frozenset[str]
    bytes: int
    entries: int
    deepest: int = 12
    ratio: int = 100


@dataclass(frozen=True)
class Contents:
    """What is in an archive that may be unpacked: the entries with the path each is written to."""

    entries: tuple[tuple[ZipInfo, str], ...]
    size: int  # bytes, unpacked

    @property
    def paths(self) -> frozenset[str]:
        """All files."""
        return frozenset(path for _, path in self.entries)


def judge(file: IO[bytes], limits: Limits) -> Contents:
    """Return what may be unpacked. Raises ArchiveRefused for the whole archive at the first bad entry."""
    try:
        with ZipFile(file) as archive:
            entries = archive.infolist()
    except (BadZipFile, NotImplementedError, ValueError, OSError):
        raise ArchiveRefused(f"This isn't a zip file that can be read. Export the {limits.what} again.") from None
    if len(entries) > limits.entries:
        raise ArchiveRefused(f"There are more than {limits.entries:,} files in it.")
    kept = tuple(_judged(entries, limits))
    size = sum(entry.file_size for entry, _ in kept)
    if size > limits.bytes:
        raise ArchiveRefused(f"Unpacked it would be more than {limits.bytes // MEGABYTE} MB.")
    return Contents(kept, size)


def _judged(entries: list[ZipInfo], limits: Limits) -> Iterator[tuple[ZipInfo, str]]:
    seen: set[str] = set()
    for entry in entries:
        path = _path(entry, limits)
        if entry.is_dir() or path.lower().startswith(IGNORED) or path.lower().rpartition("/")[2] in IGNORED:
            continue
        if path.lower() in seen:
            raise ArchiveRefused("Two files have this name.", entry=path)
        seen.add(path.lower())
        _look_at(entry, path, limits)
        yield entry, path


def _path(entry: ZipInfo, limits: Limits) -> str:
    """The path as it stands, if it is plain: a name that has to be put right first is not trusted."""
    name = entry.orig_filename
    path = PurePosixPath(name)
    strange = "\\" in name or "\x00" in name or ":" in name or not name.isprintable()
    if strange or name.startswith("/") or ".." in path.parts or str(path) != name.rstrip("/") or not path.parts:
        raise ArchiveRefused(f"The path of this file leads out of the {limits.what}.", entry=name[:80])
    if len(name) > LONGEST_NAME or len(path.parts) > limits.deepest:
        raise ArchiveRefused("The path of this file is too long or too deep.", entry=name[:80])
    if any(part.partition(".")[0].lower() in RESERVED or part != part.strip(" ") for part in path.parts):
        raise ArchiveRefused("This name isn't allowed.", entry=name[:80])
    return str(path)


def _look_at(entry: ZipInfo, path: str, limits: Limits) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        raise ArchiveRefused("This is a link, not a file.", entry=path)
    if entry.flag_bits & ENCRYPTED:
        raise ArchiveRefused("This file is locked with a password.", entry=path)
    if entry.file_size > MEGABYTE and entry.file_size > limits.ratio * max(entry.compress_size, 1):
        raise ArchiveRefused("This file is packed far too tightly to be a lesson.", entry=path)
    if path.rpartition(".")[2].lower() not in limits.kinds or "." not in path.rpartition("/")[2]:
        raise ArchiveRefused(f"Files of this kind aren't allowed in a {limits.what}.", entry=path)


class Measured:
    """A packed file that may not turn out longer than it says: its list of contents is only its own word."""

    def __init__(self, source: Any, size: int) -> None:
        self._source, self._left = source, size
        self.size = size

    def read(self, most: int = -1) -> bytes:
        """Read on. Raises ArchiveRefused past the length that was told."""
        piece: bytes = self._source.read(most)
        self._left -= len(piece)
        if self._left < 0:
            raise ArchiveRefused("A file in it is longer than it says.")
        return piece
