"""The way into a room: at the right time, for the right person, and its address is nowhere else."""

import logging
from datetime import timedelta

import pytest
from django.urls import reverse

from lms.agencies.models import Membership, MembershipState, StaffRole
from lms.outbox.models import Message
from lms.webinars import operations
from lms.webinars.models import BookingState, SessionState, Where
from tests.factories.accounts import PersonFactory
from tests.factories.webinars import ROOM, START, VENUE, BookingFactory, SessionFactory, adopter
from tests.trust.written import write_out

pytestmark = pytest.mark.django_db
CANARIES = ("rooms-canary", "canaryroom", "8675309", "Canary Hall", "CN4 4RY")
OPENS = START - timedelta(minutes=15)
CLOSES = START + timedelta(minutes=120)
SECOND = timedelta(seconds=1)


@pytest.fixture
def join(client, session, at):
    def go(person, *, now=START, session=session):
        at(now)
        client.force_login(person)
        return client.get(reverse("webinars:join", args=[session.uuid]))

    return go


@pytest.fixture
def booked(session):
    return BookingFactory(session=session).person


@pytest.mark.parametrize("moment", [OPENS, START, CLOSES])
def test_within_the_window_the_link_leads_into_the_room(join, booked, moment):
    answer = join(booked, now=moment)
    assert (answer.status_code, answer["Location"]) == (303, ROOM)
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert answer.content == b""


def test_before_the_window_there_is_a_room_to_wait_in(join, booked):
    answer = join(booked, now=OPENS - SECOND)
    assert answer.status_code == 200
    assert answer["Refresh"] == "15"
    assert "Thursday 12 March at 7:15pm" in answer.content.decode()


def test_the_waiting_page_looks_again_less_often_when_there_is_time(join, booked):
    assert join(booked, now=OPENS - timedelta(days=1))["Refresh"] == "300"
    assert join(booked, now=OPENS - timedelta(seconds=100))["Refresh"] == "100"


def test_after_the_window_it_is_over(join, booked):
    answer = join(booked, now=CLOSES + SECOND)
    assert answer.status_code == 200
    assert "Refresh" not in answer
    assert "This has ended" in answer.content.decode()


def test_the_window_stays_open_when_the_clock_has_ended_the_session(join, session, booked):
    operations.end_sessions(now=session.ends_at)
    assert join(booked, now=session.ends_at + timedelta(minutes=5)).status_code == 303


def test_a_room_that_is_not_set_yet_is_waited_for(join):
    session = SessionFactory(room_address="")
    answer = join(BookingFactory(session=session).person, session=session)
    assert answer.status_code == 200
    assert answer["Refresh"]


@pytest.mark.parametrize("state", [BookingState.ATTENDED, BookingState.PARTIAL, BookingState.ABSENT])
def test_who_is_marked_already_may_come_back_in(join, session, state):
    """A line that drops, or a late arrival who was marked away."""
    assert join(BookingFactory(session=session, state=state).person).status_code == 303


def nobody(session):
    return adopter()


def waiting(session):
    return BookingFactory(session=session, waiting=True).person


def cancelled(session):
    return BookingFactory(session=session, state=BookingState.CANCELLED).person


def expired(session):
    return BookingFactory(session=session, state=BookingState.EXPIRED).person


def of_another_session(session):
    return BookingFactory().person


def no_longer_verified(session):
    person = BookingFactory(session=session).person
    Membership.objects.owned_by(person).update(state=MembershipState.REVOKED)
    return person


def administrator(session):
    return PersonFactory(is_staff=True, is_superuser=True)


STRANGERS = [nobody, waiting, cancelled, expired, of_another_session, no_longer_verified, administrator]


@pytest.mark.parametrize("moment", [OPENS - timedelta(days=3), START, CLOSES + SECOND])
@pytest.mark.parametrize("stranger", STRANGERS)
def test_for_everybody_else_there_is_no_room(join, session, stranger, moment):
    answer = join(stranger(session), now=moment)
    assert answer.status_code == 404
    assert not any(canary in answer.content.decode() for canary in CANARIES)


def test_a_place_given_up_in_the_last_minute_closes_the_door(join, session, booked):
    booking = booked.bookings.owned_by(booked).get()
    operations.cancel_booking(booking=booking, actor=booked, now=START - SECOND)
    assert join(booked).status_code == 404


def test_a_coordinator_who_does_not_run_it_has_no_way_in(join, coordinator):
    assert join(coordinator).status_code == 404


