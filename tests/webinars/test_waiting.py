"""The waiting list: first come, first served, and nobody stays on it for ever."""

from datetime import timedelta

import pytest

from lms.agencies.models import Membership, MembershipState
from lms.outbox.models import Message
from lms.webinars import operations
from lms.webinars.models import Booking, BookingChange, BookingState, Session
from tests.factories.webinars import START, BookingFactory, SessionFactory, adopter
from tests.webinars.plans import plan_of

pytestmark = pytest.mark.django_db
rows = Booking.objects.unscoped(because="a test")
NEAR = START - timedelta(hours=5)


@pytest.fixture
def full(db):
    """A session with one place, which somebody has."""
    session = SessionFactory(capacity=1)
    session.holder = BookingFactory(session=session)
    return session


def wait(session, count=1, now=START - timedelta(days=7)):
    return [operations.join_waiting_list(session=session, adopter=adopter(), now=now) for _ in range(count)]


def states(bookings):
    return [rows.get(pk=booking.pk).state for booking in bookings]


def taken(session):
    return Session.objects.unscoped(because="a test").get(pk=session.pk).places_taken


def give_up(booking, now):
    operations.cancel_booking(booking=booking, actor=booking.person, now=now)


def test_people_wait_in_the_order_they_came(full, now):
    first, second, third = wait(full, 3)
    assert [b.queue_number for b in (first, second, third)] == [1, 2, 3]
    assert states([first, second, third]) == ["waiting"] * 3
    assert taken(full) == 1


def test_a_number_is_given_out_once_also_when_nobody_waits_any_more(full, now):
    (only,) = wait(full)
    give_up(only, now)
    assert operations.book_or_wait(session=full, adopter=adopter(), now=now).queue_number == 2
    assert wait(full)[0].queue_number == 3


def test_who_finds_it_full_but_for_a_hold_that_ran_out_has_the_place(now):
    session = SessionFactory(capacity=1)
    operations.hold(session=session, adopter=adopter(), now=now)
    session.refresh_from_db()
    later = now + timedelta(hours=1)
    assert operations.book_or_wait(session=session, adopter=adopter(), now=later).is_seated


def test_who_saw_it_full_and_comes_after_a_place_went_free_has_it(full, person, now):
    seen = Session.objects.unscoped(because="a test").get(pk=full.pk)
    operations.cancel_booking(booking=full.holder, actor=full.holder.person, now=now)
    assert operations.book_or_wait(session=seen, adopter=person, now=now).is_seated


def test_joining_twice_is_joining_once(full, now):
    person = adopter()
    first = operations.join_waiting_list(session=full, adopter=person, now=now)
    again = operations.join_waiting_list(session=full, adopter=person, now=now)
    assert (first.pk, first.queue_number) == (again.pk, 1)
    assert BookingChange.objects.filter(booking=first).count() == 1


def test_who_has_a_place_does_not_wait(full, now):
    holder = full.holder
    assert operations.join_waiting_list(session=full, adopter=holder.person, now=now) == holder
    assert states([holder]) == ["booked"]


def test_nobody_waits_where_a_place_is_free(session, person, now):
    with pytest.raises(operations.PlaceIsFree):
        operations.join_waiting_list(session=session, adopter=person, now=now)
    assert not rows.exists()


def test_nobody_waits_for_what_is_over(full, person):
    with pytest.raises(operations.SessionOver):
        operations.join_waiting_list(session=full, adopter=person, now=START)


def test_a_freed_place_is_offered_to_the_first_at_once(full, now):
    first, second = wait(full, 2)
    give_up(full.holder, now)
    assert states([first, second]) == ["offered", "waiting"]
    assert taken(full) == 1
    letter = Message.objects.get(kind="place_offered")
    assert letter.person_id == first.person_id


def test_somebody_who_walks_up_does_not_pass_the_list(full, person, now):
    wait(full)
    give_up(full.holder, now)
    with pytest.raises(operations.SessionFull):
        operations.book(session=Session.objects.unscoped(because="a test").get(pk=full.pk), adopter=person, now=now)


def test_every_place_goes_to_the_next_in_order(now):
    session = SessionFactory(capacity=3)
    holders = BookingFactory.create_batch(3, session=session)
    queue = wait(session, 4)
    for holder in holders:
        give_up(holder, now)
    assert states(queue) == ["offered", "offered", "offered", "waiting"]
    assert taken(session) == 3


@pytest.mark.parametrize(("capacity", "expected"), [(3, ["offered", "offered", "waiting"]), (None, ["offered"] * 3)])
def test_more_places_are_given_out_in_order(full, now, capacity, expected):
    queue = wait(full, 3)
    plan, actor = plan_of(full, capacity=capacity)
    operations.edit_session(session=full, plan=plan, actor=actor, now=now)
    assert states(queue) == expected


def test_who_is_no_longer_verified_is_passed_over(full, now):
    gone, erased, next_one = wait(full, 3)
    Membership.objects.owned_by(gone.person).update(state=MembershipState.REVOKED)
    type(erased.person).objects.filter(pk=erased.person_id).update(is_active=False)
    give_up(full.holder, now)
    assert states([gone, erased, next_one]) == ["cancelled", "cancelled", "offered"]
    assert Message.objects.filter(kind="place_offered").count() == 1


