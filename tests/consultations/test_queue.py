"""The queue for now: a fair order, one at a time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from lms.consultations import operations, reports
from lms.consultations.models import QueuePlace
from lms.outbox.models import Message
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import MembershipFactory
from tests.factories.consultations import START, QueuePlaceFactory, adopter_of

pytestmark = pytest.mark.django_db
places = QueuePlace.objects.unscoped(because="a test")
NOW = START + timedelta(minutes=10)


def join(queue, person, now=NOW, reason=""):
    return operations.join(surgery=queue, adopter=person, reason=reason, now=now)


def call(queue, worker, now=NOW):
    return operations.call_next(surgery=queue, actor=worker, now=now).person


def test_who_came_first_is_called_first(queue, worker, agency):
    people = [adopter_of(agency) for _ in range(3)]
    for person in people:
        join(queue, person)
    called = []
    for number in (1, 2, 3):
        called.append(call(queue, worker))
        operations.end_talk(surgery=queue, actor=worker, number=number, came=True, now=NOW)
    assert called == people
    with pytest.raises(operations.NobodyWaits):
        call(queue, worker)


def test_joining_twice_keeps_the_first_place(queue, family, other_family):
    first = join(queue, family)
    join(queue, other_family)
    assert join(queue, family) == first


def test_one_talk_at_a_time(queue, worker, family, other_family):
    join(queue, family)
    join(queue, other_family)
    call(queue, worker)
    with pytest.raises(operations.StillTalking):
        call(queue, worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        places.filter(person=other_family).update(state="called")


def test_who_did_not_answer_may_queue_again_at_the_end(queue, worker, family, other_family):
    join(queue, family)
    join(queue, other_family)
    call(queue, worker)
    operations.end_talk(surgery=queue, actor=worker, number=1, came=False, now=NOW)
    join(queue, family)
    assert [place.person for place in places.filter(surgery=queue).waiting()] == [other_family, family]


def test_leaving_takes_somebody_out_with_their_words(queue, family):
    join(queue, family, reason="private words")
    operations.leave(surgery=queue, adopter=family, now=NOW)
    place = places.get()
    assert (place.state, place.reason) == ("left", "")


def test_a_queue_that_is_shut_takes_nobody(queue, worker, family, other_family):
    join(queue, family)
    operations.stop_queue(surgery=queue, actor=worker, now=NOW)
    with pytest.raises(operations.QueueShut):
        join(queue, other_family)
    assert places.get().state == "closed"
    assert [(m.kind, m.person_id) for m in Message.objects.all()] == [("consultation_queue_ended", family.pk)]


def test_who_was_called_has_their_talk_though_the_queue_is_shut(queue, worker, family, other_family):
    join(queue, family)
    join(queue, other_family)
    operations.call_next(surgery=queue, actor=worker, now=NOW)
    operations.stop_queue(surgery=queue, actor=worker, now=NOW)
    assert [place.state for place in places.order_by("number")] == ["called", "closed"]
    assert [m.person_id for m in Message.objects.all()] == [other_family.pk]
    assert operations.end_queues(now=queue.ends_at) == 1
    assert not places.filter(state="called").exists()


def test_it_can_be_opened_again(queue, worker, family):
    operations.stop_queue(surgery=queue, actor=worker, now=NOW)
    operations.open_queue(surgery=queue, actor=worker, now=NOW)
    assert join(queue, family).number == 1


def test_it_ends_with_the_hours_and_who_waits_is_told_once(queue, family):
    join(queue, family)
    over = queue.ends_at
    assert operations.end_queues(now=over) == 1
    assert operations.end_queues(now=over) == 0
    assert Message.objects.count() == 1
    with pytest.raises(operations.QueueShut):
        join(queue, family, now=over)


def test_hours_that_are_called_off_end_the_queue(queue, worker, family):
    join(queue, family)
    operations.cancel_surgery(surgery=queue, actor=worker, reason="A fire alarm", now=NOW)
    assert places.get().state == "closed"
    with pytest.raises(operations.QueueShut):
        operations.open_queue(surgery=queue, actor=worker, now=NOW)


def test_only_families_whom_the_agency_knows_can_join(queue, worker):
    with pytest.raises(operations.NotForYou):
        join(queue, PersonFactory())
    MembershipFactory(person=worker, agency=queue.agency)
    with pytest.raises(operations.OwnTime):
        join(queue, worker)


def test_everybody_is_told_how_many_stand_before_them(queue, agency, family):
    QueuePlaceFactory(surgery=queue, number=1, called=True)
    QueuePlaceFactory(surgery=queue, number=2)
    join(queue, family)
    join(queue, adopter_of(agency))
    mine = reports.my_place(queue, family, now=NOW)
    assert (mine.ahead, mine.wait.least, mine.wait.most) == (1, 15, 60)
