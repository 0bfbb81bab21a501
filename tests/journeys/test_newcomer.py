"""Somebody who has just cloned this starts it, stops it, and starts it again."""

import contextlib
import hashlib
import shutil
import signal
import sqlite3
from pathlib import Path

from tests.journeys.site import Site

# What a running site changes by itself: the worker's work and pulse, and sessions.
BY_ITSELF = (
    "django_q_",
    "common_heartbeat",
    "django_session",
    "outbox_message",
    "audit_",
    "certificates_",
    "shared_cache",
    "sqlite_",
    "wagtailsearch_",
)


def what_is_kept(data: Path) -> dict[str, str]:
    """A digest of each table that only people change."""
    with contextlib.closing(sqlite3.connect(data / "hearth.sqlite3", timeout=30)) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in names if not name.startswith(BY_ITSELF)]
        return {
            name: hashlib.sha256(repr(list(database.execute(f"SELECT * FROM {name} ORDER BY 1"))).encode()).hexdigest()  # noqa: S608
            for name in kept
        }


def test_a_second_start_changes_nothing_and_a_stop_leaves_nothing_running(first_start: Path, tmp_path: Path):
    data = tmp_path / "data"
    shutil.copytree(first_start, data)
    before = what_is_kept(data)
    site = Site(data)
    process = site.run("manage.py", "start_demo")
    site.wait_for_web(process)
    log = (data / "server.log").read_text()
    assert f"{site.url}/desk/" in log
    assert "adopter@hearth.example" in log
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=40) == 0
    assert not site.is_well()
    assert {name for name, digest in what_is_kept(data).items() if digest != before[name]} == set()
