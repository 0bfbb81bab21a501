"""Whether a zip may be unpacked, judged from its list of contents alone, and its files read no further than told."""

import lzma
import stat
import struct
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import SEEK_END
from pathlib import PurePosixPath
from typing import IO, Any, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

MEGABYTE = 1_000_000
LONGEST_PART = 255  # bytes of one name, which is what disks take
LOCAL_HEADER = 30  # bytes before the name and the words of each file
LISTED_IN = 500  # bytes, about: what the list of contents takes for a file, at most
_PORTS = [f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)]
RESERVED = frozenset({"con", "prn", "aux", "nul", *_PORTS})
ENCRYPTED = 0x1
IGNORED = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


_UNPACKING = (struct.error, zlib.error, lzma.LZMAError, EOFError)
_BROKEN = (BadZipFile, ValueError, NotImplementedError, OverflowError, *_UNPACKING)


class ArchiveRefused(ValueError):
    """An archive that may not come in. ``entry``: which file of it; ``why``: in words for the person who uploads it."""

    def __init__(self, why: str, *, entry: str = "") -> None:
        entry = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in entry)
        super().__init__(f"{entry}: {why}" if entry else why)
        self.why, self.entry = why, entry


@contextmanager
def read_in_words(why: str, *, entry: str = "") -> Iterator[None]:
    """Say in words that a zip cannot be read to its end. A fault of the disk goes on: it says nothing of the zip."""
    try:
        yield
    except ArchiveRefused:
        raise
    except _BROKEN as fault:
        raise ArchiveRefused(why, entry=entry) from fault
    except OSError as fault:
        if fault.errno is None:  # bz2 says so of words that are none of its own
            raise ArchiveRefused(why, entry=entry) from fault
        raise


@dataclass(frozen=True)
class Limits:
    """How much a zip may hold. what: what people call it. kinds: endings without the dot. bytes: unpacked.

    deepest: folders. longest: characters of a path. ratio: of a file, or of all of them, above a megabyte to what it is
    packed into.
    """

    what: str
    kinds: frozenset[str]
    bytes: int
    entries: int
    deepest: int = 12
    longest: int = 200
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
    entries = listed(file, limits)
    packed = file.seek(0, SEEK_END)
    kept = tuple(_judged(entries, limits))
    size = sum(entry.file_size for entry, _ in kept)
    if size > limits.bytes:
        raise ArchiveRefused(f"Unpacked it would be more than {limits.bytes // MEGABYTE} MB.")
    if size > MEGABYTE and size > limits.ratio * packed:
        raise ArchiveRefused(f"Its files are packed far too tightly to be a {limits.what}.")
    _refuse_shared(entries, packed)
    return Contents(kept, size)


def listed(file: IO[bytes], limits: Limits) -> list[ZipInfo]:
    """Return the list of contents. Raises ArchiveRefused where it cannot be read or names too many files."""
    unreadable = f"This isn't a zip file that can be read. Export the {limits.what} again."
    try:
        with read_in_words(unreadable), ZipFile(cast(IO[bytes], _Listed(file, limits))) as archive:
            entries = archive.infolist()
    except OSError:
        raise ArchiveRefused(unreadable) from None
    if len(entries) > limits.entries:
        raise _TooMany(limits)
    return entries


class _TooMany(ArchiveRefused):
    def __init__(self, limits: Limits) -> None:
        super().__init__(f"There are more than {limits.entries:,} files in it.")


class _Listed:
    """A zip whose list of contents, which is read in one piece, may be no longer than so many files need."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        self._file, self._limits = file, limits
        self.seek, self.tell = file.seek, file.tell

    def read(self, most: int = -1) -> bytes:
        """Read on. Raises ArchiveRefused for too long a list."""
        if most > self._limits.entries * LISTED_IN:
            raise _TooMany(self._limits)
        return self._file.read(most)


def _refuse_shared(entries: Iterable[ZipInfo], packed: int) -> None:
    """Each file has bytes of its own, all of them here: sharing them is how a small zip becomes a great many files."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            raise ArchiveRefused("It shares its bytes with another file.", entry=entry.orig_filename[:80])
        end = entry.header_offset + LOCAL_HEADER + entry.compress_size
        if end > packed:
            raise ArchiveRefused("The rest of this file is missing.", entry=entry.orig_filename[:80])


def _judged(entries: list[ZipInfo], limits: Limits) -> Iterator[tuple[ZipInfo, str]]:
    seen: set[str] = set()
    folders: set[str] = set()
    for entry in entries:
        path = _path(entry, limits)
        if entry.is_dir() or path.lower().startswith(IGNORED) or path.lower().rpartition("/")[2] in IGNORED:
            continue
        name = _alike(path)
        folders |= {str(one) for one in PurePosixPath(name).parents}
        if name in seen or name in folders or not seen.isdisjoint(map(str, PurePosixPath(name).parents)):
            raise ArchiveRefused("Two files have this name, or a file and a folder.", entry=path)
        seen.add(name)
        _look_at(entry, path, limits)
        yield entry, path


def _alike(path: str) -> str:
    """The same for all paths that some disk takes for one, however they are typed."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _path(entry: ZipInfo, limits: Limits) -> str:
    """The path as it stands, if it is plain: a name that has to be put right first is not trusted."""
    name = entry.orig_filename
    path = PurePosixPath(name)
    strange = "\\" in name or "\x00" in name or ":" in name or not name.isprintable()
    if strange or name.startswith("/") or ".." in path.parts or str(path) != name.rstrip("/") or not path.parts:
        raise ArchiveRefused(f"The path of this file leads out of the {limits.what}.", entry=name[:80])
    too_long = len(name) > limits.longest or any(len(part.encode()) > LONGEST_PART for part in path.parts)
    if too_long or len(path.parts) > limits.deepest:
        raise ArchiveRefused("The path of this file is too long or too deep.", entry=name[:80])
    if any(part.partition(".")[0].lower() in RESERVED or part != part.strip(" ").rstrip(".") for part in path.parts):
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

    def __init__(self, source: Any, entry: ZipInfo) -> None:
        self._source, self._name = source, entry.orig_filename[:80]
        self.size = self._left = entry.file_size

    def read(self, most: int = -1) -> bytes:
        """Read on. Raises ArchiveRefused past the length that was told."""
        piece: bytes = self._source.read(most)
        self._left -= len(piece)
        if self._left < 0:
            raise ArchiveRefused("This file is longer than it says.", entry=self._name)
        return piece
