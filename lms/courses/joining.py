"""Where somebody stands who is not on a course yet: invited, waiting for an answer or a place, or told no."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from lms.accounts.models import User
from lms.courses import operations
from lms.courses.models import Cohort, Course, CourseInvitation, Enrolment, EnrolmentChange, EnrolmentState

BEFORE = (EnrolmentState.REQUESTED, EnrolmentState.WAITING, EnrolmentState.COMING, EnrolmentState.INVITED)


@dataclass(frozen=True)
class Joining:
    """state: of the enrolment, empty where there is none. reason: what staff said last, if they said anything.

    cohort: the group that somebody is in, with its days. is_over: whether the last day that they had is over.
    ahead: how many wait longer for a place; None where there is nothing to wait for.
    """

    state: str
    invitation: CourseInvitation | None
    reason: str = ""
    cohort: Cohort | None = None
    is_over: bool = False
    ahead: int | None = None


def joining(person: User, course: Course) -> Joining:
    """Return where ``person`` stands with a course that they are not on, or pause; two to four queries."""
    invitation = operations.invitations_of(person, now=timezone.now()).filter(course=course)
    enrolment = Enrolment.objects.owned_by(person).filter(course=course).select_related("cohort").first()
    first = invitation.select_related("agency", "cohort").first()
    if enrolment is None:
        return Joining("", first)
    return Joining(
        enrolment.state,
        first,
        reason=_reason(enrolment),
        cohort=enrolment.cohort,
        is_over=bool(enrolment.ends_on and enrolment.ends_on < timezone.localdate()),
        ahead=ahead_of(enrolment),
    )


def ahead_of(enrolment: Enrolment) -> int | None:
    """How many have waited longer for a place in the same group; None for somebody who does not wait."""
    since = enrolment.waiting_since
    if enrolment.state != EnrolmentState.WAITING or since is None:
        return None
    rows = Enrolment.objects.unscoped(because="a number, and nobody in it")
    others = rows.filter(cohort=enrolment.cohort, state=EnrolmentState.WAITING)
    return int(others.filter(Q(waiting_since__lt=since) | Q(waiting_since=since, pk__lt=enrolment.pk)).count())


def _reason(enrolment: Enrolment) -> str:
    """What a member of staff said at the last change; nothing of what the person or the clock did."""
    changes = EnrolmentChange.objects.owned_by(enrolment.person_id).filter(enrolment=enrolment)
    last = changes.order_by("-pk").values_list("reason", "actor_id").first()
    return last[0] if last and last[1] not in (None, enrolment.person_id) else ""


def invitations(person: User) -> QuerySet[CourseInvitation]:
    """The invitations to courses that wait for ``person``, with whom they are from."""
    rows = operations.invitations_of(person, now=timezone.now()).filter(course__page__isnull=False)
    found: QuerySet[CourseInvitation] = rows.select_related("course", "agency", "cohort")
    return found


def asked(person: User) -> QuerySet[Enrolment]:
    """The courses that ``person`` waits for: for an answer, or for a place."""
    mine = Enrolment.objects.owned_by(person).filter(state__in=BEFORE, course__page__isnull=False)
    found: QuerySet[Enrolment] = mine.select_related("course", "cohort").order_by("pk")
    return found


def opens_on(person: User, course: UUID) -> date | None:
    """The first day of the group in which ``person`` has a place, while it is still to come."""
    mine = Enrolment.objects.owned_by(person).filter(course__identity=course, state=EnrolmentState.COMING)
    day: date | None = mine.values_list("cohort__starts_on", flat=True).first()
    return day
