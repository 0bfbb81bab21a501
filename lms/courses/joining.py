"""Where somebody stands who is not on a course yet: invited, waiting for an answer or a place, or told no."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from lms.courses import operations
from lms.courses.models import Cohort, Course, CourseInvitation, Enrolment, EnrolmentChange, EnrolmentState

BEFORE = (EnrolmentState.REQUESTED, EnrolmentState.WAITING, EnrolmentState.COMING, EnrolmentState.INVITED)


@dataclass(frozen=True)
class Joining:
    """state: of the enrolment, empty where there is none. reason: what staff said last, if they said anything.

    cohort: the group that somebody is in, with its first day.
    """

    state: str
    invitation: CourseInvitation | None
    reason: str = ""
    cohort: Cohort | None = None


def joining(person: Any, course: Course) -> Joining:
    """Return where ``person`` stands with a course that they are not on; two or three queries."""
    invitation = operations.invitations_of(person, now=timezone.now()).filter(course=course)
    enrolment = Enrolment.objects.owned_by(person).filter(course=course).select_related("cohort").first()
    first = invitation.select_related("agency", "cohort").first()
    return Joining(enrolment.state, first, _reason(enrolment), enrolment.cohort) if enrolment else Joining("", first)


def _reason(enrolment: Enrolment) -> str:
    changes = EnrolmentChange.objects.owned_by(enrolment.person_id).filter(enrolment=enrolment)
    return changes.order_by("-pk").values_list("reason", flat=True).first() or ""


def invitations(person: Any) -> QuerySet[CourseInvitation]:
    """The invitations to courses that wait for ``person``, with whom they are from."""
    rows = operations.invitations_of(person, now=timezone.now()).filter(course__page__isnull=False)
    found: QuerySet[CourseInvitation] = rows.select_related("course", "agency", "cohort")
    return found


def asked(person: Any) -> QuerySet[Enrolment]:
    """The courses that ``person`` waits for: for an answer, or for a place."""
    mine = Enrolment.objects.owned_by(person).filter(state__in=BEFORE, course__page__isnull=False)
    found: QuerySet[Enrolment] = mine.select_related("course", "cohort").order_by("pk")
    return found


def opens_on(person: Any, course: UUID) -> date | None:
    """The first day of the group in which ``person`` has a place, while it is still to come."""
    mine = Enrolment.objects.owned_by(person).filter(course__identity=course, state=EnrolmentState.COMING)
    day: date | None = mine.values_list("cohort__starts_on", flat=True).first()
    return day
