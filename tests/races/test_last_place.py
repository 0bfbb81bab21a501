"""Many people after the last places. On SQLite writers queue anyway; what counts is PostgreSQL."""

import contextlib
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse

from lms.outbox.models import Message
from lms.webinars import operations
from lms.webinars.models import TAKING_STATES, Booking, BookingChange, BookingState, Session, SessionQuerySet
from tests.factories.agencies import StaffRoleFactory
from tests.factories.webinars import START, BookingFactory, SessionFactory, adopter
from tests.races.crowd import at_once
from tests.webinars.plans import plan_of

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

NOW = START - timedelta(days=7)
FULL = "webinars.session_full"
bookings = Booking.objects.unscoped(because="a test")
sessions = Session.objects.unscoped(because="a test")


def adopters(count):
    return [adopter(password="!", proven=False) for _ in range(count)]


def seated(session):
    return bookings.filter(session=session, state__in=TAKING_STATES).count()


def assert_sound(session):
    """The counter, the rows and the limit agree."""
    session.refresh_from_db()
    assert operations.miscounts() == []
    assert session.capacity is None or session.places_taken <= session.capacity + session.places_over


def book(session):
    def deed(person):
        operations.book(session=sessions.get(pk=session.pk), adopter=person, now=NOW)

    return deed


def give_up(booking):
    operations.cancel_booking(booking=booking, actor=booking.person, now=NOW)


@pytest.mark.parametrize(("people", "places"), [(2, 1), (30, 1), (30, 7)])
def test_exactly_as_many_get_a_place_as_there_are(people, places):
    session = SessionFactory(capacity=places)
    outcomes = at_once(book(session), adopters(people))
    assert outcomes == {"done": places, FULL: people - places}
    assert seated(session) == places
    assert Message.objects.filter(kind="booking_confirmed").count() == places
    assert BookingChange.objects.count() == places
    assert_sound(session)


def test_one_person_pressing_ten_times_has_one_place_and_one_letter():
    session = SessionFactory(capacity=3)
    (person,) = adopters(1)
    assert at_once(book(session), [person] * 10) == {"done": 10}
    assert seated(session) == 1
    assert Message.objects.count() == 1
    assert_sound(session)


def test_one_booking_given_up_ten_times_frees_one_place():
    session = SessionFactory(capacity=3)
    mine, *_ = BookingFactory.create_batch(3, session=session)
    assert at_once(give_up, [mine] * 10) == {"done": 10}
    assert Message.objects.filter(kind="booking_cancelled").count() == 1
    assert (seated(session), sessions.get(pk=session.pk).places_taken) == (2, 2)


def test_places_given_up_at_once_go_to_the_list_in_its_order():
    session = SessionFactory(capacity=8)
    holders = BookingFactory.create_batch(8, session=session)
    queue = [operations.join_waiting_list(session=session, adopter=person, now=NOW) for person in adopters(12)]
    assert at_once(give_up, holders) == {"done": 8}
    states = [bookings.get(pk=wish.pk).state for wish in queue]
    assert states == [BookingState.OFFERED] * 8 + [BookingState.WAITING] * 4
    assert Message.objects.filter(kind="place_offered").count() == 8
    assert_sound(session)


def test_joining_the_list_at_once_gives_everybody_a_number_of_their_own():
    session = SessionFactory(capacity=0)

    def wait(person):
        operations.join_waiting_list(session=sessions.get(pk=session.pk), adopter=person, now=NOW)

    assert at_once(wait, adopters(12)) == {"done": 12}
    assert sorted(bookings.values_list("queue_number", flat=True)) == list(range(1, 13))


def test_who_comes_too_late_stands_in_line_in_the_order_they_came():
    session = SessionFactory(capacity=10)

    def book_or_wait(person):
        operations.book_or_wait(session=sessions.get(pk=session.pk), adopter=person, now=NOW)

    assert at_once(book_or_wait, adopters(40)) == {"done": 40}
    line = bookings.filter(session=session, state=BookingState.WAITING).order_by("pk")
    assert list(line.values_list("queue_number", flat=True)) == list(range(1, 31))
    assert_sound(session)


def test_nobody_books_what_is_being_called_off():
    session = SessionFactory(capacity=None)
    coordinator = StaffRoleFactory(agency=session.agency).person

    def deed(person):
        if person is coordinator:
            operations.cancel_session(session=session, actor=person, reason="Snow.", now=NOW)
        else:
            book(session)(person)

    people = adopters(11)
    outcomes = at_once(deed, [*people[:5], coordinator, *people[5:]])
    assert set(outcomes) <= {"done", "webinars.session_cancelled"}
    assert seated(session) == 0
    assert_sound(session)


