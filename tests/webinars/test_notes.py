"""Writing to everybody with a place: looked at first, one letter each, and who got it is kept."""

from uuid import uuid4

import pytest
from django.urls import reverse

from lms.audit.models import Entry
from lms.outbox.models import Message
from lms.webinars import operations
from lms.webinars.models import BookingState, RegisterNote, RegisterNoteCopy
from tests.factories.webinars import BookingFactory, SessionFactory, adopter
from tests.trust.written import write_out

pytestmark = pytest.mark.django_db
notes = RegisterNote.objects.unscoped(because="a test")
WORDS = "Please bring a cushion."


@pytest.fixture
def desk(client, trainer, now, at):
    client.force_login(trainer)
    at(now)
    return client


def page_of(session):
    return reverse("webinars:desk_write", args=[session.uuid])


def send(session, trainer, now, **changes):
    typed = {"session": session, "note_id": uuid4(), "words": WORDS, "actor": trainer, "now": now, **changes}
    return operations.send_note(**typed)


def test_nothing_goes_before_it_was_looked_at(desk, session):
    people = [BookingFactory(session=session, person=adopter(display_name=f"Sam {n}")) for n in range(2)]
    seen = desk.post(page_of(session), {"words": WORDS})
    assert (seen.status_code, seen.context["is_preview"]) == (200, True)
    shown = seen.content.decode()
    for said in (WORDS, "A message about Thursday 12 March, 7:30pm", *(one.person.display_name for one in people)):
        assert said in shown
    assert not any(one.person.email in shown for one in people)
    back = desk.post(page_of(session), {"words": WORDS, "back": "1"})
    assert (back.context["is_preview"], WORDS in back.content.decode()) == (False, True)
    assert not Message.objects.exists()


def test_each_person_gets_a_letter_of_their_own(session, trainer, now):
    people = [BookingFactory(session=session).person for _ in range(3)]
    BookingFactory(session=session, waiting=True)
    BookingFactory(session=session, state=BookingState.CANCELLED)
    note = send(session, trainer, now)
    write_out()
    letters = Message.objects.all()
    assert sorted(letter.person_id for letter in letters) == sorted(person.pk for person in people)
    for letter in letters:
        assert WORDS in letter.text
        assert letter.subject == "A message about Thursday 12 March, 7:30pm"
        others = [person.email for person in people if person.pk != letter.person_id]
        assert not [email for email in others if email in letter.text + letter.html]
    assert RegisterNoteCopy.objects.filter(note=note).count() == 3


def test_who_did_it_is_recorded_without_the_words(session, trainer, now):
    BookingFactory(session=session)
    send(session, trainer, now)
    entry = Entry.objects.get(action="session.written_to")
    assert (entry.actor_id, entry.ids["people"]) == (trainer.pk, 1)
    assert "cushion" not in str(entry.ids)


def test_pressed_twice_it_goes_once(desk, session):
    BookingFactory(session=session)
    typed = {"words": WORDS, "note_id": str(uuid4()), "send": "1"}
    for _ in range(2):
        assert desk.post(page_of(session), typed).status_code == 302
    assert (notes.count(), Message.objects.count()) == (1, 1)
    desk.post(page_of(session), {**typed, "words": "Please bring two cushions."})  # after a step back in the browser
    assert (notes.count(), Message.objects.count()) == (2, 2)


def test_with_nobody_to_write_to_nothing_is_kept(desk, session):
    answer = desk.post(page_of(session), {"words": WORDS, "send": "1"})
    assert answer.status_code == 422
    assert WORDS in answer.content.decode()
    assert not notes.exists()


@pytest.mark.parametrize(
    "words", ["", "  ", "x" * 2001, "Come in: https://zoom.us/j/1", "www.example.org", "Zoom.us/j/1"]
)
def test_what_cannot_go_is_said_and_kept_in_the_box(desk, session, words):
    BookingFactory(session=session)
    answer = desk.post(page_of(session), {"words": words, "send": "1"})
    assert answer.status_code == 422
    assert not Message.objects.exists()


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "{{ settings.SECRET_KEY }}", "שלום\u202e🧵"])
def test_words_are_only_words(session, trainer, now, words):
    BookingFactory(session=session)
    send(session, trainer, now, words=words)
    write_out()
    letter = Message.objects.get()
    assert "<script>" not in letter.html
    assert "settings.SECRET_KEY" in letter.text or "{{" not in words


def test_who_gave_the_place_up_before_it_went_does_not_get_it(session, trainer, person, now):
    booking = BookingFactory(session=session, person=person)
    send(session, trainer, now)
    operations.cancel_booking(booking=booking, actor=person, now=now)
    write_out()
    assert Message.objects.get(kind="session_note").text == ""


def test_of_a_session_that_is_not_one_s_own_there_is_no_page(desk):
    foreign = SessionFactory()
    BookingFactory(session=foreign)
    assert desk.get(page_of(foreign)).status_code == 404
    assert desk.post(page_of(foreign), {"words": WORDS, "send": "1"}).status_code == 404
    assert not Message.objects.exists()
