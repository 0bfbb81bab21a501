"""The site's own addresses, and the floors."""

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

from bench.floor.models import BareRace, BareWish
from lms.urls import handler400, handler403, handler404, handler500
from lms.urls import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def hello(request: HttpRequest) -> HttpResponse:
    """Read the session and the user, and say hello."""
    return HttpResponse(f"hello {request.user.pk}")


def race(request: HttpRequest, number: int) -> HttpResponse:
    """The least that a race for places can do: one conditional UPDATE, one INSERT, and an answer."""
    with transaction.atomic():
        free = BareRace.objects.filter(pk=number + 1, taken__lt=F("places"))
        has_place = free.update(taken=F("taken") + 1) == 1
        BareWish.objects.create(race_id=number + 1, person=request.user.pk, has_place=has_place)
    return HttpResponseRedirect("/")


def save(request: HttpRequest) -> HttpResponse:
    """The least that a save can do: one INSERT, and an answer."""
    BareWish.objects.create(race_id=1, person=request.user.pk, has_place=True)
    return HttpResponseRedirect("/")


urlpatterns = [path("floor/hello/", hello), path("floor/race/<int:number>/", race), path("floor/save/", save), *site]
