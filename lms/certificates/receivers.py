"""News from below: a course completed, a register settled. The award is given by the worker, so that nothing that
goes wrong here can undo what a learner did.
"""

from typing import Any

from django.db.models import QuerySet
from django.dispatch import receiver
from django.utils import timezone

from lms.accounts.models import User
from lms.certificates import assessing, operations
from lms.certificates.operations import pathways
from lms.common.tasks import enqueue
from lms.courses.signals import course_completed
from lms.webinars.models import Booking
from lms.webinars.signals import asking_circles, asking_circles_of, asking_who_leads, attendance_settled


@receiver(course_completed, dispatch_uid="lms.certificates.course_completed")
def _course_completed(round_id: int, **_: Any) -> None:
    enqueue(give_for_round, round_id=round_id)


@receiver(attendance_settled, dispatch_uid="lms.certificates.attendance_settled")
def _attendance_settled(booking_id: int, **_: Any) -> None:
    enqueue(give_for_booking, booking_id=booking_id)


@receiver(asking_who_leads, dispatch_uid="lms.certificates.asking_who_leads")
def _where_they_lead(person: User, **_: Any) -> frozenset[int]:
    return assessing.leads_for(person, today=timezone.localdate())


@receiver(asking_circles, dispatch_uid="lms.certificates.asking_circles")
def _pathways(**_: Any) -> list[tuple[str, str]]:
    return list(assessing.circles().items())


@receiver(asking_circles_of, dispatch_uid="lms.certificates.asking_circles_of")
def _pathways_of(person: User, **_: Any) -> frozenset[str]:
    return assessing.circles_of(person)


def give_for_round(*, round_id: int) -> str:
    """Give what a completed round earns; return what happened, for the task log."""
    award = operations.issue_for_round(round_id=round_id, now=timezone.now())
    return _look_at_pathways(award.person_id if award else None)


def give_for_booking(*, booking_id: int) -> str:
    """Give what an attended session earns; return what happened, for the task log."""
    award = operations.issue_for_booking(booking_id=booking_id, now=timezone.now())
    operations.follow_register(booking_id=booking_id, now=timezone.now())
    rows = Booking.objects.unscoped(because="news of a register, acted on by the system")
    person_id = award.person_id if award else _person_of(rows.filter(pk=booking_id))
    if person_id is not None:
        operations.tell_courses(people=[person_id], now=timezone.now())
    return _look_at_pathways(person_id)


def _person_of(rows: QuerySet[Booking]) -> int | None:
    """Whose booking it is: a part of a session can be a step, where the whole is no attendance."""
    return rows.values_list("person_id", flat=True).first()


def _look_at_pathways(person_id: int | None) -> str:
    if person_id is None:
        return "nothing earned"
    pathways.fulfil_pathways_of(person_id=person_id, now=timezone.now())
    return "given"
