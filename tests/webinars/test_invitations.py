"""What goes into calendars by e-mail, against files kept beside the tests and read by a second library."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import vobject

from lms.outbox import mail
from lms.outbox.models import Message
from lms.webinars import calendars, operations
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import MembershipFactory
from tests.factories.webinars import START, BookingFactory, SessionFactory, adopter
from tests.trust.written import write_out
from tests.webinars.plans import plan_of

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).parent.parent / "data" / "calendars"


@pytest.fixture
def session(db):
    return SessionFactory(uuid=UUID(int=1), neutral_title="Keeping connections; tea, and \\cake\nafterwards")


@pytest.fixture
def person(db):
    person = PersonFactory(pk=4711, email="sam@example.org")
    MembershipFactory(person=person)
    return person


@pytest.fixture
def files(session, person, coordinator, now, at):
    """What is sent when somebody books, when the time changes, and when it is called off."""
    at(now)
    operations.book(session=session, adopter=person, now=now)
    write_out()
    plan, actor = plan_of(session, region="East coast")
    operations.edit_session(session=session, plan=plan, actor=actor, now=now)
    write_out()
    operations.cancel_session(session=session, actor=coordinator, reason="Snow.", now=now)
    write_out()
    return [row.calendar for row in Message.objects.order_by("pk")]


@pytest.mark.parametrize(("name", "number"), [("request", 0), ("update", 1), ("cancel", 2)])
def test_the_files_are_as_they_are_kept(files, name, number):
    assert files[number].encode() == (KEPT / f"{name}.ics").read_bytes()


def test_one_event_through_three_files_as_a_second_library_reads_them(files):
    read = [vobject.readOne(text) for text in files]
    assert [calendar.method.value for calendar in read] == ["REQUEST", "REQUEST", "CANCEL"]
    found = [calendar.vevent for calendar in read]
    assert len({event.uid.value for event in found}) == 1
    assert [event.sequence.value for event in found] == ["0", "1", "2"]
    assert [event.status.value for event in found] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert {event.dtstart.value for event in found} == {START}
    assert {event.getChildValue("class") for event in found} == {"PRIVATE"}
    assert found[0].summary.value == "Keeping connections; tea, and \\cake afterwards"
    assert found[0].description.value == f"http://127.0.0.1:8000/sessions/{UUID(int=1)}/"


def test_who_invites_is_who_sends_and_who_is_invited_is_who_reads(files, settings):
    event = vobject.readOne(files[0]).vevent
    assert event.organizer.value == "mailto:hello@hearth.example"
    assert event.attendee.value == "mailto:sam@example.org"
    assert mail.build(Message.objects.first()).from_email == settings.DEFAULT_FROM_EMAIL


def test_a_file_is_another_form_of_the_letter_and_an_attachment(files):
    sent = mail.build(Message.objects.first()).message()
    whole, file = sent.get_payload()
    forms = whole.get_payload()
    assert [form.get_content_type() for form in forms] == ["text/plain", "text/html", "text/calendar"]
    for part in (forms[2], file):
        assert (part.get_param("method"), part.get_content_charset()) == ("REQUEST", "utf-8")
        assert vobject.readOne(part.get_payload(decode=True).decode()).method.value == "REQUEST"
    assert file.get_filename() == "invite.ics"


def test_taking_one_person_out_touches_nobody_else(session, person, now):
    other = BookingFactory(session=session)
    booking = operations.book(session=session, adopter=person, now=now)
    operations.cancel_booking(booking=booking, actor=person, now=now)
    write_out()
    taken = vobject.readOne(Message.objects.get(kind="booking_cancelled").calendar).vevent
    kept = vobject.readOne(calendars.invitation(other, now=now)).vevent
    assert taken.uid.value != kept.uid.value
    assert [line.value for line in taken.contents["attendee"]] == ["mailto:sam@example.org"]


@pytest.mark.parametrize("title", ["Łąka " * 20, "🧵" * 60, "a;b,c\\n" * 14])
def test_long_titles_are_folded_between_letters(now, title):
    booking = BookingFactory(session=SessionFactory(neutral_title=title))
    text = calendars.invitation(booking, now=now)
    assert all(len(line) <= 75 for line in text.encode().split(b"\r\n"))
    assert vobject.readOne(text).vevent.summary.value.split() == title.split()


@pytest.mark.parametrize("title", ["Tea\r\nATTENDEE:mailto:evil@evil.example", "Tea\nEND:VEVENT\nBEGIN:VEVENT"])
def test_no_title_adds_a_line(now, title):
    booking = BookingFactory(session=SessionFactory(neutral_title=title), person=adopter(email="sam@example.org"))
    calendar = vobject.readOne(calendars.invitation(booking, now=now))
    assert len(calendar.contents["vevent"]) == 1
    assert [line.value for line in calendar.vevent.contents["attendee"]] == ["mailto:sam@example.org"]


def test_each_part_of_a_group_is_an_event_of_its_own_that_keeps_its_name(now):
    booking = BookingFactory(session=SessionFactory(weeks=3))
    calendar = vobject.readOne(calendars.invitation(booking, now=now))
    found = calendar.contents["vevent"]
    assert [event.dtstart.value for event in found] == [START + timedelta(weeks=week) for week in range(3)]
    assert len({event.uid.value for event in found}) == 3
