"""What anybody may read of who issues badges: keys, profile, and which badges were stopped. It names nobody."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cms.context import current as current_brand
from lms.certificates import badges, operations

AN_HOUR, A_MINUTE = 3600, 60  # seconds for which others may keep an answer


def _public(answer: HttpResponse, *, seconds: int) -> HttpResponse:
    """The same for everybody, so it may be kept, and read from other sites' pages."""
    answer["Cache-Control"] = f"public, max-age={seconds}"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _paper(make: Callable[[], dict[str, Any]]) -> HttpResponse:
    try:
        return _public(JsonResponse(make()), seconds=AN_HOUR)
    except badges.NoKey:
        raise Http404 from None


@require_safe
def did(_request: HttpRequest) -> HttpResponse:
    """The issuer's name with all its public keys."""
    return _paper(lambda: badges.did_document(operations.addresses()))


@require_safe
def key_set(_request: HttpRequest) -> HttpResponse:
    """The same keys, as other programs like them."""
    return _paper(lambda: badges.key_set(operations.addresses()))


@require_safe
def profile(_request: HttpRequest) -> HttpResponse:
    """Who issues."""
    return _paper(lambda: badges.profile(current_brand.get().name, operations.addresses()))


@require_safe
def status(_request: HttpRequest, purpose: str) -> HttpResponse:
    """Which badges were stopped, as bits that lead to nobody."""
    if purpose not in badges.PURPOSES:
        raise Http404
    try:
        token = operations.status_token(purpose, now=timezone.now())
    except badges.NoKey:
        raise Http404 from None
    return _public(HttpResponse(token, content_type="application/vc+jwt"), seconds=A_MINUTE)
