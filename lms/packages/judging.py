"""What a package may hold, judged from its list of contents alone: nothing of it is written or run."""

from typing import IO

from lms.common import archives
from lms.common.archives import MEGABYTE, ArchiveRefused, Contents, Limits

MOST_ENTRIES = 5_000
MOST_BYTES = 500 * MEGABYTE  # unpacked
MANIFEST = "imsmanifest.xml"
_PAGES = ("html", "htm", "xhtml", "js", "mjs", "css", "json", "xml", "xsd", "xsl", "xslt", "dtd", "map", "properties")
_TEXTS = ("txt", "md", "csv", "vtt", "srt", "pdf")
_PICTURES = ("png", "jpg", "jpeg", "gif", "webp", "svg", "ico", "bmp", "woff", "woff2", "ttf", "otf", "eot")
_MEDIA = ("mp3", "mp4", "m4a", "m4v", "webm", "ogg", "oga", "ogv", "wav")
KINDS = frozenset({*_PAGES, *_TEXTS, *_PICTURES, *_MEDIA})


class PackageRefused(ArchiveRefused):
    """A package that may not come in."""


def judge(file: IO[bytes]) -> Contents:
    """Return what may be unpacked. Raises PackageRefused for the whole package at the first bad entry."""
    try:
        return archives.judge(file, Limits("package", KINDS, bytes=MOST_BYTES, entries=MOST_ENTRIES))
    except ArchiveRefused as refusal:
        raise PackageRefused(refusal.why, entry=refusal.entry) from refusal
