"""What staff decide over the rules, each time with a reason that is kept."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from lms.audit.models import Entry
from lms.outbox.models import Message
from lms.webinars import operations
from lms.webinars.models import Booking, BookingChange, Session
from tests.factories.accounts import PersonFactory
from tests.factories.webinars import START, BookingFactory, SessionFactory, adopter

pytestmark = pytest.mark.django_db
rows = Booking.objects.unscoped(because="a test")
sessions = Session.objects.unscoped(because="a test")
NOW = START - timedelta(days=9)
WHY = operations.StaffReason.ASKED


@pytest.fixture
def full(db):
    session = SessionFactory(capacity=1)
    session.holder = BookingFactory(session=session)
    return session


def taken(session):
    assert operations.miscounts() == []
    return sessions.get(pk=session.pk).places_taken


def states(*bookings):
    return [rows.get(pk=booking.pk).state for booking in bookings]


def add(session, person, actor, now=NOW, **more):
    return operations.add_person(session=session, adopter=person, actor=actor, reason=WHY, now=now, **more)


def test_somebody_is_let_in_and_it_is_written_down(session, person, coordinator):
    booking = add(session, person, coordinator)
    change = BookingChange.objects.get(booking=booking)
    assert (booking.state, change.actor_id, change.reason) == ("booked", coordinator.pk, "asked_by_phone")
    deed = Entry.objects.get(target=f"booking:{booking.pk}")
    assert (deed.action, deed.actor_id, deed.ids["reason"]) == ("booking.booked", coordinator.pk, "asked_by_phone")
    assert Message.objects.get().kind == "booking_confirmed"
    assert add(session, person, coordinator) == booking
    assert taken(session) == 1


def test_a_full_session_takes_one_more_only_when_staff_say_so(full, person, coordinator_of):
    actor = coordinator_of(full)
    with pytest.raises(operations.SessionFull):
        add(full, person, actor)
    add(full, person, actor, even_if_full=True)
    full.refresh_from_db()
    assert (full.places_taken, full.places_over, full.places_left) == (2, 1, 0)
    assert taken(full) == 2


def test_one_over_is_no_place_for_anybody_else(full, person, coordinator_of):
    extra = add(full, person, coordinator_of(full), even_if_full=True)
    waiting = operations.join_waiting_list(session=full, adopter=adopter(), now=NOW)
    operations.cancel_booking(booking=extra, actor=person, now=NOW)
    assert (states(waiting), taken(full)) == (["waiting"], 1)


def test_the_database_lets_nobody_be_over_without_a_person(full):
    for change in ({"places_over": 3}, {"places_taken": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            sessions.filter(pk=full.pk).update(**change)


def test_somebody_is_let_in_past_the_list_and_past_closing(full, coordinator_of):
    wish = operations.join_waiting_list(session=full, adopter=adopter(), now=NOW)
    sessions.filter(pk=full.pk).update(booking_closes_at=NOW)
    add(full, wish.person, coordinator_of(full), even_if_full=True)
    assert states(wish) == ["booked"]


def test_nobody_is_let_in_whom_no_agency_knows(session, coordinator):
    with pytest.raises(operations.NotVerified):
        add(session, PersonFactory(), coordinator)


def test_nobody_is_let_in_after_the_end(session, person, coordinator):
    with pytest.raises(operations.SessionOver):
        add(session, person, coordinator, now=session.ends_at)


def test_somebody_is_taken_off_and_told_and_the_next_is_offered_the_place(full, coordinator_of):
    waiting = operations.join_waiting_list(session=full, adopter=adopter(), now=NOW)
    for _ in range(2):
        operations.remove_person(booking=full.holder, actor=coordinator_of(full), reason=WHY, now=NOW)
    assert (states(full.holder, waiting), taken(full)) == (["cancelled", "offered"], 1)
    letter = Message.objects.get(kind="place_ended")
    assert (letter.person_id, "METHOD:CANCEL" in letter.calendar) == (full.holder.person_id, True)


def test_nobody_is_taken_off_once_it_has_begun(full, coordinator_of):
    with pytest.raises(operations.SessionOver):
        operations.remove_person(booking=full.holder, actor=coordinator_of(full), reason=WHY, now=START)


def test_somebody_is_moved_in_one_step(full, session, coordinator_of):
    actor = coordinator_of(full)
    new = operations.move_person(booking=full.holder, session=session, actor=actor, reason=WHY, now=NOW)
    assert (states(full.holder, new), taken(full), taken(session)) == (["cancelled", "booked"], 0, 1)
    with pytest.raises(operations.SessionOver):  # to where they are
        operations.move_person(booking=new, session=session, actor=actor, reason=WHY, now=NOW)
    assert (states(new), taken(session)) == (["booked"], 1)


def test_a_move_into_a_full_session_changes_nothing(full, coordinator_of):
    other = SessionFactory(capacity=0)
    with pytest.raises(operations.SessionFull):
        operations.move_person(booking=full.holder, session=other, actor=coordinator_of(full), reason=WHY, now=NOW)
    assert (states(full.holder), taken(full), taken(other)) == (["booked"], 1, 0)


@pytest.mark.parametrize(("capacity", "over", "state"), [(0, 1, "waiting"), (2, 0, "offered"), (None, 0, "offered")])
def test_places_are_changed(full, coordinator_of, capacity, over, state):
    waiting = operations.join_waiting_list(session=full, adopter=adopter(), now=NOW)
    operations.change_places(session=full, capacity=capacity, actor=coordinator_of(full), now=NOW)
    assert (sessions.get(pk=full.pk).places_over, states(full.holder, waiting)) == (over, ["booked", state])
    assert Entry.objects.filter(action="session.places_changed").count() == 1
