"""Reading the environment: what is missing or malformed is said in one line that names what to do."""

import os
from pathlib import Path

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


def listed(name: str, default: str = "") -> list[str]:
    """Return a comma-separated variable as a list without empty entries."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def data_folder() -> Path:
    """Return the folder of everything that is written (``LMS_DATA``; ``var/`` by default), made if missing."""
    folder = Path(text("LMS_DATA", str(ROOT / "var"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder
