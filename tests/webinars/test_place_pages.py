"""The pages of offers, couples, exchanges, and of places at the desk."""

import html
from datetime import timedelta

import pytest
from django.urls import reverse

from lms.agencies.models import Role
from lms.outbox.models import Message
from lms.webinars import operations
from lms.webinars.models import Booking, BookingState, Session
from tests.factories.agencies import MembershipFactory, StaffRoleFactory
from tests.factories.cms import SiteTree, WorkshopPageFactory
from tests.factories.together import linked
from tests.factories.webinars import START, BookingFactory, SessionFactory, adopter

pytestmark = pytest.mark.django_db
rows = Booking.objects.unscoped(because="a test")
sessions = Session.objects.unscoped(because="a test")
NOW = START - timedelta(days=9)


@pytest.fixture(autouse=True)
def _nine_days_before(at):
    at(NOW)


def text(answer):
    return html.unescape(answer.content.decode()).replace("\u2019", "'")


def url(name, session, **more):
    return reverse(f"webinars:{name}", kwargs={"uuid": session.uuid, **more})


@pytest.fixture
def mine(client, person):
    """Whoever is signed in."""
    client.force_login(person)
    return person


@pytest.fixture
def offered(mine):
    """A place that is offered to whoever is signed in."""
    session = SessionFactory(capacity=1)
    holder = BookingFactory(session=session)
    operations.join_waiting_list(session=session, adopter=mine, now=NOW)
    operations.cancel_booking(booking=holder, actor=holder.person, now=NOW)
    return session


def state(session, person):
    return rows.filter(session=session, person=person).latest("pk").state


def test_a_quiet_booking_takes_eleven_statements(client, session, mine, django_assert_num_queries):
    client.post(url("book", session), {"access_needs": "Captions"})  # the first count of the hour
    other = SessionFactory()
    with django_assert_num_queries(12):  # the eleventh and twelfth: a savepoint, because a test is a transaction
        answer = client.post(url("book", other), {"access_needs": "Captions"})
    assert answer.status_code == 302


def test_pressing_book_when_all_is_full_takes_eight_statements_however_many_wait(
    client, session, mine, django_assert_num_queries
):
    client.post(url("book", session), {"access_needs": ""})  # the first count of the hour
    full = SessionFactory(capacity=2)
    BookingFactory.create_batch(2, session=full)
    for _ in range(3):
        operations.book_or_wait(session=full, adopter=adopter(), now=NOW)
    with django_assert_num_queries(10):  # the ninth and tenth: a savepoint, because a test is a transaction
        client.post(url("book", full), {"access_needs": ""})
    assert rows.get(session=full, person=mine).queue_number == 4


def test_pressing_book_for_the_last_place_too_late_says_where_one_stands(client, mine):
    session = SessionFactory(capacity=1)
    BookingFactory(session=session)
    page = text(client.post(url("book", session), {"access_needs": ""}, follow=True))
    assert "you're on the waiting list now" in page
    assert state(session, mine) == "waiting"


def test_an_offer_says_until_when_and_is_accepted(client, offered, mine):
    page = text(client.get(url("offer", offered)))
    assert "kept for you until" in page
    for name in ("session", "book"):
        assert "Please say yes or no by" in text(client.get(url(name, offered)))
    assert "A place is offered to you until" in text(client.get(reverse("webinars:my_bookings")))
    assert "You're booked for" in text(client.post(url("offer", offered), {"answer": "yes"}, follow=True))
    assert state(offered, mine) == "booked"
    assert "You're booked already" in text(client.get(url("offer", offered)))


def test_an_offer_is_declined(client, offered, mine):
    assert "next person" in text(client.post(url("offer", offered), {"answer": "no"}, follow=True))
    assert state(offered, mine) == "declined"


def test_looking_at_an_offer_answers_nothing(client, offered, mine):
    client.get(url("offer", offered), {"answer": "yes"})
    assert client.post(url("offer", offered), {"answer": "<script>"}).status_code == 422
    assert state(offered, mine) == "offered"


def test_a_late_answer_is_refused_in_words(client, offered, mine, at):
    at(rows.get(session=offered, person=mine).offer_expires_at)
    answer = client.post(url("offer", offered), {"answer": "yes"})
    assert (answer.status_code, "has run out" in text(answer)) == (422, True)


