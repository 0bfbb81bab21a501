"""The code that is shown in the room, and people who are in it without a place."""

from datetime import timedelta

import pytest
from django.urls import reverse

from lms.audit.models import Entry
from lms.webinars import attending, operations
from lms.webinars.models import Booking, BookingState, SeenBy, Session, SessionState, Sighting
from tests.factories.agencies import MembershipFactory
from tests.factories.webinars import START, BookingFactory, SessionFactory, adopter

pytestmark = pytest.mark.django_db
LATE = START + timedelta(minutes=20)
sightings = Sighting.objects.unscoped(because="a test")


@pytest.fixture
def booking(session):
    return BookingFactory(session=session)


def code_of(session, now=LATE, number=1):
    return operations.code_now(session.parts.get(number=number), now=now)


@pytest.fixture
def type_in(client, at):
    def go(session, person, typed, *, now=LATE):
        at(now)
        client.force_login(person)
        return client.post(reverse("webinars:code", args=[session.uuid]), {"code": typed})

    return go


@pytest.mark.parametrize("change", [str, str.lower, lambda code: f" {code[:2]} {code[2:]} ", "-".join])
def test_the_code_notes_that_somebody_is_there(session, booking, type_in, change):
    answer = type_in(session, booking.person, change(code_of(session)))
    assert (answer.status_code, answer.url) == (302, reverse("webinars:session", args=[session.uuid]))
    seen = sightings.get()
    assert (seen.booking, seen.by, seen.seen_at) == (booking, SeenBy.CODE, LATE)
    booking.refresh_from_db()
    assert booking.state == BookingState.BOOKED  # staff decide


def test_typed_twice_it_is_noted_once(session, booking, type_in):
    for minutes in (0, 1):
        now = LATE + timedelta(minutes=minutes)
        assert type_in(session, booking.person, code_of(session, now), now=now).status_code == 302
    assert sightings.get().seen_at == LATE


def test_a_code_is_taken_for_its_time_and_once_more(session, booking, type_in):
    code, lives = code_of(session, START), attending.CODE_LIVES
    assert type_in(session, booking.person, code, now=START + 2 * lives).status_code == 422
    assert type_in(session, booking.person, code, now=START + 2 * lives - timedelta(seconds=1)).status_code == 302


@pytest.mark.parametrize(
    "typed", ["", "B" * 5, "\U0001f642", "<script>", "\u202eCODE", "1" * 500, "' OR 1=1"], ids=range(7)
)
def test_anything_else_is_refused_and_kept_in_the_box(session, booking, type_in, typed):
    answer = type_in(session, booking.person, typed)
    assert answer.status_code == 422
    assert not sightings.exists()


def test_last_weeks_code_is_no_code(booking, type_in):
    group = SessionFactory(weeks=2)
    person = BookingFactory(session=group).person
    next_week = LATE + timedelta(days=7)
    assert type_in(group, person, code_of(group), now=next_week).status_code == 422
    assert type_in(group, person, code_of(group, next_week, number=2), now=next_week).status_code == 302
    assert sightings.get().part.number == 2


def test_the_code_of_another_session_is_no_code(session, booking, type_in):
    assert type_in(session, booking.person, code_of(SessionFactory())).status_code == 422


@pytest.mark.parametrize("now", [START - timedelta(seconds=1), START + timedelta(minutes=121)])
def test_outside_the_date_no_code_counts(session, booking, type_in, now):
    assert type_in(session, booking.person, code_of(session, now), now=now).status_code == 422
    assert not sightings.exists()


@pytest.mark.parametrize("state", [BookingState.CANCELLED, BookingState.EXPIRED])
def test_without_a_place_there_is_nothing_to_type(session, type_in, state):
    person = BookingFactory(session=session, state=state).person
    assert type_in(session, person, code_of(session)).status_code == 404
    assert type_in(session, adopter(), code_of(session)).status_code == 404


def test_a_session_that_was_called_off_takes_no_code(booking, type_in):
    off = SessionFactory(state=SessionState.CANCELLED)
    person = BookingFactory(session=off).person
    assert type_in(off, person, code_of(off)).status_code == 422


