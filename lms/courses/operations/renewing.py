"""Going through a course again from the start, when what it gave runs out."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.courses.models import Course, CourseVersion, Enrolment, EnrolmentState, Round


class CannotBeginAgain(DomainError):
    code = "courses.cannot_begin_again"
    message = "This course can't be taken again just now. Ask your agency what to do instead."


def begin_again(*, person: User, course: Course, now: datetime) -> Round:
    """Begin a new round of a course that ``person`` has completed; asked again, return the one under way.

    What they did and wrote before is kept. Raises CannotBeginAgain, and then nothing has changed.
    """
    with transaction.atomic():
        enrolment = Enrolment.objects.owned_by(person).select_for_update().filter(course=course).first()
        if enrolment is None or not enrolment.is_learning:
            raise CannotBeginAgain(course_id=course.pk)
        last = Round.objects.owned_by(person).current().filter(enrolment=enrolment).first()
        if last is not None and last.completed_at is None:
            return last
        return _next_round(enrolment, course, now)


def _next_round(enrolment: Enrolment, course: Course, now: datetime) -> Round:
    latest = CourseVersion.objects.filter(latest_of=course, lessons_total__gt=0).defer("outline", "items", "keys")
    version = latest.first()
    if version is None:
        raise CannotBeginAgain(course_id=course.pk)
    if enrolment.state == EnrolmentState.COMPLETED:
        enrolment.change(EnrolmentState.ACTIVE, now=now, actor_id=enrolment.person_id)
    Enrolment.objects.owned_by(enrolment.person_id).filter(pk=enrolment.pk).update(ends_on=None)  # it was of the last
    rounds = Round.objects.owned_by(enrolment.person).filter(enrolment=enrolment)
    made: Round = Round.objects.create(
        enrolment=enrolment,
        number=(rounds.aggregate(last=Max("number"))["last"] or 0) + 1,
        **version.beginning(),
        started_at=now,
        last_seen_at=now,
    )
    return made
