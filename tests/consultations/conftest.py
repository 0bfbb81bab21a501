"""An agency, a worker of it, a family it knows, and two hours to talk in."""

from datetime import datetime, timedelta

import pytest

from lms.consultations import operations
from lms.consultations.models import Slot
from lms.consultations.operations import SurgeryPlan
from tests.factories.agencies import AgencyFactory
from tests.factories.consultations import ROOM, START, SurgeryFactory, adopter_of, worker_of


@pytest.fixture
def now():
    """Two days before."""
    return START - timedelta(days=2)


@pytest.fixture
def agency(db):
    return AgencyFactory()


@pytest.fixture
def worker(agency):
    return worker_of(agency)


@pytest.fixture
def family(agency):
    return adopter_of(agency)


@pytest.fixture
def other_family(agency):
    return adopter_of(agency)


@pytest.fixture
def planned(worker):
    """A plan for 6pm to 8pm: half hours with ten minutes between them."""

    def make(**changes):
        typed = {
            "worker_id": worker.pk,
            "profession": "social_worker",
            "mode": "times",
            "way": "video",
            "way_in": ROOM,
            "local_start": datetime(2026, 3, 12, 18, 0),  # noqa: DTZ001 - as it is typed
            "local_end": datetime(2026, 3, 12, 20, 0),  # noqa: DTZ001
            "minutes": 30,
            "rest": 10,
        }
        return SurgeryPlan(**{**typed, **changes})

    return make


@pytest.fixture
def offered(planned, agency, worker, now):
    """Offer hours; return them."""

    def offer(**changes):
        actor = changes.pop("actor", worker)
        return operations.offer(
            plan=planned(**changes), agency=agency, actor=actor, hosts=["zoom.us"], now=changes.pop("now", now)
        )

    return offer


@pytest.fixture
def slots(offered):
    """The three times of one evening."""
    return list(Slot.objects.unscoped(because="a test").filter(surgery=offered()).select_related("surgery"))


@pytest.fixture
def queue(agency, worker):
    """An open queue."""
    return SurgeryFactory(agency=agency, worker=worker, queue=True)
