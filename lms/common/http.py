"""What every answer has in common: private pages are never kept, and faults are calm."""

import mimetypes
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    StreamingHttpResponse,
)
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme

from lms.common import failures

PAGES, EVERYTHING = '"cache"', '"cache", "storage"'  # of what a browser keeps
LOOK_AGAIN = 3  # seconds
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class PrivateAnswers:
    """Nothing that a signed-in person sees is kept by a browser or a cache, and no search engine lists it.

    Decided by the cookie alone, so that a page which needs no session costs no query for one. Only an answer whose
    view calls it public, because it is the same for everybody, stays as it is. When the session that came with a
    request is over, the browser is told to throw away what it kept of it. What waits there to be sent goes too when
    somebody signs out (``request.signed_out``), and stays for their return when their time has only run out.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the headers to every answer that a session cookie came or goes with."""
        response = self.get_response(request)
        name = settings.SESSION_COOKIE_NAME
        same_for_all = "public" in response.headers.get("Cache-Control", "")
        if name in response.cookies or (name in request.COOKIES and not same_for_all):
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True, private=True)
            response["X-Robots-Tag"] = "noindex"
        if name in request.COOKIES and request.session.accessed and request.session.is_empty():
            response["Clear-Site-Data"] = EVERYTHING if getattr(request, "signed_out", False) else PAGES
        return response


class ReadableInput:
    """Refuse a NUL wherever it comes in: PostgreSQL cannot keep one, SQLite can, and nobody types it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Look at nothing here: a refusal must be raised where the usual handlers hear it."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Raise BadRequest when the path, the query or a form field holds a NUL."""
        fields = (*request.GET.lists(), *request.POST.lists())
        values = (value for name, many in fields for value in (name, *many))
        if "\x00" in request.path or any("\x00" in str(value) for value in values):
            raise BadRequest("NUL in the input")


class NoDeadEnds:
    """Whoever was signed out before they sent a form gets what they typed, and the way back to that page.

    The usual way leads to the address that the form was sent to: there is nothing to see there, and the words are gone.
    Whoever opens such an address is told so, where the usual answer is blank.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Look at answers to what was sent that lead to the form for signing in, and at blank ones."""
        response = self.get_response(request)
        if request.method == "GET" and isinstance(response, HttpResponseNotAllowed):
            return failures.only_for_forms(request, allowed=response.headers["Allow"])
        if request.method != "POST" or "Location" not in response.headers:
            return response
        is_usual_way = response.headers["Location"] == redirect_to_login(request.get_full_path()).url
        if is_usual_way and failures.words_of(request):
            return failures.signed_out(request, came_from=_came_from(request))
        return response


def _came_from(request: HttpRequest) -> str:
    """The page of this site that a form was sent from, as the browser tells it; their own page if it does not."""
    try:
        told = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return "/my/"
    path = urlunsplit(("", "", told.path, told.query, ""))
    return path if told.netloc == request.get_host() and is_own_path(path) else "/my/"


class CalmFailures:
    """A database that is away or busy is a page that says so, with what was typed, not a bare error."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; what goes wrong outside a view reaches ``failures.broken``, which knows the same."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 503 to a database that cannot be reached; leave all else to the usual handlers."""
        return failures.unavailable(request) if isinstance(exception, failures.UNAVAILABLE) else None


def safe_next(request: HttpRequest, *, default: str) -> str:
    """Return the ``next`` that came with the request if it is a path of this site, else ``default``."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_own_path(wanted) else default


def is_own_path(address: str) -> bool:
    """Whether ``address`` is a path of this site, to a browser too: two slashes, either way, lead to another host."""
    plain = address.startswith("/") and address.isprintable()
    return plain and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def looks_of(request: HttpRequest) -> int:
    """How often a page that waits for the worker has looked again by itself, as its address says."""
    typed = request.GET.get("look", "")
    return int(typed) if typed.isdecimal() and len(typed) < 3 else 0


def look_again(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Have the page look again by itself, without any script: by a header, which counts the looks in its address."""
    answer["Refresh"] = f"{LOOK_AGAIN}; url={request.path}?look={looks_of(request) + 1}"


_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})$")
_CHUNK = 64 * 1024


def _pieces(file: BinaryIO, *, start: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while length > 0 and (piece := file.read(min(_CHUNK, length))):
            length -= len(piece)
            yield piece


def file_with_range(request: HttpRequest, path: Path) -> HttpResponseBase:
    """Answer with a file, or the part of it that ``Range`` asks for: without it no browser can seek in a video."""
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    asked = _RANGE.match(request.headers.get("Range", ""))
    size = path.stat().st_size
    if not asked or asked.group(0) == "bytes=-":
        answer: HttpResponseBase = FileResponse(path.open("rb"), content_type=kind)
    else:
        answer = _part(path, kind=kind, size=size, first=asked.group(1), last=asked.group(2))
    answer["Accept-Ranges"] = "bytes"
    return answer


def _part(path: Path, *, kind: str, size: int, first: str, last: str) -> HttpResponseBase:
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end or start >= size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    length = end - start + 1
    answer = StreamingHttpResponse(_pieces(path.open("rb"), start=start, length=length), status=206, content_type=kind)
    answer["Content-Range"] = f"bytes {start}-{end}/{size}"
    answer["Content-Length"] = str(length)
    return answer
