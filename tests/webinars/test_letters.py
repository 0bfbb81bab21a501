"""What letters say, and what they never say."""

from datetime import timedelta
from functools import partial

import pytest

from lms.outbox.models import Message
from lms.webinars import operations
from lms.webinars.models import BookingState
from tests.factories.webinars import ROOM, START, VENUE, BookingFactory, SessionFactory, adopter
from tests.trust.written import write_out
from tests.webinars.plans import plan_of

pytestmark = pytest.mark.django_db


def cause_every_letter(session, coordinator, now, at):
    """Do all that somebody is written to about, and write each letter when it would go out."""
    person, steps = adopter(display_name="Robin Canaryname"), []

    def then(deed, moment=now):
        at(moment)
        steps.append(deed(now=moment))
        write_out()

    then(partial(operations.book, session=session, adopter=person, access_needs="canary needs"))
    session.refresh_from_db()
    waiting = [operations.join_waiting_list(session=session, adopter=adopter(), now=now) for _ in range(2)]
    plan, actor = plan_of(session, region="East coast")
    then(partial(operations.edit_session, session=session, plan=plan, actor=actor))
    then(operations.remind, START - timedelta(hours=24))
    then(partial(operations.cancel_booking, booking=steps[0], actor=person), START - timedelta(hours=5))
    operations.book(session=session, adopter=waiting[0].person, now=START - timedelta(hours=4))
    reason = partial(operations.cancel_session, session=session, actor=coordinator, reason="Snow.")
    then(reason, START - timedelta(hours=3))
    return {letter.kind: letter for letter in Message.objects.exclude(text="")}


KINDS = {
    "booking_confirmed": "Your booking for Thursday 12 March, 7:30pm",
    "place_open": "A place is free: Thursday 12 March, 7:30pm",
    "booking_cancelled": "You gave up your place: Thursday 12 March, 7:30pm",
    "session_changed": "Changed: now Thursday 12 March, 7:30pm",
    "session_reminder.day": "A reminder: Thursday 12 March, 7:30pm",
    "session_cancelled": "Cancelled: Thursday 12 March, 7:30pm",
}


@pytest.fixture
def letters(coordinator, session, now, at):
    session.capacity = 1
    session.save(update_fields=["capacity"])
    return cause_every_letter(session, coordinator, now, at)


def test_subjects_say_when_and_not_what(letters):
    assert {kind: letter.subject for kind, letter in letters.items()} == KINDS


def test_every_letter_says_how_to_get_help_and_in_both_forms(letters):
    for letter in letters.values():
        for body in (letter.text, letter.html):
            assert "116 123" in body
            assert "7:30pm to 9pm" in body
            assert letter.kind == "session_cancelled" or "/sessions/" in body
        assert "<" not in letter.text


def test_no_letter_names_the_room_or_anybody_else(letters, session):
    for letter in Message.objects.all():
        everything = "".join((letter.subject, letter.text, letter.html, letter.calendar))
        assert "rooms-canary" not in everything
        assert "canary needs" not in everything
        assert session.title not in everything
        others = Message.objects.exclude(person_id=letter.person_id).values_list("address", flat=True)
        assert not [address for address in others if address in everything]


def test_no_letter_says_adoption_in_its_subject_or_calendar(letters):
    for letter in letters.values():
        assert "adopt" not in (letter.subject + letter.calendar).lower()


def test_a_venue_is_in_no_letter(coordinator, now, at):
    session = SessionFactory(in_person=True, capacity=1, agency__name="Fellside")
    letters = cause_every_letter(session, coordinator, now, at)
    assert set(letters) == set(KINDS)
    for letter in letters.values():
        everything = "".join((letter.subject, letter.text, letter.html, letter.calendar))
        assert "Canary Hall" not in everything
        assert VENUE not in everything
        assert ROOM not in everything


def test_who_asked_for_full_titles_reads_them(session, now):
    person = adopter(full_titles=True)
    operations.book(session=session, adopter=person, now=now)
    write_out()
    letter = Message.objects.get()
    assert session.title in letter.text
    assert session.title not in letter.subject


def test_who_lives_by_another_clock_reads_both(session, now):
    operations.book(session=session, adopter=adopter(time_zone="Pacific/Auckland"), now=now)
    write_out()
    letter = Message.objects.get()
    for body in (letter.text, letter.html):
        assert "7:30pm to 9pm" in body
        assert "UK time" in body
        assert "8:30am to 10am on Friday 13 March, Auckland time" in body


def test_all_dates_of_a_group_are_named(now):
    session = SessionFactory(weeks=3)
    operations.book(session=session, adopter=adopter(), now=now)
    write_out()
    text = Message.objects.get().text
    assert [day in text for day in ("Thursday 12 March", "Thursday 19 March", "Thursday 26 March")] == [True] * 3


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "{{ settings.SECRET_KEY }}", "A\r\nBcc: evil@evil.example"]
)
def test_a_name_is_only_a_name(session, now, name):
    operations.book(session=session, adopter=adopter(display_name=name[:80]), now=now)
    write_out()
    letter = Message.objects.get()
    assert "<script>" not in letter.html
    assert "\n" not in letter.subject
    assert letter.address.endswith("@example.org")


def test_only_who_had_a_place_or_waited_is_told_of_the_end(session, coordinator, now):
    BookingFactory(session=session, state=BookingState.CANCELLED)
    operations.cancel_session(session=session, actor=coordinator, reason="Snow.", now=now)
    assert not Message.objects.exists()


# --- What has changed by the time a letter goes out -----------------------------------------------
def test_a_booking_given_up_before_the_letter_went_is_not_confirmed(session, person, now):
    booking = operations.book(session=session, adopter=person, now=now)
    operations.cancel_booking(booking=booking, actor=person, now=now)
    write_out()
    assert [m.kind for m in Message.objects.exclude(text="")] == ["booking_cancelled"]


def test_of_two_changes_in_a_row_the_last_is_told(session, coordinator, now):
    BookingFactory(session=session)
    for region in ("East coast", "West coast"):
        plan, actor = plan_of(session, region=region)
        operations.edit_session(session=session, plan=plan, actor=actor, now=now)
    write_out()
    assert Message.objects.filter(kind="session_changed").count() == 2
    letter = Message.objects.exclude(text="").get()
    assert "SEQUENCE:2" in letter.calendar


def test_nobody_is_told_of_a_free_place_that_has_gone(session, now, at):
    at(START - timedelta(hours=3))
    BookingFactory(session=session, waiting=True)
    free = BookingFactory(session=session)
    session.capacity = 1
    session.save(update_fields=["capacity"])
    operations.cancel_booking(booking=free, actor=free.person, now=START - timedelta(hours=4))
    operations.book(session=session, adopter=adopter(), now=START - timedelta(hours=3))
    write_out()
    assert not Message.objects.filter(kind="place_open").exclude(text="").exists()


def test_a_letter_to_who_is_gone_is_not_written(session, person, now):
    operations.book(session=session, adopter=person, now=now)
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    write_out()
    assert Message.objects.get().text == ""


def test_booking_renders_nothing_while_its_transaction_is_open(session, person, now, monkeypatch):
    from lms.outbox import kinds

    monkeypatch.setattr(kinds, "render_to_string", lambda *_: pytest.fail("rendered"))
    operations.book(session=session, adopter=person, now=now)
    assert Message.objects.get().about == {"booking": person.bookings.unscoped(because="a test").get().pk}
