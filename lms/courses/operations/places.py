"""Places in groups: who holds one, who waits, and who comes next.

Rows are always locked in this order: groups by id, then enrolments. So two who change places at once never wait for
each other.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.courses import mail
from lms.courses.models import (
    HOLDING,
    Cohort,
    Course,
    Enrolment,
    EnrolmentChange,
    EnrolmentQuerySet,
    EnrolmentState,
)
from lms.courses.operations.beginning import CourseClosed, start_or_resume_round
from lms.outbox.operations import post

BECAUSE = "places are counted for everybody in a group"


class MovedMeanwhile(DomainError):
    code = "courses.moved_meanwhile"
    message = "Somebody put them into another group at the same moment. Have another look, and try again."


class GroupOver(DomainError):
    code = "courses.group_over"
    message = "The last day of this group is over. Give it a later one, or choose another group."


def is_over(cohort: Cohort | None, *, now: datetime) -> bool:
    """Whether the last day of a group is over: whoever came into it would be taken off the course at once."""
    return bool(cohort and cohort.ends_on and cohort.ends_on < timezone.localdate(now))


def lock(cohort_ids: Iterable[int | None]) -> dict[int, Cohort]:
    """Lock groups until the transaction ends, and return them by id.

    Rows may still be written that point at them: that takes a lock which is no part of the order above.
    """
    wanted = {pk for pk in cohort_ids if pk is not None}
    if not wanted:
        return {}
    rows = Cohort.objects.unscoped(because=BECAUSE).select_for_update(no_key=True)
    rows = rows.filter(pk__in=wanted).order_by("pk")
    return {row.pk: row for row in rows}


def hold(person: User, course: Course, *others: int | None) -> Enrolment | None:
    """Lock a person's enrolment, after its group and the ``others``; None where there is no enrolment.

    Raises MovedMeanwhile when it came into yet another group before it was locked.
    """
    mine = Enrolment.objects.owned_by(person).filter(course=course)
    locked = {None, *others, mine.values_list("cohort_id", flat=True).first()}
    lock(locked)
    found: Enrolment | None
    found = mine.select_for_update(of=("self",), no_key=True).select_related("cohort").first()
    if found is not None and found.cohort_id not in locked:
        raise MovedMeanwhile(enrolment_id=found.pk)
    return found


def has_room(cohort: Cohort | None, *, but: Enrolment | None = None) -> bool:
    """Whether somebody more fits into a group. but: an enrolment that is not counted."""
    rows = Cohort.objects.unscoped(because=BECAUSE).filter(pk=cohort.pk) if cohort else None
    capacity = rows.values_list("capacity", flat=True).first() if rows is not None else None
    if capacity is None:
        return True
    seated = Enrolment.objects.unscoped(because=BECAUSE).filter(cohort=cohort, state__in=HOLDING)
    return bool(seated.exclude(pk=but.pk if but else None).count() < capacity)


def seat(
    *,
    person: User,
    course: Course,
    enrolment: Enrolment | None,
    state: EnrolmentState,
    agency_id: int | None,
    cohort: Cohort | None,
    actor_id: int | None,
    now: datetime,
) -> Enrolment:
    """Bring a person onto a course in ``state``, within an agency and a group; new or back again."""
    of: dict[str, Any] = {"agency_id": agency_id, "cohort": cohort, "ends_on": cohort.ends_on if cohort else None}
    if enrolment is None:
        waiting_since = now if state == EnrolmentState.WAITING else None
        enrolment, is_new = Enrolment.objects.owned_by(person).get_or_create(
            person=person,
            course=course,
            defaults={**of, "state": state, "created_at": now, "waiting_since": waiting_since},
        )
        if is_new:
            EnrolmentChange.objects.create(enrolment=enrolment, after=state, at=now, actor_id=actor_id)
        return enrolment
    Enrolment.objects.owned_by(person).filter(pk=enrolment.pk).update(**of)
    enrolment.agency_id, enrolment.cohort, enrolment.ends_on = agency_id, cohort, of["ends_on"]
    if enrolment.state != state:
        enrolment.change(state, now=now, actor_id=actor_id)
    return enrolment


def state_in(cohort: Cohort | None, *, now: datetime) -> EnrolmentState:
    """The state in which somebody arrives who may come: as ``seated_state`` says, or waiting where it is full."""
    return seated_state(cohort, now=now) if has_room(cohort) else EnrolmentState.WAITING


def seated_state(cohort: Cohort | None, *, now: datetime) -> EnrolmentState:
    """The state of whoever gets a place: learning from the first day of the group on, and before it, to come."""
    ahead = cohort and cohort.starts_on and cohort.starts_on > timezone.localdate(now)
    return EnrolmentState.COMING if ahead else EnrolmentState.ACTIVE


def promote(cohort_id: int | None, *, now: datetime) -> int:
    """Give free places of a group to those who have waited longest, and tell them; return how many.

    The caller holds the group's lock, or no lock of an enrolment. A group whose last day is over takes nobody.
    """
    cohort = lock([cohort_id]).get(cohort_id or 0)
    if cohort is None or is_over(cohort, now=now):
        return 0
    waiting = _waiting().filter(cohort=cohort)
    seated = Enrolment.objects.unscoped(because=BECAUSE).filter(cohort=cohort, state__in=HOLDING).count()
    free = None if cohort.capacity is None else max(cohort.capacity - seated, 0)
    ahead = waiting.select_related("person", "course", "cohort").order_by("waiting_since", "pk")[:free]
    return sum(_move_up(enrolment, now) for enrolment in ahead)


def _waiting() -> EnrolmentQuerySet:
    """Who waits for a place and could take it."""
    rows: EnrolmentQuerySet = Enrolment.objects.unscoped(because=BECAUSE)
    return rows.filter(state=EnrolmentState.WAITING, person__is_active=True)


def _move_up(enrolment: Enrolment, now: datetime) -> bool:
    """Give somebody their place; not while there is nothing to read, which must keep nobody from leaving."""
    with suppress(CourseClosed), transaction.atomic():
        did = enrolment.change(seated_state(enrolment.cohort, now=now), now=now, actor_id=None)
        if did and enrolment.is_learning:
            start_or_resume_round(enrolment, enrolment.course, now)
        if did:
            post(mail.place_free(enrolment, now=now), now=now)
        return did
    return False


def fill_places(*, now: datetime) -> int:
    """Give away places that became free without a word, as when somebody deletes an account; return how many."""
    groups = _waiting().order_by("cohort_id").values_list("cohort_id", flat=True).distinct()
    return sum(_fill(cohort_id, now) for cohort_id in list(groups))


def _fill(cohort_id: int | None, now: datetime) -> int:
    with transaction.atomic():
        return promote(cohort_id, now=now)
