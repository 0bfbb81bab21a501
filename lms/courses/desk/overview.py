"""Courses as staff see them: how many are on them, and who has come how far. Never an answer, never a note."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from lms.agencies.access import DESK_ROLES, StaffRequest, rights_of, staff_required
from lms.courses import operations, reports, rosters
from lms.courses.desk.forms import FilterForm
from lms.courses.models import Course
from lms.courses.progress import lessons_done


@staff_required(*DESK_ROLES)
@require_safe
def courses(request: StaffRequest) -> HttpResponse:
    """All courses with how many of the agency's people are on each."""
    context = {
        "rows": reports.enrolments_by_course(request.scope),
        "columns": list(reports.COLUMNS),
        "may_invite": rights_of(request.user).holds(*operations.WHO_INVITES),
    }
    return render(request, "courses/desk/courses.html", context)


@staff_required(*DESK_ROLES)
@require_safe
def enrolments(request: StaffRequest, course: int) -> HttpResponse:
    """Who of the agency's people is on a course: by name where one page holds them all, else the newest first."""
    found = get_object_or_404(Course.objects.select_related("latest").defer("latest__items", "latest__keys"), pk=course)
    form = FilterForm({"before": request.GET.get("before")})
    before = form.cleaned_data["before"] if form.is_valid() else None
    page = rosters.roster(request.scope, rosters.Wanted(course=found.pk, before=before))
    people = page.rows if before or page.earlier else sorted(page.rows, key=lambda row: row.person.name_key)
    done = lessons_done(found, people)
    context = {
        "course": found,
        "page": page,
        "before": before,
        "rows": [(enrolment, done.get(enrolment.pk, 0)) for enrolment in people],
        "may_invite": rights_of(request.user).holds(*operations.WHO_INVITES),
    }
    return render(request, "courses/desk/enrolments.html", context)
