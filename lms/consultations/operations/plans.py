"""What a worker offers: a window, cut into times, or a queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.audit.operations import record
from lms.common.clock import to_utc
from lms.common.errors import DomainError
from lms.common.web import host_allowed
from lms.consultations import access, mail, rules
from lms.consultations.models import (
    IN_QUEUE,
    QueuePlace,
    Slot,
    SlotState,
    Standing,
    Surgery,
    SurgeryState,
    Way,
)
from lms.outbox.operations import post


class PlanRefused(DomainError):
    """A plan that cannot be kept. ``field`` names what to look at again."""

    field = ""


class IsPast(PlanRefused):
    code = "consultations.past"
    message = "That time has passed. Choose one that is still to come."
    field = "day"


class TooShort(PlanRefused):
    code = "consultations.too_short"
    message = "There's no room for a single time in it. Make it end later on the same day, or the times shorter."
    field = "until"


class Overlaps(PlanRefused):
    code = "consultations.overlaps"
    message = "They offer times then already. Choose other hours, or cancel the first."
    field = "starts"


class NotTheirWorker(PlanRefused):
    code = "consultations.not_their_worker"
    message = "Choose somebody who works for this agency."
    field = "worker"


class RoomRefused(PlanRefused):
    code = "consultations.room_refused"
    message = "Use a link that starts with https:// on a service that your agency uses."
    field = "way_in"


@dataclass(frozen=True)
class SurgeryPlan:
    """A window as it was typed. Times are wall times in ``zone``; ``second``: which of two equal ones."""

    worker_id: int
    profession: str
    mode: str
    way: str
    way_in: str
    local_start: datetime
    local_end: datetime
    minutes: int
    rest: int = 0
    notice: int = 0
    most_each: int | None = None
    zone: str = "Europe/London"
    second: bool | None = None


def span(plan: SurgeryPlan) -> tuple[datetime, datetime]:
    """Start and end in UTC. Raises TimeDoesNotExist, TimeHappensTwice or TooShort."""
    starts_at, ends_at = (
        to_utc(local, zone=plan.zone, second=plan.second) for local in (plan.local_start, plan.local_end)
    )
    if ends_at - starts_at < timedelta(minutes=plan.minutes):
        raise TooShort
    return starts_at, ends_at


def offer(*, plan: SurgeryPlan, agency: Agency, actor: User, hosts: list[str], now: datetime) -> Surgery:
    """Keep a window with all its times. ``hosts``: where a room link may lead.

    Raises PlanRefused, TimeDoesNotExist or TimeHappensTwice, and then nothing is kept.
    """
    starts_at, ends_at = span(plan)
    _refuse(plan, starts_at, agency=agency, actor=actor, hosts=hosts, now=now)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=plan.worker_id)  # two plans for one worker: one after the other
        _refuse_overlap(plan.worker_id, starts_at, ends_at)
        surgery = Surgery.objects.create(
            agency=agency, starts_at=starts_at, ends_at=ends_at, created_by=actor, created_at=now, **_as_typed(plan)
        )
        if not surgery.is_queue:
            Slot.objects.bulk_create(_slots(surgery))
        _write_down("offered", surgery, actor=actor, now=now)
    return surgery


def _as_typed(plan: SurgeryPlan) -> dict[str, object]:
    same = ("worker_id", "profession", "mode", "way", "way_in", "zone", "minutes", "rest", "notice", "most_each")
    return {name: getattr(plan, name) for name in same}


def _refuse(
    plan: SurgeryPlan, starts_at: datetime, *, agency: Agency, actor: User, hosts: list[str], now: datetime
) -> None:
    if starts_at <= now:
        raise IsPast
    if plan.worker_id not in {worker.pk for worker in access.workers_for(actor, agency.pk)}:
        raise NotTheirWorker
    if plan.way == Way.VIDEO and not host_allowed(plan.way_in, hosts):
        raise RoomRefused


def _refuse_overlap(worker_id: int, starts_at: datetime, ends_at: datetime) -> None:
    rows = Surgery.objects.owned_by(worker_id).filter(state=SurgeryState.OPEN)
    if rows.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise Overlaps


def _slots(surgery: Surgery) -> list[Slot]:
    cut = rules.times(surgery.starts_at, surgery.ends_at, minutes=surgery.minutes, rest=surgery.rest)
    rest, notice = timedelta(minutes=surgery.rest), timedelta(minutes=surgery.notice)
    return [
        Slot(
            surgery=surgery,
            worker_id=surgery.worker_id,
            starts_at=starts_at,
            ends_at=ends_at,
            busy_until=ends_at + rest,
            book_until=starts_at - notice,
        )
        for starts_at, ends_at in cut
    ]


def cancel_surgery(*, surgery: Surgery, actor: User | None, reason: str, now: datetime) -> None:
    """Call a window off: everybody who had a time or waits is told. Asked twice, nothing more happens."""
    with transaction.atomic():
        rows = Surgery.objects.unscoped(because="the caller was let in").filter(pk=surgery.pk, state=SurgeryState.OPEN)
        if not rows.update(state=SurgeryState.CANCELLED, cancelled_reason=reason, takes_queue=False):
            return
        surgery.refresh_from_db()
        _close_times(surgery, now)
        close_queue(surgery, now)
        _write_down("cancelled", surgery, actor=actor, now=now)


def _close_times(surgery: Surgery, now: datetime) -> None:
    to_come = Slot.objects.unscoped(because="the window is over for all of them").filter(surgery=surgery)
    to_come = to_come.filter(ends_at__gt=now)
    # Held first: who is just booking one is told as well, or comes too late.
    held = to_come.select_for_update(of=("self",)).select_related("person").defer("reason")
    for slot in held.order_by("pk"):
        slot.surgery = surgery
        if slot.state == SlotState.BOOKED:
            post(mail.called_off(slot), now=now)
    to_come.filter(state=SlotState.BOOKED).update(state=SlotState.CLOSED)
    to_come.filter(state__in=[SlotState.FREE, SlotState.HELD]).let_go(to=SlotState.CLOSED)


def close_queue(surgery: Surgery, now: datetime, *, ending: Sequence[str] = IN_QUEUE) -> None:
    """End the queue: who still waits is told, and how to get a time instead. ``ending``: who is in it no more."""
    live = QueuePlace.objects.unscoped(because="the queue ends for all of them").filter(surgery=surgery)
    for place in live.filter(state=Standing.WAITING).select_related("person"):
        place.surgery = surgery
        post(mail.queue_ended(place), now=now)
    live.filter(state__in=ending).update(state=Standing.CLOSED, ended_at=now)


def _write_down(deed: str, surgery: Surgery, *, actor: User | None, now: datetime) -> None:
    actor_id = actor.pk if actor else None
    target = f"surgery:{surgery.pk}"
    record(action=f"consultation.{deed}", target=target, actor_id=actor_id, now=now, agency_id=surgery.agency_id)


def cancel_all_of(*, worker_id: int, now: datetime) -> None:
    """Call off what somebody who leaves us had offered."""
    rows = Surgery.objects.owned_by(worker_id).filter(state=SurgeryState.OPEN, ends_at__gt=now)
    for surgery in rows:
        cancel_surgery(surgery=surgery, actor=None, reason="The person you booked with is no longer here.", now=now)
