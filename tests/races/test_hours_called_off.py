"""Families book their times at the moment at which the hours are called off."""

from datetime import timedelta

import pytest

from lms.consultations import operations
from lms.consultations.models import Slot
from lms.outbox.models import Message
from tests.factories.agencies import AgencyFactory
from tests.factories.consultations import START, SlotFactory, SurgeryFactory, adopter_of, worker_of
from tests.races.crowd import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

NOW = START - timedelta(days=1)
FAMILIES = 12
rows = Slot.objects.unscoped(because="a test")


@pytest.fixture
def kept():
    """A time kept for each of many families, and the worker."""
    agency = AgencyFactory()
    surgery = SurgeryFactory(agency=agency, worker=worker_of(agency), rest=0, ends_at=START + timedelta(hours=12))
    slots = [SlotFactory(surgery=surgery, starts_at=START + timedelta(minutes=30 * n)) for n in range(FAMILIES)]
    families = [adopter_of(agency, password="!", proven=False) for _ in slots]
    for slot, family in zip(slots, families, strict=True):
        operations.keep_for_a_moment(slot=slot, adopter=family, now=NOW)
    return list(zip(slots, families, strict=True))


def do(theirs):
    """Book a time; for none, call the hours off."""
    if theirs is None:
        surgery = rows.select_related("surgery__worker").first().surgery
        return operations.cancel_surgery(surgery=surgery, actor=surgery.worker, reason="x", now=NOW)
    slot, family = theirs
    return operations.book(slot=slot, adopter=family, reason="", now=NOW)


def test_nobody_is_left_with_a_time_in_hours_that_are_called_off_or_without_a_word(kept):
    outcomes = at_once(do, [*kept[:6], None, *kept[6:]])
    assert set(outcomes) <= {"done", "consultations.kept_too_long"}, outcomes
    assert not rows.exclude(state="closed").exists()
    booked = set(Message.objects.filter(kind="consultation_booked").values_list("person_id", flat=True))
    told = set(Message.objects.filter(kind="consultation_called_off").values_list("person_id", flat=True))
    assert told == booked
