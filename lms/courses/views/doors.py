"""Who comes to a form of a lesson, and what they are told when it cannot be saved."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from lms.accounts.access import SignedInRequest
from lms.common.failures import words_of
from lms.common.http import safe_next
from lms.common.templatetags.ui import day_of_year
from lms.courses import finding, operations
from lms.courses.asking import KNOWS
from lms.courses.joining import opens_on
from lms.courses.typed import set_aside
from lms.courses.views.pages import show_lesson

CATALOGUE = "/courses/"


def page_of(request: HttpRequest) -> str:
    """The page a form was sent from, as it says, without query and anchor; the catalogue if that is none of ours."""
    return urlsplit(safe_next(request, default=CATALOGUE)).path


def back(request: HttpRequest, *, to: str, query: str = "") -> HttpResponseRedirect:
    """Go back to the page a form was sent from, at the anchor ``to``; htmx then takes its part of that page."""
    asked = f"?{query}" if query else ""
    return HttpResponseRedirect(f"{page_of(request)}{asked}#{to}")


def _signed_out(request: HttpRequest) -> HttpResponse:
    """The session has ended: set aside what was typed, show it, so that nothing is lost, and the way back in."""
    came_from = page_of(request)
    is_kept = set_aside(request.session, path=request.path, data=request.POST, at=timezone.now())
    if request.headers.get("HX-Request"):
        answer = render(request, "courses/parts/signed_out.html", {"came_from": came_from, "is_kept": is_kept})
        answer["HX-Retarget"] = answer["HX-Reselect"] = "#signed-out"
        answer["HX-Reswap"] = "outerHTML"
        return answer
    typed = [(name, text) for name, text in words_of(request) if not name.startswith(KNOWS)]
    if not typed:
        return redirect_to_login(came_from)
    known = {"came_from": came_from, "typed": typed, "is_kept": is_kept}
    return render(request, "failures/signed_out.html", known, status=403)


def _not_open_yet(request: SignedInRequest, course: UUID, refusal: operations.NotOpenYet) -> HttpResponse:
    """The lessons go in order: show the lesson's page as it is for now, with what was typed."""
    page = finding.lesson_of_item(course, refusal.item)
    if page is None:
        raise Http404
    answer = show_lesson(request, page, refused=refusal.message)
    answer["HX-Retarget"] = answer["HX-Reselect"] = "main"
    answer["HX-Reswap"] = "outerHTML"
    return answer


def for_learners(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Guard a form of a lesson: POST only, signed in, on the course. Missing and forbidden are the same 404."""

    @require_POST
    @wraps(view)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _signed_out(request)
        try:
            return view(request, *args, **kwargs)
        except operations.NotOpenYet as refusal:
            return _not_open_yet(request, kwargs["course"], refusal)
        except operations.UnknownItem:
            raise Http404 from None
        except operations.NotLearning as refusal:
            day = opens_on(request.user, kwargs["course"])
            messages.info(request, f"This course opens for you on {day_of_year(day)}." if day else refusal.message)
            return HttpResponseRedirect(safe_next(request, default=CATALOGUE))

    return guarded
