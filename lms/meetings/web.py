"""The only door to other people's servers: https, known hosts, public addresses, short and bounded.

A name is looked up once, its address is looked at, and the call goes to that very address under that name: a name
that means something else a moment later leads nowhere. No redirect is followed, no proxy of the environment is used.
"""

import ipaddress
import json
import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter

from lms.meetings import rules

CONNECT, READ, TOGETHER = 3.0, 5.0, 10.0  # seconds
MOST_BYTES = 2_000_000
BUSY, TOO_BUSY = 429, 503
LOCAL = ("localhost", "127.0.0.1")


class Trouble(StrEnum):
    """What went wrong with a provider, in a word that may be kept and shown."""

    AWAY = "away"
    SLOW = "slow"
    BUSY = "busy"
    REFUSED = "refused"
    WRONG = "wrong"
    FORBIDDEN = "forbidden"


class ProviderFault(Exception):
    """A provider did not do what was asked. ``wait``: seconds it wants to be left alone."""

    def __init__(self, trouble: Trouble, *, status: int = 0, wait: int = 0) -> None:
        super().__init__(trouble.value, status)
        self.trouble, self.status, self.wait = trouble, status, wait


@dataclass(frozen=True)
class Answer:
    """What came back, read to its end."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as an object. Raises ProviderFault when it is none."""
        try:
            found = json.loads(self.body or b"{}")
        except ValueError as odd:
            raise ProviderFault(Trouble.WRONG, status=self.status) from odd
        if not isinstance(found, dict):
            raise ProviderFault(Trouble.WRONG, status=self.status)
        return found


def may_be_called(address: str, hosts: Iterable[str] | None = None) -> bool:
    """Whether ``address`` is on one of ``hosts``, by default those of rooms; in the suite also on its own servers."""
    if settings.LMS_PROVIDERS_MAY_BE_LOCAL and urlsplit(address).hostname in LOCAL:
        return True
    return rules.host_allowed(address, settings.LMS_ROOM_HOSTS if hosts is None else hosts)


def public_address(host: str, port: int) -> str:
    """Return the one address to call ``host`` at. Raises ProviderFault if any of its addresses is not public."""
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as unknown:
        raise ProviderFault(Trouble.AWAY) from unknown
    if not all(ipaddress.ip_address(address.partition("%")[0]).is_global for address in found):
        raise ProviderFault(Trouble.FORBIDDEN)
    return min(found, key=lambda address: (":" in address, address))


class _Pinned(HTTPAdapter):
    """Calls the address that was looked at, under the name that was asked for."""

    def __init__(self, host: str, address: str) -> None:
        self.host, self.address = host, f"[{address}]" if ":" in address else address
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the certificate of the name, not of the number."""
        super().init_poolmanager(*args, server_hostname=self.host, assert_hostname=self.host, **kwargs)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Put the number where the name was."""
        parts = urlsplit(str(request.url))
        request.headers["Host"] = parts.netloc
        request.url = urlunsplit(parts._replace(netloc=f"{self.address}:{parts.port or 443}"))
        return super().send(request, *args, **kwargs)


def _session(address: str, hosts: Iterable[str] | None) -> requests.Session:
    """A session that can reach this one place. Raises ProviderFault for a place that may not be called."""
    parts = urlsplit(address)
    if not may_be_called(address, hosts):
        raise ProviderFault(Trouble.FORBIDDEN)
    session = requests.Session()
    session.trust_env = False
    host = str(parts.hostname)
    if not (settings.LMS_PROVIDERS_MAY_BE_LOCAL and host in LOCAL):
        session.mount("https://", _Pinned(host, public_address(host, parts.port or 443)))
    return session


def _read(answer: requests.Response, *, until: float) -> bytes:
    """Read to the end, unless it is too long or too slow in coming."""
    read = bytearray()
    for piece in answer.iter_content(16_384):
        read += piece
        if len(read) > MOST_BYTES:
            raise ProviderFault(Trouble.WRONG, status=answer.status_code)
        if time.monotonic() > until:
            raise ProviderFault(Trouble.SLOW)
    return bytes(read)


def call(
    method: str,
    address: str,
    *,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    sends: Mapping[str, Any] | list[Any] | None = None,
    fine: tuple[int, ...] = (),
    hosts: Iterable[str] | None = None,
) -> Answer:
    """Ask another server something and return its answer; ``fine``: statuses besides 2xx that are answers too.

    hosts: where it may be, if not where rooms are.

    Raises ProviderFault for everything else, within ten seconds. Never called inside a transaction.
    """
    asked = requests.Request(method, address, headers=dict(headers or {}), params=dict(query or {}), json=sends)
    try:
        answer, body = _fetch(asked, hosts, until=time.monotonic() + TOGETHER)
    except requests.Timeout as slow:
        raise ProviderFault(Trouble.SLOW) from slow
    except (requests.RequestException, OSError) as away:
        raise ProviderFault(Trouble.AWAY) from away
    _judge(answer, fine)
    return Answer(answer.status_code, body)


def _fetch(asked: requests.Request, hosts: Iterable[str] | None, *, until: float) -> tuple[requests.Response, bytes]:
    with _session(str(asked.url), hosts) as session:
        ready = session.prepare_request(asked)
        with session.send(ready, timeout=(CONNECT, READ), allow_redirects=False, stream=True) as answer:
            return answer, _read(answer, until=until)


def _judge(answer: requests.Response, fine: tuple[int, ...]) -> None:
    status = answer.status_code
    if status // 100 == 2 or status in fine:
        return
    if status in {BUSY, TOO_BUSY}:
        raise ProviderFault(Trouble.BUSY, status=status, wait=_seconds(answer.headers.get("Retry-After", "")))
    troubles = {401: Trouble.REFUSED, 403: Trouble.REFUSED}
    raise ProviderFault(troubles.get(status, Trouble.AWAY if status >= 500 else Trouble.WRONG), status=status)


def _seconds(said: str) -> int:
    """How long we are asked to wait; a date or nonsense counts as not asked."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0
