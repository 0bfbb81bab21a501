"""What everybody may see: a workshop with its dates, and one date."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.views import serve as by_wagtail

from cms import keeping, shelf
from cms.models import WorkshopPage
from lms.webinars import reports
from lms.webinars.views.showing import session_of, session_page


@require_safe
def workshop(request: HttpRequest, slug: str) -> HttpResponse:
    """What a workshop is about, its dates, and the reader's own bookings. Other pages are Wagtail's to answer.

    Strangers may read how many places were left a minute ago; booking always looks anew.
    """
    return keeping.answer_once(request, request.path, lambda: _workshop(request, slug))


def _workshop(request: HttpRequest, slug: str) -> HttpResponse:
    page = shelf.for_everybody(WorkshopPage.objects).filter(slug=slug).first()
    if page is None or shelf.public_url(page.url_path) != request.path:
        return cast(HttpResponse, by_wagtail(request, request.path.lstrip("/")))
    sessions = reports.dates_of(workshop_id=page.pk, viewer=request.user, now=timezone.now())
    return render(request, "cms/workshop_page.html", {"page": page, "self": page, "sessions": sessions})


@require_safe
def session(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One date: what it offers, and where the reader stands."""
    return session_page(request, session_of(uuid))
