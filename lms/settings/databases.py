"""The database from one variable, ``DATABASE_URL``: SQLite in the data folder, or PostgreSQL."""

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# SQLite before this version can corrupt a WAL database when the log is reset (fixed 2026-03-13).
WAL_IS_SOUND_FROM = (3, 51, 3)
LOCK_TIMEOUT = "3s"  # who waits longer for a row is told that the site is busy, and keeps what was typed


def sqlite(path: Path | str) -> dict[str, Any]:
    """Settings for SQLite at ``path``.

    IMMEDIATE, because a deferred transaction that turns into a writer fails at once with "database is
    locked" and no time-out helps. The journal is WAL only where SQLite's own WAL fault is mended.
    """
    journal = "WAL" if sqlite3.sqlite_version_info >= WAL_IS_SOUND_FROM else "DELETE"
    pragmas = f"PRAGMA journal_mode={journal}; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "CONN_MAX_AGE": None, "OPTIONS": options}


def postgresql(url: str) -> dict[str, Any]:
    """Settings for ``postgresql://user:password@host:port/name?option=value``.

    No connection pool: django-q2 forks its workers, and forked processes would share the pool's sockets.
    """
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": f"-c lock_timeout={LOCK_TIMEOUT}", **dict(parse_qsl(parts.query))},
    }


def from_url(url: str, *, default_path: Path) -> dict[str, Any]:
    """Choose by the scheme of ``url``; empty means SQLite at ``default_path``."""
    scheme = urlsplit(url).scheme
    if not url:
        return sqlite(default_path)
    if scheme == "sqlite":
        return sqlite(url.removeprefix("sqlite:///"))
    if scheme in {"postgres", "postgresql"}:
        return postgresql(url)
    raise ImproperlyConfigured("DATABASE_URL starts with sqlite:/// or postgresql://")