def test_leaving_the_list_frees_no_place(full, now):
    first, second = wait(full, 2)
    give_up(first, now)
    assert states([first, second]) == ["cancelled", "waiting"]
    assert taken(full) == 1
    assert not Message.objects.filter(kind="booking_cancelled").exists()


def test_who_leaves_and_comes_back_is_last(full, now):
    first, second = wait(full, 2)
    give_up(first, now)
    again = operations.join_waiting_list(session=full, adopter=first.person, now=now)
    give_up(full.holder, now)
    assert states([again, second]) == ["waiting", "offered"]


def test_who_accepted_and_gives_up_is_in_no_queue(full, now):
    first, second = wait(full, 2)
    give_up(full.holder, now)
    operations.accept_offer(booking=first, adopter=first.person, now=now)
    give_up(first, now)
    assert states([first, second]) == ["cancelled", "offered"]
    assert rows.get(pk=first.pk).queue_number is None


def test_near_the_start_the_place_is_open_and_everybody_is_told(full, now):
    queue = wait(full, 2)
    give_up(full.holder, NEAR)
    assert states(queue) == ["waiting", "waiting"]
    assert taken(full) == 0
    told = Message.objects.filter(kind="place_open")
    assert set(told.values_list("person_id", flat=True)) == {booking.person_id for booking in queue}
    assert all(letter.expires_at == START for letter in told)


def test_near_the_start_whoever_books_first_has_it(full, now):
    first, second = wait(full, 2)
    give_up(full.holder, NEAR)
    fresh = Session.objects.unscoped(because="a test").get(pk=full.pk)
    operations.book(session=fresh, adopter=second.person, now=NEAR)
    assert states([first, second]) == ["waiting", "booked"]
    assert taken(full) == 1
    booked = rows.get(pk=second.pk)
    assert (booked.queue_number, booked.booked_at) == (None, NEAR)


def test_near_the_start_a_stranger_may_be_first_too(full, person, now):
    wait(full)
    give_up(full.holder, NEAR)
    fresh = Session.objects.unscoped(because="a test").get(pk=full.pk)
    operations.book(session=fresh, adopter=person, now=NEAR)
    assert taken(full) == 1


def test_a_full_session_cannot_be_booked_from_its_list(full, now):
    (first,) = wait(full)
    with pytest.raises(operations.SessionFull):
        operations.book(session=full, adopter=first.person, now=now)
    assert states([first]) == ["waiting"]


def test_people_on_the_list_are_told_of_a_place_at_most_once_an_hour(full, now):
    wait(full)
    for _ in range(5):
        fresh = Session.objects.unscoped(because="a test").get(pk=full.pk)
        holder = rows.filter(session=full, state=BookingState.BOOKED).first()
        give_up(holder, NEAR)
        fresh.refresh_from_db()
        operations.book(session=fresh, adopter=adopter(), now=NEAR)
    assert Message.objects.filter(kind="place_open").count() == 1


def test_nothing_is_passed_on_once_booking_has_closed(now):
    session = SessionFactory(capacity=1, booking_closes_at=START - timedelta(days=5))
    holder = BookingFactory(session=session)
    queue = wait(session)
    give_up(holder, START - timedelta(days=4))
    assert states(queue) == ["waiting"]
    assert not Message.objects.filter(kind__in=["place_offered", "place_open"]).exists()


def test_the_needs_said_while_waiting_come_along(full, now):
    person = adopter()
    wish = operations.join_waiting_list(session=full, adopter=person, now=now, access_needs="Large print")
    give_up(full.holder, now)
    operations.accept_offer(booking=wish, adopter=person, now=now)
    assert rows.get(person=person).access_needs == "Large print"


def test_nobody_waits_for_ever(full, now):
    queue = wait(full, 2)
    operations.end_sessions(now=full.ends_at)
    assert states(queue) == ["expired", "expired"]
    reasons = set(BookingChange.objects.filter(after="expired").values_list("reason", flat=True))
    assert reasons == {"session_over"}


def test_the_list_takes_as_many_as_its_cap(full, now):
    Session.objects.unscoped(because="a test").filter(pk=full.pk).update(waiting_list_cap=2)
    queue = wait(full, 2)
    with pytest.raises(operations.ListFull):
        wait(full)
    give_up(queue[0], now)
    assert [booking.queue_number for booking in wait(full)] == [3]


def test_where_the_cap_is_nothing_there_is_no_list(full, now):
    Session.objects.unscoped(because="a test").filter(pk=full.pk).update(waiting_list_cap=0)
    with pytest.raises(operations.ListFull):
        wait(full)


def test_booking_the_last_place_too_late_is_a_place_on_the_list(full, person, now):
    booking = operations.book_or_wait(session=full, adopter=person, now=now, access_needs="Captions")
    again = operations.book_or_wait(session=full, adopter=person, now=now)
    assert (booking.pk, booking.state, booking.queue_number) == (again.pk, "waiting", 1)
    assert rows.get(pk=booking.pk).access_needs == "Captions"
    assert not Message.objects.filter(person_id=person.pk).exists()
