"""Pictures are drawn anew when they come in: a photo says where and when it was taken, and nobody may learn that."""

from io import BytesIO
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

QUALITY = 90
_OPTIONS = {"JPEG": {"quality": QUALITY}, "WEBP": {"quality": QUALITY}, "AVIF": {"quality": QUALITY}}


def redrawn(file: BinaryIO) -> ContentFile[bytes]:
    """Return the picture with its pixels only: turned the way it was held, no EXIF, no comment, no preview.

    Raises ValidationError for what is no picture.
    """
    file.seek(0)
    try:
        with Image.open(file) as picture:
            kind = str(picture.format)
            moving = getattr(picture, "n_frames", 1) > 1
            return _saved(picture if moving else _still(picture), kind=kind, moving=moving)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as fault:
        raise ValidationError("We can't read that picture. Save it as a JPEG or PNG and try again.") from fault


def _still(picture: Image.Image) -> Image.Image:
    """Copy the pixels, and nothing that came with them, onto a new picture."""
    turned = ImageOps.exif_transpose(picture)
    clean = Image.frombytes(turned.mode, turned.size, turned.tobytes())
    if turned.mode == "P" and (palette := turned.getpalette()):
        clean.putpalette(palette)
    if "transparency" in turned.info:
        clean.info["transparency"] = turned.info["transparency"]
    return clean


def _saved(picture: Image.Image, *, kind: str, moving: bool) -> ContentFile[bytes]:
    out = BytesIO()
    options = {**_OPTIONS.get(kind, {}), **({"save_all": True} if moving else {})}
    picture.save(out, format=kind, exif=b"", **options)
    return ContentFile(out.getvalue())
