"""Agencies' logos as certificates carry them: small, without transparency, kept for good under the hash of their bytes.

A certificate names its logo by that hash. Whatever becomes of the picture in the editor, what was issued stays.
"""

import hashlib
from io import BytesIO
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from PIL import Image, UnidentifiedImageError

KIND = "image/jpeg"  # goes into the PDF as it is; anything else would be packed anew for every certificate
PAPER = (0xFF, 0xFD, 0xFA)
MOST_PIXELS = (900, 300)  # of what is kept: 70 by 13 mm at more than 300 dots an inch
SMALLEST, LARGEST = 60, 4000  # pixels of either side of what comes in
LARGEST_FILE = 2_000_000  # bytes
FLATTEST = 8  # times as wide as high


class LogoUnusable(ValueError):
    """The picture cannot be a logo; its words say why, to the person who chose it."""


def keep(file: BinaryIO) -> tuple[str, int, int]:
    """Make a logo of a picture and keep it; return the hash it is known by, and its width and height in pixels.

    Raises LogoUnusable.
    """
    picture = _opened(file)
    picture.thumbnail(MOST_PIXELS)
    body = _flat(picture)
    sha256 = hashlib.sha256(body).hexdigest()
    store, path = storages["private"], _path(sha256)
    if not store.exists(path):
        store.save(path, ContentFile(body))
    return sha256, picture.width, picture.height


def _opened(file: BinaryIO) -> Image.Image:
    """The picture, once its size was seen to be a logo's: what is too large is never unpacked."""
    try:
        if file.seek(0, 2) > LARGEST_FILE:
            raise LogoUnusable("That picture is too large. Choose one of less than 2 MB.")
        file.seek(0)
        picture = Image.open(file)
        _require_shape(picture.width, picture.height)
        return picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as fault:
        raise LogoUnusable("We can't read that picture. Save it as a PNG or JPEG and try again.") from fault


def _require_shape(width: int, height: int) -> None:
    if min(width, height) < SMALLEST:
        raise LogoUnusable(f"That picture is too small to print well. It needs at least {SMALLEST} pixels each way.")
    if max(width, height) > LARGEST:
        raise LogoUnusable(f"That picture is too large. Choose one of at most {LARGEST} pixels each way.")
    if width > FLATTEST * height or height > 2 * width:
        raise LogoUnusable("That shape doesn't fit the paper. Choose one that isn't so long or so tall.")


def _flat(picture: Image.Image) -> bytes:
    ground, out = Image.new("RGB", picture.size, PAPER), BytesIO()
    ground.paste(picture, mask=picture.getchannel("A"))
    ground.save(out, "JPEG", quality=92, subsampling=0)
    return out.getvalue()


def read(sha256: str) -> bytes:
    """Return the logo known by that hash."""
    with storages["private"].open(_path(sha256)) as file:
        return bytes(file.read())


def _path(sha256: str) -> str:
    return f"certificates/logos/{sha256}.jpg"
