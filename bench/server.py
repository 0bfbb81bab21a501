"""The site under measurement: one granian process with one worker, and its CPU seconds."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running site. ``pid`` is granian's first process; its children do the work."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """CPU seconds that the web processes have used so far."""
        return sum(map(_cpu_seconds, [self.pid, *_children(self.pid)]))


def _cpu_seconds(pid: int) -> float:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    return 0.0


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError, urllib.error.URLError):
        return bool(urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2))
    return False


@contextlib.contextmanager
def serving(environment: dict[str, str], *, workers: int = 1) -> Iterator[Server]:
    """Serve ``bench.settings`` over the database that ``environment`` names."""
    port = _free_port()
    flags = [
        "--workers",
        str(workers),
        "--blocking-threads",
        "1",
        "--no-ws",
        "--log-level",
        "error",
        "lms.wsgi:application",
    ]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), *flags]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    try:
        deadline = time.monotonic() + 60
        while not _answers(port):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError("the site did not start")
            time.sleep(0.1)
        yield Server(port=port, pid=process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)
