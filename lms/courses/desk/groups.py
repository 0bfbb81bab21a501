"""Groups of an agency on a course: made, changed, and how full each is."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lms.agencies.access import StaffRequest, staff_required
from lms.common.errors import DomainError
from lms.courses import operations
from lms.courses.desk.forms import GroupForm, NewGroupForm
from lms.courses.desk.inviting import agencies_of, course_or_404
from lms.courses.models import HOLDING, Cohort, EnrolmentState

MOST = 200  # groups of a course on one page
SAID = ("name", "starts_on", "ends_on", "capacity")


@staff_required(*operations.WHO_INVITES)
@require_http_methods(["GET", "HEAD", "POST"])
def groups(request: StaffRequest, course: int) -> HttpResponse:
    """The groups on a course, and a form for a new one."""
    found = course_or_404(course)
    form = NewGroupForm(request.POST if request.method == "POST" else None, agencies=agencies_of(request))
    if form.is_valid():
        try:
            operations.make_group(course=found, actor=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("name", refusal.message)
        else:
            messages.success(request, "The group is made. Invite people into it, or put them there from their page.")
            return redirect("courses:desk_groups", course)
    rows = Cohort.objects.within(request.scope).filter(course=found).select_related("agency")
    counted = rows.annotate(
        seated=Count("enrolments", filter=Q(enrolments__state__in=HOLDING)),
        waiting=Count("enrolments", filter=Q(enrolments__state=EnrolmentState.WAITING)),
    )
    context = {"course": found, "form": form, "groups": counted.order_by("name", "pk")[:MOST]}
    return render(request, "courses/desk/groups.html", context, status=422 if form.is_bound else 200)


@staff_required(*operations.WHO_INVITES)
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: StaffRequest, cohort: UUID) -> HttpResponse:
    """One group, to change."""
    rows = Cohort.objects.within(request.scope).select_related("course", "agency")
    found: Any = get_object_or_404(rows, uuid=cohort)
    if request.method == "POST":
        form = GroupForm(request.POST)
    else:
        form = GroupForm(initial={name: getattr(found, name) for name in SAID})
    if form.is_valid():
        try:
            operations.change_group(cohort=found, said=form.cleaned_data, actor=request.user, now=timezone.now())
        except DomainError as refusal:
            form.add_error("name", refusal.message)
        else:
            messages.success(request, "Saved. Free places went to those who waited longest.")
            return redirect("courses:desk_groups", found.course_id)
    return render(
        request, "courses/desk/group.html", {"group": found, "form": form}, status=422 if form.is_bound else 200
    )
