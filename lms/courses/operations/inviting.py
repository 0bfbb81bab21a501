"""Inviting addresses to a course, with or without an account. Whoever proves that an address is theirs may join."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from lms.accounts.addresses import proven_addresses
from lms.accounts.models import User
from lms.agencies.access import rights_of
from lms.agencies.models import Agency, Role
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.courses import mail
from lms.courses.models import (
    HOLDING,
    Cohort,
    Course,
    CourseInvitation,
    CourseInvitationQuerySet,
    Enrolment,
    EnrolmentState,
)
from lms.courses.operations import places
from lms.courses.operations.deciding import approve
from lms.outbox.operations import post_many

WHO_INVITES = (Role.COORDINATOR, Role.MANAGER)
INVITATION_LASTS = timedelta(days=30)
MOST = 2_000  # addresses in one go

# What an invitation of an address comes to.
NEW, INVITED, ON_IT, WAITING, ASKED = "new", "invited", "on it", "waiting", "asked"
STANDS = {EnrolmentState.REQUESTED: ASKED, EnrolmentState.WAITING: WAITING}


class NotYours(DomainError):
    code = "courses.not_yours"
    message = "That isn't yours to decide."


class TooMany(DomainError):
    code = "courses.too_many"
    message = f"That's more than {MOST:,} addresses. Send them in parts."


class InvitationAnswered(DomainError):
    code = "courses.invitation_answered"
    message = "This invitation has been answered or taken back already."


def invitations_of(person: User, *, now: datetime) -> CourseInvitationQuerySet:
    """Invitations that wait for this person, the newest first."""
    rows = CourseInvitation.objects.unscoped(because="the addresses are proven to be the person's own").open_at(now)
    mine: CourseInvitationQuerySet = rows.filter(address__in=proven_addresses(person)).order_by("-invited_at", "-pk")
    return mine


def accept(invitation: CourseInvitation, *, person: User, now: datetime) -> None:
    """Bind an invitation to a person, once. Raises InvitationAnswered when it was taken back or used meanwhile."""
    rows = CourseInvitation.objects.unscoped(because="the person was invited").open_at(now).filter(pk=invitation.pk)
    if rows.update(accepted_by=person, accepted_at=now) != 1:
        raise InvitationAnswered(invitation_id=invitation.pk)


def judge(course: Course, agency: Agency, addresses: Iterable[str], *, now: datetime) -> dict[str, str]:
    """Say what inviting each address would come to: NEW, INVITED (already), ON_IT, WAITING, or ASKED.

    Only what the agency knows anyhow decides: whether an address has an account elsewhere is not to be read off it.
    """
    wanted = list(dict.fromkeys(address.lower() for address in addresses))
    open_rows = CourseInvitation.objects.unscoped(because="the agency's own invitations").open_at(now)
    invited = open_rows.filter(agency=agency, course=course, address__in=wanted).values_list("address", flat=True)
    known = dict.fromkeys(wanted, NEW) | dict.fromkeys(invited, INVITED)
    for address, state in _theirs(course, agency, wanted).values_list("address", "state"):
        known[address] = STANDS.get(state, ON_IT)
    return known


def _theirs(course: Course, agency: Agency, addresses: Sequence[str]) -> QuerySet[Any]:
    rows = Enrolment.objects.unscoped(because="the agency's own people").filter(agency=agency, course=course)
    there = rows.filter(state__in=(*HOLDING, EnrolmentState.WAITING, EnrolmentState.REQUESTED))
    known = there.annotate(address=Lower("person__emailaddress__email"))
    return known.filter(person__emailaddress__verified=True, address__in=addresses)


def invite(
    *, course: Course, agency: Agency, addresses: Iterable[str], cohort: Cohort | None, actor: User, now: datetime
) -> dict[str, str]:
    """Invite addresses to a course, and say what became of each, as ``judge`` does; asked twice, change nothing.

    Whoever has asked to join is let in. Raises NotYours, GroupOver or TooMany, and then nothing has changed.
    """
    require_inviter(actor, agency, course, cohort)
    if places.is_over(cohort, now=now):
        raise places.GroupOver(agency_id=agency.pk)
    with transaction.atomic():
        one_at_a_time(agency)
        known = judge(course, agency, addresses, now=now)
        if len(known) > MOST:
            raise TooMany(agency_id=agency.pk)
        new = [address for address, what in known.items() if what == NEW]
        if new:
            _send(course, agency, new, cohort, actor, now)
        asked = [address for address, what in known.items() if what == ASKED]
        requests = list(_theirs(course, agency, asked).filter(state=EnrolmentState.REQUESTED)) if asked else []
        places.lock([cohort.pk if cohort else None, *(one.cohort_id for one in requests)])
        for enrolment in requests:
            approve(enrolment=enrolment, cohort=cohort, actor=actor, now=now)
    return known


def one_at_a_time(agency: Agency) -> None:
    """Let two who invite for an agency do so one after the other. Comes before any lock on a group."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def require_inviter(actor: User, agency: Agency, course: Course, cohort: Cohort | None) -> None:
    """Raise NotYours unless ``actor`` may bring people of ``agency`` onto ``course``, into ``cohort``."""
    may = agency.pk in rights_of(actor).agencies(*WHO_INVITES)
    if not may or (cohort and (cohort.agency_id, cohort.course_id) != (agency.pk, course.pk)):
        raise NotYours(actor_id=actor.pk, agency_id=agency.pk)


def _send(
    course: Course, agency: Agency, addresses: Sequence[str], cohort: Cohort | None, actor: User, now: datetime
) -> None:
    over = CourseInvitation.objects.unscoped(because="makes room for a new invitation").unanswered()
    over.filter(agency=agency, course=course, address__in=addresses).update(withdrawn_at=now)
    rows = CourseInvitation.objects.bulk_create(
        CourseInvitation(
            agency=agency,
            course=course,
            cohort=cohort,
            address=address,
            invited_by=actor,
            invited_at=now,
            expires_at=now + INVITATION_LASTS,
        )
        for address in addresses
    )
    post_many([mail.invitation(row) for row in rows], now=now)
    ids = {"first": rows[0].pk, "last": rows[-1].pk, "count": len(rows)}
    target = f"course:{course.pk}"
    record(action="courses.invited", target=target, actor_id=actor.pk, agency_id=agency.pk, now=now, **ids)


def withdraw(*, invitation: CourseInvitation, actor: User, now: datetime) -> None:
    """Take an invitation back. The caller has read it within the actor's scope. Raises InvitationAnswered."""
    with transaction.atomic():
        rows = CourseInvitation.objects.unscoped(because="it was read within scope").unanswered()
        if rows.filter(pk=invitation.pk).update(withdrawn_at=now) != 1:
            raise InvitationAnswered(invitation_id=invitation.pk)
        record(
            action="courses.invitation_withdrawn",
            target=f"course_invitation:{invitation.pk}",
            actor_id=actor.pk,
            agency_id=invitation.agency_id,
            now=now,
        )


def forget_invitations(person: User, _: datetime) -> None:
    """Delete invitations that ``person`` accepted or that went to an address of theirs."""
    rows = CourseInvitation.objects.unscoped(because="an erasure")
    rows.filter(
        Q(accepted_by=person) | Q(address__iexact=person.email) | Q(address__in=proven_addresses(person))
    ).delete()


def forget_old_invitations(*, before: datetime) -> int:
    """Delete invitations that ran out before then, with the addresses in them; return how many."""
    rows = CourseInvitation.objects.unscoped(because="by the clock")
    return int(rows.filter(expires_at__lt=before).delete()[0])
