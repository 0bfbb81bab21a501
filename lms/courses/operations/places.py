"""Places in groups: who holds one, who waits, and who comes next.

Rows are always locked in this order: groups by id, then enrolments. So two who change places at once never wait for
each other.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from lms.accounts.models import User
from lms.courses import mail
from lms.courses.models import LEARNING, Cohort, Course, Enrolment, EnrolmentChange, EnrolmentState
from lms.courses.operations.beginning import start_or_resume_round
from lms.outbox.operations import post

BECAUSE = "places are counted for everybody in a group"


def lock(cohort_ids: Iterable[int | None]) -> dict[int, Cohort]:
    """Lock groups until the transaction ends, and return them by id."""
    wanted = {pk for pk in cohort_ids if pk is not None}
    if not wanted:
        return {}
    rows = Cohort.objects.unscoped(because=BECAUSE).select_for_update().filter(pk__in=wanted).order_by("pk")
    return {row.pk: row for row in rows}


def hold(person: User, course: Course, *others: int | None) -> Enrolment | None:
    """Lock a person's enrolment, after its group and the ``others``; None where there is no enrolment."""
    mine = Enrolment.objects.owned_by(person).filter(course=course)
    lock([*others, mine.values_list("cohort_id", flat=True).first()])
    found: Enrolment | None = mine.select_for_update(of=("self",)).select_related("cohort").first()
    return found


def has_room(cohort: Cohort | None, *, but: Enrolment | None = None) -> bool:
    """Whether somebody more fits into a group. but: an enrolment that is not counted."""
    rows = Cohort.objects.unscoped(because=BECAUSE).filter(pk=cohort.pk) if cohort else None
    capacity = rows.values_list("capacity", flat=True).first() if rows is not None else None
    if capacity is None:
        return True
    seated = Enrolment.objects.unscoped(because=BECAUSE).filter(cohort=cohort, state__in=LEARNING)
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


def state_in(cohort: Cohort | None, *, but: Enrolment | None = None) -> EnrolmentState:
    """The state in which somebody arrives who may come: learning, or waiting where the group is full."""
    return EnrolmentState.ACTIVE if has_room(cohort, but=but) else EnrolmentState.WAITING


def promote(cohort_id: int | None, *, now: datetime) -> int:
    """Give free places of a group to those who have waited longest, and tell them; return how many.

    The caller holds the group's lock, or no lock of an enrolment. A group whose last day is over takes nobody.
    """
    cohort = lock([cohort_id]).get(cohort_id or 0)
    if cohort is None or (cohort.ends_on and cohort.ends_on < timezone.localdate(now)):
        return 0
    waiting = Enrolment.objects.unscoped(because=BECAUSE).filter(cohort=cohort, state=EnrolmentState.WAITING)
    seated = Enrolment.objects.unscoped(because=BECAUSE).filter(cohort=cohort, state__in=LEARNING).count()
    free = None if cohort.capacity is None else max(cohort.capacity - seated, 0)
    ahead = waiting.select_related("person", "course").order_by("waiting_since", "pk")[:free]
    return sum(_move_up(enrolment, now) for enrolment in ahead)


def _move_up(enrolment: Enrolment, now: datetime) -> bool:
    did = enrolment.change(EnrolmentState.ACTIVE, now=now, actor_id=None)
    if did:
        start_or_resume_round(enrolment, enrolment.course, now)
        post(mail.place_free(enrolment, now=now), now=now)
    return did
