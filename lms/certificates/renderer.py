"""The press itself: a process of its own that draws one certificate after the other, as long as a worker feeds it.

``python -m lms.certificates.renderer``. It has no Django, no database, no network and no way to start anything. What
it may use of time and memory is limited by the system, and the worker watches the clock besides. It ends when the
worker's end of the pipe closes, or when nothing was asked for a while.
"""

import os
import resource
import signal
import socket  # noqa: F401 - loaded before the doors close, for whoever only looks at it
import sys
from typing import Any

from lms.certificates import pdf
from lms.certificates.wire import Frame, Order, Pipe, Torn, read_order

FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "os.spawn", "pty.")
HARMLESS = {"socket.__new__"}  # a pair of them, joined to each other, is what signing waits on


def main() -> None:
    """Draw what is asked for until nobody asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the worker; the pipe then says that it has gone
    pipe = Pipe(0, os.dup(1))
    os.dup2(2, 1)  # whatever prints must not print into the answers
    try:
        house = pipe.take().words
        limit(resource.RLIMIT_AS, house["megabytes"] * 1024 * 1024)
        sign = _signer(house["signing"])
        close_doors()
        while True:
            order = read_order(pipe.take(within=house["idle_seconds"]))
            allow_seconds(house["seconds"])
            pipe.send(answer(order, sign))
    except Torn:
        return  # the worker has gone, or had nothing to do for long


def _signer(house: Any) -> Any:
    if not house:
        return None
    from lms.certificates import signing  # noqa: PLC0415 - twenty megabytes that most installations do not need

    return signing.signer(house)


def limit(what: int, most: int) -> None:
    """Have the system refuse more than ``most``."""
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def allow_seconds(seconds: int) -> None:
    """Give the next certificate that many seconds of the processor, however many it is; then the system ends us."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + seconds + 1)


def close_doors() -> None:
    """From here on no connection, no other process. What is hooked in here cannot be taken out again."""

    def refuse(event: str, _args: tuple[Any, ...]) -> None:
        if event.startswith(FORBIDDEN) and event not in HARMLESS:
            raise PermissionError(event)

    sys.addaudithook(refuse)


def answer(order: Order, sign: Any) -> Frame:
    """Draw ``order``; return it, or the kind of fault. After a fault the worker starts another press."""
    try:
        drawn = pdf.draw(order)
        made = sign(drawn.pdf, order.signed_at) if sign and order.signed_at else drawn.pdf
    except BaseException as fault:  # noqa: BLE001 - the engine stops with faults that are no Exception; none may escape
        return Frame({"fault": type(fault).__name__})
    return Frame({"qr": drawn.qr}, made)


if __name__ == "__main__":
    main()
