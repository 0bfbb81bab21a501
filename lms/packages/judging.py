"""Whether a zip may be unpacked, judged from its list of contents alone: nothing of it is written or run."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

MEGABYTE = 1_000_000
MOST_ENTRIES = 5_000
MOST_BYTES = 500 * MEGABYTE  # unpacked
MOST_RATIO = 100  # of a file to what it is packed into, for files above a megabyte
DEEPEST = 12  # folders
LONGEST_NAME = 200
MANIFEST = "imsmanifest.xml"
_PAGES = ("html", "htm", "xhtml", "js", "mjs", "css", "json", "xml", "xsd", "xsl", "xslt", "dtd", "map", "properties")
_TEXTS = ("txt", "md", "csv", "vtt", "srt", "pdf")
_PICTURES = ("png", "jpg", "jpeg", "gif", "webp", "svg", "ico", "bmp", "woff", "woff2", "ttf", "otf", "eot")
_MEDIA = ("mp3", "mp4", "m4a", "m4v", "webm", "ogg", "oga", "ogv", "wav")
KINDS = frozenset({*_PAGES, *_TEXTS, *_PICTURES, *_MEDIA})
_PORTS = [f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)]
RESERVED = frozenset({"con", "prn", "aux", "nul", *_PORTS})
ENCRYPTED = 0x1
IGNORED = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


class PackageRefused(ValueError):
    """A package that may not come in. ``entry``: which file of it; ``why``: in words for the person who uploads it."""

    def __init__(self, why: str, *, entry: str = "") -> None:
        super().__init__(f"{entry}: {why}" if entry else why)
        self.why, self.entry = why, entry


@dataclass(frozen=True)
class Contents:
    """What is in a package that may be unpacked: the entries with the path each is written to."""

    entries: tuple[tuple[ZipInfo, str], ...]
    size: int  # bytes, unpacked

    @property
    def paths(self) -> frozenset[str]:
        """All files."""
        return frozenset(path for _, path in self.entries)


def judge(file: IO[bytes]) -> Contents:
    """Return what may be unpacked. Raises PackageRefused for the whole package at the first bad entry."""
    try:
        with ZipFile(file) as package:
            entries = package.infolist()
    except (BadZipFile, NotImplementedError, ValueError, OSError):
        raise PackageRefused("This isn't a zip file that can be read. Export the package again.") from None
    if len(entries) > MOST_ENTRIES:
        raise PackageRefused(f"There are more than {MOST_ENTRIES:,} files in it.")
    kept = tuple(_judged(entries))
    size = sum(entry.file_size for entry, _ in kept)
    if size > MOST_BYTES:
        raise PackageRefused(f"Unpacked it would be more than {MOST_BYTES // MEGABYTE} MB.")
    return Contents(kept, size)


def _judged(entries: list[ZipInfo]) -> Iterator[tuple[ZipInfo, str]]:
    seen: set[str] = set()
    for entry in entries:
        path = _path(entry)
        if entry.is_dir() or path.lower().startswith(IGNORED) or path.lower().rpartition("/")[2] in IGNORED:
            continue
        if path.lower() in seen:
            raise PackageRefused("Two files have this name.", entry=path)
        seen.add(path.lower())
        _look_at(entry, path)
        yield entry, path


def _path(entry: ZipInfo) -> str:
    """The path as it stands, if it is plain: a name that has to be put right first is not trusted."""
    name = entry.orig_filename
    path = PurePosixPath(name)
    strange = "\\" in name or "\x00" in name or ":" in name or not name.isprintable()
    if strange or name.startswith("/") or ".." in path.parts or str(path) != name.rstrip("/") or not path.parts:
        raise PackageRefused("The path of this file leads out of the package.", entry=name[:80])
    if len(name) > LONGEST_NAME or len(path.parts) > DEEPEST:
        raise PackageRefused("The path of this file is too long or too deep.", entry=name[:80])
    if any(part.partition(".")[0].lower() in RESERVED or part != part.strip(" ") for part in path.parts):
        raise PackageRefused("This name isn't allowed.", entry=name[:80])
    return str(path)


def _look_at(entry: ZipInfo, path: str) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        raise PackageRefused("This is a link, not a file.", entry=path)
    if entry.flag_bits & ENCRYPTED:
        raise PackageRefused("This file is locked with a password.", entry=path)
    if entry.file_size > MEGABYTE and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        raise PackageRefused("This file is packed far too tightly to be a lesson.", entry=path)
    if path.rpartition(".")[2].lower() not in KINDS or "." not in path.rpartition("/")[2]:
        raise PackageRefused("Files of this kind aren't allowed in a package.", entry=path)
