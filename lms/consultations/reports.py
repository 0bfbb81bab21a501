"""What the pages of consultations show. A fixed number of queries, however much there is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from lms.accounts.models import User
from lms.agencies.access import verified_agency_ids
from lms.consultations import access, rules
from lms.consultations.models import (
    IN_QUEUE,
    OWNED,
    QueuePlace,
    Slot,
    SlotQuerySet,
    SlotState,
    Standing,
    Surgery,
    SurgeryQuerySet,
    SurgeryState,
)

AHEAD = timedelta(days=60)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Day:
    """The free times of one day."""

    said: str
    slots: list[Slot]


def free_times(person: User, *, profession: str, now: datetime) -> SlotQuerySet:
    """What ``person`` can book: times of agencies that vouch for them, the nearest first."""
    rows = Slot.objects.unscoped(because="a free time is nobody's").free_at(now)
    rows = rows.filter(surgery__agency__in=verified_agency_ids(person), starts_at__lte=now + AHEAD)
    rows = rows.exclude(worker=person).filter(~Exists(_taken_over(now)), access.staffed(surgery="surgery__"))
    if profession:
        rows = rows.filter(surgery__profession=profession)
    shown: SlotQuerySet = rows.select_related("surgery__worker").defer("reason", "surgery__way_in")
    return shown


def by_day(slots: Iterable[Slot]) -> list[Day]:
    """Times in their order, day by day."""
    return [Day(said, list(those)) for said, those in groupby(slots, key=lambda slot: slot.day)]


def _taken_over(now: datetime) -> SlotQuerySet:
    """Times of the same worker that are taken and lie across the row asked about."""
    rows = Slot.objects.unscoped(because="only whether there is one").filter(worker=OuterRef("worker"))
    live = Q(state__in=OWNED) | Q(state=SlotState.HELD, held_until__gt=now)
    across = rows.filter(live, starts_at__lt=OuterRef("busy_until"), busy_until__gt=OuterRef("starts_at"))
    found: SlotQuerySet = across.exclude(state=SlotState.CLOSED).exclude(pk=OuterRef("pk"))
    return found


def open_queues(person: User, *, now: datetime) -> list[Surgery]:
    """Queues that ``person`` can join at this moment, or stands in."""
    rows = Surgery.objects.open_to(verified_agency_ids(person), now=now).exclude(worker=person).filter(access.staffed())
    own = QueuePlace.objects.owned_by(person).filter(surgery=OuterRef("pk"), state__in=IN_QUEUE)
    waiting = Count("queue", filter=Q(queue__state=Standing.WAITING))
    shown = rows.annotate(stands_in=Exists(own), waiting=waiting).filter(Q(takes_queue=True) | Q(stands_in=True))
    return list(shown.order_by("ends_at", "pk"))


def coming(person: User, *, now: datetime) -> list[Slot]:
    """What ``person`` has booked and is not over, the nearest first."""
    rows = Slot.objects.owned_by(person).filter(state=SlotState.BOOKED, ends_at__gt=now)
    return list(rows.select_related("surgery__worker").defer("reason", "surgery__way_in"))


@dataclass(frozen=True)
class MyPlace:
    """Where somebody stands in a queue."""

    place: QueuePlace | None
    ahead: int
    wait: rules.Wait


def my_place(surgery: Surgery, person: User, *, now: datetime) -> MyPlace:
    """Where ``person`` stands in the queue of ``surgery``, or would stand if they joined now."""
    own = QueuePlace.objects.owned_by(person).filter(surgery=surgery).order_by("-number")
    place = own.defer("reason").first()
    rows = QueuePlace.objects.unscoped(because="only how many, not who").filter(surgery=surgery).order_by()
    before = rows.filter(state=Standing.WAITING)
    if place and place.state == Standing.WAITING:
        before = before.filter(number__lt=place.number)
    is_busy = rows.filter(state=Standing.CALLED).exists()
    ahead, left = before.count(), max(int((surgery.ends_at - now) / MINUTE), 0)
    return MyPlace(place, ahead, rules.wait(ahead=ahead, is_busy=is_busy, minutes=surgery.minutes, left=left))


# --- The desk's ----------------------------------------------------------------------------------------------------


def at_desk(rows: SurgeryQuerySet, *, past: bool, now: datetime) -> SurgeryQuerySet:
    """Windows to come, or those over and cancelled, with how much of each is taken."""
    live = Q(state=SurgeryState.OPEN, ends_at__gt=now)
    shown = rows.exclude(live).order_by("-starts_at", "-pk") if past else rows.filter(live).order_by("starts_at", "pk")
    taken = Count("slots", filter=Q(slots__state__in=OWNED), distinct=True)
    waiting = Count("queue", filter=Q(queue__state=Standing.WAITING), distinct=True)
    counted: SurgeryQuerySet = shown.defer("way_in").annotate(
        times=Count("slots", distinct=True), taken=taken, waiting=waiting
    )
    return counted.select_related("worker", "agency")


def times_of(surgery: Surgery, *, with_reason: bool) -> list[Slot]:
    """All times of a window, with who has them. What they are about only for the worker it was written to."""
    rows = Slot.objects.unscoped(because="the caller was let in").filter(surgery=surgery).select_related("person")
    shown: list[Slot] = _told(rows, with_reason=with_reason)
    for slot in shown:
        slot.surgery = surgery
    return shown


def _told(rows: Any, *, with_reason: bool) -> list[Any]:
    """The rows, and what they are about left out: a field put off would be read when a page asks for it."""
    if with_reason:
        return list(rows)
    shown = list(rows.defer("reason"))
    for row in shown:
        row.reason = ""
    return shown


def queue_of(surgery: Surgery, *, with_reason: bool) -> list[QueuePlace]:
    """Who is talked to and who waits, in order."""
    rows = QueuePlace.objects.unscoped(because="the caller was let in").filter(surgery=surgery, state__in=IN_QUEUE)
    rows = rows.select_related("person").order_by("state", "number")  # called comes before waiting
    return _told(rows, with_reason=with_reason)
