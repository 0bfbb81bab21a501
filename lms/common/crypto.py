"""Private writing is encrypted in the database with keys that live outside it (``LMS_PRIVATE_KEYS``)."""

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
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
