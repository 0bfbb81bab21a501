"""Pictures are drawn anew when they come in: a photo says where and when it was taken, and nobody may learn that."""

from io import BytesIO
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

QUALITY = 90
_OPTIONS = {"JPEG": {"quality": QUALITY}, "WEBP": {"quality": QUALITY}, "AVIF": {"quality": QUALITY}}


def redrawn(file: BinaryIO, *, name: str = "") -> ContentFile[bytes]:
    """Return the picture with its pixels only: turned the way it was held, no EXIF, no comment, no preview.

    Raises ValidationError for what is no picture.
    """
    file.seek(0)
    try:
        with Image.open(file) as picture:
            kind = str(picture.format)
            moves = getattr(picture, "n_frames", 1) > 1
            data = _moving(picture, kind) if moves else _saved(_still(picture), kind)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as fault:
        raise ValidationError("We can't read that picture. Save it as a JPEG or PNG and try again.") from fault
    return ContentFile(data, name=name)


def _still(picture: Image.Image) -> Image.Image:
    """Copy the pixels, and nothing that came with them, onto a new picture."""
    turned = ImageOps.exif_transpose(picture)
    clean = Image.frombytes(turned.mode, turned.size, turned.tobytes())
    if turned.mode == "P" and (palette := turned.getpalette()):
        clean.putpalette(palette)
    if "transparency" in turned.info:
        clean.info["transparency"] = turned.info["transparency"]
    return clean


def _moving(picture: Image.Image, kind: str) -> bytes:
    frames, lengths = [], []
    for frame in ImageSequence.Iterator(picture):
        frames.append(_still(frame.convert("RGBA")))
        lengths.append(int(frame.info.get("duration", 100)))
    return _saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=lengths, loop=0)


def _saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, format=kind, **_OPTIONS.get(kind, {}), **options)
    return out.getvalue()
