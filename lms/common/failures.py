"""What a person sees when something is refused or broken. Never a bare word, a stack or a blank page.

What was typed is given back wherever there was anything typed, except what nobody should see on a screen.
"""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

log = logging.getLogger(__name__)

UNAVAILABLE = (OperationalError, InterfaceError)  # the database is away, busy or full
SECRET_FIELDS = frozenset(
    {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "code", "credential"}
)

HIDDEN_FIELDS = frozenset({"next", "client_id", "writer", "whose"})  # pages put them into forms by themselves


def typed_text(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what was typed into the form, field by field, without secrets and empty fields."""
    fields = ((name, text) for name, many in request.POST.lists() for text in map(str, many))
    return [(name, text) for name, text in fields if name not in SECRET_FIELDS and text.strip()]


def words_of(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what was typed, without what the page put into the form by itself."""
    return [(name, text) for name, text in typed_text(request) if name not in HIDDEN_FIELDS]


def not_found(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """Missing and forbidden are the same page, to the byte."""
    return render(request, "failures/404.html", status=404)


def only_for_forms(request: HttpRequest, *, allowed: str) -> HttpResponse:
    """There is nothing to see at this address; ``allowed`` are the methods it takes."""
    answer = render(request, "failures/405.html", status=405)
    answer["Allow"] = allowed
    return answer


def bad_request(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """We could not read what was sent."""
    return render(request, "failures/400.html", status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """Our fault. The page is rendered without the request, so that it needs no database."""
    if isinstance(sys.exc_info()[1], UNAVAILABLE):
        return unavailable(request)
    return HttpResponse(render_to_string("failures/500.html"), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database cannot be reached or is busy: say so, keep what was typed, and say when to try again."""
    log.error("database unavailable", exc_info=sys.exc_info())
    page = render_to_string("failures/503.html", {"typed": typed_text(request)})
    return HttpResponse(page, status=503, headers={"Retry-After": "10"})


def signed_out(request: HttpRequest, *, came_from: str) -> HttpResponse:
    """Their time was over when they sent the form: show what was typed, and the way back to ``came_from``."""
    known = {"typed": words_of(request), "came_from": came_from}
    answer = render(request, "failures/signed_out.html", known, status=403)
    answer["HX-Retarget"] = answer["HX-Reselect"] = "main"
    answer["HX-Reswap"] = "outerHTML"
    return answer


def stale_form(request: HttpRequest, **_: object) -> HttpResponse:
    """The form's token is missing or old: show what was typed, so that nothing is lost, and the way on."""
    return render(request, "failures/stale_form.html", {"typed": typed_text(request)}, status=403)


def too_many_tries(request: HttpRequest, *, seconds: int = 300) -> HttpResponse:
    """A limit was reached; says when to try again and keeps what was typed."""
    known = {"minutes": max(1, seconds // 60), "typed": typed_text(request)}
    answer = render(request, "429.html", known, status=429)
    answer["Retry-After"] = str(seconds)
    return answer
