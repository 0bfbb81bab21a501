"""Counts for staff. Small numbers are not shown: where few are counted, a count says who."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from lms.common.scope import Scope
from lms.courses.models import Course, Enrolment, EnrolmentState

FEWEST_SHOWN = 10
COLUMNS: dict[str, tuple[EnrolmentState, ...]] = {
    "Not begun": (EnrolmentState.REQUESTED, EnrolmentState.INVITED, EnrolmentState.WAITING, EnrolmentState.COMING),
    "Learning": (EnrolmentState.ACTIVE, EnrolmentState.PAUSED),
    "Finished": (EnrolmentState.COMPLETED,),
    "Left": (EnrolmentState.LEFT,),
}


@dataclass(frozen=True)
class CourseRow:
    """A course and how many there are in each column, by its name; None where they are too few to show."""

    course: Course
    counts: dict[str, int | None]


def shown(count: int) -> int | None:
    """Return a count if it may be shown. None is too few, nobody included: an empty column would tell by its change."""
    return count if count >= FEWEST_SHOWN else None


def enrolments_by_course(scope: Scope) -> list[CourseRow]:
    """Return all courses with the people of the agencies in ``scope`` who are on them; two queries."""
    people = Enrolment.objects.within(scope).values_list("course", "state").annotate(count=Count("pk"))
    counts = Counter({(course, state): count for course, state, count in people})
    courses = Course.objects.only("title", "is_open").order_by("title", "pk")
    return [
        CourseRow(
            course,
            {name: shown(sum(counts[course.pk, state] for state in states)) for name, states in COLUMNS.items()},
        )
        for course in courses
    ]
