"""Asking: a fixed number of requests over a few connections, and what they took."""

import http.client
import itertools
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.server import Server

CONNECTIONS = 4
_SOURCES = itertools.count()


@dataclass(frozen=True)
class Ask:
    """One request."""

    path: str
    method: str = "GET"
    cookie: str = ""
    body: str = ""
    host: str = ""  # where it is not this machine's own


@dataclass
class Measured:
    """What a batch of requests came to. Times in milliseconds."""

    requests: int
    seconds: float
    cpu_ms: float
    times: list[float] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    weight: int = 0
    odd: dict[int, int] = field(default_factory=dict)

    @property
    def p50(self) -> float:
        return statistics.median(self.times)

    @property
    def queries(self) -> int:
        """The usual number: what a process keeps for half a minute is read by one request in many."""
        return int(statistics.median(self.counts))

    @property
    def p95(self) -> float:
        return sorted(self.times)[int(0.95 * (len(self.times) - 1))]


def _headers(ask: Ask, port: int) -> dict[str, str]:
    headers = {"Accept-Encoding": "gzip", "Referer": f"http://127.0.0.1:{port}/"}
    if ask.host:
        headers["Host"] = ask.host
    if ask.cookie:
        headers["Cookie"] = ask.cookie
    if ask.body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    return headers


def _walk(server: Server, asks: Sequence[Ask], wanted: int, into: Measured, lock: threading.Lock) -> None:
    source = f"127.0.{next(_SOURCES) % 250 + 1}.1"  # somebody else each time, as limits by address see it
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60, source_address=(source, 0))
    for ask in asks:
        begun = time.perf_counter()
        connection.request(ask.method, ask.path, ask.body or None, _headers(ask, server.port))
        answer = connection.getresponse()
        weight = len(answer.read())
        took = (time.perf_counter() - begun) * 1000
        with lock:
            into.times.append(took)
            into.counts.append(int(answer.headers.get("X-Queries", 0)))
            into.weight = max(into.weight, weight)
            if answer.status != wanted:
                into.odd[answer.status] = into.odd.get(answer.status, 0) + 1
    connection.close()


def measure(server: Server, asks: Sequence[Ask], *, wanted: int = 200, connections: int = CONNECTIONS) -> Measured:
    """Send ``asks`` over some connections at once; ``wanted`` is the status that each must get."""
    into, lock = Measured(len(asks), 0, 0), threading.Lock()
    shares = [asks[n::connections] for n in range(connections)]
    walkers = [threading.Thread(target=_walk, args=(server, share, wanted, into, lock)) for share in shares if share]
    cpu, begun = server.cpu_seconds(), time.perf_counter()
    for walker in walkers:
        walker.start()
    for walker in walkers:
        walker.join()
    into.seconds = time.perf_counter() - begun
    into.cpu_ms = (server.cpu_seconds() - cpu) * 1000 / max(len(asks), 1)
    return into


Batch = Callable[[int, int], Sequence[Ask]]
