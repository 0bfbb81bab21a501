"""The queue for now: first come, first called, one at a time."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from lms.accounts.models import User
from lms.agencies.access import verified_agency_ids
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.consultations import access
from lms.consultations.models import IN_QUEUE, QueuePlace, Standing, Surgery
from lms.consultations.operations.booking import NotForYou, OwnTime
from lms.consultations.operations.plans import close_queue


class QueueShut(DomainError):
    code = "consultations.queue_shut"
    message = "The queue isn't open just now. You can book a time instead."


class StillTalking(DomainError):
    code = "consultations.still_talking"
    message = "Say first how it went with the person you called."


class NobodyWaits(DomainError):
    code = "consultations.nobody_waits"
    message = "Nobody is waiting at the moment."


def _hold(surgery: Surgery) -> Surgery:
    rows = Surgery.objects.unscoped(because="the caller was let in").select_for_update(no_key=True)
    held: Surgery = rows.get(pk=surgery.pk)
    return held


def open_queue(*, surgery: Surgery, actor: User, now: datetime) -> None:
    """Let people join from now on. Raises QueueShut for a window that is over, cancelled, or takes no queue."""
    with transaction.atomic():
        held = _hold(surgery)
        if not held.is_queue or held.state != "open" or held.ends_at <= now:
            raise QueueShut(surgery_id=surgery.pk)
        _turn(held, takes=True, actor=actor, now=now)


def stop_queue(*, surgery: Surgery, actor: User, now: datetime) -> None:
    """Let nobody else join, and tell who still waits that it ends here. Who was called has their talk first."""
    with transaction.atomic():
        held = _hold(surgery)
        _turn(held, takes=False, actor=actor, now=now)
        close_queue(held, now, ending=[Standing.WAITING])


def _turn(surgery: Surgery, *, takes: bool, actor: User, now: datetime) -> None:
    rows = Surgery.objects.unscoped(because="the caller was let in").filter(pk=surgery.pk)
    if rows.exclude(takes_queue=takes).update(takes_queue=takes):
        _write_down("queue_opened" if takes else "queue_stopped", surgery, actor_id=actor.pk, now=now)


def join(*, surgery: Surgery, adopter: User, reason: str, now: datetime) -> QueuePlace:
    """Put ``adopter`` at the end of the queue; asked twice, return the place they have.

    Raises NotForYou, OwnTime or QueueShut.
    """
    if surgery.agency_id not in verified_agency_ids(adopter):
        raise NotForYou(surgery_id=surgery.pk)
    if surgery.worker_id == adopter.pk:
        raise OwnTime(surgery_id=surgery.pk)
    with transaction.atomic():
        held = _hold(surgery)
        rows = QueuePlace.objects.unscoped(because="numbers are given over all of them").filter(surgery=held)
        standing: QueuePlace | None = rows.filter(person=adopter, state__in=IN_QUEUE).first()
        if standing:
            return standing
        if not held.takes_queue or held.ends_at <= now or not access.is_staffed(held):
            raise QueueShut(surgery_id=surgery.pk)
        number = int(rows.aggregate(last=Max("number"))["last"] or 0) + 1
        place = QueuePlace.objects.create(surgery=held, person=adopter, number=number, reason=reason, joined_at=now)
        _write_down("queued", held, actor_id=adopter.pk, now=now)
    return place


def leave(*, surgery: Surgery, adopter: User, now: datetime) -> None:
    """Take ``adopter`` out of the queue; nothing happens if they are not in it."""
    rows = QueuePlace.objects.owned_by(adopter).filter(surgery=surgery, state=Standing.WAITING)
    rows.update(state=Standing.LEFT, ended_at=now, reason="")


def call_next(*, surgery: Surgery, actor: User, now: datetime) -> QueuePlace:
    """Call who has waited longest, and return them. Raises StillTalking or NobodyWaits."""
    with transaction.atomic():
        held = _hold(surgery)
        rows = QueuePlace.objects.unscoped(because="the caller was let in").filter(surgery=held)
        if rows.filter(state=Standing.CALLED).exists():
            raise StillTalking(surgery_id=surgery.pk)
        first: QueuePlace | None = rows.waiting().first()
        if first is None:
            raise NobodyWaits(surgery_id=surgery.pk)
        first.state, first.called_at = Standing.CALLED, now
        first.save(update_fields=["state", "called_at"])
        _write_down("called", held, actor_id=actor.pk, now=now)
    return first


def end_talk(*, surgery: Surgery, actor: User, number: int, came: bool, now: datetime) -> None:
    """Say that the talk with the person of this number is over, or that they did not answer; they may queue again.

    Said from a page on which they are still shown after the next was called, nothing happens.
    """
    state = Standing.DONE if came else Standing.MISSED
    rows = QueuePlace.objects.unscoped(because="the caller was let in")
    rows = rows.filter(surgery=surgery, state=Standing.CALLED, number=number)
    with transaction.atomic():
        if rows.update(state=state, ended_at=now):
            _write_down(state.value, surgery, actor_id=actor.pk, now=now)


def leave_all(*, person_id: int, agency_id: int, now: datetime) -> None:
    """Take somebody whom an agency does not vouch for any more out of its queues."""
    rows = QueuePlace.objects.owned_by(person_id).filter(state=Standing.WAITING, surgery__agency=agency_id)
    rows.update(state=Standing.LEFT, ended_at=now, reason="")


def _write_down(deed: str, surgery: Surgery, *, actor_id: int, now: datetime) -> None:
    target = f"surgery:{surgery.pk}"
    record(action=f"consultation.{deed}", target=target, actor_id=actor_id, now=now, agency_id=surgery.agency_id)
