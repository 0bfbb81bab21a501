"""The only door to other people's servers: https, known hosts, public addresses, short and bounded.

Whoever calls says on which hosts the place may be. A name is looked up once, its address is looked at, and the call
goes to that very address under that name: a name that means something else a moment later leads nowhere. No redirect
is followed, no proxy of the environment is used, and a line on which words drip in is cut when the time is up.
"""

import ipaddress
import json
import socket
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from threading import Timer
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter

CONNECT, READ, TOGETHER = 3.0, 5.0, 10.0  # seconds
MOST_BYTES = 2_000_000
BUSY, TOO_BUSY = 429, 503
LOCAL = ("http://localhost:", "http://127.0.0.1:")
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # how a network of IPv6 alone says an address of IPv4


class Trouble(StrEnum):
    """What went wrong with another server, in a word that may be kept and shown."""

    AWAY = "away"
    SLOW = "slow"
    BUSY = "busy"
    REFUSED = "refused"
    WRONG = "wrong"
    FORBIDDEN = "forbidden"


class CallFailed(Exception):
    """Another server did not do what was asked. ``wait``: seconds it wants to be left alone."""

    def __init__(self, trouble: Trouble, *, status: int = 0, wait: int = 0) -> None:
        super().__init__(trouble.value, status)
        self.trouble, self.status, self.wait = trouble, status, wait


@dataclass(frozen=True)
class Answer:
    """What came back, read to its end."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as an object. Raises CallFailed when it is none."""
        try:
            found = json.loads(self.body or b"{}")
        except (ValueError, RecursionError) as odd:
            raise CallFailed(Trouble.WRONG, status=self.status) from odd
        if not isinstance(found, dict):
            raise CallFailed(Trouble.WRONG, status=self.status)
        return found


def host_allowed(address: str, hosts: Iterable[str]) -> bool:
    """Whether ``address`` is an https address on one of ``hosts`` or a name under one, with nothing odd in it."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").rstrip(".")
    plain = address.isascii() and address.isprintable() and not any(c in address for c in " \\<>\"'")
    if not plain or parts.scheme != "https" or "@" in parts.netloc or port not in {None, 443}:
        return False
    return any(host == allowed or host.endswith(f".{allowed}") for allowed in hosts)


def may_be_called(address: str, hosts: Iterable[str]) -> bool:
    """Whether ``address`` is on one of ``hosts``; in the suite also on its own servers."""
    return _is_of_the_suite(address) or host_allowed(address, hosts)


def _is_of_the_suite(address: str) -> bool:
    return settings.LMS_PROVIDERS_MAY_BE_LOCAL and address.startswith(LOCAL)


def public_address(host: str, port: int) -> str:
    """Return the one address to call ``host`` at. Raises CallFailed if any of its addresses is not public."""
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as unknown:
        raise CallFailed(Trouble.AWAY) from unknown
    if not all(_is_public(number.partition("%")[0]) for number in found):
        raise CallFailed(Trouble.FORBIDDEN)
    return min(found, key=lambda number: (":" in number, number))


def _is_public(number: str) -> bool:
    """Whether a numeric address is anybody's on the internet; of one wrapped in IPv6, the one inside counts."""
    address = ipaddress.ip_address(number)
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF) if address in NAT64 else address.sixtofour
        address = wrapped or address
    return address.is_global and not address.is_multicast


class _Timed:
    """A line that is cut when its time is up, however slowly words drip in."""

    sock: socket.socket
    ends: list[Timer]

    def connect(self) -> None:
        """Open the line, and set the moment at which it is cut."""
        super().connect()  # type: ignore[misc] # always stands before the class that has it
        end = Timer(TOGETHER, _cut, [self.sock])
        end.daemon = True
        end.start()
        self.ends.append(end)


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


