"""What belongs to no room: the brand's sheet, the two health questions, and the pages for developers."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import conditional_page, require_safe

from lms.common import gallery as examples
from lms.common import mailbox, readiness

KEPT = timedelta(days=30)  # the address changes with the colour
LETTER_POLICY = {
    "default-src": [NONE],
    "img-src": ["data:"],
    "style-src": [UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "sandbox": [],
}
View = Callable[..., HttpResponse]


@require_safe
@conditional_page
@cache_control(public=True, max_age=int(KEPT.total_seconds()))
def brand_css(request: HttpRequest) -> HttpResponse:
    """The agency's colour as two numbers; all else about colour is ours, so that contrast is safe."""
    return render(request, "brand.css", content_type="text/css")


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that this process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """Say whether all parts do their work, or which do not."""
    wrong = readiness.what_is_wrong(now=timezone.now())
    text = "".join(f"{line}\n" for line in wrong) or "ok\n"
    return HttpResponse(text, content_type="text/plain", status=503 if wrong else 200)


def for_developers(view: View) -> View:
    """Let a page exist only where ``LMS_DEV_PAGES`` says so."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.LMS_DEV_PAGES:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_developers
def gallery(request: HttpRequest) -> HttpResponse:
    """Every part that pages are made of, in all its states, in the colours asked for."""
    colours = request.GET.get("colours", "")
    chosen = colours if colours in ("day", "evening") else ""
    return render(request, "dev/gallery.html", {**examples.samples(), "force_colours": chosen})


@require_safe
@for_developers
def mail_list(request: HttpRequest) -> HttpResponse:
    """The mails that were sent here, newest first."""
    return render(request, "dev/mailbox.html", {"mails": mailbox.newest_first()})


def _mail(name: str, number: int) -> mailbox.Mail:
    mail = mailbox.find(name, number)
    if mail is None:
        raise Http404
    return mail


@require_safe
@for_developers
def mail(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One mail with its text, its HTML in a closed frame, and its calendar file."""
    found = _mail(name, number)
    parts = {kind: found.part(f"text/{kind}") for kind in ("plain", "html", "calendar")}
    return render(request, "dev/mail.html", {"mail": found, **parts})


@require_safe
@for_developers
@csp(LETTER_POLICY)
@xframe_options_sameorigin
def mail_html(_request: HttpRequest, name: str, number: int) -> HttpResponse:
    """The HTML of a mail as it came, unable to run or load anything."""
    return HttpResponse(_mail(name, number).part("text/html"))


@require_safe
@for_developers
def mail_calendar(_request: HttpRequest, name: str, number: int) -> HttpResponse:
    """The calendar file of a mail, to be saved."""
    text = _mail(name, number).part("text/calendar")
    if not text:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="invite.ics"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)
