"""What a course has asked at different times, how two versions differ, and how its questions are answered."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from lms.agencies.access import DESK_ROLES, StaffRequest, staff_required
from lms.common.scope import Scope
from lms.courses import operations, rules
from lms.courses.models import Course, CourseVersion, Round
from lms.courses.tallies import EACH, FEWEST, tallies


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
    either = Q(number=number) | Q(number=other)  # not __in, which lets a number of any length through to the database
    rows = {one.number: one for one in CourseVersion.objects.filter(either, course=found).defer("outline")}
    if number not in rows:
        raise Http404
    before, after = rows.get(other), rows[number]
    context: dict[str, Any] = {"course": found, "version": after, "other": before}
    if before:
        context |= {**_differences(before, after), "turns": list(_turns(request.scope, found, before, after))}
    return render(request, "courses/desk/compared.html", context)


def _differences(before: CourseVersion, after: CourseVersion) -> dict[str, Any]:
    changes = rules.compare(before.items, after.items, keys_before=before.keys, keys_after=after.keys)
    return {
        "added": [after.items[item] for item in changes.added],
        "removed": [before.items[item] for item in changes.removed],
        "reworded": [(before.items[item], after.items[item]) for item in changes.reworded],
        "corrected": changes.corrected,
    }


def _turns(scope: Scope, course: Course, before: CourseVersion, after: CourseVersion) -> Iterator[tuple[str, str]]:
    """Yield which rules are other ones, with whom of the people in the middle of the course that touches now."""
    by_rule = operations.learners_by_rule(Round.objects.within(scope), course)
    for turn in rules.turns(before.terms, after.terms):
        if turn.kind == rules.FINISH:
            new, old = by_rule.get(after.rule, 0), by_rule.get(before.rule, 0)
            yield turn.words, f"Of your people in the middle of it, {new} go by the new rule and {old} by the old one."
        else:
            is_latest = course.latest_id == after.pk
            yield turn.words, rules.touched(turn, learners=sum(by_rule.values()), eased=0) if is_latest else ""


@staff_required(*DESK_ROLES)
@require_safe
def questions(request: StaffRequest, course: int) -> HttpResponse:
    """How the questions of a course are answered by the agency's people, in numbers alone."""
    found = get_object_or_404(Course.objects.select_related("latest"), pk=course)
    told = tallies(request.scope, found, found.latest) if found.latest else None
    context = {"course": found, "told": told, "fewest": FEWEST, "each": EACH}
    return render(request, "courses/desk/questions.html", context)
