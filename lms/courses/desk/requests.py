"""Who asks to join a course, and what they are answered."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lms.agencies.access import StaffRequest, staff_required
from lms.common.errors import DomainError
from lms.courses import operations
from lms.courses.desk.forms import FilterForm, PlaceForm, ReasonForm
from lms.courses.models import Cohort, Enrolment, EnrolmentState

ON_A_PAGE = 50
HOW: dict[str, str] = {
    EnrolmentState.WAITING: "The group is full, so they're on its waiting list",
    EnrolmentState.COMING: "They have a place, and can begin on the group's first day",
}


@staff_required(*operations.WHO_INVITES)
@require_safe
def requests(request: StaffRequest) -> HttpResponse:
    """Everybody of one's own agency who waits for an answer, the longest first, a page at a time."""
    return _page(request)


def _after(request: StaffRequest) -> int | None:
    """Behind which request the page begins; what cannot be read is the first page."""
    form = FilterForm({"before": request.GET.get("after")})
    found: int | None = form.cleaned_data["before"] if form.is_valid() else None
    return found


def _back(request: StaffRequest) -> HttpResponse:
    """To the same page of the list."""
    after = _after(request)
    return redirect(f"{reverse('courses:desk_requests')}{f'?after={after}' if after else ''}")


def _page(request: StaffRequest, *, fault: str = "", of: UUID | None = None) -> HttpResponse:
    every = Enrolment.objects.within(request.scope).filter(state=EnrolmentState.REQUESTED)
    after = _after(request)
    rows = (every.filter(pk__gt=after) if after else every).select_related("person", "course", "agency")
    found = list(rows.order_by("pk")[: ON_A_PAGE + 1])
    asked = found[:ON_A_PAGE]
    groups = Cohort.objects.within(request.scope).filter(course__in={row.course_id for row in asked}).order_by("name")
    by_course = [
        (row, [one for one in groups if (one.course_id, one.agency_id) == (row.course_id, row.agency_id)])
        for row in asked
    ]
    context = {
        "rows": by_course,
        "count": every.count(),
        "after": after,
        "later": asked[-1].pk if len(found) > ON_A_PAGE else None,
        "fault": fault,
        "of": of,
        "typed": request.POST.get("reason", ""),
    }
    return render(request, "courses/desk/requests.html", context, status=422 if fault else 200)


def _asked(request: StaffRequest, enrolment: UUID) -> Enrolment:
    rows = Enrolment.objects.within(request.scope).select_related("person", "course")
    found: Enrolment = get_object_or_404(rows, uuid=enrolment)
    return found


@staff_required(*operations.WHO_INVITES)
@require_POST
def approve(request: StaffRequest, enrolment: UUID) -> HttpResponse:
    """Somebody may join, into a group if one was chosen."""
    theirs = _asked(request, enrolment)
    cohorts = Cohort.objects.within(request.scope).filter(course=theirs.course_id, agency=theirs.agency_id)
    form = PlaceForm(request.POST, cohorts=cohorts)
    if not form.is_valid():
        return _page(request, fault="Choose a group from the list.", of=enrolment)
    cohort = form.cleaned_data["cohort"]
    try:
        seated = operations.approve(enrolment=theirs, cohort=cohort, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, f"{HOW.get(seated.state, 'They can begin')}. We've written to them.")
    return _back(request)


@staff_required(*operations.WHO_INVITES)
@require_POST
def decline(request: StaffRequest, enrolment: UUID) -> HttpResponse:
    """Somebody may not join, for a reason that they read."""
    theirs, form = _asked(request, enrolment), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, fault="Say in a few words why. They see it.", of=enrolment)
    try:
        operations.decline(enrolment=theirs, actor=request.user, now=timezone.now(), **form.cleaned_data)
    except DomainError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, "Answered. We've written to them; your reason is on the course's page.")
    return _back(request)
