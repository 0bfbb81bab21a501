"""Choosing a time, booking it, giving it up."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from lms.accounts import operations as accounts
from lms.agencies import operations as agencies
from lms.agencies.models import Membership, StaffRole
from lms.audit.models import Entry
from lms.consultations import operations, reports, rules
from lms.consultations.models import QueuePlace, Slot, Surgery
from lms.outbox.models import Message
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory, StaffRoleFactory
from tests.factories.consultations import START, SlotFactory, SurgeryFactory, adopter_of

pytestmark = pytest.mark.django_db
rows = Slot.objects.unscoped(because="a test")


def keep(slot, person, now):
    operations.keep_for_a_moment(slot=slot, adopter=person, now=now)


def take(slot, person, now, reason=""):
    keep(slot, person, now)
    operations.book(slot=slot, adopter=person, reason=reason, now=now)


def states(slots):
    return [rows.get(pk=slot.pk).state for slot in slots]


def test_a_family_keeps_a_time_and_books_it(slots, family, now):
    take(slots[1], family, now, reason="Sleep")
    kept = rows.get(pk=slots[1].pk)
    assert (kept.state, kept.person, kept.booked_at, kept.reason) == ("booked", family, now, "Sleep")
    assert Message.objects.get().kind == "consultation_booked"
    assert [entry.action for entry in Entry.objects.filter(action__endswith="booked")] == ["consultation.booked"]


def test_booking_twice_is_booking_once(slots, family, now):
    take(slots[0], family, now)
    operations.book(slot=slots[0], adopter=family, reason="again", now=now)
    assert Message.objects.count() == 1


def test_nobody_else_can_choose_a_time_that_is_kept(slots, family, other_family, now):
    keep(slots[0], family, now)
    with pytest.raises(operations.TimeTaken):
        keep(slots[0], other_family, now)


def test_a_time_kept_for_five_minutes_is_free_again_though_no_job_has_run(slots, family, other_family, now):
    keep(slots[0], family, now)
    later = now + rules.HOLD
    keep(slots[0], other_family, later)
    with pytest.raises(operations.KeptTooLong):
        operations.book(slot=slots[0], adopter=family, reason="mine", now=later)
    assert rows.get(pk=slots[0].pk).person == other_family


def test_what_somebody_typed_goes_with_the_time_they_let_lapse(slots, family, other_family, now):
    keep(slots[0], family, now)
    rows.filter(pk=slots[0].pk).update(reason="private words")
    keep(slots[0], other_family, now + rules.HOLD)
    assert rows.get(pk=slots[0].pk).reason == ""


def test_choosing_another_time_lets_the_first_go(slots, family, now):
    keep(slots[0], family, now)
    keep(slots[2], family, now)
    assert states(slots) == ["free", "free", "held"]


def test_a_job_frees_what_was_kept_too_long(slots, family, now):
    keep(slots[0], family, now)
    assert operations.free_lapsed(now=now + rules.HOLD) == 0  # who wrote for longer still has the page, and their words
    assert operations.free_lapsed(now=now + rules.HOLD + timedelta(minutes=30)) == 1
    assert states(slots) == ["free", "free", "free"]


@pytest.mark.parametrize("minutes", [61, 60])
def test_a_time_can_be_booked_until_its_notice(offered, family, now, minutes):
    slot = rows.filter(surgery=offered(notice=60)).select_related("surgery").first()
    keep(slot, family, START - timedelta(minutes=minutes))
    assert rows.get(pk=slot.pk).state == "held"


def test_after_that_it_cannot(offered, family, now):
    slot = rows.filter(surgery=offered(notice=60)).select_related("surgery").first()
    with pytest.raises(operations.TimeTaken):
        keep(slot, family, START - timedelta(minutes=59))


def test_nobody_books_with_somebody_who_does_not_work_there_any_more(slots, queue, worker, family, now):
    StaffRole.objects.owned_by(worker).update(revoked_at=now)
    with pytest.raises(operations.TimeTaken):
        keep(slots[0], family, now)
    with pytest.raises(operations.QueueShut):
        operations.join(surgery=queue, adopter=family, reason="", now=now)
    assert not reports.free_times(family, profession="", now=now)
    assert not reports.open_queues(family, now=now)


def test_only_families_whom_the_agency_knows_can_book(slots, now):
    elsewhere, nobody = adopter_of(AgencyFactory()), PersonFactory()
    asked = MembershipFactory(agency=slots[0].surgery.agency, asked=True).person
    for person in (elsewhere, nobody, asked):
        with pytest.raises(operations.NotForYou):
            keep(slots[0], person, now)
    assert states(slots) == ["free", "free", "free"]


def test_a_worker_does_not_book_themselves(slots, worker, now):
    MembershipFactory(person=worker, agency=slots[0].surgery.agency)
    with pytest.raises(operations.OwnTime):
        keep(slots[0], worker, now)


def test_nobody_is_in_two_talks_at_once(slots, agency, family, now):
    take(slots[0], family, now)
    same_hour = SlotFactory(surgery=SurgeryFactory(agency=agency))
    with pytest.raises(operations.BusyThen):
        keep(same_hour, family, now)


def test_each_family_has_a_few_in_four_weeks(offered, family, now):
    first, second, _ = rows.filter(surgery=offered(most_each=1)).select_related("surgery")
    take(first, family, now)
    with pytest.raises(operations.EnoughForNow):
        keep(second, family, now)
    operations.give_up(slot=first, adopter=family, now=now)
    keep(second, family, now)


def test_giving_up_frees_the_time_and_leaves_nothing_of_who_had_it(slots, family, now):
    take(slots[0], family, now, reason="Sleep")
    for _ in range(2):  # asked twice
        operations.give_up(slot=slots[0], adopter=family, now=now)
    kept = rows.get(pk=slots[0].pk)
    assert (kept.state, kept.person, kept.reason, kept.booked_at) == ("free", None, "", None)
    assert [m.kind for m in Message.objects.order_by("pk")] == ["consultation_booked", "consultation_given_up"]


def test_a_time_that_has_begun_is_not_given_up(slots, family, now):
    take(slots[0], family, now)
    with pytest.raises(operations.HasBegun):
        operations.give_up(slot=slots[0], adopter=family, now=slots[0].starts_at)


def test_a_time_given_up_can_be_booked_by_the_next_and_by_the_same_again(slots, family, other_family, now):
    take(slots[0], family, now)
    operations.give_up(slot=slots[0], adopter=family, now=now)
    take(slots[0], other_family, now)
    operations.give_up(slot=slots[0], adopter=other_family, now=now)
    take(slots[0], family, now + timedelta(seconds=1))
    assert Message.objects.filter(kind="consultation_booked", person_id=family.pk).count() == 2


def test_an_agency_that_takes_its_word_back_frees_what_is_to_come_with_its_workers(slots, queue, family, now):
    take(slots[0], family, now)
    operations.join(surgery=queue, adopter=family, reason="Sleep", now=now)
    membership = Membership.objects.owned_by(family).get()
    elsewhere = SlotFactory(surgery__agency=MembershipFactory(person=family).agency, booked_by=family)
    coordinator = StaffRoleFactory(agency=membership.agency).person
    agencies.revoke(membership=membership, actor=coordinator, now=now)
    assert states([*slots, elsewhere]) == ["free", "free", "free", "booked"]
    assert QueuePlace.objects.owned_by(family).get().state == "left"
    assert Message.objects.get(kind="consultation_ended").person_id == family.pk


# --- The database itself ---------------------------------------------------------------------------


def taken(surgery, minutes, person, **fields):
    return SlotFactory(
        surgery=surgery, starts_at=START + timedelta(minutes=minutes), booked_by=person, book_until=START, **fields
    )


def test_the_database_refuses_a_worker_who_is_taken_twice(agency, worker, family, other_family):
    one, other = SurgeryFactory(agency=agency, worker=worker), SurgeryFactory(agency=agency, worker=worker)
    taken(one, 0, family)
    for minutes in (0, 15, 39, -39):
        with pytest.raises(IntegrityError), transaction.atomic():
            taken(other, minutes, other_family)
    assert taken(other, 40, other_family).pk  # the rest is over
    assert SlotFactory(surgery=other, starts_at=START + timedelta(minutes=5)).pk  # free ones may lie across


def test_it_refuses_too_when_a_free_time_becomes_taken(agency, worker, family, other_family):
    one, other = SurgeryFactory(agency=agency, worker=worker), SurgeryFactory(agency=agency, worker=worker)
    taken(one, 0, family)
    free = SlotFactory(surgery=other, starts_at=START + timedelta(minutes=5))
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.filter(pk=free.pk).update(state="booked", person=other_family)
    with pytest.raises(operations.TimeTaken):
        keep(rows.select_related("surgery").get(pk=free.pk), other_family, START - timedelta(days=1))


def test_times_without_rest_may_touch(agency, worker, family, other_family):
    surgery = SurgeryFactory(agency=agency, worker=worker, rest=0)
    taken(surgery, 0, family)
    assert taken(surgery, 30, other_family).pk


@pytest.mark.parametrize(
    "fields", [{"state": "odd"}, {"state": "free"}, {"state": "held"}, {"ends_at": START - timedelta(hours=1)}]
)
def test_the_database_refuses_what_cannot_be(family, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        SlotFactory(person=family, **fields)


def test_hours_shorter_than_a_talk_are_refused():
    for fields in ({"minutes": 19}, {"minutes": 121}, {"ends_at": START}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SurgeryFactory(**fields)
    assert not Surgery.objects.unscoped(because="a test").exists()


@pytest.mark.parametrize("way", ["erased", "deleted"])
def test_a_time_of_somebody_who_goes_is_free_and_their_words_are_gone(slots, family, now, at, way):
    at(now)
    was = SlotFactory(surgery=SurgeryFactory(starts_at=now - timedelta(days=1)), booked_by=family)
    take(slots[0], family, now, reason="Sleep")
    keep(slots[2], family, now)
    if way == "erased":
        accounts.erase(person=family, now=now)
    else:
        family.delete()
    assert states(slots) == ["free", "free", "free"]
    assert not rows.exclude(person=None).exists()
    assert [rows.get(pk=slot.pk).reason for slot in (slots[0], was)] == ["", ""]
