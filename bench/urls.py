"""The site's own addresses, and the signed-in floor."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from lms.urls import handler400, handler403, handler404, handler500
from lms.urls import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def hello(request: HttpRequest) -> HttpResponse:
    """Read the session and the user, and say hello."""
    return HttpResponse(f"hello {request.user.pk}")


urlpatterns = [path("floor/hello/", hello), *site]
