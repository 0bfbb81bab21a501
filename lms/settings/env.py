"""Reading the environment: what is missing or malformed is said in one line that names what to do."""

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent.parent


def required(name: str) -> str:
    """Return the variable ``name``; raises ImproperlyConfigured when it is not set."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"Set {name} in the environment; docs/operations.md says what it is for.")
    return value


def text(name: str, default: str = "") -> str:
    """Return the variable ``name``, or ``default`` when it is not set or empty."""
    return os.environ.get(name, "") or default


def number(name: str, default: int) -> int:
    """Return a variable that is a whole number; raises ImproperlyConfigured when it is none."""
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def listed(name: str, default: str = "") -> list[str]:
    """Return a comma-separated variable as a list without empty entries."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def data_folder() -> Path:
    """Return the folder of everything that is written (``LMS_DATA``; ``var/`` by default), made if missing."""
    folder = Path(text("LMS_DATA", str(ROOT / "var"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def signing() -> dict[str, Any] | None:
    """Return where the key is that certificates are signed with, or None when none is set.

    ``LMS_SIGNING_KEY`` is a file: PEM, with its certificate in ``LMS_SIGNING_CERTIFICATE``, or a PKCS#12 that holds
    both. The key itself is read by the process that draws, and by nothing else.
    """
    key = text("LMS_SIGNING_KEY")
    if not key:
        return None
    return {
        "key": key,
        "certificate": text("LMS_SIGNING_CERTIFICATE"),
        "chain": listed("LMS_SIGNING_CHAIN"),
        "password": text("LMS_SIGNING_PASSWORD"),
    }
