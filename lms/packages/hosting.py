"""The second origin: on its host there is nothing but packages, no session, no cookie, and no way back.

A package is somebody else's programme. It runs under a host of its own, so that the browser keeps it away from this
site; every address there is signed for one launch and answers only inside a frame of ours.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from lms.common.errors import DomainError
from lms.common.http import file_with_range
from lms.packages import operations
from lms.packages.models import Attempt
from lms.packages.operations import Launch
from lms.packages.telling import REFUSED, STATUS, told_in

SALT = "lms.packages.launch"
LASTS = 12 * 60 * 60  # seconds
PLAYER = Path(__file__).parent / "player"
ENGINE = PLAYER / "scorm-again-3.4.3"
PLAYER_FILES = {
    "bridge.js": PLAYER / "bridge.js",
    "scorm12.js": ENGINE / "scorm12.min.js",
    "scorm2004.js": ENGINE / "scorm2004.min.js",
    "frame.css": PLAYER / "frame.css",
}
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src {tells}; form-action 'none'; "
    "object-src 'none'; base-uri 'self'; frame-src 'self' blob: data:; frame-ancestors {ancestors}"
)


def content_host() -> str:
    """The host of the second origin, with its port; nothing where none is set."""
    return urlsplit(settings.LMS_CONTENT_ORIGIN).netloc


def is_possible() -> bool:
    """Whether packages can run on this installation."""
    return bool(content_host())


def frame_address(launch: Launch) -> str:
    """Where the frame of a launch begins: signed, for this launch alone."""
    known = {"attempt": launch.attempt.pk, "launch": str(launch.attempt.launch), "part": launch.part["id"]}
    return f"{settings.LMS_CONTENT_ORIGIN}/{signing.dumps(known, salt=SALT)}/frame/"


class ContentHost:
    """Answers everything on the second host by itself, before any session is looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Packages on their host, and only there."""
        host = content_host()
        if not host or request.META.get("HTTP_HOST", "") != host:
            return self.get_response(request)
        try:
            answer = _answer(request, now=timezone.now())
        except (Http404, SuspiciousOperation):
            answer = HttpResponse("Nothing here.", status=404, content_type="text/plain")
        return _shut_in(answer)


def _policy(*, tells: str = "'none'") -> str:
    ours = urlsplit(settings.LMS_BASE_URL)
    ancestors = f"'self' {' '.join(dict.fromkeys([f'{ours.scheme}://{ours.netloc}', *settings.LMS_FRAMED_BY]))}"
    return POLICY.format(ancestors=ancestors, tells=tells)


def _shut_in(answer: HttpResponseBase) -> HttpResponseBase:
    answer.headers.setdefault("Content-Security-Policy", _policy())
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    answer["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _answer(request: HttpRequest, *, now: datetime) -> HttpResponseBase:
    token, _, rest = request.path.lstrip("/").partition("/")
    kind, _, name = rest.partition("/")
    methods = {"POST"} if kind == "tell" else {"GET", "HEAD"}
    if request.method not in methods or request.headers.get("Sec-Fetch-Dest") == "document":
        raise Http404
    try:
        known = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        raise Http404 from None
    if kind == "player" and name in PLAYER_FILES:
        return file_with_range(request, PLAYER_FILES[name])
    if kind == "frame":
        return _frame(request, known, token, now=now)
    if kind == "files":
        return _file(request, known, name)
    if kind == "tell":
        return _tell(request, known, now=now)
    raise Http404


def _frame(request: HttpRequest, known: dict[str, str], token: str, *, now: datetime) -> HttpResponseBase:
    """The page around the part: its run-time, with the state at hand from the first moment."""
    attempt = operations.ask_for_frame(attempt_id=int(known["attempt"]), launch=UUID(known["launch"]), now=now)
    part = attempt.version.part(known["part"]) if attempt else None
    if attempt is None or part is None:
        raise Http404
    standard = attempt.version.standard
    told = {
        "standard": standard,
        "launch": known["launch"],
        "part": part["id"],
        "href": f"../files/{part['href']}",
        "state": operations.preload(Launch(attempt, part)),
        "review": attempt.is_review,
        "origins": [settings.LMS_BASE_URL, *settings.LMS_FRAMED_BY],
    }
    engine = "scorm12.js" if standard == "1.2" else "scorm2004.js"
    answer = render(request, "packages/frame.html", {"told": told, "engine": engine, "title": part["title"]})
    answer["Content-Security-Policy"] = _policy(tells=f"{settings.LMS_CONTENT_ORIGIN}/{token}/tell")
    return answer


def _tell(request: HttpRequest, known: dict[str, str], *, now: datetime) -> HttpResponse:
    """Keep what a window tells, and say what that comes to; the window tells the page around it."""
    try:
        told = told_in(request.body)
    except RequestDataTooBig:
        told = None
    if told is None or str(told.launch) != known["launch"]:
        return JsonResponse({"code": operations.NotKept.code}, status=REFUSED)
    try:
        kept = operations.keep(attempt_id=int(known["attempt"]), told=told, now=now)
    except Attempt.DoesNotExist:
        raise Http404 from None
    except DomainError as refusal:
        return JsonResponse({"code": refusal.code}, status=STATUS.get(refusal.code, REFUSED))
    return JsonResponse({"part": kept.part, "done": kept.done})


def _file(request: HttpRequest, known: dict[str, str], name: str) -> HttpResponseBase:
    """A file of the version that this launch is in. Raises Http404 once the launch is over."""
    attempt = operations.attempt_of_launch(attempt_id=int(known["attempt"]), launch=UUID(known["launch"]))
    if attempt is None:
        raise Http404
    path = _inside(Path(storages["private"].path(attempt.version.folder)).resolve(), name)
    if path is None:
        raise Http404
    return file_with_range(request, path)


def _inside(root: Path, name: str) -> Path | None:
    """The file of this name in ``root``; None where there is none, or could be none of such a name."""
    try:
        path = (root / name).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, ValueError):  # longer than names may be; with a NUL in it
        return None
