"""Public pages, answered in front of Wagtail's own routing: the same templates, a fraction of the work.

A page that these views do not find (a draft, a restricted one, one that was moved) is Wagtail's to answer.
"""

from datetime import timedelta
from os.path import isfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.documents.models import Document
from wagtail.models import Page
from wagtail.views import serve as by_wagtail

from cms import keeping, shelf
from cms.catalogue import FILTERS
from cms.models import CataloguePage
from lms.common.http import file_with_range

PICTURES = settings.MEDIA_ROOT / "images"
PICTURE_TYPES = frozenset({".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp"})
SHOWN_IN_PLACE = frozenset({"application/pdf", "audio/mpeg", "text/vtt", "video/mp4"})
PICTURE_KEPT = timedelta(days=30)


def _draw(request: HttpRequest, page: Page) -> HttpResponse:
    return render(request, page.get_template(request), {"page": page, "self": page})


def _page(model: type[Page], slug: str | None) -> Page | None:
    """Find the page of this kind, or the one with this slug. Nobody changes it, so it is read once."""

    def read() -> Page | None:
        pages = shelf.for_everybody(model.objects)
        return (pages.filter(slug=slug) if slug else pages).first()

    return keeping.remember(f"row:{model.__name__}:{slug}", read)


def _answer(request: HttpRequest, model: type[Page], slug: str | None) -> HttpResponse:
    page = _page(model, slug)
    if page is None or shelf.public_url(page.url_path) != request.path:
        answer: HttpResponse = by_wagtail(request, request.path.lstrip("/"))
        return answer
    return _draw(request, page)


@require_safe
def words(request: HttpRequest, *, model: type[Page], slug: str | None = None) -> HttpResponse:
    """A page that is only words: the one of its kind, or the one with this slug."""
    return keeping.answer_once(request, request.path, lambda: _answer(request, model, slug))


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """All courses and workshops. What somebody searches for is never kept."""
    if not set(request.GET) <= FILTERS:
        return _answer(request, CataloguePage, None)
    return keeping.answer_once(
        request, f"/courses/?{request.GET.urlencode()}", lambda: _answer(request, CataloguePage, None)
    )


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture in one of the sizes that pages show. The file somebody uploaded stays where it is."""
    path = PICTURES / Path(name).name
    if path.suffix.lower() not in PICTURE_TYPES or not isfile(path):  # of a name of any length
        raise Http404
    answer = file_with_range(request, path)
    answer["Cache-Control"] = f"public, max-age={PICTURE_KEPT.total_seconds():.0f}, immutable"
    return answer


@require_safe
def document(request: HttpRequest, number: int, name: str) -> HttpResponseBase:
    """A file, or the part of it that is asked for, once Wagtail has looked whether this person may have it."""
    found = get_object_or_404(Document, pk=number)
    if found.filename != name or not Path(found.file.path).is_file():
        raise Http404
    refusals = (look(found, request) for look in hooks.get_hooks("before_serve_document"))
    if refusal := next((answer for answer in refusals if isinstance(answer, HttpResponseBase)), None):
        return refusal
    return _file(request, found)


def _file(request: HttpRequest, document: Document) -> HttpResponseBase:
    answer = file_with_range(request, Path(document.file.path))
    answer["Content-Type"] = document.content_type
    if document.content_type not in SHOWN_IN_PLACE:
        answer["Content-Disposition"] = document.content_disposition
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; media-src 'self'"
    return answer


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: the public pages by name, and nothing else, so that nothing private is named."""
    context = {"base": settings.LMS_BASE_URL, "rooms": [url for url, _ in shelf.public_pages() if url.count("/") == 2]}
    return render(request, "cms/robots.txt", context, content_type="text/plain")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Addresses of public pages. Lessons, sessions and people are not among them."""
    context: dict[str, Any] = {"base": settings.LMS_BASE_URL, "pages": shelf.public_pages()}
    return render(request, "cms/sitemap.xml", context, content_type="application/xml")
