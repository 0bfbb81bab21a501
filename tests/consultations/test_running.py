"""While a worker talks to people, and what the clock does."""

from datetime import timedelta

import pytest

from lms.consultations import operations, rules
from lms.consultations.models import QueuePlace, Slot
from lms.outbox.models import Message
from lms.outbox.tasks import deliver
from tests.factories.consultations import START, QueuePlaceFactory, SlotFactory, SurgeryFactory

pytestmark = pytest.mark.django_db
rows = Slot.objects.unscoped(because="a test")


@pytest.fixture
def slot(agency, worker, family):
    return SlotFactory(surgery=SurgeryFactory(agency=agency, worker=worker), booked_by=family)


def test_the_worker_says_who_came_and_may_say_it_anew(slot, worker):
    for came, state in ((True, "done"), (False, "missed")):
        operations.settle(slot=slot, actor=worker, came=came, now=START)
        assert rows.get(pk=slot.pk).state == state


def test_not_before_it_begins(slot, worker):
    with pytest.raises(operations.NotYet):
        operations.settle(slot=slot, actor=worker, came=True, now=START - timedelta(seconds=1))


def test_being_late_is_told_to_those_still_to_come_and_moves_nothing(slot, worker, other_family):
    later = SlotFactory(surgery=slot.surgery, starts_at=START + timedelta(minutes=40), booked_by=other_family)
    say = {"surgery": slot.surgery, "actor": worker, "now": START + timedelta(minutes=20)}
    assert operations.say_late(minutes=15, **say) == 1
    assert operations.say_late(minutes=15, **say) == 0  # said already
    assert operations.say_late(minutes=25, **say) == 1
    assert operations.say_late(minutes=0, **say) == 0  # on time again
    assert operations.say_late(minutes=15, **{**say, "now": START + timedelta(minutes=30)}) == 1
    assert [m.person_id for m in Message.objects.all()] == [other_family.pk] * 3
    assert rows.get(pk=later.pk).starts_at == later.starts_at


@pytest.mark.parametrize(("hours", "reminded"), [(25, 0), (24, 1), (1, 1), (0, 0)])
def test_people_are_reminded_within_the_day_before(slot, hours, reminded):
    operations.remind(now=START - timedelta(hours=hours))
    assert Message.objects.count() == reminded


def test_once(slot):
    for hours in (20, 10):
        operations.remind(now=START - timedelta(hours=hours))
    assert Message.objects.count() == 1


def test_not_who_booked_within_that_day(slot):
    rows.update(booked_at=START - timedelta(hours=23))
    operations.remind(now=START - timedelta(hours=10))
    assert not Message.objects.exists()


def test_what_it_was_about_is_emptied_a_week_after(slot):
    QueuePlaceFactory(surgery__agency=slot.surgery.agency)
    ended = START + timedelta(hours=2)
    assert operations.forget_reasons(now=ended + rules.KEEP_REASON) == 1  # the time ended before the hours did
    assert operations.forget_reasons(now=ended + rules.KEEP_REASON + timedelta(seconds=1)) == 1
    assert rows.get().reason == QueuePlace.objects.unscoped(because="a test").get().reason == ""


# --- Letters -----------------------------------------------------------------------------------------


def sent(mailoutbox, at, moment):
    at(moment)
    for letter in Message.objects.filter(state="queued"):
        deliver(message_id=letter.pk)
    return [letter.subject for letter in mailoutbox]


def test_letters_are_neutral_and_name_neither_worker_nor_matter(slots, family, worker, at, now, mailoutbox):
    operations.keep_for_a_moment(slot=slots[0], adopter=family, now=now)
    operations.book(slot=slots[0], adopter=family, reason="We cannot sleep", now=now)
    operations.remind(now=START - timedelta(hours=30))
    assert sent(mailoutbox, at, now) == ["Your appointment on Thursday 12 March, 6pm"]
    said = mailoutbox[0].body + mailoutbox[0].alternatives[0].content
    for private in ("We cannot sleep", worker.display_name, "zoom.us", "adopt"):
        assert private not in said


def test_a_letter_that_is_no_longer_true_is_not_sent(slots, family, at, now, mailoutbox):
    operations.keep_for_a_moment(slot=slots[0], adopter=family, now=now)
    operations.book(slot=slots[0], adopter=family, reason="", now=now)
    operations.give_up(slot=slots[0], adopter=family, now=now)
    sent(mailoutbox, at, now)
    assert [letter.alternatives[0].content.count("given up") > 0 for letter in mailoutbox] == [True]


def test_every_kind_can_be_written(slot, family, worker, at, now, mailoutbox):
    place = QueuePlaceFactory(surgery__agency=slot.surgery.agency)
    operations.say_late(surgery=slot.surgery, minutes=10, actor=worker, now=START - timedelta(hours=1))
    operations.remind(now=START - timedelta(hours=1))
    operations.stop_queue(surgery=place.surgery, actor=worker, now=START - timedelta(hours=1))
    assert len(sent(mailoutbox, at, START - timedelta(hours=1))) == 3
    operations.cancel_surgery(surgery=slot.surgery, actor=worker, reason="I'm ill today", now=START)
    sent(mailoutbox, at, START)
    assert "I'm ill today" in mailoutbox[-1].body
    other = SlotFactory(surgery__agency=slot.surgery.agency, starts_at=START + timedelta(hours=1), booked_by=family)
    operations.end_times_of(person=family, agency_id=other.surgery.agency_id, now=START)
    sent(mailoutbox, at, START)
    assert "booked for you any more" in mailoutbox[-1].body