def test_guessing_ends_after_ten_tries(session, booking, type_in):
    answers = [type_in(session, booking.person, f"BCDF{n}").status_code for n in range(12)]
    assert answers == [422] * 10 + [429] * 2
    assert type_in(session, booking.person, code_of(session)).status_code == 429
    assert not sightings.exists()


def test_who_runs_it_sees_the_code_and_how_many_have_typed_it(client, session, booking, trainer, type_in, at):
    type_in(session, booking.person, code_of(session))
    client.force_login(trainer)
    answer = client.get(reverse("webinars:desk_code", args=[session.uuid]))
    page = answer.content.decode()
    assert code_of(session) in page
    assert "1 of 1 has typed it" in page
    assert 1 <= int(answer["Refresh"]) <= 20
    register = client.get(reverse("webinars:desk_session", args=[session.uuid])).content.decode()
    assert "Typed the code at 7:50pm." in register
    at(START - timedelta(hours=1))
    early = client.get(reverse("webinars:desk_code", args=[session.uuid]))
    assert "Refresh" not in early
    assert code_of(session, START - timedelta(hours=1)) not in early.content.decode()


def test_the_code_is_on_no_page_of_who_should_type_it(client, session, booking, at):
    at(LATE)
    client.force_login(booking.person)
    for name in ("session", "code", "join"):
        answer = client.get(reverse(f"webinars:{name}", args=[session.uuid]))
        assert code_of(session) not in answer.content.decode()


def test_codes_differ_and_have_no_signs_that_look_alike():
    codes = {attending.code(b"secret", number) for number in range(500)}
    assert len(codes) > 495
    assert not set("".join(codes)) & set("AEIOU0125LS")


# --- Walk-ins -------------------------------------------------------------------------------------
@pytest.fixture
def add(client, session, trainer, at):
    def go(address, *, reason="", now=LATE):
        at(now)
        client.force_login(trainer)
        form = {"address": address, "reason": reason}
        return client.post(reverse("webinars:desk_walk_in", args=[session.uuid]), form)

    return go


@pytest.fixture
def known(session):
    """An adopter whom the agency of the session has confirmed."""
    person = adopter(display_name="Alex")
    MembershipFactory(person=person, agency=session.agency)
    return person


def place_of(person):
    return Booking.objects.owned_by(person).first()


def taken(session):
    return Session.objects.unscoped(because="a test").get(pk=session.pk).places_taken


def test_who_is_in_the_room_is_put_on_the_register(session, trainer, known, add):
    assert add(known.email.upper()).status_code == 302
    assert place_of(known).state == BookingState.BOOKED
    assert taken(session) == 1
    deed = Entry.objects.get(action="booking.booked")
    assert (deed.actor_id, deed.ids["reason"]) == (trainer.pk, "walked_in")
    assert add(known.email).status_code == 302
    assert taken(session) == 1


def test_in_a_full_room_only_with_a_reason(session, known, add):
    Session.objects.unscoped(because="a test").filter(pk=session.pk).update(capacity=1)
    BookingFactory(session=session)
    assert add(known.email).status_code == 422
    assert place_of(known) is None
    assert add(known.email, reason="because").status_code == 422
    assert add(known.email, reason="agreed_by_manager").status_code == 302
    assert place_of(known).state == BookingState.BOOKED


def test_only_who_the_agency_has_confirmed(session, add):
    elsewhere = adopter()
    for address in (elsewhere.email, "nobody@example.org", "x", "", "a@b.c" * 100):
        assert add(address).status_code == 422
    assert place_of(elsewhere) is None


def test_before_it_begins_people_book(known, add):
    assert add(known.email, now=START - timedelta(seconds=1)).status_code == 422
    assert place_of(known) is None


def test_who_waits_is_let_in_from_the_list(session, add):
    waits = BookingFactory(session=session, waiting=True)
    MembershipFactory(person=waits.person, agency=session.agency)
    assert add(waits.person.email).status_code == 302
    waits.refresh_from_db()
    assert waits.state == BookingState.BOOKED