class _Bounded(HTTPAdapter):
    """Makes lines that are cut when their time is up. A call is made once."""

    def __init__(self) -> None:
        self.ends: list[Timer] = []
        super().__init__()

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        """The lines to one server."""
        lines = super().get_connection_with_tls_context(*args, **kwargs)
        lines.ConnectionCls = type("Line", (_Timed, lines.ConnectionCls), {"ends": self.ends})
        return lines

    def close(self) -> None:
        """All is said, so nothing is cut. A line may be closed before: its last answer is read after that."""
        for end in self.ends:
            end.cancel()
        super().close()


class _Pinned(_Bounded):
    """Calls the address that was looked at, under the name that was asked for."""

    def __init__(self, host: str, address: str) -> None:
        self.host, self.address = host, f"[{address}]" if ":" in address else address
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the certificate of the name, not of the number."""
        super().init_poolmanager(*args, server_hostname=self.host, assert_hostname=self.host, **kwargs)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Put the number where the name was."""
        parts = urlsplit(str(request.url))
        request.headers["Host"] = parts.netloc
        request.url = urlunsplit(parts._replace(netloc=f"{self.address}:{parts.port or 443}"))
        return super().send(request, *args, **kwargs)


def _session(address: str, hosts: Iterable[str]) -> requests.Session:
    """A session that can reach this one place. Raises CallFailed for a place that may not be called."""
    if not may_be_called(address, hosts):
        raise CallFailed(Trouble.FORBIDDEN)
    session = requests.Session()
    session.trust_env = False
    if _is_of_the_suite(address):
        session.mount("http://", _Bounded())
    else:
        parts = urlsplit(address)
        host = str(parts.hostname)
        session.mount("https://", _Pinned(host, public_address(host, parts.port or 443)))
    return session


def _read(answer: requests.Response, *, until: float) -> bytes:
    """Read to the end, unless it is too long or too slow in coming."""
    read = bytearray()
    for piece in answer.iter_content(16_384):
        read += piece
        if len(read) > MOST_BYTES:
            raise CallFailed(Trouble.WRONG, status=answer.status_code)
    if time.monotonic() > until:  # a line that was cut among the headers looks like a short answer
        raise CallFailed(Trouble.SLOW)
    return bytes(read)


def call(
    method: str,
    address: str,
    *,
    hosts: Iterable[str],
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    sends: Mapping[str, Any] | list[Any] | None = None,
    fine: tuple[int, ...] = (),
) -> Answer:
    """Ask another server something and return its answer; ``fine``: statuses besides 2xx that are answers too.

    hosts: where it may be. Raises CallFailed for everything else, within ten seconds of being connected. Never called
    inside a transaction.
    """
    asked = requests.Request(method, address, headers=dict(headers or {}), params=dict(query or {}), json=sends)
    until = time.monotonic() + TOGETHER
    try:
        answer, body = _fetch(asked, hosts, until=until)
    except requests.Timeout as slow:
        raise CallFailed(Trouble.SLOW) from slow
    except (requests.RequestException, OSError) as away:
        raise CallFailed(Trouble.SLOW if time.monotonic() > until else Trouble.AWAY) from away
    _judge(answer, fine)
    return Answer(answer.status_code, body)


def _fetch(asked: requests.Request, hosts: Iterable[str], *, until: float) -> tuple[requests.Response, bytes]:
    with _session(str(asked.url), hosts) as session:
        ready = session.prepare_request(asked)
        with session.send(ready, timeout=(CONNECT, READ), allow_redirects=False, stream=True) as answer:
            return answer, _read(answer, until=until)


def _judge(answer: requests.Response, fine: tuple[int, ...]) -> None:
    status = answer.status_code
    if status // 100 == 2 or status in fine:
        return
    if status in {BUSY, TOO_BUSY}:
        raise CallFailed(Trouble.BUSY, status=status, wait=_seconds(answer.headers.get("Retry-After", "")))
    troubles = {401: Trouble.REFUSED, 403: Trouble.REFUSED}
    raise CallFailed(troubles.get(status, Trouble.AWAY if status >= 500 else Trouble.WRONG), status=status)


def _seconds(said: str) -> int:
    """How long we are asked to wait; a date or nonsense counts as not asked."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0
