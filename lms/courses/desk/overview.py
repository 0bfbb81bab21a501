"""Courses as staff see them: how many are on them, and who has come how far. Never an answer, never a note."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from lms.agencies.access import DESK_ROLES, StaffRequest, rights_of, staff_required
from lms.courses import operations, reports
from lms.courses.models import Course, Enrolment
from lms.courses.progress import lessons_done

ON_A_PAGE = 50


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
    """Who of the agency's people is on a course."""
    found = get_object_or_404(Course.objects.select_related("latest").defer("latest__items", "latest__keys"), pk=course)
    people = Enrolment.objects.within(request.scope).filter(course=found).select_related("person", "agency")
    page = Paginator(people.order_by("person__display_name", "pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    done = lessons_done(found, page.object_list)
    rows = [(enrolment, done.get(enrolment.pk, 0)) for enrolment in page.object_list]
    may_invite = rights_of(request.user).holds(*operations.WHO_INVITES)
    context = {"course": found, "page": page, "rows": rows, "may_invite": may_invite}
    return render(request, "courses/desk/enrolments.html", context)
