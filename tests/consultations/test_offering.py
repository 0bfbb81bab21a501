"""A worker offers hours, and calls them off."""

from datetime import datetime, timedelta

import pytest

from lms.audit.models import Entry
from lms.common.clock import TimeDoesNotExist, TimeHappensTwice
from lms.consultations import operations
from lms.consultations.models import Slot, Surgery
from lms.outbox.models import Message
from tests.factories.agencies import AgencyFactory, StaffRoleFactory
from tests.factories.consultations import START, SlotFactory, worker_of

pytestmark = pytest.mark.django_db
rows = Slot.objects.unscoped(because="a test")


def local(*parts):
    return datetime(*parts)  # noqa: DTZ001 - as it is typed


def test_hours_are_cut_into_times(offered):
    surgery = offered(notice=60)
    kept = rows.filter(surgery=surgery)
    assert [slot.starts_at - START for slot in kept] == [timedelta(minutes=m) for m in (0, 40, 80)]
    assert {slot.busy_until - slot.ends_at for slot in kept} == {timedelta(minutes=10)}
    assert {slot.starts_at - slot.book_until for slot in kept} == {timedelta(hours=1)}
    assert Entry.objects.get().action == "consultation.offered"


def test_a_queue_has_no_times(offered):
    assert not rows.filter(surgery=offered(mode="queue")).exists()


def test_times_are_those_of_the_clocks_on_the_wall(offered):
    summer = {"local_start": local(2026, 6, 4, 18, 0), "local_end": local(2026, 6, 4, 20, 0)}
    assert offered(**summer).starts_at.hour == 17


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"local_start": local(2026, 3, 9, 18, 0), "local_end": local(2026, 3, 9, 20, 0)}, operations.IsPast),
        ({"local_end": local(2026, 3, 12, 18, 20)}, operations.TooShort),
        ({"local_end": local(2026, 3, 12, 17, 0)}, operations.TooShort),
        ({"way_in": "https://elsewhere.example/room"}, operations.RoomRefused),
        ({"way_in": "http://zoom.us/j/1"}, operations.RoomRefused),
        ({"worker_id": 987_654}, operations.NotTheirWorker),
        ({"local_start": local(2026, 3, 29, 1, 30), "local_end": local(2026, 3, 29, 3, 30)}, TimeDoesNotExist),
        ({"local_start": local(2026, 10, 25, 1, 30), "local_end": local(2026, 10, 25, 3, 30)}, TimeHappensTwice),
    ],
)
def test_a_refusal_keeps_nothing(offered, changes, refusal):
    with pytest.raises(refusal):
        offered(**changes)
    assert not Surgery.objects.unscoped(because="a test").exists()


def test_two_windows_of_one_worker_do_not_overlap(offered):
    offered()
    with pytest.raises(operations.Overlaps):
        offered(local_start=local(2026, 3, 12, 19, 30), local_end=local(2026, 3, 12, 21, 0))
    assert offered(local_start=local(2026, 3, 12, 20, 0), local_end=local(2026, 3, 12, 21, 0)).pk


def test_a_trainer_offers_only_their_own_hours(offered, agency):
    with pytest.raises(operations.NotTheirWorker):
        offered(worker_id=worker_of(agency).pk)


def test_a_coordinator_offers_those_of_colleagues_and_of_nobody_else(offered, agency):
    coordinator = StaffRoleFactory(agency=agency).person
    assert offered(actor=coordinator).created_by == coordinator
    with pytest.raises(operations.NotTheirWorker):
        offered(actor=coordinator, worker_id=worker_of(AgencyFactory()).pk)


def test_who_had_a_time_is_told_when_hours_are_called_off(slots, family, worker, now):
    rows.filter(pk=slots[1].pk).update(state="booked", person=family, booked_at=now)
    rows.filter(pk=slots[2].pk).update(state="held", person=worker, held_until=now)
    surgery = slots[0].surgery
    for _ in range(2):  # asked twice
        operations.cancel_surgery(surgery=surgery, actor=worker, reason="I'm ill", now=now)
    letter = Message.objects.get()
    assert (letter.kind, letter.person_id) == ("consultation_called_off", family.pk)
    states = list(rows.filter(surgery=surgery).values_list("state", "person_id"))
    assert states == [("closed", None), ("closed", family.pk), ("closed", None)]


def test_what_is_over_stays_as_it_was(agency, worker, family):
    slot = SlotFactory(surgery__agency=agency, surgery__worker=worker, booked_by=family)
    operations.cancel_surgery(surgery=slot.surgery, actor=worker, reason="x", now=START + timedelta(hours=1))
    assert rows.get(pk=slot.pk).state == "booked"
    assert not Message.objects.exists()
