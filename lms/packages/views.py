"""A package in a lesson: the page around it."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from lms.accounts.access import SignedInRequest
from lms.courses.models import Course
from lms.courses.operations import NotLearning, UnknownItem, page_of_item
from lms.packages import hosting, operations, reports
from lms.packages.models import Package
from lms.packages.sequence import following

REFUSALS = {why.code: why.message for why in (operations.OpenElsewhere, operations.IsOver, operations.NotKept)}


@require_POST
def launch(request: SignedInRequest, course: UUID, item: UUID, package: UUID) -> HttpResponse:
    """Open the package in a frame. By POST: opening takes it over from any other window.

    Whoever was signed out meanwhile comes back to its lesson: a press cannot be done for them.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(_lesson_of(course, item))
    rows = Package.objects.unscoped(because="a lesson of the reader's course holds it: looked at next")
    found = get_object_or_404(rows.select_related("latest"), uuid=package)
    part = request.POST.get("part", "")[:200]
    try:
        opened = operations.open_part(
            learner=request.user, package=found, course=course, item=item, part=part, now=timezone.now()
        )
    except (NotLearning, UnknownItem):
        raise Http404 from None
    except operations.NotReady as refusal:
        return render(request, "packages/not_ready.html", {"message": refusal.message}, status=409)
    if not hosting.is_possible():
        return render(request, "packages/not_ready.html", {"message": operations.NotReady.message}, status=503)
    return _page(request, opened, course=course, item=item, package=found)


def _lesson_of(course: UUID, item: UUID) -> str:
    try:
        return page_of_item(course=course, item=item)
    except (Course.DoesNotExist, UnknownItem):
        return reverse("courses:mine")


def _page(
    request: SignedInRequest, opened: operations.Launch, *, course: UUID, item: UUID, package: Package
) -> HttpResponse:
    attempt = opened.attempt
    context = {
        "package": package,
        "attempt": attempt,
        "opened": opened,
        "parts": operations.standings(attempt),
        "when_over": reports.when_over(attempt.version, package),
        "next": following(attempt.version.parts, opened.part["id"]),
        "frame": hosting.frame_address(opened),
        "origin": settings.LMS_CONTENT_ORIGIN,
        "words": REFUSALS,
        "back": page_of_item(course=course, item=item),
    }
    return render(request, "packages/launch.html", context)
