"""A worker's hold on its press: start it when there is something to draw, watch the clock, and end it when it jams.

One press serves one worker for many certificates, because starting takes longer than drawing ten. It is ended after a
fault, after ``LIFE`` certificates, and by itself when nothing was asked for a while or the worker has gone.
"""

import atexit
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from lms.certificates.wire import Drawn, Frame, Late, Order, Pipe, Torn, order_frame

SECONDS: Final = 20  # for one certificate, of the processor and by the clock
MEGABYTES: Final = 512  # of address space
IDLE_SECONDS: Final = 300
LIFE: Final = 2000  # certificates
ROOT = Path(__file__).resolve().parents[2]
KEPT = ("PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME")


class RenderFailed(Exception):
    """The certificate was not drawn: a fault of the engine, no time left, no memory left. Says which, nothing more."""


class Press:
    """One press at a time, for one process at a time. Not for threads.

    seconds: for one certificate. megabytes: of address space. life: certificates until another press takes over.
    """

    def __init__(self, *, seconds: int = SECONDS, megabytes: int = MEGABYTES, life: int = LIFE) -> None:
        self._seconds, self._megabytes, self._life = seconds, megabytes, life
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = self._drawn = 0

    @property
    def pid(self) -> int | None:
        """The process it runs in, if it runs."""
        return self._process.pid if self._is_running() and self._process else None

    def _is_running(self) -> bool:
        """Whether there is one, and it is ours: one that came along in a fork belongs to somebody else."""
        return self._process is not None and self._owner == os.getpid() and self._process.poll() is None

    def draw(self, order: Order) -> Drawn:
        """Have ``order`` drawn. Raises RenderFailed; the next order then finds another press."""
        if not self._is_running():
            self._start()
        try:
            answer = self._ask(order_frame(order))
        except RenderFailed:
            self.close()
            raise
        self._drawn += 1
        if self._drawn >= self._life:
            self.close()
        return Drawn(answer.body, answer.words["qr"])

    def _ask(self, asked: Frame) -> Frame:
        try:
            self._pipe.send(asked, within=self._seconds)
            answer = self._pipe.take(within=self._seconds)
        except Late:
            raise RenderFailed("took too long") from None
        except Torn:
            raise RenderFailed("the press broke down") from None
        if fault := answer.words.get("fault"):
            raise RenderFailed(fault)
        return answer

    def _start(self) -> None:
        self.close()
        self._process = process = subprocess.Popen(
            [sys.executable, "-m", "lms.certificates.renderer"],
            cwd=ROOT,
            env={name: os.environ[name] for name in KEPT if name in os.environ},  # no address, no secret
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        self._owner, self._drawn = os.getpid(), 0
        self._pipe = Pipe(_number(process.stdout), _number(process.stdin))
        house: dict[str, Any] = {
            "seconds": self._seconds,
            "megabytes": self._megabytes,
            "idle_seconds": IDLE_SECONDS,
            "signing": settings.LMS_SIGNING,
        }
        self._pipe.send(Frame(house))

    def close(self) -> None:
        """End the press at once; there is nothing in it worth keeping."""
        process, self._process = self._process, None
        if process is None:
            return
        if self._owner == os.getpid():
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


def _number(pipe: Any) -> int:
    number: int = pipe.fileno()
    return number


press = Press()
atexit.register(press.close)
