"""How somebody stands on a course, changed by staff: with a reason that the person reads, and everything kept."""

from contextlib import suppress
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lms.accounts.models import User
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.courses import mail, rules
from lms.courses.models import HOLDING, Cohort, Enrolment, EnrolmentState, Round
from lms.courses.operations import places
from lms.courses.operations.beginning import CourseClosed, start_or_resume_round
from lms.courses.operations.by_hand import ReasonNeeded
from lms.courses.operations.renewing import begin_again
from lms.outbox.operations import post

TIME_OVER = "The time for this course is over."
MAY_END = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)
ENDED = (EnrolmentState.COMPLETED, EnrolmentState.LEFT)
TO_SEAT = (EnrolmentState.LEFT, EnrolmentState.WAITING)  # who gets a place, and begins when their group does


class CannotChange(DomainError):
    code = "courses.cannot_change"
    message = "That can't be done as things stand now. Load the page again to see how they do."


class GroupFull(DomainError):
    code = "courses.group_full"
    message = "This group is full. Give it more places, or choose another."


class DayOver(DomainError):
    code = "courses.day_over"
    message = "Choose a day that is still to come."


def change_state(*, enrolment: Enrolment, after: EnrolmentState, reason: str, actor: User, now: datetime) -> None:
    """Pause somebody, let them go on, take them off or bring them back.

    The caller has read the enrolment within the actor's scope. Raises ReasonNeeded or CannotChange.
    """
    with transaction.atomic():
        held = _held(enrolment, reason)
        _move(held, after, reason=reason, actor_id=actor.pk, now=now)
        _write_down(f"courses.{after}", held, actor, now)


def _move(held: Enrolment, after: EnrolmentState, *, reason: str, actor_id: int | None, now: datetime) -> None:
    reopens = held.state == EnrolmentState.COMPLETED
    if held.state == after or reopens or not rules.may_change(held.state, after):
        raise CannotChange(enrolment_id=held.pk)
    if after == EnrolmentState.ACTIVE and not places.has_room(held.cohort, but=held):
        raise GroupFull(enrolment_id=held.pk)
    if after == EnrolmentState.ACTIVE and held.state in TO_SEAT:
        after = places.seated_state(held.cohort, now=now)
    held.change(after, now=now, actor_id=actor_id, reason=reason.strip())
    if after == EnrolmentState.ACTIVE:
        start_or_resume_round(held, held.course, now)
    elif after == EnrolmentState.LEFT:
        places.promote(held.cohort_id, now=now)


def give_time(*, enrolment: Enrolment, until: date, reason: str, actor: User, now: datetime) -> None:
    """Say until which day somebody has time, and bring them back if it was over. Raises ReasonNeeded or DayOver."""
    if until < timezone.localdate(now):
        raise DayOver(enrolment_id=enrolment.pk)
    with transaction.atomic():
        held = _held(enrolment, reason)
        Enrolment.objects.owned_by(held.person).filter(pk=held.pk).update(ends_on=until)
        if held.state == EnrolmentState.LEFT:
            _move(held, EnrolmentState.ACTIVE, reason=reason, actor_id=actor.pk, now=now)
        _write_down("courses.time_given", held, actor, now, until=until.isoformat())


def renew(*, enrolment: Enrolment, reason: str, actor: User, now: datetime) -> Round:
    """Let somebody who has finished go through the course again, in a new round; the old one is kept.

    Raises ReasonNeeded, CannotChange or CannotBeginAgain.
    """
    with transaction.atomic():
        held = _held(enrolment, reason)
        if held.state != EnrolmentState.COMPLETED:
            raise CannotChange(enrolment_id=held.pk)
        held.change(EnrolmentState.ACTIVE, now=now, actor_id=actor.pk, reason=reason.strip())
        round_ = begin_again(person=held.person, course=held.course, now=now)
        _write_down("courses.renewed", held, actor, now, round=round_.number)
    return round_