@pytest.mark.parametrize("name", ["offer", "swap", "cancel"])
def test_what_is_somebody_else_s_does_not_exist(client, offered, name):
    client.force_login(adopter())
    assert client.get(url(name, offered)).status_code == 404
    assert client.post(url(name, offered), {"answer": "yes"}).status_code == 404


def test_a_small_number_of_waiting_people_is_not_said(client, mine):
    session = SessionFactory(capacity=1)
    BookingFactory(session=session)
    for _ in range(4):
        BookingFactory(session=session, waiting=True)
    assert "A few people are waiting." in text(client.get(url("session", session)))
    BookingFactory(session=session, waiting=True)
    assert "5 people are waiting." in text(client.get(url("session", session)))


def test_a_place_is_kept_while_one_thinks_and_free_when_the_time_is_over(client, mine, at):
    session = SessionFactory(capacity=1)
    assert "It's yours until" in text(client.post(url("hold", session), {"places": "1"}, follow=True))
    assert client.post(url("hold", session), {"places": "7"}).status_code == 404
    assert client.get(url("hold", session)).status_code == 405
    client.force_login(adopter())
    assert "Full." in text(client.get(url("session", session)))
    at(NOW + timedelta(minutes=10))
    assert "1 place left" in text(client.get(url("session", session)))


# --- Two places ------------------------------------------------------------------------------------
def test_two_are_booked_and_the_link_is_shown_once(client, session, mine):
    assert "Book two places" in text(client.get(url("book", session)))
    assert "Two places" in text(client.get(url("together", session)))
    page = text(client.post(url("together", session), {"address": "", "access_needs": ""}))
    link = page.partition('readonly value="')[2].partition('"')[0]
    path = "/sessions/for-two/" + link.rstrip("/").rpartition("/")[2] + "/"
    client.force_login(adopter(display_name="Alex"))
    theirs = text(client.get(path))
    assert "A place is kept for you" in theirs
    assert mine.email not in theirs
    assert f"{mine.display_name} " not in theirs
    assert "You're booked for" in text(client.post(path, {"access_needs": ""}, follow=True))
    assert client.get(path).status_code == 410
    client.force_login(mine)
    assert "Alex" not in text(client.get(url("session", session)))


@pytest.mark.parametrize("typed", ["no address", "x" * 300 + "@example.org", "\U0001f9f8@example", "<script>@x"])
def test_a_wrong_address_books_nothing_and_is_given_back(client, session, mine, typed):
    answer = client.post(url("together", session), {"address": typed, "access_needs": "Captions"})
    assert (answer.status_code, rows.exists()) == (422, False)
    assert typed in text(answer)
    assert "Captions" in text(answer)


def test_where_there_is_one_place_the_choice_is_to_take_it_or_wait_for_two(client, mine):
    session = SessionFactory(capacity=1)
    page = text(client.get(url("together", session)))
    assert "Take the one place" in page
    assert "Wait for two" in page
    form = text(client.get(url("wait", session)))
    assert ("Two places, and only if there are two" in form, "One place, for me" in form) == (True, False)
    client.post(url("wait", session), {"together": "together"})
    assert "kept for the two of you" in text(client.get(url("session", session)))


def test_who_is_linked_is_written_to_without_showing_where(client, session, mine):
    assert 'name="linked"' not in text(client.get(url("together", session)))
    alex = adopter(display_name="Alex")
    linked(mine, alex)
    assert "Write to Alex, who you're linked with" in text(client.get(url("together", session)))
    answer = client.post(url("together", session), {"linked": "on", "address": ""})
    assert "We've written to Alex." in text(answer)
    assert alex.email not in answer.content.decode()
    assert Message.objects.get(kind="place_for_partner").address == alex.email


def test_a_guessed_link_has_run_out(client, mine):
    path = reverse("webinars:partner", args=["guessed"])
    assert client.get(path).status_code == client.post(path).status_code == 410


def test_letters_to_partners_are_limited(client, session, mine):
    answers = [client.post(url("together", session), {"address": f"p{n}@example.org"}) for n in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429]


# --- Another date ----------------------------------------------------------------------------------
@pytest.mark.parametrize("gone", [False, True])
def test_who_has_given_the_other_place_up_meanwhile_is_not_told_of_it(client, offered, mine, gone):
    old = BookingFactory(person=mine)
    rows.filter(session=offered, person=mine).update(instead_of=old)
    if gone:
        operations.cancel_booking(booking=old, actor=mine, now=NOW)
    assert ("the place you have on the other date" in text(client.get(url("offer", offered)))) is not gone


