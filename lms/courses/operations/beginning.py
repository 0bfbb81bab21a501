"""Where a round of a course begins, and where one goes on that was left."""

from datetime import datetime

from lms.common.errors import DomainError
from lms.courses import counting
from lms.courses.models import Course, CourseVersion, Enrolment, Round


class CourseClosed(DomainError):
    code = "courses.closed"
    message = "This course isn't taking anybody new at the moment."


def start_or_resume_round(enrolment: Enrolment, course: Course, now: datetime) -> None:
    """Give whoever is on the course a round to go through. Raises CourseClosed when there is nothing to read."""
    mine = Round.objects.owned_by(enrolment.person).select_for_update().filter(enrolment=enrolment)
    round_ = mine.current().first()
    if round_ is None:
        _start_round(enrolment, course, now)
    elif not round_.completed_at:
        round_.enrolment = enrolment
        counting.recount(round_, latest_id=_latest(course).pk, now=now)


def _latest(course: Course) -> CourseVersion:
    """The newest version, without its long texts. Raises CourseClosed when there is nothing to read in it."""
    versions = CourseVersion.objects.filter(course=course, lessons_total__gt=0).defer("outline", "items", "keys")
    latest = versions.filter(latest_of=course).first()
    if latest is None:
        raise CourseClosed(course_id=course.pk)
    return latest


def _start_round(enrolment: Enrolment, course: Course, now: datetime) -> None:
    version = _latest(course)
    Round.objects.unscoped(because="the enrolment is the person's own").get_or_create(
        enrolment=enrolment,
        number=1,
        defaults={
            **version.beginning(),
            "started_at": now,
            "last_seen_at": now,
        },
    )
