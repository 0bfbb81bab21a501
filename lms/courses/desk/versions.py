"""What a course has asked at different times, how two versions differ, and how its questions are answered."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from lms.agencies.access import DESK_ROLES, StaffRequest, staff_required
from lms.courses import operations, rules
from lms.courses.models import Course, CourseVersion
from lms.courses.tallies import FEWEST, tallies


@staff_required(*DESK_ROLES)
@require_safe
def versions(request: StaffRequest, course: int) -> HttpResponse:
    """All versions of a course, the newest first."""
    found = get_object_or_404(Course, pk=course)
    return render(request, "courses/desk/versions.html", {"course": found, "versions": operations.versions_of(found)})


@staff_required(*DESK_ROLES)
@require_safe
def compared(request: StaffRequest, course: int, number: int) -> HttpResponse:
    """One version beside another: the one before, unless another is asked for."""
    asked = request.GET.get("with", "")
    other = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < len("10000") else number - 1
    found = get_object_or_404(Course, pk=course)
    rows = {
        one.number: one
        for one in CourseVersion.objects.filter(course=found, number__in=(number, other)).defer("outline")
    }
    if number not in rows:
        raise Http404
    context = {"course": found, "version": rows[number], "other": rows.get(other), **_differences(rows, other, number)}
    return render(request, "courses/desk/compared.html", context)


def _differences(rows: dict[int, CourseVersion], other: int, number: int) -> dict[str, Any]:
    after = rows[number]
    before = rows.get(other)
    if before is None:
        return {"others": range(1, number)}
    changes = rules.compare(before.items, after.items, keys_before=before.keys, keys_after=after.keys)
    return {
        "added": [after.items[item] for item in changes.added],
        "removed": [before.items[item] for item in changes.removed],
        "reworded": [(before.items[item], after.items[item]) for item in changes.reworded],
        "corrected": changes.corrected,
    }


@staff_required(*DESK_ROLES)
@require_safe
def questions(request: StaffRequest, course: int) -> HttpResponse:
    """How the questions of a course are answered by the agency's people, in numbers alone."""
    found = get_object_or_404(Course.objects.select_related("latest"), pk=course)
    rows = tallies(request.scope, found, found.latest) if found.latest else []
    return render(request, "courses/desk/questions.html", {"course": found, "rows": rows, "fewest": FEWEST})
