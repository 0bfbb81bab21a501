"""The demo's talks: Grace's evening by phone, Amina's lunchtime by video, and Grace's queue, which is open now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.consultations import operations
from lms.consultations.models import Mode, Profession, Slot, Surgery, Way
from lms.consultations.operations import SurgeryPlan

LONDON = ZoneInfo("Europe/London")
PHONE = "01632 960 148"  # from the range that is kept free for stories
ROOM = "https://meet.jit.si/hearth-demo-talks"
Who = Callable[[str], User]


@dataclass(frozen=True)
class DemoHours:
    """``days`` from today, wall time in London; ``booked``: who has the first times."""

    worker: str
    profession: str
    way: str
    way_in: str
    days: int
    starts: time
    ends: time
    booked: tuple[tuple[str, str], ...] = ()


HOURS = (
    DemoHours(
        "coordinator",
        Profession.SOCIAL_WORKER,
        Way.PHONE,
        PHONE,
        2,
        time(18),
        time(20, 30),
        booked=(("adopter", "Bedtimes, mostly."), ("hannah", "")),
    ),
    DemoHours("amina", Profession.EDUCATION, Way.VIDEO, ROOM, 4, time(12), time(14)),
)


def make(*, agency: Agency, person: Who, now: datetime) -> None:
    """Offer hours, book a few, and open a queue."""
    today = now.astimezone(LONDON).date()
    for hours in HOURS:
        start, end = (datetime.combine(today + timedelta(days=hours.days), at) for at in (hours.starts, hours.ends))
        surgery = _offer(hours, agency=agency, worker=person(hours.worker), start=start, end=end, now=now)
        for slot, (who, about) in zip(_times(surgery), hours.booked, strict=False):
            operations.keep_for_a_moment(slot=slot, adopter=person(who), now=now)
            operations.book(slot=slot, adopter=person(who), reason=about, now=now)
    _open_queue(agency, person("coordinator"), now)


def _times(surgery: Surgery) -> list[Slot]:
    rows = Slot.objects.unscoped(because="the demo's own").filter(surgery=surgery)
    return list(rows.select_related("surgery").order_by("starts_at"))


def _offer(hours: DemoHours, *, agency: Agency, worker: User, start: datetime, end: datetime, now: datetime) -> Surgery:
    plan = SurgeryPlan(
        worker_id=worker.pk,
        profession=hours.profession,
        mode=Mode.TIMES,
        way=hours.way,
        way_in=hours.way_in,
        local_start=start,
        local_end=end,
        minutes=40,
        rest=10,
        notice=30,
        most_each=2,
    )
    return operations.offer(plan=plan, agency=agency, actor=worker, hosts=["meet.jit.si"], now=now)


def _open_queue(agency: Agency, worker: User, now: datetime) -> None:
    begins = (now.astimezone(LONDON) + timedelta(minutes=1)).replace(second=0, microsecond=0, tzinfo=None)
    plan = SurgeryPlan(
        worker_id=worker.pk,
        profession=Profession.SOCIAL_WORKER,
        mode=Mode.QUEUE,
        way=Way.PHONE,
        way_in=PHONE,
        local_start=begins,
        local_end=begins + timedelta(hours=3),
        minutes=20,
        second=False,
    )
    queue = operations.offer(plan=plan, agency=agency, actor=worker, hosts=[], now=now - timedelta(minutes=1))
    operations.open_queue(surgery=queue, actor=worker, now=now)
