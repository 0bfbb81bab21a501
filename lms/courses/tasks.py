"""What a new version means for people in mid-course, worked out in the background."""

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from lms.common.tasks import enqueue
from lms.courses import correcting, counting
from lms.courses.models import Course, CourseVersion, Round

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
