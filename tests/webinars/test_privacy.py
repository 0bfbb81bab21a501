"""What a person is told and handed of their live sessions, and what is left when they go."""

import pytest

from lms.accounts import operations as accounts
from lms.common.register import all_holdings
from lms.webinars import operations
from lms.webinars.models import Attendance, Booking, BookingChange, BookingState, CalendarFeed, Facilitator, Session
from tests.factories.webinars import START, BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
OURS = [holding for holding in all_holdings() if holding.model.startswith("webinars.")]


def held_of(person):
    return {holding.model: holding.rows_of(person) for holding in OURS}


def test_a_person_is_handed_all_of_theirs_and_nothing_of_others(session, person, coordinator, now):
    booking = operations.book(session=session, adopter=person, now=now, access_needs="Large print")
    BookingFactory(session=session, access_needs="Somebody else's")
    operations.make_feed(person=person, now=now)
    marks = {booking.pk: "present"}
    operations.mark_attendance(session=session, part=session.parts.get(), marks=marks, actor=coordinator, now=START)
    held = held_of(person)
    assert [row["access_needs"] for row in held["webinars.Booking"]] == ["Large print"]
    assert [row["after"] for row in held["webinars.BookingChange"]] == ["booked", "attended"]
    assert [row["verdict"] for row in held["webinars.Attendance"]] == ["present"]
    assert len(held["webinars.CalendarFeed"]) == 1
    assert "Somebody else's" not in str(held)
    assert "canary" not in str(held)


def test_who_goes_leaves_the_place_to_the_next_and_no_trace_behind(person, now, at):
    at(now)
    number = person.pk
    session = SessionFactory(capacity=1, created_by=person)
    operations.book(session=session, adopter=person, now=now)
    operations.make_feed(person=person, now=now)
    next_one = BookingFactory(session=session, waiting=True)
    accounts.erase(person=person, now=now)
    next_one.refresh_from_db()
    session.refresh_from_db()
    assert (next_one.state, session.places_taken, session.created_by) == (BookingState.OFFERED, 1, None)
    for model in (CalendarFeed, Booking):
        assert not model.objects.unscoped(because="a test").filter(person=number).exists()
    assert not BookingChange.objects.filter(actor_id=number).exists()
    assert not Attendance.objects.unscoped(because="a test").exists()


def test_a_trainer_who_goes_takes_no_session_along(session, trainer, now):
    accounts.erase(person=trainer, now=now)
    assert Session.objects.unscoped(because="a test").filter(pk=session.pk).exists()
    assert not Facilitator.objects.filter(session=session).exists()


def test_every_model_of_ours_that_leads_to_a_person_is_in_the_register():
    assert {holding.model for holding in OURS} == {
        "webinars.Booking",
        "webinars.Party",
        "webinars.BookingChange",
        "webinars.Attendance",
        "webinars.AttendanceChange",
        "webinars.Sighting",
        "webinars.CalendarFeed",
        "webinars.Facilitator",
        "webinars.Session",
        "webinars.Question",
        "webinars.RegisterNote",
        "webinars.RegisterNoteCopy",
        "webinars.Series",
    }
