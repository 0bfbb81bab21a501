"""Giving certificates at the desk: for a whole register, by hand with a reason, and after a look at each."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.audit.operations import record as audit
from lms.certificates import rules
from lms.certificates.access import is_of_agency, may_approve, may_give
from lms.certificates.models import Award, AwardKind, AwardState, IssuingTerms
from lms.certificates.operations.awards import arrive, given_by_hand, is_still_earned, locked, move
from lms.certificates.operations.earning import (
    Earned,
    course_says,
    from_booking,
    issue,
    issue_for_booking,
    issue_for_round,
    terms_of,
)
from lms.certificates.rules import Deed
from lms.common.errors import DomainError
from lms.common.tasks import enqueue
from lms.courses.models import Course, CourseVersion, Round
from lms.webinars.models import Booking, BookingState, Session


class NotYoursToGive(DomainError):
    code = "certificates.not_yours_to_give"
    message = "Somebody else at your agency does this: nobody gives a certificate to themselves."


class NotOfAgency(DomainError):
    code = "certificates.not_of_agency"
    message = "We don't know that person at your agency. Certificates are given to people your agency has confirmed."


class NotByHand(DomainError):
    code = "certificates.not_by_hand"
    message = "Your agency gives no certificates by hand. A manager can change that in the settings."


class NothingToGiveFor(DomainError):
    code = "certificates.nothing_to_give_for"
    message = "There's nothing to give a certificate for: this person has no booking there, or nothing is published."


class RegisterSaysOtherwise(DomainError):
    code = "certificates.register_says_otherwise"
    message = "The register says now that they weren't there. If they were, put the register right first."


class WhyMissing(DomainError):
    code = "certificates.why_missing"
    message = "Write why. It's kept with the certificate."


# --- A whole register ----------------------------------------------------------------------------------------------


def give_for_register(*, session: Session, actor: User, now: datetime) -> None:
    """Have everybody on the register of ``session`` who was there given what they lack; the worker does it."""
    with transaction.atomic():
        target = f"session:{session.pk}"
        audit(action="award.register", target=target, actor_id=actor.pk, agency_id=session.agency_id, now=now)
        enqueue(issue_for_register, session_id=session.pk)


def issue_for_register(*, session_id: int) -> str:
    """Give the award to each attended booking of a session; return how many there are, for the task log."""
    rows = Booking.objects.unscoped(because="a register that a member of staff has given certificates for")
    there = rows.filter(session=session_id, state=BookingState.ATTENDED).order_by("pk")
    found = list(there.values_list("pk", flat=True))
    for pk in found:
        issue_for_booking(booking_id=pk, now=timezone.now())
    return f"looked at {len(found)}"


REGISTER_CHANGED = "The register was changed."


def follow_register(*, booking_id: int, now: datetime) -> Award | None:
    """Put the award of a session on hold when its register says no more that somebody was there, and take it up again
    when it does. One that was given by hand, or that a person decided about, is left as it is.
    """
    with transaction.atomic():
        rows = Award.objects.unscoped(because="news of a register, acted on by the system").select_for_update()
        award: Award | None = rows.filter(earned_by=f"booking:{booking_id}").first()
        if award is None or given_by_hand(award):
            return None
        while award and award.state == AwardState.REPLACED:  # the one with another name stands on the same register
            award = rows.filter(replaces=award).first()
        deed = _deed_of_register(award, booking_id) if award else None
        if award is None or deed is None:
            return None
        move(award, deed, actor_id=None, now=now, reason=REGISTER_CHANGED)
        award.save(update_fields=["state"])
    return award


def _deed_of_register(award: Award, booking_id: int) -> Deed | None:
    was_there = Booking.objects.unscoped(because="what the register says of it now").filter(
        pk=booking_id, state=BookingState.ATTENDED
    )
    if was_there.exists():
        last = award.changes.order_by("at", "pk").last()
        is_ours = last is not None and last.actor_id is None and last.reason == REGISTER_CHANGED
        return Deed.REINSTATE if award.state == AwardState.SUSPENDED and is_ours else None
    return Deed.SUSPEND if award.state == AwardState.ACTIVE else None


# --- By hand -------------------------------------------------------------------------------------------------------


def give_for_course(*, agency: Agency, person: User, course: Course, actor: User, reason: str, now: datetime) -> Award:
    """Give the award for a course that ``person`` learned in another way; who has completed it gets that one.

    Asked again on the same day, return the one given. Raises NotByHand, NotYoursToGive, NotOfAgency, WhyMissing or
    NothingToGiveFor.
    """
    _require_may_give(agency, person, actor, reason)
    rounds = Round.objects.owned_by(person).filter(enrolment__course=course, completed_at__isnull=False)
    last = rounds.order_by("-number").first()
    if last and (given := issue_for_round(round_id=last.pk, now=now)):
        return given
    latest = CourseVersion.objects.filter(latest_of=course).defer("outline", "items", "keys").first()
    if latest is None:
        raise NothingToGiveFor(course_id=course.pk)
    today = timezone.localdate(now)
    page = course.page
    months = page.certificate_months if page else None
    earned = Earned(
        earned_by=f"hand:{course.pk}:{person.pk}:{today:%Y%m%d}",
        kind=AwardKind.COMPLETION,
        person=person,
        agency=agency,
        title=course.title,
        neutral_title=course.neutral_title,
        earned_on=today,
        valid_until=rules.valid_until(today, months, before=None, grace_days=0),
        says=course_says(latest, page),
        actor_id=actor.pk,
        reason=reason,
    )
    return issue(earned=earned, now=now)


def give_for_session(
    *, agency: Agency, person: User, session: Session, actor: User, reason: str, now: datetime
) -> Award:
    """Give the award for a session that ``person`` had a place in, though its register does not say they were there.

    Once for each booking, like any other. Raises as ``give_for_course`` does.
    """
    _require_may_give(agency, person, actor, reason)
    places = Booking.objects.owned_by(person).seated().filter(session=session, session__agency=agency)
    booking = places.select_related("person", "session__agency", "session__workshop").first()
    if booking is None or session.ends_at > now:
        raise NothingToGiveFor(session_id=session.pk, person_id=person.pk)
    minutes = sum(session.parts.values_list("minutes", flat=True))
    return issue(earned=from_booking(booking, minutes=minutes, actor_id=actor.pk, reason=reason), now=now)


def _require_may_give(agency: Agency, person: User, actor: User, reason: str) -> None:
    if not may_give(actor, agency) or actor.pk == person.pk:
        raise NotYoursToGive(actor_id=actor.pk, person_id=person.pk)
    if not terms_of(agency).by_hand:
        raise NotByHand(agency_id=agency.pk)
    if not is_of_agency(person, agency):
        raise NotOfAgency(person_id=person.pk, agency_id=agency.pk)
    if not reason.strip():
        raise WhyMissing(actor_id=actor.pk)


# --- After a look --------------------------------------------------------------------------------------------------


def approve(*, award: Award, actor: User, now: datetime) -> Award:
    """Let a staged award go to its holder; asked again, change nothing.

    Raises NotYoursToGive, RegisterSaysOtherwise or AwardCannotChange.
    """
    with transaction.atomic():
        held = _held_to_look_at(award, actor)
        if held.state in {AwardState.WAITING, AwardState.ACTIVE}:
            return held
        if not is_still_earned(held):
            raise RegisterSaysOtherwise(award_id=award.pk)
        move(held, Deed.APPROVE, actor_id=actor.pk, now=now)
        held.save(update_fields=["state"])
        if held.person:
            arrive(award=held, holder=held.person, tells=True, now=now)
    return held


def decline(*, award: Award, actor: User, reason: str, now: datetime) -> Award:
    """Give a staged award not, and keep why. Raises NotYoursToGive, WhyMissing or AwardCannotChange."""
    if not reason.strip():
        raise WhyMissing(award_id=award.pk)
    with transaction.atomic():
        held = _held_to_look_at(award, actor)
        move(held, Deed.DECLINE, actor_id=actor.pk, now=now, reason=reason)
        held.save(update_fields=["state"])
    return held


def _held_to_look_at(award: Award, actor: User) -> Award:
    held = locked(award)
    if not may_approve(actor, held):
        raise NotYoursToGive(award_id=award.pk, actor_id=actor.pk)
    return held


# --- What an agency has settled ------------------------------------------------------------------------------------


def settle_terms(*, agency: Agency, approves: bool, by_hand: bool, grace_days: int, actor: User, now: datetime) -> None:
    """Keep how an agency gives certificates. What is staged already still waits for a look."""
    settled = {"approves": approves, "by_hand": by_hand, "grace_days": grace_days}
    with transaction.atomic():
        IssuingTerms.objects.update_or_create(agency=agency, defaults=settled)
        audit(
            action="award.terms_settled",
            target=f"agency:{agency.pk}",
            actor_id=actor.pk,
            agency_id=agency.pk,
            now=now,
            **settled,
        )
