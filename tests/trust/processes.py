"""Other processes on the database of the test: workers that really run, and one that holds on to a lock."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlencode

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent
Found = TypeVar("Found")
WORKER_SETTINGS = """
from lms.settings.test import *
Q_CLUSTER = {**Q_CLUSTER, "poll": 0.1}
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = "127.0.0.1", %d, 60
"""


def until(look: Callable[[], Found], seconds: float = 60) -> Found:
    """Ask again and again until the answer is true; fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        threading.Event().wait(0.05)
    raise AssertionError(f"not seen within {seconds} s")


def database_url() -> str:
    """The test's own database, as the environment names it."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    user = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}@" if known["USER"] else ""
    place = f"{known['HOST']}:{known['PORT']}" if known["PORT"] else known["HOST"]
    return f"postgresql://{user}{place}/{known['NAME']}?{urlencode(known['OPTIONS'])}"


def environment(**more: str) -> dict[str, str]:
    """What a process of ours is started with."""
    return {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "lms.settings.test", **more}


@contextlib.contextmanager
def worker(folder: Path, *, mail_port: int = 1) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker, stopped as an installation stops it: its first process is told, and it alone."""
    (folder / "worker_settings.py").write_text(WORKER_SETTINGS % mail_port)
    env = environment(DJANGO_SETTINGS_MODULE="worker_settings", PYTHONPATH=f"{folder}:{ROOT}")
    with (folder / "worker.log").open("wb") as log:
        command = [sys.executable, "manage.py", "qcluster"]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def who_talks_to(port: int) -> list[int]:
    """The processes that have a connection open from our side to ``port``: as the system's own tables say."""
    ends = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    inodes = {f"socket:[{end[9]}]" for end in ends if end[2].endswith(f":{port:04X}") and end[3] == "01"}
    return [int(pid.name) for pid in Path("/proc").iterdir() if pid.name.isdigit() and _holds(pid, inodes)]


def _holds(pid: Path, inodes: set[str]) -> bool:
    try:
        return any(os.readlink(held) in inodes for held in (pid / "fd").iterdir())
    except OSError:  # gone since, or somebody else's
        return False
