"""Everybody on every course: found by state, course, group and name; written to; taken away as a file."""

from dataclasses import asdict
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lms.agencies.access import DESK_ROLES, StaffRequest, rights_of, staff_required
from lms.audit.operations import record
from lms.common.sheets import download, stream
from lms.courses import operations
from lms.courses.desk.forms import FilterForm
from lms.courses.desk.inviting import agencies_of, course_or_404
from lms.courses.models import Cohort, Course
from lms.courses.rosters import Wanted, as_rows, found, roster

MOST_IN_A_WORKBOOK = 20_000  # rows; a longer list goes line by line, as CSV
MOST_GROUPS = 200


def _wanted(request: StaffRequest) -> Wanted:
    """What the address asks for; whatever cannot be read narrows nothing."""
    form = FilterForm(request.GET)
    form.is_valid()
    known = {name: value for name, value in form.cleaned_data.items() if value}
    return Wanted(**known)


def _query(wanted: Wanted, **more: object) -> str:
    return urlencode({name: value for name, value in {**asdict(wanted), **more}.items() if value})


@staff_required(*DESK_ROLES)
@require_safe
def everybody(request: StaffRequest) -> HttpResponse:
    """A page of enrolments, the newest first, with counts by state."""
    wanted = _wanted(request)
    page = roster(request.scope, wanted)
    context = {
        "page": page,
        "wanted": wanted,
        "courses": Course.objects.only("title").order_by("title", "pk"),
        "cohorts": Cohort.objects.within(request.scope).select_related("course").order_by("name", "pk")[:MOST_GROUPS],
        "agencies": agencies_of(request),
        "states": [
            (value, label, count, _query(wanted, state=value, before=None)) for value, label, count in page.counts
        ],
        "earlier": _query(wanted, before=page.earlier) if page.earlier else "",
        "query": _query(wanted, before=None),
        "may_export": rights_of(request.user).holds(*operations.WHO_INVITES),
    }
    return render(request, "courses/desk/everybody.html", context)


@staff_required(*operations.WHO_INVITES)
@require_safe
def export(request: StaffRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    """What is looked for, as a file. kind: csv or xlsx."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    wanted = _wanted(request)
    if kind == "xlsx" and found(request.scope, wanted)[MOST_IN_A_WORKBOOK:].exists():
        messages.info(request, "That's too long for a workbook. Take it as CSV, or choose fewer people.")
        return HttpResponseRedirect(f"{reverse('courses:desk_everybody')}?{_query(wanted)}")
    now = timezone.now()
    record(action="courses.exported", target="enrolments", actor_id=request.user.pk, now=now, kind=kind)
    rows = as_rows(request.scope, wanted)
    return stream(rows, name="enrolments") if kind == "csv" else download(rows, name="enrolments", kind="xlsx")


@staff_required(*operations.WHO_INVITES)
@require_POST
def remind(request: StaffRequest, course: int) -> HttpResponse:
    """Write to those who joined a course and have not begun."""
    count = operations.remind(course=course_or_404(course), scope=request.scope, actor=request.user, now=timezone.now())
    said = "We're writing to everybody who joined a week ago or more and hasn't begun, once a week at most."
    messages.success(request, said if count else "Nobody is waiting for a reminder.")
    return redirect("courses:desk_enrolments", course)
