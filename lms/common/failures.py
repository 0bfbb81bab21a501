"""What a person sees when something is refused or broken. Never a bare word, a stack or a blank page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Missing and forbidden are the same page, to the byte."""
    return render(request, "failures/404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """We could not read what was sent."""
    return render(request, "failures/400.html", status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """Our fault. The page needs no database."""
    return render(request, "failures/500.html", status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old: show what was typed, so that nothing is lost, and the way on."""
    hidden = {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword"}
    typed = [(name, value) for name, value in request.POST.items() if name not in hidden and value.strip()]
    return render(request, "failures/stale_form.html", {"typed": typed}, status=403)


def too_many_tries(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """A limit was reached; says when to try again."""
    answer = render(request, "429.html", {"minutes": max(1, seconds // 60)}, status=429)
    answer["Retry-After"] = str(seconds)
    return answer
