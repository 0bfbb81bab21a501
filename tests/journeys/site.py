"""A whole Hearth of its own for the journeys: real database file, real web server, real worker, demo people."""

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.client import HTTPConnection
from pathlib import Path
from typing import TypeVar

from lms.common.management.commands.serve import WORKER, web_server

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "a-warm-hearth-tonight"
END_OF_LETTER = b"-" * 79  # what Django's mail-in-a-folder writes after each message
Found = TypeVar("Found")
MOVE_BACK = """
from datetime import datetime, timedelta
from lms.webinars.models import Session
session = Session.objects.unscoped(because="the journeys turn the clock").get(uuid="{uuid}")
for row in (session, *session.parts.all()):
    for name in {{"starts_at", "ends_at", "booking_closes_at"}} & vars(row).keys():
        setattr(row, name, getattr(row, name) - timedelta(minutes={minutes}))
    if hasattr(row, "local_start") and isinstance(row.local_start, str):
        meant = datetime.fromisoformat(row.local_start) - timedelta(minutes={minutes})
        row.local_start = meant.isoformat(timespec="minutes")
    row.save()
"""


def wait_until(look: Callable[[], Found], seconds: int) -> Found:
    """Ask ``look`` again and again until it answers something true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := look():
            return answer
        threading.Event().wait(0.2)
    raise AssertionError(f"not seen within {seconds} s: {look}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """An installation over one data folder. Web server and worker run beside each other, as in production."""

    data: Path
    settings: str = "lms.settings.local"
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.url = f"http://127.0.0.1:{self.port}"
        self.content = f"http://content.localhost:{self.port}"  # where packages run
        self.environment = {
            **os.environ,
            "LMS_DATA": str(self.data),
            "PORT": str(self.port),
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": self.settings,
        }

    # --- Its processes --------------------------------------------------------------------------------
    def run(self, *command: str) -> subprocess.Popen[bytes]:
        """Start Python with ``command``, in a process group of its own, its words in the data folder."""
        with (self.data / "server.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def is_well(self) -> bool:
        """Whether the web server answers."""
        with contextlib.suppress(OSError), contextlib.closing(HTTPConnection("127.0.0.1", self.port, timeout=2)) as web:
            web.request("GET", "/healthz")
            return web.getresponse().status == 200
        return False

    def wait_for_web(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until the site answers; fail with its last words when it never will."""
        wait_until(lambda: self.is_well() or process.poll() is not None, 300)
        assert process.poll() is None, (self.data / "server.log").read_text()

    def start(self) -> None:
        """Start the web server and the worker."""
        self.web = self.run(*web_server("127.0.0.1", str(self.port), "1"))
        self.start_worker()
        self.wait_for_web(self.web)

    def start_worker(self) -> None:
        """Start the worker, or a new one after a crash."""
        self.worker = self.run(*WORKER)

    def freeze_worker(self) -> None:
        """Let the worker do nothing more, from a moment when it holds no lock: it is about to crash."""
        database = sqlite3.connect(self.data / "hearth.sqlite3", timeout=60, isolation_level=None)
        with contextlib.closing(database):
            database.execute("BEGIN EXCLUSIVE")
            os.killpg(self.worker.pid, signal.SIGSTOP)
            database.execute("ROLLBACK")

    def kill_worker(self) -> None:
        """Kill the worker as a crash would: at once, with all its children."""
        os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait(timeout=10)

    def stop(self) -> None:
        """Stop both as Ctrl-C does: only the first process of each is told."""
        for process in (self.web, self.worker):
            process.terminate()
        for process in (self.web, self.worker):
            process.wait(timeout=40)

    # --- What no page may show ------------------------------------------------------------------------
    def manage(self, *command: str) -> str:
        """Run a management command against this installation and return what it prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, lines: str) -> str:
        """Run lines of Python inside the installation; return what they print."""
        return self.manage("shell", "--no-imports", "-c", lines).strip()

    def let_pass(self, minutes: int, *, session: str) -> None:
        """Let it be later for one session: all its times move back. ``session`` is the address of its page."""
        uuid = session.strip("/").split("/")[-1]
        self.ask(MOVE_BACK.format(minutes=minutes, uuid=uuid))

    # --- Its mailbox ----------------------------------------------------------------------------------
    def letters(self, to: str, subject: str) -> list[EmailMessage]:
        """Return the e-mails to an address whose subject holds ``subject``, oldest first."""
        files = sorted((self.data / "mailbox").glob("*.log"), key=lambda path: path.stat().st_mtime)
        letters = [letter for path in files for letter in _read(path)]
        return [letter for letter in letters if letter["to"] == to and subject in letter["subject"]]

    def wait_for_letter(self, to: str, subject: str, *, number: int = 1, seconds: int = 150) -> EmailMessage:
        """Wait for the first (or second, ...) such e-mail. Fails after ``seconds``."""
        return wait_until(lambda: self.letters(to, subject)[number - 1 : number], seconds)[0]


def _read(path: Path) -> Iterator[EmailMessage]:
    """Yield the whole e-mails of a file: one that is still being written has no end yet."""
    *whole, _ = path.read_bytes().split(b"\n" + END_OF_LETTER + b"\n")
    for letter in whole:
        yield message_from_bytes(letter.strip(), _class=EmailMessage, policy=policy.default)


def text_of(letter: EmailMessage, kind: str = "text/plain") -> str:
    """Return the first part of a type, or nothing."""
    return next((str(part.get_content()) for part in letter.walk() if part.get_content_type() == kind), "")


@contextlib.contextmanager
def running(data: Path, *, settings: str = "lms.settings.local") -> Iterator[Site]:
    """Run web server and worker over the folder ``data`` and stop both."""
    site = Site(data, settings=settings)
    if settings != "lms.settings.local":
        site.manage("collectstatic", "--no-input", "--ignore", "wagtail*")  # the editor's are many, and not weighed
    try:
        site.start()
        yield site
    finally:
        site.stop()


def begin_as_a_newcomer(data: Path) -> Path:
    """Fill an empty data folder by the very command a newcomer types, once its pages answer; then stop it."""
    data.mkdir(parents=True)
    site = Site(data)
    process = site.run("manage.py", "start_demo")
    site.wait_for_web(process)
    process.terminate()
    assert process.wait(timeout=40) == 0, (data / "server.log").read_text()
    return data
