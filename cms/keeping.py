"""What is the same for every stranger is made once and kept in this process until the words change.

A change anywhere gives the shared cache a new mark; each process looks at the mark again every
``LMS_WORDS_LOOK_AGAIN`` and forgets what it made under an older one. Nothing is kept of anybody signed in: they get
the same words, and what is their own is read anew each time.
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.cache import patch_vary_headers

from lms.common.memo import forgets

LONGEST = 60.0  # seconds; session dates pass by themselves, so nothing is kept for ever
MOST = 500  # things; a filter can be combined in many ways
ASKED = "show"  # in an address: which part behind a content notice its reader asked to see
_MARK = "words:mark"
T = TypeVar("T")


@dataclass(frozen=True)
class _Kept:
    mark: str
    until: float
    thing: Any


@dataclass
class _Looked:
    mark: str = ""
    at: float = float("-inf")


_things: dict[str, _Kept] = {}
_looked = _Looked()


def changed() -> None:
    """Say that what strangers see has changed: forgotten here at once, elsewhere when this transaction is done."""
    _forget()
    transaction.on_commit(_new_mark)


def _forget() -> None:
    _things.clear()
    _looked.at = float("-inf")


forgets(_forget)


def _new_mark() -> None:
    cache.set(_MARK, uuid.uuid4().hex, timeout=None)
    _forget()


def _mark(now: float) -> str:
    """Return the mark of the words as they are; a mark that the cache has lost is a new one."""
    if now - _looked.at >= settings.LMS_WORDS_LOOK_AGAIN.total_seconds():
        _looked.mark = str(cache.get_or_set(_MARK, lambda: uuid.uuid4().hex, timeout=None))
        _looked.at = now
    return _looked.mark


def _find(key: str, *, mark: str, now: float) -> Any:
    kept = _things.get(key)
    return kept.thing if kept and kept.mark == mark and kept.until > now else None


def _keep(key: str, thing: Any, *, mark: str, now: float) -> None:
    if len(_things) >= MOST:
        _things.clear()
    _things[key] = _Kept(mark=mark, until=now + LONGEST, thing=thing)


def remember(key: str, make: Callable[[], T]) -> T:
    """Return what ``make`` made for ``key``, from memory where the words have not changed since.

    Only for what is public and the same for everybody. The mark is read first: what changes while ``make`` reads is
    kept under the old mark, and so forgotten.
    """
    now = time.monotonic()
    mark = _mark(now)
    thing: T | None = _find(key, mark=mark, now=now)
    if thing is None:
        thing = make()
        _keep(key, thing, mark=mark, now=now)
    return thing


def is_stranger(request: HttpRequest) -> bool:
    """Whether nothing in the request says who is asking: no cookie but the one that every form sets."""
    return request.method == "GET" and not set(request.COOKIES) - {settings.CSRF_COOKIE_NAME}


def _same_for_all(request: HttpRequest, answer: HttpResponse) -> bool:
    """An answer that carries a cookie, a form's token or a script's nonce is one person's own."""
    token = "CSRF_COOKIE_NEEDS_UPDATE" in request.META
    nonce = getattr(request, "_csp_nonce", None) is not None
    return answer.status_code == 200 and not (token or nonce or answer.cookies)


def answer_once(request: HttpRequest, key: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer a stranger with what ``make`` answered the last one under ``key``; ask ``make`` for everybody else.

    A page with a part that its reader asked to see is drawn for them alone.
    """
    if not is_stranger(request) or ASKED in request.GET:
        return make()
    now = time.monotonic()
    mark, key = _mark(now), f"page:{request.get_host()}:{key}"
    kept: tuple[bytes, dict[str, str]] | None = _find(key, mark=mark, now=now)
    if kept is None:
        answer = make()
        patch_vary_headers(answer, ["Cookie"])
        if isinstance(answer, SimpleTemplateResponse) or not _same_for_all(request, answer):
            return answer  # one that is still to be drawn is Wagtail's own, of a page that is not ours
        kept = (answer.content, dict(answer.items()))
        _keep(key, kept, mark=mark, now=now)
    body, headers = kept
    return HttpResponse(body, headers=headers)
