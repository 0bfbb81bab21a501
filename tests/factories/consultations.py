"""Hours in which workers talk to families, times in them, and queues."""

from datetime import UTC, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from lms.agencies.models import Role
from lms.consultations.models import Mode, QueuePlace, Slot, SlotState, Standing, Surgery, Way
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory, StaffRoleFactory

START = datetime(2026, 3, 12, 18, 0, tzinfo=UTC)  # a Thursday in winter time: 6pm in London
LONG_BEFORE = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
ROOM = "https://rooms-canary.zoom.us/j/5550123?pwd=canarytalk"


def worker_of(agency):
    """A social worker on the staff of ``agency``."""
    return StaffRoleFactory(agency=agency, role=Role.TRAINER).person


def adopter_of(agency, **fields):
    """A person whom ``agency`` knows as an adopter."""
    person = PersonFactory(**fields)
    MembershipFactory(person=person, agency=agency)
    return person


class SurgeryFactory(DjangoModelFactory):
    """Two hours by video, cut into half hours with ten minutes' rest. No times are made with it."""

    class Meta:
        model = Surgery

    class Params:
        queue = factory.Trait(mode=Mode.QUEUE, takes_queue=True)

    agency = factory.SubFactory(AgencyFactory)
    worker = factory.LazyAttribute(lambda surgery: worker_of(surgery.agency))
    profession = "social_worker"
    way = Way.VIDEO
    way_in = ROOM
    starts_at = START
    ends_at = factory.LazyAttribute(lambda surgery: surgery.starts_at + timedelta(hours=2))
    minutes = 30
    rest = 10
    created_at = LONG_BEFORE


class SlotFactory(DjangoModelFactory):
    """The first half hour of its surgery, free; ``booked_by`` somebody."""

    class Meta:
        model = Slot

    class Params:
        booked_by = None

    surgery = factory.SubFactory(SurgeryFactory)
    worker = factory.SelfAttribute("surgery.worker")
    starts_at = factory.SelfAttribute("surgery.starts_at")
    ends_at = factory.LazyAttribute(lambda slot: slot.starts_at + timedelta(minutes=slot.surgery.minutes))
    busy_until = factory.LazyAttribute(lambda slot: slot.ends_at + timedelta(minutes=slot.surgery.rest))
    book_until = factory.SelfAttribute("starts_at")
    person = factory.SelfAttribute("booked_by")
    state = factory.LazyAttribute(lambda slot: SlotState.BOOKED if slot.booked_by else SlotState.FREE)
    booked_at = factory.LazyAttribute(lambda slot: LONG_BEFORE if slot.booked_by else None)
    reason = factory.LazyAttribute(lambda slot: "Canary: we cannot sleep" if slot.booked_by else "")


class QueuePlaceFactory(DjangoModelFactory):
    """Waiting; ``called``: it is their turn."""

    class Meta:
        model = QueuePlace

    class Params:
        called = factory.Trait(state=Standing.CALLED, called_at=START)

    surgery = factory.SubFactory(SurgeryFactory, queue=True)
    person = factory.LazyAttribute(lambda place: adopter_of(place.surgery.agency))
    number = factory.Sequence(lambda n: n + 1)
    reason = "Canary: a letter has come"
    joined_at = START
