"""A date that moves by days: places are kept, people are asked, and silence costs nobody anything."""

import html
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from lms.outbox.models import Message
from lms.webinars import operations, rules
from lms.webinars.models import Booking, BookingChange, BookingState, Session
from lms.webinars.operations import PartPlan, keep_place
from tests.factories.webinars import START, BookingFactory, SessionFactory, adopter
from tests.trust.written import write_out
from tests.webinars.plans import plan_of

pytestmark = pytest.mark.django_db
rows = Booking.objects.unscoped(because="a test")
DAY = timedelta(days=1)


def move(session, *, by, now):
    """Have it begin later by so much."""
    start = datetime.fromisoformat(session.parts.get().local_start) + by
    plan, actor = plan_of(session, parts=(PartPlan(start, 90),))
    moved = operations.edit_session(session=session, plan=plan, actor=actor, now=now)
    moved.refresh_from_db()
    return moved


@pytest.fixture
def booking(session, person):
    return BookingFactory(session=session, person=person)


@pytest.fixture
def asked(session, booking, now, at, client):
    """Somebody who is asked, and signed in."""
    at(now)
    move(session, by=7 * DAY, now=now)
    booking.refresh_from_db()
    client.force_login(booking.person)
    return booking


def text(answer):
    return html.unescape(answer.content.decode()).replace("\u2019", "'")


def url(name, session):
    return reverse(f"webinars:{name}", kwargs={"uuid": session.uuid})


@pytest.mark.parametrize(
    ("before", "after", "far"),
    [
        ([0], [1], False),
        ([0], [-1], False),
        ([0], [1.01], True),
        ([0], [-1.01], True),
        ([0, 7, 14], [0, 14], False),
        ([0, 7, 14], [7, 14, 21], True),
    ],
    ids=["by a day", "a day earlier", "by more", "earlier by more", "one fewer", "each by a week"],
)
def test_far_is_more_than_a_day_from_every_date_there_was(before, after, far):
    starts = [[START + days * DAY for days in some] for some in (before, after)]
    assert rules.has_moved_far(*starts) is far


def test_an_hour_later_asks_nobody(session, booking, now):
    move(session, by=timedelta(hours=1), now=now)
    booking.refresh_from_db()
    assert not booking.is_asked_again


def test_a_week_later_asks_who_has_a_place_and_keeps_it(session, asked, now):
    assert (asked.state, asked.is_asked_again) == (BookingState.BOOKED, True)
    write_out()
    letter = Message.objects.filter(kind="session_changed").latest("pk")
    for words in (letter.text, letter.html):
        assert url("moved", session) in words
        assert "your place stays yours" in words


def test_who_waits_or_is_offered_a_place_is_told_and_asked_too(client, now, at):
    at(now)
    session, until = SessionFactory(capacity=2), START - timedelta(hours=1)
    waits = BookingFactory(session=session, waiting=True)
    offered = BookingFactory(session=session, state=BookingState.OFFERED, offer_expires_at=until, queue_number=1)
    at_a_form = BookingFactory(session=session, state=BookingState.HELD, offer_expires_at=until)
    move(session, by=-3 * DAY, now=now)
    write_out()
    letters = {letter.person_id: letter for letter in Message.objects.filter(kind="session_changed")}
    assert set(letters) == {waits.person_id, offered.person_id}
    for letter in letters.values():
        assert "You keep your turn" in letter.text
        assert url("moved", session) in letter.html
        assert letter.calendar == ""
    kept = {row.pk: row for row in rows.filter(session=session)}
    assert [kept[one.pk].is_asked_again for one in (waits, offered, at_a_form)] == [True, True, False]
    assert kept[offered.pk].offer_expires_at == START - 3 * DAY  # no offer outlasts booking
    client.force_login(waits.person)
    assert "You keep your turn, also if you don't answer" in text(client.get(url("moved", session)))
    client.post(url("moved", session), {"answer": "keep"})
    waits.refresh_from_db()
    assert (waits.state, waits.is_asked_again) == (BookingState.WAITING, False)
    client.force_login(offered.person)
    assert url("moved", session) in text(client.get(url("session", session)))
    client.post(url("moved", session), {"answer": "give_up"})
    states = dict(rows.filter(session=session).values_list("pk", "state"))
    assert (states[offered.pk], states[waits.pk]) == (BookingState.CANCELLED, BookingState.OFFERED)


def test_who_has_answered_is_not_asked_by_a_letter_that_comes_late(session, asked, now):
    keep_place(booking=asked, adopter=asked.person, now=now)
    write_out()
    assert url("moved", session) not in Message.objects.get(kind="session_changed").text


@pytest.mark.parametrize("name", ["session", "my_bookings"])
def test_a_page_leads_to_the_question(client, session, asked, name):
    page = reverse("webinars:my_bookings") if name == "my_bookings" else url(name, session)
    assert url("moved", session) in text(client.get(page))


def test_one_press_says_that_it_still_suits(client, session, asked):
    assert "It still suits me" in text(client.get(url("moved", session)))
    for _ in range(2):
        assert client.post(url("moved", session), {"answer": "keep"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.asked_again_at) == (BookingState.BOOKED, None)
    assert BookingChange.objects.filter(booking=asked, reason="new_date_suits").count() == 1
    assert "There's nothing to answer" in text(client.get(url("moved", session)))


def test_one_press_gives_the_place_up_and_never_late(client, session, asked, now):
    Session.objects.unscoped(because="a test").filter(pk=session.pk).update(cancel_deadline_at=now - DAY)
    client.post(url("moved", session), {"answer": "give_up"})
    asked.refresh_from_db()
    session.refresh_from_db()
    assert (asked.state, asked.asked_again_at, session.places_taken) == (BookingState.CANCELLED, None, 0)
    assert BookingChange.objects.get(booking=asked, after="cancelled").reason == "gave_place_up"
    assert client.post(url("moved", session), {"answer": "keep"}).status_code == 422


@pytest.mark.parametrize("answer", ["", "yes", "keep, please", "🐢" * 200])
def test_another_answer_changes_nothing(client, session, asked, answer):
    assert client.post(url("moved", session), {"answer": answer}).status_code == 422
    asked.refresh_from_db()
    assert asked.is_asked_again


def test_somebody_without_a_place_finds_nothing_there(client, session, asked):
    client.force_login(adopter())
    assert client.get(url("moved", session)).status_code == 404
    assert client.post(url("moved", session), {"answer": "give_up"}).status_code == 404


def test_staff_see_who_has_not_answered_until_it_begins(client, session, asked, trainer, at):
    BookingFactory(session=session)
    client.force_login(trainer)
    page = text(client.get(url("desk_session", session)))
    assert "1 person hasn't said yet" in page
    assert page.count("Hasn't said yet") == 1
    assert "Hasn't said yet" in text(client.get(url("desk_places", session)))
    at(START + 7 * DAY)
    assert "said yet" not in text(client.get(url("desk_session", session)))
