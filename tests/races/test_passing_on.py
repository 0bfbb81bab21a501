"""Offers, couples, exchanges and staff at the same moment: each place is somebody's, and nobody's twice."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Count, F, Q

from lms.webinars import operations
from lms.webinars.models import TAKING_STATES, Booking, BookingState, Party, Session
from tests.factories.agencies import StaffRoleFactory
from tests.factories.cms import SiteTree, WorkshopPageFactory
from tests.factories.webinars import START, BookingFactory, SessionFactory, adopter
from tests.races.crowd import at_once
from tests.webinars.plans import plan_of

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

NOW = START - timedelta(days=9)
REFUSED = {f"webinars.{code}" for code in ("session_full", "place_is_free", "offer_over", "not_two_places")}
bookings = Booking.objects.unscoped(because="a test")
sessions = Session.objects.unscoped(because="a test")
WHY = operations.StaffReason.AGREED


def adopters(count):
    return [adopter(password="!", proven=False) for _ in range(count)]


def fresh(session):
    return sessions.get(pk=session.pk)


def states(rows):
    return sorted(bookings.get(pk=row.pk).state for row in rows)


def assert_within_limits():
    """In one statement, and so of one moment: nowhere are more places taken than there are."""
    taken = Count("bookings", filter=Q(bookings__state__in=TAKING_STATES), distinct=True)
    kept = Count("parties", filter=Q(parties__kept_until__isnull=False), distinct=True)
    over = sessions.annotate(rows=taken + kept).filter(rows__gt=F("capacity") + F("places_over"))
    assert not over.exists()


def checked(deed):
    """Look at the limits after each commit, whatever came of the deed."""

    def do(of):
        try:
            deed(of)
        finally:
            assert_within_limits()

    return do


def race(*deeds):
    """Do all of these at once; return what came of each kind of outcome."""
    outcomes = at_once(checked(lambda deed: deed()), deeds)
    assert operations.miscounts() == []
    return outcomes


def booking_of(person, session):
    return lambda: operations.book(session=fresh(session), adopter=person, now=NOW)


def giving_up(booking):
    return lambda: operations.cancel_booking(booking=booking, actor=booking.person, now=NOW)


def accepting(booking, now=NOW):
    return lambda: operations.accept_offer(booking=booking, adopter=booking.person, now=now)


def declining(booking):
    return lambda: operations.decline_offer(booking=booking, adopter=booking.person, now=NOW)


def waiting(session, count):
    people = adopters(count)
    return [operations.join_waiting_list(session=fresh(session), adopter=person, now=NOW) for person in people]


@pytest.fixture
def full(db):
    """Four places, all somebody's, and six who wait."""
    session = SessionFactory(capacity=4)
    session.holders = BookingFactory.create_batch(4, session=session)
    session.queue = waiting(session, 6)
    return session


def test_booking_giving_up_accepting_and_declining_in_any_order(full):
    for holder in full.holders[:2]:
        giving_up(holder)()
    offered = list(bookings.filter(session=full, state=BookingState.OFFERED).select_related("person"))
    deeds = [
        *(giving_up(holder) for holder in full.holders[2:]),
        accepting(offered[0]),
        declining(offered[1]),
        *(booking_of(person, full) for person in adopters(4)),
        giving_up(full.queue[4]),
    ]
    outcomes = race(*deeds)
    assert outcomes["done"] == 5
    assert outcomes.keys() <= {"done", *REFUSED}
    assert states(full.queue).count("offered") == 3


def test_an_offer_is_accepted_or_lapses_at_the_last_instant_and_the_place_is_not_lost(full):
    giving_up(full.holders[0])()
    (offer,) = bookings.filter(session=full, state=BookingState.OFFERED).select_related("person")
    end, blink = offer.offer_expires_at, timedelta(milliseconds=1)
    race(accepting(offer, end - blink), lambda: operations.sweep_places(now=end), accepting(offer, end - blink))
    after = bookings.get(pk=offer.pk).state
    assert after in {"booked", "expired"}
    assert states(full.queue).count("offered") == (0 if after == "booked" else 1)
    assert fresh(full).places_taken == 4


def test_two_sweepers_offer_each_place_once(full):
    for holder in full.holders[:2]:
        giving_up(holder)()
    end = bookings.filter(session=full, state=BookingState.OFFERED).first().offer_expires_at
    assert race(*[lambda: operations.sweep_places(now=end)] * 4) == {"done": 4}
    assert states(full.queue) == ["expired"] * 2 + ["offered"] * 2 + ["waiting"] * 2


def test_more_places_giving_up_and_booking_at_once(full):
    plan, trainer = plan_of(full, capacity=6)
    outcomes = race(
        lambda: operations.edit_session(session=fresh(full), plan=plan, actor=trainer, now=NOW),
        giving_up(full.holders[0]),
        *(booking_of(person, full) for person in adopters(4)),
    )
    assert outcomes.keys() <= {"done", *REFUSED}
    assert states(full.queue).count("offered") == 3
    assert fresh(full).places_taken == 6


