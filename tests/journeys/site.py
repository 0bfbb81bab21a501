"""A whole Hearth of its own for the journeys: real database file, real web server, real worker, demo people."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "a-warm-hearth-tonight"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """A running installation: where it answers, where it keeps its data, and the process that runs it."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]
    environment: dict[str, str]

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

    def ask(self, expression: str) -> str:
        """Evaluate Python inside the installation, for what no page may show (like when a mail was sent)."""
        return self.manage("shell", "--no-imports", "-c", f"print({expression})").strip()

    def worker_pids(self) -> list[int]:
        """Return the worker's processes, its first one first."""
        listed = subprocess.run(["pgrep", "-f", "manage.py qcluster"], capture_output=True, text=True, check=False)
        return [pid for pid in map(int, listed.stdout.split()) if self._is_ours(pid)]

    def _is_ours(self, pid: int) -> bool:
        with contextlib.suppress(OSError):
            return f"LMS_DATA={self.data}".encode() in Path(f"/proc/{pid}/environ").read_bytes()
        return False

    def kill_worker(self) -> None:
        """Kill the worker as a crash would: at once, with all its children."""
        for pid in self.worker_pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def mails(self) -> list[Path]:
        """Return the files of the mailbox folder, oldest first."""
        return sorted((self.data / "mailbox").glob("*.log"), key=lambda path: path.stat().st_mtime)

    def wait_for_mail(self, words: str, *, seconds: int = 150) -> str:
        """Wait until some mail says ``words``; return its text. Fails after ``seconds``."""
        return wait_until(lambda: next((t for p in self.mails() if words in (t := p.read_text())), ""), seconds)


def wait_until(look, seconds: int):
    """Ask ``look`` again and again until it answers something true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := look():
            return answer
        threading.Event().wait(0.2)
    raise AssertionError(f"not seen within {seconds} s: {look}")


def answers(url: str) -> bool:
    with contextlib.suppress(OSError):
        return urllib.request.urlopen(url, timeout=2).status == 200
    return False


@contextlib.contextmanager
def running(data: Path, *, command: str = "serve") -> Iterator[Site]:
    """Run web server and worker over the folder ``data`` and stop both."""
    port = free_port()
    environment = {
        **os.environ,
        "LMS_DATA": str(data),
        "PORT": str(port),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "lms.settings.local",
    }
    with (data / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", command], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    site = Site(url=f"http://127.0.0.1:{port}", data=data, process=process, environment=environment)
    try:
        wait_until(lambda: answers(f"{site.url}/healthz") or process.poll() is not None, 300)
        assert process.poll() is None, (data / "server.log").read_text()
        yield site
    finally:
        process.terminate()
        process.wait(timeout=40)


def prepared(cache: Path) -> Path:
    """Return a data folder with content and demo people, made once a run by the newcomer's own command."""
    if not (cache / "ready").exists():
        shutil.rmtree(cache, ignore_errors=True)
        cache.mkdir(parents=True)
        with running(cache, command="start_demo"):
            (cache / "ready").touch()
    return cache
