"""Another date of the same workshop: never in both, never in neither."""

from datetime import timedelta

import pytest

from lms.outbox.models import Message
from lms.webinars import operations
from lms.webinars.models import Booking, BookingChange, Session
from lms.webinars.operations import swaps
from tests.factories.cms import SiteTree, WorkshopPageFactory
from tests.factories.webinars import START, BookingFactory, SessionFactory, adopter

pytestmark = pytest.mark.django_db
rows = Booking.objects.unscoped(because="a test")
sessions = Session.objects.unscoped(because="a test")
NOW = START - timedelta(days=9)


WAYS = {
    "book": lambda session, person: operations.book(session=session, adopter=person, now=NOW),
    "book two": lambda session, person: operations.book_two(session=session, adopter=person, now=NOW),
    "a partner's link": lambda session, person: operations.join_partner(
        secret=operations.book_two(session=session, adopter=adopter(), now=NOW).secret, adopter=person, now=NOW
    ),
    "put in by staff": lambda session, person: operations.add_person(
        session=session, adopter=person, actor=adopter(), reason="access_needs", now=NOW
    ),
}


@pytest.fixture
def dates(db):
    """Two dates of one workshop, a week apart, and somebody with a place in the first."""
    page = WorkshopPageFactory(parent=SiteTree().workshops)
    first, second = (SessionFactory(workshop=page, capacity=2, starts_at=START + timedelta(weeks=n)) for n in (0, 1))
    first.mine = BookingFactory(session=first, access_needs="Captions")
    return first, second


def taken(*which):
    assert operations.miscounts() == []
    return [sessions.get(pk=session.pk).places_taken for session in which]


def states(*bookings):
    return [rows.get(pk=booking.pk).state for booking in bookings]


def swap(first, second, now=NOW):
    mine = rows.get(pk=first.mine.pk)
    return operations.swap(booking=mine, session=second, adopter=mine.person, now=now)


def test_a_place_is_exchanged_at_once_where_there_is_one(dates):
    first, second = dates
    new = swap(first, second)
    assert (states(first.mine, new), taken(first, second)) == (["cancelled", "booked"], [0, 1])
    assert new.access_needs == "Captions"
    assert BookingChange.objects.get(booking=first.mine, after="cancelled").reason == "exchanged"
    assert set(Message.objects.values_list("kind", flat=True)) == {"booking_confirmed", "booking_cancelled"}


def test_the_old_place_goes_to_the_next_in_the_same_moment(dates):
    first, second = dates
    BookingFactory(session=first)
    waiting = operations.join_waiting_list(session=first, adopter=adopter(), now=NOW)
    swap(first, second)
    assert states(waiting) == ["offered"]


def test_for_a_full_date_one_waits_and_keeps_the_place(dates):
    first, second = dates
    holders = BookingFactory.create_batch(2, session=second)
    new = swap(first, second)
    assert (states(first.mine, new), taken(first, second)) == (["booked", "waiting"], [1, 2])
    operations.cancel_booking(booking=holders[0], actor=holders[0].person, now=NOW)
    assert states(first.mine, new) == ["booked", "offered"]
    operations.accept_offer(booking=new, adopter=new.person, now=NOW)
    assert (states(first.mine, new), taken(first, second)) == (["cancelled", "booked"], [0, 2])


def test_who_says_no_keeps_the_place_they_have(dates):
    first, second = dates
    holders = BookingFactory.create_batch(2, session=second)
    new = swap(first, second)
    operations.cancel_booking(booking=holders[0], actor=holders[0].person, now=NOW)
    operations.decline_offer(booking=new, adopter=new.person, now=NOW)
    assert (states(first.mine, new), taken(first, second)) == (["booked", "declined"], [1, 1])


def test_an_old_place_that_has_begun_stays_where_it_is(dates):
    first, second = dates
    holders = BookingFactory.create_batch(2, session=second)
    new = swap(first, second)
    operations.cancel_booking(booking=holders[0], actor=holders[0].person, now=START)
    operations.accept_offer(booking=new, adopter=new.person, now=START)
    assert states(first.mine, new) == ["booked", "booked"]


def test_exchanging_twice_exchanges_once(dates):
    first, second = dates
    assert swap(first, second) == swap(first, second)
    assert taken(first, second) == [0, 1]
    third = SessionFactory(workshop=second.workshop, starts_at=START + timedelta(weeks=2))
    with pytest.raises(swaps.NothingToExchange):
        swap(first, third)


def test_nothing_is_exchanged_for_another_workshop_or_for_itself(dates):
    first, _ = dates
    with pytest.raises(operations.OtherWorkshop):
        swap(first, SessionFactory())
    with pytest.raises(operations.SessionOver):
        swap(first, first)
    assert taken(first) == [1]


def test_nothing_is_exchanged_once_it_has_begun(dates):
    first, second = dates
    with pytest.raises(operations.SessionOver):
        swap(first, second, now=START)


def test_a_refusal_leaves_the_place_as_it_was(dates):
    first, second = dates
    sessions.filter(pk=second.pk).update(booking_closes_at=NOW)
    with pytest.raises(operations.BookingClosed):
        swap(first, sessions.get(pk=second.pk))
    assert (states(first.mine), taken(first, second)) == (["booked"], [1, 0])


def test_a_wish_for_the_other_date_becomes_the_exchange(dates):
    first, second = dates
    holders = BookingFactory.create_batch(2, session=second)
    wish = operations.join_waiting_list(session=second, adopter=first.mine.person, now=NOW)
    assert swap(first, second) == wish
    operations.cancel_booking(booking=holders[0], actor=holders[0].person, now=NOW)
    operations.accept_offer(booking=wish, adopter=wish.person, now=NOW)
    assert states(first.mine, wish) == ["cancelled", "booked"]


@pytest.mark.parametrize("way", WAYS)
def test_by_whichever_way_the_other_place_comes_the_old_one_goes(dates, way):
    first, second = dates
    holders = BookingFactory.create_batch(2, session=second)
    wish = swap(first, second)
    sessions.filter(pk=second.pk).update(capacity=5)  # free for whoever is first, as in the last hours
    WAYS[way](sessions.get(pk=second.pk), first.mine.person)
    assert (states(first.mine, wish, *holders), taken(first)) == (["cancelled", "booked", "booked", "booked"], [0])


def test_nobody_slips_in_by_an_exchange_once_booking_has_closed(dates):
    first, second = dates
    BookingFactory.create_batch(2, session=second)
    wish = swap(first, second)
    sessions.filter(pk=second.pk).update(booking_closes_at=NOW, capacity=3)
    with pytest.raises(operations.BookingClosed):
        swap(first, sessions.get(pk=second.pk))
    assert states(first.mine, wish) == ["booked", "waiting"]


def test_who_exchanged_for_a_third_date_meanwhile_gives_that_up_for_the_second(dates):
    first, second = dates
    holders = BookingFactory.create_batch(2, session=second)
    third = SessionFactory(workshop=second.workshop, starts_at=START + timedelta(weeks=2))
    wish, new = swap(first, second), swap(first, third)
    operations.cancel_booking(booking=holders[0], actor=holders[0].person, now=NOW)
    operations.accept_offer(booking=wish, adopter=wish.person, now=NOW)
    assert (states(first.mine, new, wish), taken(first, third)) == (["cancelled", "cancelled", "booked"], [0, 0])