def put_into(*, enrolment: Enrolment, cohort: Cohort | None, actor: User, now: datetime) -> None:
    """Put somebody into a group, or out of any. Their place in the old one goes to whoever waits for it.

    The caller has read both within the actor's scope. Raises GroupFull, GroupOver or CannotChange.
    """
    with transaction.atomic():
        held = places.hold(enrolment.person, enrolment.course, cohort.pk if cohort else None)
        if held is None or (cohort and (cohort.agency_id, cohort.course_id) != (held.agency_id, held.course_id)):
            raise CannotChange(enrolment_id=enrolment.pk)
        if held.state in HOLDING and not places.has_room(cohort, but=held):
            raise GroupFull(enrolment_id=held.pk)
        if held.state not in ENDED and places.is_over(cohort, now=now):
            raise places.GroupOver(enrolment_id=held.pk)
        before, held.cohort = held.cohort_id, cohort
        ends_on = cohort.ends_on if cohort else None
        Enrolment.objects.owned_by(held.person).filter(pk=held.pk).update(cohort=cohort, ends_on=ends_on)
        for group in (before, cohort.pk if cohort else None):
            places.promote(group, now=now)
        if _may_begin(held, now):
            _move(held, EnrolmentState.ACTIVE, reason="", actor_id=actor.pk, now=now)
        _write_down("courses.grouped", held, actor, now, cohort=cohort.pk if cohort else 0)


def _may_begin(held: Enrolment, now: datetime) -> bool:
    """Whether nothing keeps somebody waiting in the group where they are now, or in none."""
    if held.state == EnrolmentState.COMING:
        return places.seated_state(held.cohort, now=now) == EnrolmentState.ACTIVE
    return held.state == EnrolmentState.WAITING and held.cohort is None


def begin_due(*, now: datetime) -> int:
    """Let everybody begin whose group has come to its first day, and tell them; return how many."""
    rows = Enrolment.objects.unscoped(because="the first day holds for everybody").filter(state=EnrolmentState.COMING)
    due = rows.filter(Q(cohort__starts_on=None) | Q(cohort__starts_on__lte=timezone.localdate(now)))
    return sum(_begin(enrolment, now) for enrolment in list(due.select_related("person", "course")))


def _begin(enrolment: Enrolment, now: datetime) -> bool:
    with suppress(CourseClosed, places.MovedMeanwhile), transaction.atomic():
        held = places.hold(enrolment.person, enrolment.course)
        if held is None or held.state != EnrolmentState.COMING or not _may_begin(held, now):
            return False
        held.change(EnrolmentState.ACTIVE, now=now, actor_id=None)
        start_or_resume_round(held, held.course, now)
        post(mail.first_day(held, now=now), now=now)
        return True
    return False  # nothing to read in it, or moved meanwhile: the next run looks again


def end_overdue(*, now: datetime) -> int:
    """Take everybody off their course whose last day is over; return how many. What they did is kept."""
    rows = Enrolment.objects.unscoped(because="the last day holds for everybody")
    due = rows.filter(ends_on__lt=timezone.localdate(now), state__in=MAY_END)
    return sum(_end(enrolment, now) for enrolment in list(due.select_related("person", "course")))


def _end(enrolment: Enrolment, now: datetime) -> bool:
    with suppress(places.MovedMeanwhile), transaction.atomic():
        held = places.hold(enrolment.person, enrolment.course)
        today = timezone.localdate(now)
        if held is None or held.state not in MAY_END or held.ends_on is None or held.ends_on >= today:
            return False
        _move(held, EnrolmentState.LEFT, reason=TIME_OVER, actor_id=None, now=now)
        post(mail.time_over(held, now=now), now=now)
        return True
    return False


def _held(enrolment: Enrolment, reason: str) -> Enrolment:
    if not reason.strip():
        raise ReasonNeeded(enrolment_id=enrolment.pk)
    held = places.hold(enrolment.person, enrolment.course)
    if held is None:
        raise CannotChange(enrolment_id=enrolment.pk)
    return held


def _write_down(action: str, enrolment: Enrolment, actor: User, now: datetime, **ids: int | str) -> None:
    record(
        action=action,
        target=f"enrolment:{enrolment.pk}",
        actor_id=actor.pk,
        agency_id=enrolment.agency_id,
        now=now,
        **ids,
    )
