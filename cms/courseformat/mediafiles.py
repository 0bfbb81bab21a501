"""Whether a file beside a text is where it may be, and what its name says: looked at by its own bytes."""

import warnings
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from PIL import Image, UnidentifiedImageError

from cms.courseformat import packages
from cms.courseformat.source import inside
from lms.common.archives import ArchiveRefused, Limits, listed

_PICTURES = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
_PNG_PARTS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_JPEG_SCAN, _JPEG_END = 0xDA, b"\xff\xd9"
_WEBP_PARTS = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH"})
_SCRIPTS_OF_PDF = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/OpenAction")
_OFFICE = {".docx": "[Content_Types].xml", ".odt": "mimetype"}
_DOCUMENT = Limits("document", frozenset(), bytes=0, entries=2_000)
_HEAD = 16  # bytes
LARGEST_FILE = 100_000_000  # bytes
PACKAGES = (".zip",)
MOST_TEXT = 2_000_000  # bytes
MOST_PAPER = 20_000_000  # bytes; a PDF is looked through whole


def fault_of(path: Path) -> str:
    """Return what is wrong with the file at ``path``, in words; nothing when it is what its ending says."""
    return _LOOKS[path.suffix.lower()](path)


def unfit_place(folder: Path, value: str, kinds: tuple[str, ...], *, most: int = LARGEST_FILE) -> str:
    """Return what is wrong with where a file lies that a text in ``folder`` names ``value``, or with its size."""
    path = folder / value
    if not value.startswith("media/") or not inside(folder / "media", path):
        return f'"{value}" must lie in the folder media/ beside this text'
    if path.suffix.lower() not in kinds:
        return f'"{value}" must end in {" or ".join(kinds)}'
    if not _is_there(path):
        return f'there is no file "{value}"'
    return f'"{value}" is larger than {most // 1_000_000} MB' if path.stat().st_size > most else ""


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # no disk has names of such a length
        return False


def _package(path: Path) -> str:
    room = packages.room()
    return room.fault_of(path) if room else "packages have no place here"


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _picture(path: Path) -> str:
    """A picture of its kind, of a size that can be drawn, that carries nothing but what it shows."""
    kind, most = _PICTURES[path.suffix.lower()], settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=[kind]) as picture:
                if picture.width * picture.height > most:
                    return "this picture has too many pixels"
                picture.load()
    except Image.DecompressionBombError:
        return "this picture has too many pixels"
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return f"this is not a {kind} picture that can be read"
    return "" if _CARRIES_PIXELS[kind](path.read_bytes()) else "this picture carries more than what it shows"


def _png_is_bare(data: bytes) -> bool:
    """Only the parts that draw it, up to its end: no text, no place and time, nothing behind it."""
    at, kind = 8, b""
    while kind != b"IEND":
        kind = data[at + 4 : at + 8]
        if kind not in _PNG_PARTS:
            return False
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return at == len(data)


def _jpeg_is_bare(data: bytes) -> bool:
    """No part of an application's own but JFIF, no comment, and the end at the end."""
    at = 2
    while data[at : at + 1] == b"\xff" and at + 1 < len(data) and (kind := data[at + 1]) != _JPEG_SCAN:
        if 0xE1 <= kind <= 0xEF or kind == 0xFE:
            return False
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return data.endswith(_JPEG_END) and data.count(_JPEG_END, at) == 1


def _webp_is_bare(data: bytes) -> bool:
    at, size = 12, int.from_bytes(data[4:8], "little") + 8
    while at < size:
        if data[at : at + 4] not in _WEBP_PARTS:
            return False
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    return at == size == len(data)


_CARRIES_PIXELS = {"PNG": _png_is_bare, "JPEG": _jpeg_is_bare, "WEBP": _webp_is_bare}


def _pdf(path: Path) -> str:
    if path.stat().st_size > MOST_PAPER:
        return f"a PDF has at most {MOST_PAPER // 1_000_000} MB"
    data = path.read_bytes()
    if not data.startswith(b"%PDF-"):
        return "this is not a PDF"
    return "this PDF runs a script or holds other files" if any(mark in data for mark in _SCRIPTS_OF_PDF) else ""


def _office(path: Path) -> str:
    try:
        with path.open("rb") as file:
            names = [entry.filename for entry in listed(file, _DOCUMENT)]
    except ArchiveRefused:
        return "this document can't be read"
    if _OFFICE[path.suffix.lower()] not in names:
        return "this document is not what its name says"
    programmes = ("vbaproject.bin", "/activex/", "basic/", "/embeddings/")
    has_programmes = any(mark in name.lower() for name in names for mark in programmes)
    return "this document has programmes or other files in it" if has_programmes else ""


def _text(path: Path) -> str:
    if path.stat().st_size > MOST_TEXT:
        return f"a text has at most {MOST_TEXT // 1_000_000} MB"
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return "this is not text in UTF-8"
    if path.suffix.lower() == ".vtt" and not text.startswith("WEBVTT"):
        return "captions begin with the word WEBVTT"
    return "there are characters here that cannot be seen" if "\x00" in text else ""


def _video(path: Path) -> str:
    return "" if _head(path)[4:8] == b"ftyp" else "this is not an mp4 video"


def _audio(path: Path) -> str:
    head = _head(path)
    is_frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0
    return "" if head.startswith(b"ID3") or is_frame else "this is not an mp3 recording"


_LOOKS: dict[str, Callable[[Path], str]] = {
    **dict.fromkeys(_PICTURES, _picture),
    **dict.fromkeys(_OFFICE, _office),
    **dict.fromkeys(PACKAGES, _package),
    ".pdf": _pdf,
    ".txt": _text,
    ".vtt": _text,
    ".mp4": _video,
    ".mp3": _audio,
}