@pytest.mark.parametrize(
    "facts", [{"state": SessionState.DRAFT}, {"state": SessionState.CANCELLED}, {"where": Where.VENUE}]
)
def test_some_sessions_have_no_room(join, facts):
    session = SessionFactory(**facts)
    assert join(BookingFactory(session=session).person, session=session).status_code == 404


def test_who_runs_it_enters_half_an_hour_early(join, trainer):
    assert join(trainer, now=START - timedelta(minutes=30)).status_code == 303
    early = join(trainer, now=START - timedelta(minutes=30) - SECOND)
    assert (early.status_code, early["Refresh"]) == (200, "15")


def test_who_no_longer_works_for_the_agency_has_no_way_in(join, trainer):
    StaffRole.objects.unscoped(because="a test").filter(person=trainer).update(revoked_at=START)
    assert join(trainer).status_code == 404


def test_a_link_that_is_passed_on_leads_to_signing_in(client, session, at):
    at(START)
    address = reverse("webinars:join", args=[session.uuid])
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")
    assert not any(canary in answer.url for canary in CANARIES)


def test_a_group_has_a_window_around_each_part(join):
    session = SessionFactory(weeks=2)
    person = BookingFactory(session=session).person
    assert join(person, session=session).status_code == 303
    between = join(person, session=session, now=START + timedelta(days=2))
    assert "Thursday 19 March at 7:15pm" in between.content.decode()
    assert join(person, session=session, now=START + timedelta(days=7)).status_code == 303


# --- Where the way in is not ----------------------------------------------------------------------
def pages_of(client, session, people):
    """Everything that each of these people can open about the session."""
    names = ["session", "book", "wait", "cancel", "join", "calendar_file", "desk_session", "desk_edit", "desk_print"]
    names += ["desk_cancel"]
    addresses = [reverse(f"webinars:{name}", args=[session.uuid]) for name in names]
    addresses += [reverse(f"webinars:{name}") for name in ("my_bookings", "my_calendar", "desk_sessions")]
    for person in people:
        client.logout()
        if person:
            client.force_login(person)
        for address in addresses:
            yield address, client.get(address)


def test_the_way_in_is_on_no_page_for_anybody(client, session, booked, trainer, coordinator, at, caplog):
    caplog.set_level(logging.DEBUG)
    at(OPENS - timedelta(minutes=20))
    people = [None, booked, adopter(), waiting(session), trainer, coordinator]
    seen = 0
    for address, answer in pages_of(client, session, people):
        assert not any(canary in answer.content.decode() for canary in CANARIES), address
        seen += answer.status_code == 200
    assert seen > 15
    assert not any(canary in caplog.text for canary in CANARIES)


def test_the_room_is_in_no_page_even_while_it_is_open(client, session, booked, at):
    at(START)
    for address, answer in pages_of(client, session, [booked]):
        assert not any(canary in answer.content.decode() for canary in CANARIES), address


def test_the_room_is_in_no_letter_and_no_task(session, person, now):
    from django_q.models import OrmQ

    operations.book(session=session, adopter=person, now=now)
    write_out()
    row = Message.objects.values().get()
    assert row["calendar"]
    tasks = [str(task.task) for task in OrmQ.objects.all()]
    assert not any(canary in f"{row}{tasks}" for canary in CANARIES)


def test_the_room_is_not_readable_in_the_database(session):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT room_address, venue FROM webinars_session WHERE id = %s", [session.pk])
        assert not any(canary in str(cursor.fetchone()) for canary in CANARIES)


# --- The venue ------------------------------------------------------------------------------------
SHOWN = START - timedelta(days=3)


@pytest.fixture
def look(client, at):
    def go(person, session, now):
        at(now)
        if person:
            client.force_login(person)
        return client.get(reverse("webinars:session", args=[session.uuid])).content.decode()

    return go


def test_a_booked_person_sees_the_venue_from_three_days_before(look):
    session = SessionFactory(in_person=True)
    person = BookingFactory(session=session).person
    early = look(person, session, SHOWN - SECOND)
    assert "Canary Hall" not in early
    assert "3 days before" in early
    assert VENUE in look(person, session, SHOWN)


@pytest.mark.parametrize("stranger", [None, nobody, waiting, cancelled, expired, of_another_session])
def test_nobody_else_sees_the_venue(look, stranger):
    session = SessionFactory(in_person=True)
    page = look(stranger and stranger(session), session, START - timedelta(hours=1))
    assert "Calder valley" in page
    assert "Canary Hall" not in page
