"""What a new version means for people in mid-course, worked out in the background."""

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from lms.common.tasks import enqueue
from lms.courses import correcting, counting, rules
from lms.courses.models import Course, CourseVersion, ItemState, Round

MOST = 500  # rounds in one task: well within the worker's time limit


def recount_rounds(*, course_id: int) -> str:
    """Count the rounds of a course that were last counted with an older version; return how many, for the task log."""
    now = timezone.now()
    latest_id = Course.objects.values_list("latest_id", flat=True).get(pk=course_id)
    everyone = Round.objects.unscoped(because="a new version concerns everybody in mid-course").unfinished()
    stale = everyone.filter(enrolment__course=course_id).exclude(counted_with=latest_id).order_by("pk")
    found = list(stale.values_list("pk", flat=True)[:MOST])
    for pk in found:
        counting.count_alone(pk, now=now)
    if len(found) == MOST:
        enqueue(recount_rounds, course_id=course_id)
    return f"counted {len(found)}"


def follow_items(*, version_id: int) -> str:
    """Note of items that a version put into another lesson where they stand now: their answers are read by lesson."""
    version = CourseVersion.objects.select_related("course__latest").get(pk=version_id)
    before = CourseVersion.objects.get(course=version.course_id, number=version.number - 1)
    now = version.course.latest.items if version.course.latest else {}
    states = ItemState.objects.unscoped(because="an item stands in one lesson for everybody")
    theirs = states.filter(round__enrolment__course=version.course_id)
    places = {item: now[item]["lesson"] for item in rules.moved(before.items, version.items) if item in now}
    return f"moved {sum(theirs.filter(item=item).update(lesson=lesson) for item, lesson in places.items())}"


def correct_answers(*, version_id: int, item: str, question: str, how: str, after: int = 0) -> str:
    """Mark anew what was answered before a key was put right; return how many marks went up.

    after: the row that an earlier task came to; where there are more than one task should do, another goes on.
    """
    version, now = CourseVersion.objects.get(pk=version_id), timezone.now()
    rows = correcting.answered(item=item, of_bank=bool(question), after=after, most=MOST)
    if question:
        raised = correcting.correct_tries(version, item=item, question=question, how=how, tries=rows, now=now)
    else:
        raised = correcting.correct_question(version, item=item, how=how, states=rows, now=now)
    if len(rows) == MOST:
        enqueue(correct_answers, version_id=version_id, item=item, question=question, how=how, after=rows[-1])
    return f"raised {raised}"


def recount_overdue(*, now: datetime) -> int:
    """Count rounds that ought to be complete and are not, or that no task has counted; return how many."""
    everyone = Round.objects.unscoped(because="the nightly check concerns everybody in mid-course").unfinished()
    stale = everyone.exclude(counted_with=F("enrolment__course__latest"))
    due = everyone.ready()
    found = list((stale | due).values_list("pk", flat=True))
    for pk in found:
        counting.count_alone(pk, now=now)
    return len(found)
