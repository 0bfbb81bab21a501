"""Private writing is encrypted in the database with keys that live outside it (``LMS_PRIVATE_KEYS``)."""

import base64
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def box() -> MultiFernet:
    """Return the lock for the configured keys: it writes with the first and reads with all of them."""
    return _box(tuple(settings.LMS_PRIVATE_KEYS))


def is_newest(token: str) -> bool:
    """Whether a locked text opens with the newest key."""
    try:
        _box(tuple(settings.LMS_PRIVATE_KEYS[:1])).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def unlocked(token: str) -> str | None:
    """Return the text of a locked one; None where no key that we have opens it."""
    try:
        return box().decrypt(token.encode()).decode()
    except InvalidToken:
        return None


def locked_again(token: str) -> str | None:
    """Return a locked text locked with the newest key; None where no key that we have opens it."""
    try:
        return box().rotate(token.encode()).decode()
    except InvalidToken:
        return None


class EncryptedTextField(models.TextField[str, str]):
    """A text that the database holds only as ciphertext. It cannot be searched, and is not meant to be.

    Raises cryptography.fernet.InvalidToken on reading when no configured key fits.
    """

    def get_prep_value(self, value: Any) -> str | None:
        """Lock on the way in."""
        text = super().get_prep_value(value)
        return None if text is None else (box().encrypt(text.encode()).decode() if text else "")

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """Unlock on the way out."""
        return box().decrypt(value.encode()).decode() if value else value


# --- Words that were locked on a phone ---------------------------------------------------------------------------
# A phone locks them with the public half of a pair, so it cannot open them again itself. The pair is made from the
# keys above: it needs no place of its own, and changes with them.

_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_POINT, _NONCE = 65, 12  # bytes
_LOCKED_WORDS = b"hearth: words locked on a phone"


def _stretch(secret: bytes, *, salt: bytes | None, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=_LOCKED_WORDS).derive(secret)


@lru_cache(maxsize=4)
def _pair(key: str) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(_stretch(key.encode(), salt=None, length=48), "big")
    return ec.derive_private_key(number % (_ORDER - 1) + 1, _CURVE)


def public_lock() -> str:
    """Return the lock for phones: a point of P-256, uncompressed, in base 64."""
    public = _pair(settings.LMS_PRIVATE_KEYS[0]).public_key()
    return base64.b64encode(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)).decode()


def opened(locked: str) -> str:
    """Return what was locked on a phone with ``public_lock``, by any of the keys. Raises ValueError if none fits.

    locked: in base 64 a point made for this once, a nonce of 12 bytes, and what AES-GCM made of the words.
    """
    raw = base64.b64decode(locked, validate=True)
    point, nonce, rest = raw[:_POINT], raw[_POINT : _POINT + _NONCE], raw[_POINT + _NONCE :]
    other = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
    for key in settings.LMS_PRIVATE_KEYS:
        secret = _stretch(_pair(key).exchange(ec.ECDH(), other), salt=point, length=32)
        try:
            return AESGCM(secret).decrypt(nonce, rest, None).decode()
        except InvalidTag:
            continue
    raise ValueError("no key opens it")