def test_everything_at_once_leaves_nothing_crooked():
    """Booking, waiting, giving up, and more places, in whatever order the machine finds."""
    session = SessionFactory(capacity=5)
    holders = BookingFactory.create_batch(5, session=session)
    new = adopters(14)
    plan, trainer = plan_of(session, capacity=8)

    def deed(who):
        kind, thing = who
        fresh = sessions.get(pk=session.pk)
        if kind == "book":
            operations.book(session=fresh, adopter=thing, now=NOW)
        elif kind == "wait":
            operations.join_waiting_list(session=fresh, adopter=thing, now=NOW)
        elif kind == "give up":
            give_up(thing)
        else:
            operations.edit_session(session=fresh, plan=plan, actor=trainer, now=NOW)

    crowd = [("book", person) for person in new[:8]] + [("wait", person) for person in new[8:]]
    crowd += [("give up", booking) for booking in holders] + [("edit", None)]
    outcomes = at_once(deed, crowd[::2] + crowd[1::2])
    assert set(outcomes) <= {"done", FULL, "webinars.place_is_free"}
    assert_sound(session)
    still_waiting = bookings.filter(session=session, state=BookingState.WAITING).exists()
    assert not (still_waiting and session.places_left), "a place is free while somebody waits"


def test_through_the_web_server_everybody_has_a_clear_answer(live_server):
    """Twenty-four people press at once; five have a place, and the others one on the list. Nobody sees a fault."""
    far_away = datetime(2099, 3, 12, 19, 30, tzinfo=UTC)
    session, people, answers = SessionFactory(capacity=5, starts_at=far_away), adopters(24), []
    path, token = reverse("webinars:book", args=[session.uuid]), "c" * 32
    cookies = []
    for person in people:
        browser = Client()
        browser.force_login(person)
        cookies.append(f"sessionid={browser.cookies['sessionid'].value}; csrftoken={token}")
    start = threading.Barrier(len(people))

    def press(cookie):
        with contextlib.closing(HTTPConnection(live_server.thread.host, live_server.thread.port, timeout=60)) as web:
            web.connect()  # before the press: the small server of the tests lets only a few knock at once
            start.wait(60)
            headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
            web.request("POST", path, urlencode({"csrfmiddlewaretoken": token, "access_needs": ""}), headers)
            answers.append(web.getresponse().status)

    crowd = [threading.Thread(target=press, args=[cookie]) for cookie in cookies]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(60)
    assert answers == [302] * 24
    line = bookings.filter(session=session, state=BookingState.WAITING).order_by("queue_number")
    assert (seated(session), list(line.values_list("queue_number", flat=True))) == (5, list(range(1, 20)))
    assert_sound(session)


# --- The control: with the guard taken out, these tests would see it --------------------------------
def unguarded(wait):
    """A claim as one would write it without thinking: count, then take."""

    def count_then_take(self, pk, *, count=1):
        rows = Session.objects.unscoped(because="a test")
        left = rows.get(pk=pk).places_left
        wait()
        if left == 0:
            return False
        rows.filter(pk=pk).update(places_taken=F("places_taken") + 1)
        return True

    return count_then_take


@contextmanager
def without_the_constraint():
    """The table without its last guard, put back afterwards."""
    constraint = next(c for c in Session._meta.constraints if c.name == "never_more_places_than_there_are")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Session, constraint)
    try:
        yield
    finally:
        sessions.update(places_taken=0, places_over=0)
        with connection.schema_editor() as editor:
            editor.add_constraint(Session, constraint)


def everybody_has_counted(people):
    """On PostgreSQL all have counted before anybody takes. SQLite lets nobody count while another is at it.

    Whoever is refused and looks again waits for nobody any more.
    """
    counted, barrier = set(), threading.Barrier(people)

    def wait():
        me = threading.get_ident()
        if connection.vendor == "postgresql" and me not in counted:
            counted.add(me)
            barrier.wait()

    return wait


def test_without_the_claim_and_the_constraint_postgresql_overbooks(monkeypatch):
    people, session = adopters(6), SessionFactory(capacity=1)
    monkeypatch.setattr(SessionQuerySet, "claim_place", unguarded(everybody_has_counted(len(people))))
    with without_the_constraint():
        outcomes = at_once(book(session), people)
        expected = 6 if connection.vendor == "postgresql" else 1
        assert (outcomes["done"], seated(session)) == (expected, expected)


def test_without_the_claim_the_constraint_is_the_last_guard(monkeypatch):
    people, session = adopters(6), SessionFactory(capacity=1)
    monkeypatch.setattr(SessionQuerySet, "claim_place", unguarded(everybody_has_counted(len(people))))
    outcomes = at_once(book(session), people)
    assert outcomes["done"] == 1
    assert_sound(session)
