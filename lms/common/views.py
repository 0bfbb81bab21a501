"""What belongs to no room: the brand's sheet, the two health questions, and the pages for developers."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

KEPT = timedelta(days=30)


@require_safe
@conditional_page
@cache_control(public=True, max_age=int(KEPT.total_seconds()))
def brand_css(request: HttpRequest) -> HttpResponse:
    """The agency's colour as two numbers; all else about colour is ours, so that contrast is safe."""
    return render(request, "brand.css", content_type="text/css")