def test_a_place_is_exchanged_on_its_page(client, mine):
    page = WorkshopPageFactory(parent=SiteTree().workshops)
    first, second = (SessionFactory(workshop=page, starts_at=START + timedelta(weeks=n)) for n in (0, 1))
    BookingFactory(session=first, person=mine)
    assert second.day in text(client.get(url("swap", first)))
    assert client.post(url("swap", first), {"to": "nonsense"}).status_code == 422
    answer = client.post(url("swap", first), {"to": str(second.uuid)}, follow=True)
    assert "Exchanged." in text(answer)
    assert (state(first, mine), state(second, mine)) == ("cancelled", "booked")
    assert "nothing to exchange" in text(client.get(url("swap", first)))
    assert "You have no place there any more." in text(client.post(url("cancel", first), follow=True))


# --- The desk --------------------------------------------------------------------------------------
@pytest.fixture
def desk(client, session):
    """Somebody who coordinates the agency, at the desk."""
    actor = StaffRoleFactory(agency=session.agency, role=Role.COORDINATOR).person
    client.force_login(actor)
    return actor


def test_the_desk_adds_moves_and_takes_off(client, session, desk):
    person = adopter(display_name="Hannah")
    MembershipFactory(person=person, agency=session.agency)
    sent = {"address": person.email.upper(), "reason": "asked_by_phone"}
    assert "Hannah has a place" in text(client.post(url("desk_add", session), sent, follow=True))
    other = SessionFactory(agency=session.agency)
    booking = rows.get(person=person)
    move = {"to": str(other.uuid), "reason": "mistake_put_right"}
    client.post(url("desk_move", session, booking=booking.uuid), move)
    assert (state(session, person), state(other, person)) == ("cancelled", "booked")
    moved = rows.get(person=person, session=other)
    client.post(url("desk_remove", other, booking=moved.uuid), {"reason": "safety"})
    assert state(other, person) == "cancelled"


def test_the_desk_adds_nobody_of_another_agency(client, session, desk):
    stranger = adopter()
    answer = client.post(url("desk_add", session), {"address": stranger.email, "reason": "asked_by_phone"})
    assert (answer.status_code, rows.exists()) == (422, False)
    assert "Nobody with that address" in text(answer)


def test_no_reason_no_deed(client, session, desk):
    booking = BookingFactory(session=session)
    for reason in ("", "because", "x" * 500):
        answer = client.post(url("desk_remove", session, booking=booking.uuid), {"reason": reason})
        assert answer.status_code == 422
    assert state(session, booking.person) == "booked"


def test_the_desk_reaches_into_no_other_session(client, session, desk):
    foreign = BookingFactory()
    path = url("desk_remove", session, booking=foreign.uuid)
    assert client.post(path, {"reason": "safety"}).status_code == 404
    assert client.get(url("desk_places", foreign.session)).status_code == 404


def test_missed_sessions_are_shown_from_three_on_to_staff_and_keep_nobody_away(client, session, desk, person):
    for count in range(3):
        assert "Missed" not in text(client.get(url("desk_places", session)))
        past = SessionFactory(starts_at=NOW - timedelta(days=30 * count + 1))
        BookingFactory(session=past, person=person, state=BookingState.ABSENT)
        if not count:
            operations.book(session=session, adopter=person, now=NOW)
    assert "Missed 3 in six months" in text(client.get(url("desk_places", session)))
    another = SessionFactory()
    assert operations.book(session=another, adopter=person, now=NOW).state == "booked"


@pytest.mark.parametrize("people", [1, 12])
def test_the_places_of_a_session_cost_the_same_for_many(client, session, desk, django_assert_max_num_queries, people):
    BookingFactory.create_batch(people, session=session)
    BookingFactory.create_batch(people, session=session, waiting=True)
    with django_assert_max_num_queries(14):
        assert client.get(url("desk_places", session)).status_code == 200


def test_the_number_of_places_is_changed_at_the_desk(client, session, desk):
    BookingFactory.create_batch(2, session=session)
    assert client.post(url("desk_change_places", session), {"capacity": "-1"}).status_code == 422
    assert "Over by 1" in text(client.post(url("desk_change_places", session), {"capacity": "1"}, follow=True))
    client.post(url("desk_change_places", session), {"capacity": ""})
    assert sessions.get(pk=session.pk).capacity is None
