"""Start the web server and the worker together, and stop both cleanly."""

import os
import signal
import socket
import subprocess
import sys
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

# The worker finishes the task it is at; after this many seconds it is stopped the hard way.
PATIENCE = 20
WORKER = ("manage.py", "qcluster")


def refuse_taken_port(host: str, port: int) -> None:
    """Raise CommandError when something already listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as refusal:
            raise CommandError(f"Port {port} is taken or not ours. Choose another one: PORT=8001 make run") from refusal


def port_number(typed: str) -> int:
    """Return the port as a number. Raises CommandError when it is none."""
    if not typed.isdecimal():
        raise CommandError(f"PORT must be a number, not {typed!r}.")
    return int(typed)


def web_server(host: str, port: str, workers: str) -> tuple[str, ...]:
    """Return what Python has to run for the web server."""
    where = ("--host", host, "--port", port, "--workers", workers)
    quiet = ("--blocking-threads", "1", "--no-ws", "--log-level", "warning")
    return ("-m", "granian", "--interface", "wsgi", *where, *quiet, "lms.wsgi:application")


def start(*command: str) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own: Ctrl-C reaches us alone, and we stop each one in its way.

    A signal to the worker's whole process group would wedge it: only its first process may be told.
    """
    return subprocess.Popen([sys.executable, *command], start_new_session=True)  # noqa: S603 - our own two commands


class Command(BaseCommand):
    help = "Start the web server and the worker together; Ctrl-C stops both."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default=os.environ.get("PORT", "8000"))
        parser.add_argument("--workers", default="1", help="web processes")

    def handle(self, *, host: str, port: str, workers: str, **options: Any) -> None:
        refuse_taken_port(host, port_number(port))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.local")
        self.children = [start(*web_server(host, port, workers)), start(*WORKER)]
        for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wanted, self.stop)
        self.wait()

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Ask both to finish."""
        for child in self.children:
            if child.poll() is None:
                child.terminate()

    def wait(self) -> None:
        """Stay until both have ended. When one ends by itself, end the other and say so."""
        first = self._first_to_end()
        asked = first.returncode in {0, -signal.SIGTERM, -signal.SIGINT}
        self.stop(signal.SIGTERM, None)
        for child in self.children:
            try:
                child.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
        if not asked:
            raise CommandError("The web server or the worker ended by itself; its last lines are above.")

    def _first_to_end(self) -> subprocess.Popen[bytes]:
        while True:
            pid, status = os.wait()
            for child in self.children:
                if child.pid == pid:
                    child.returncode = os.waitstatus_to_exitcode(status)
                    return child
