"""Coming onto a course, leaving it and coming back. Nothing that was done is ever lost by any of it."""

from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.agencies.access import is_verified_adopter, verified_agency_ids
from lms.common.errors import DomainError
from lms.courses import counting
from lms.courses.models import (
    Course,
    CourseVersion,
    Enrolment,
    EnrolmentChange,
    EnrolmentState,
    OpenTo,
    Round,
)


class CourseClosed(DomainError):
    code = "courses.closed"
    message = "This course isn't taking anybody new at the moment."


class VerifiedAdoptersOnly(DomainError):
    code = "courses.verified_only"
    message = (
        "This course is for people whose agency has confirmed that they're adopters. Ask your agency, then come back."
    )


class InvitationOnly(DomainError):
    code = "courses.invitation_only"
    message = "This course is by invitation. Your agency can invite you."


class FinishFirst(DomainError):
    code = "courses.finish_first"
    message = "There's another course to finish first. This page names it."


class NotOnCourse(DomainError):
    code = "courses.not_on_course"
    message = "There's nothing to leave: you're not in the middle of this course."


def enrol(*, person: User, course: Course, now: datetime) -> Enrolment:
    """Bring ``person`` onto ``course``, or back onto it with everything kept; asked twice, change nothing.

    Raises CourseClosed, VerifiedAdoptersOnly, InvitationOnly or FinishFirst, and then nothing has changed.
    """
    with transaction.atomic():
        enrolment = Enrolment.objects.owned_by(person).select_for_update().filter(course=course).first()
        _may_join(person, course, enrolment)
        enrolment = enrolment or _begin(person, course, now)
        if not enrolment.is_learning or enrolment.state == EnrolmentState.PAUSED:
            enrolment.change(EnrolmentState.ACTIVE, now=now, actor_id=person.pk)
        _start_or_resume_round(enrolment, course, now)
    return enrolment


def _may_join(person: User, course: Course, enrolment: Enrolment | None) -> None:
    if enrolment and enrolment.is_learning:
        return
    if enrolment is None and not course.is_open:
        raise CourseClosed(course_id=course.pk)
    if course.open_to == OpenTo.VERIFIED and not is_verified_adopter(person):
        raise VerifiedAdoptersOnly(course_id=course.pk)
    was_asked = enrolment is not None and enrolment.state in (EnrolmentState.INVITED, EnrolmentState.LEFT)
    if course.open_to == OpenTo.INVITED and not was_asked:
        raise InvitationOnly(course_id=course.pk)
    if _to_finish_first(person, course):
        raise FinishFirst(course_id=course.pk)


def _to_finish_first(person: User, course: Course) -> bool:
    finished = Round.objects.owned_by(person).filter(completed_at__isnull=False)
    return course.after.exclude(pk__in=finished.values("enrolment__course")).exists()


def _begin(person: User, course: Course, now: datetime) -> Enrolment:
    agency_id = min(verified_agency_ids(person), default=None)
    enrolment, is_new = Enrolment.objects.owned_by(person).get_or_create(
        person=person,
        course=course,
        defaults={"agency_id": agency_id, "state": EnrolmentState.ACTIVE, "created_at": now},
    )
    if is_new:
        EnrolmentChange.objects.create(enrolment=enrolment, after=EnrolmentState.ACTIVE, at=now, actor_id=person.pk)
    return enrolment


def _start_or_resume_round(enrolment: Enrolment, course: Course, now: datetime) -> None:
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
            "version": version,
            "counted_with": version,
            "required_total": version.required_total,
            "started_at": now,
            "last_seen_at": now,
        },
    )


def leave(*, person: User, course: Course, now: datetime) -> None:
    """Take ``person`` off ``course``; what they did is kept for when they come back. Raises NotOnCourse."""
    with transaction.atomic():
        enrolment = Enrolment.objects.owned_by(person).select_for_update().filter(course=course).first()
        if enrolment is None or enrolment.state in (EnrolmentState.LEFT, EnrolmentState.COMPLETED):
            raise NotOnCourse(course_id=course.pk)
        enrolment.change(EnrolmentState.LEFT, now=now, actor_id=person.pk)