def test_fewer_places_and_booking_at_once_remove_nobody():
    session = SessionFactory(capacity=6)
    plan, trainer = plan_of(session, capacity=2)
    outcomes = race(
        *(booking_of(person, session) for person in adopters(3)),
        lambda: operations.edit_session(session=fresh(session), plan=plan, actor=trainer, now=NOW),
        *(booking_of(person, session) for person in adopters(3)),
    )
    booked = bookings.filter(session=session, state=BookingState.BOOKED).count()
    after = fresh(session)
    assert outcomes["done"] == booked + 1
    assert (after.places_taken, after.places_over) == (booked, max(booked - 2, 0))


def test_staff_and_the_public_after_the_last_place():
    session = SessionFactory(capacity=1)
    coordinator = StaffRoleFactory(agency=session.agency).person

    def let_in(person):
        return lambda: operations.add_person(
            session=fresh(session), adopter=person, actor=coordinator, reason=WHY, even_if_full=True, now=NOW
        )

    one, two, *others = adopters(8)
    outcomes = race(*(booking_of(person, session) for person in others), let_in(one), let_in(two))
    after = fresh(session)
    assert bookings.filter(person__in=[one, two], state=BookingState.BOOKED).count() == 2
    assert after.places_taken == 1 + after.places_over == outcomes["done"]


def test_couples_after_the_last_places():
    session = SessionFactory(capacity=5)

    def two(person):
        return lambda: operations.book_two(session=fresh(session), adopter=person, now=NOW)

    outcomes = race(*map(two, adopters(5)), *(booking_of(person, session) for person in adopters(3)))
    assert outcomes.keys() <= {"done", *REFUSED}
    assert fresh(session).places_taken in {4, 5}
    assert bookings.filter(session=session).count() + Party.objects.unscoped(because="a test").count() == (
        fresh(session).places_taken
    )


# --- Exchanges -------------------------------------------------------------------------------------
@pytest.fixture
def dates(db):
    """Two full dates of one workshop."""
    page = WorkshopPageFactory(parent=SiteTree().workshops)
    both = [SessionFactory(workshop=page, capacity=4, starts_at=START + timedelta(weeks=n)) for n in (0, 1)]
    for date in both:
        date.mine = BookingFactory.create_batch(4, session=date)
    return both


def swapping(booking, to):
    return lambda: operations.swap(booking=booking, session=fresh(to), adopter=booking.person, now=NOW)


def live_of(person):
    return bookings.filter(person=person, state__in=TAKING_STATES)


def test_exchanges_in_both_directions_wait_in_no_ring(dates):
    first, second = dates
    sessions.update(capacity=6)
    there = [swapping(booking, second) for booking in first.mine]
    back = [swapping(booking, first) for booking in second.mine]
    assert race(*there, *back) == {"done": 8}
    assert all(live_of(booking.person).exists() for booking in (*first.mine, *second.mine))


def test_between_two_full_dates_nobody_is_in_both_or_in_neither(dates):
    first, second = dates
    new = [swapping(booking, second)() for booking in first.mine[:2]]
    assert states(new) == ["waiting", "waiting"]
    giving_up(second.mine[0])()
    giving_up(second.mine[1])()
    offers = [bookings.select_related("person").get(pk=row.pk) for row in new]

    def watch():
        for row in new:
            assert live_of(row.person).filter(state__in=["booked"]).count() == 1

    assert race(*map(accepting, offers), watch, watch, *map(accepting, offers)) == {"done": 6}
    assert states(new) == ["booked", "booked"]
    assert states(first.mine[:2]) == ["cancelled", "cancelled"]


# --- A session that somebody holds too long --------------------------------------------------------
def test_who_waits_too_long_for_a_busy_session_is_told_so_and_loses_nothing(client, settings):
    if connection.vendor != "postgresql":
        assert connection.settings_dict["OPTIONS"]["timeout"] == 20  # SQLite waits its turn, one writer at a time
        return
    import threading

    from django.db import connections, transaction
    from django.urls import reverse

    session = SessionFactory(capacity=3, starts_at=datetime(2099, 3, 12, 19, 30, tzinfo=UTC))
    (person,) = adopters(1)
    client.force_login(person)
    held, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Session.objects.lock(session.pk)
            held.set()
            done.wait(30)
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(30)
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("3s",)
        cursor.execute("SET lock_timeout = '200ms'")
    address = reverse("webinars:book", args=[session.uuid])
    answer = client.post(address, {"access_needs": "Captions, please"}, SERVER_NAME="localhost")
    done.set()
    holder.join(30)
    assert answer.status_code == 503
    assert "Captions, please" in answer.content.decode()
    assert not bookings.exists()
    assert client.post(address, {"access_needs": ""}, SERVER_NAME="localhost").status_code == 302
