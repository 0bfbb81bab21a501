"""Coming onto a course, leaving it and coming back. Nothing that was done is ever lost by any of it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lms.accounts.models import User
from lms.agencies.access import is_verified_adopter, staff_of, verified_agency_ids
from lms.common.errors import DomainError
from lms.courses import mail
from lms.courses.models import (
    HOLDING,
    Course,
    CourseInvitation,
    Enrolment,
    EnrolmentChange,
    EnrolmentState,
    OpenTo,
    Round,
)
from lms.courses.operations import inviting, places
from lms.courses.operations.beginning import CourseClosed, start_or_resume_round
from lms.outbox.operations import post


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


class TimeOver(DomainError):
    code = "courses.time_over"
    message = "The time for this course is over. What you did is kept. Ask your agency for more time."


class NotOnCourse(DomainError):
    code = "courses.not_on_course"
    message = "There's nothing to leave: you're not in the middle of this course."


def enrol(*, person: User, course: Course, now: datetime) -> Enrolment:
    """Bring ``person`` onto ``course``, or back onto it with everything kept; asked twice, change nothing.

    Whoever is invited comes as the agency's guest, once. Where an agency lets people in, this asks it; where the
    group is full, they wait for a place, and where it has not begun, for its first day: the state of what is returned
    says so. Raises CourseClosed,
    VerifiedAdoptersOnly, InvitationOnly, TimeOver or FinishFirst, and then nothing has changed.
    """
    with transaction.atomic():
        there = Enrolment.objects.owned_by(person).filter(course=course, state__in=HOLDING).exists()
        invitation = None if there else inviting.invitations_of(person, now=now).filter(course=course).first()
        enrolment = places.hold(person, course, invitation.cohort_id if invitation else None)
        if enrolment is None or enrolment.state not in HOLDING:
            enrolment = _arrive(person, course, enrolment, invitation, now)
        elif _goes_on(enrolment, now):
            enrolment.change(EnrolmentState.ACTIVE, now=now, actor_id=person.pk)
        if enrolment.is_learning:
            start_or_resume_round(enrolment, course, now)
    return enrolment


def _goes_on(enrolment: Enrolment, now: datetime) -> bool:
    """Whether somebody with a place begins now or goes on: who paused, and who waited for a day that has come."""
    if enrolment.state == EnrolmentState.COMING:
        return places.seated_state(enrolment.cohort, now=now) == EnrolmentState.ACTIVE
    return enrolment.state == EnrolmentState.PAUSED


def _arrive(
    person: User, course: Course, enrolment: Enrolment | None, invitation: CourseInvitation | None, now: datetime
) -> Enrolment:
    if enrolment and not invitation and enrolment.state in (EnrolmentState.REQUESTED, EnrolmentState.WAITING):
        return enrolment
    _may_join(person, course, enrolment, invitation, now)
    asks = _asks(course, enrolment, invitation)
    agency_id = _agency_of(person, enrolment, invitation)
    if asks and agency_id is None:
        raise VerifiedAdoptersOnly(course_id=course.pk)
    if invitation:
        inviting.accept(invitation, person=person, now=now)
    cohort = invitation.cohort if invitation else enrolment.cohort if enrolment else None
    seated = places.seat(
        person=person,
        course=course,
        enrolment=enrolment,
        state=EnrolmentState.REQUESTED if asks else places.state_in(cohort, now=now),
        agency_id=agency_id,
        cohort=cohort,
        actor_id=person.pk,
        now=now,
    )
    if asks:
        _tell_staff(seated, now)
    return seated


def _asks(course: Course, enrolment: Enrolment | None, invitation: CourseInvitation | None) -> bool:
    """Whether the agency is asked first: not for whom it has invited, nor for whom it has let in before."""
    if course.open_to != OpenTo.APPROVAL or invitation:
        return False
    if enrolment is None:
        return True
    return enrolment.state != EnrolmentState.INVITED and not _has_begun(enrolment)


def _has_begun(enrolment: Enrolment | None) -> bool:
    """Whether somebody was on the course before: what was asked of newcomers since is not asked of them."""
    if enrolment is None:
        return False
    return Round.objects.owned_by(enrolment.person_id).filter(enrolment=enrolment).exists()


def _agency_of(person: User, enrolment: Enrolment | None, invitation: CourseInvitation | None) -> int | None:
    if invitation:
        return invitation.agency_id
    if enrolment and enrolment.agency_id:
        return enrolment.agency_id
    return min(verified_agency_ids(person), default=None)


def _tell_staff(enrolment: Enrolment, now: datetime) -> None:
    for staff in staff_of(enrolment.agency_id, *inviting.WHO_INVITES):
        post(mail.somebody_asked(enrolment, staff=staff, now=now), now=now)


def _may_join(
    person: User, course: Course, enrolment: Enrolment | None, invitation: CourseInvitation | None, now: datetime
) -> None:
    if enrolment is None and not course.is_open:
        raise CourseClosed(course_id=course.pk)
    if invitation is None:
        _may_join_uninvited(person, course, enrolment, now)
    elif places.is_over(invitation.cohort, now=now):
        raise TimeOver(course_id=course.pk)
    if _to_finish_first(person, course) and not _has_begun(enrolment):
        raise FinishFirst(course_id=course.pk)


def _may_join_uninvited(person: User, course: Course, enrolment: Enrolment | None, now: datetime) -> None:
    if course.open_to == OpenTo.VERIFIED and not is_verified_adopter(person):
        raise VerifiedAdoptersOnly(course_id=course.pk)
    if course.open_to == OpenTo.INVITED and not _was_let_in(enrolment):
        raise InvitationOnly(course_id=course.pk)
    if enrolment and enrolment.ends_on and enrolment.ends_on < timezone.localdate(now):
        raise TimeOver(course_id=course.pk)


def _was_let_in(enrolment: Enrolment | None) -> bool:
    """Whether somebody was asked in before, or was on the course; to have asked, and been told no, is neither."""
    if enrolment is None:
        return False
    if enrolment.state == EnrolmentState.INVITED:
        return True
    changes = EnrolmentChange.objects.owned_by(enrolment.person_id).filter(enrolment=enrolment)
    return bool(changes.exclude(after__in=(EnrolmentState.REQUESTED, EnrolmentState.LEFT)).exists())


def _to_finish_first(person: User, course: Course) -> bool:
    finished = Round.objects.owned_by(person).filter(completed_at__isnull=False)
    return course.after.exclude(pk__in=finished.values("enrolment__course")).exists()


def leave(*, person: User, course: Course, now: datetime) -> None:
    """Take ``person`` off ``course``, or off its waiting list; what they did is kept for when they come back.

    Whoever waits for their place in the group gets it. Raises NotOnCourse.
    """
    with transaction.atomic():
        enrolment = places.hold(person, course)
        if enrolment is None or enrolment.state in (EnrolmentState.LEFT, EnrolmentState.COMPLETED):
            raise NotOnCourse(course_id=course.pk)
        enrolment.change(EnrolmentState.LEFT, now=now, actor_id=person.pk)
        places.promote(enrolment.cohort_id, now=now)


def pause(*, person: User, course: Course, now: datetime) -> None:
    """Rest from ``course``: no letters about it until the person joins again. Raises NotOnCourse."""
    with transaction.atomic():
        enrolment = places.hold(person, course)
        if enrolment is None or enrolment.state != EnrolmentState.ACTIVE:
            raise NotOnCourse(course_id=course.pk)
        enrolment.change(EnrolmentState.PAUSED, now=now, actor_id=person.pk)
