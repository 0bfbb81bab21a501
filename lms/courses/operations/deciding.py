"""Answering those who ask to join a course."""

from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.courses import mail
from lms.courses.models import Cohort, Enrolment, EnrolmentState
from lms.courses.operations import places
from lms.courses.operations.beginning import start_or_resume_round
from lms.courses.operations.by_hand import ReasonNeeded
from lms.outbox.operations import post


class AlreadyAnswered(DomainError):
    code = "courses.already_answered"
    message = "Somebody has answered this already. Load the page again to see how it stands."


class OwnRequest(DomainError):
    code = "courses.own_request"
    message = "Nobody decides about themselves. Ask a colleague."


def approve(*, enrolment: Enrolment, cohort: Cohort | None, actor: User, now: datetime) -> Enrolment:
    """Let somebody in who asked, into a group if one is named; where it is full they wait for a place.

    The caller has read both within the actor's scope. Raises AlreadyAnswered, OwnRequest, GroupOver or CourseClosed.
    """
    if places.is_over(cohort, now=now):
        raise places.GroupOver(enrolment_id=enrolment.pk)
    with transaction.atomic():
        asked = _asked(enrolment, cohort, actor)
        seated = places.seat(
            person=asked.person,
            course=asked.course,
            enrolment=asked,
            state=places.state_in(cohort, now=now),
            agency_id=asked.agency_id,
            cohort=cohort,
            actor_id=actor.pk,
            now=now,
        )
        if seated.is_learning:
            start_or_resume_round(seated, seated.course, now)
        post(mail.let_in(seated, now=now), now=now)
        _write_down("courses.let_in", seated, actor, now)
    return seated


def decline(*, enrolment: Enrolment, reason: str, actor: User, now: datetime) -> None:
    """Say no to somebody who asked, with a reason that they read. Raises ReasonNeeded and as ``approve`` does."""
    if not reason.strip():
        raise ReasonNeeded(enrolment_id=enrolment.pk)
    with transaction.atomic():
        asked = _asked(enrolment, None, actor)
        asked.change(EnrolmentState.LEFT, now=now, actor_id=actor.pk, reason=reason.strip())
        post(mail.not_let_in(asked, now=now), now=now)
        _write_down("courses.not_let_in", asked, actor, now)


def _asked(enrolment: Enrolment, cohort: Cohort | None, actor: User) -> Enrolment:
    """The request, locked. Raises AlreadyAnswered where it is none any more."""
    if enrolment.person_id == actor.pk:
        raise OwnRequest(actor_id=actor.pk)
    found = places.hold(enrolment.person, enrolment.course, cohort.pk if cohort else None)
    if found is None or found.state != EnrolmentState.REQUESTED:
        raise AlreadyAnswered(enrolment_id=enrolment.pk)
    return found


def _write_down(action: str, enrolment: Enrolment, actor: User, now: datetime) -> None:
    record(
        action=action,
        target=f"enrolment:{enrolment.pk}",
        actor_id=actor.pk,
        agency_id=enrolment.agency_id,
        now=now,
    )
