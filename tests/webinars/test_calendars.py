"""Calendar files: right, neutral, private, and without a way in."""

from datetime import timedelta
from uuid import uuid5

import icalendar
import pytest
from django.urls import reverse

from lms.outbox.models import Message
from lms.webinars import calendars, operations
from lms.webinars.models import Booking, BookingState, CalendarFeed
from tests.factories.accounts import PersonFactory
from tests.factories.webinars import START, BookingFactory, SessionFactory, adopter
from tests.trust.written import write_out
from tests.webinars.plans import plan_of

pytestmark = pytest.mark.django_db
rows = Booking.objects.unscoped(because="a test")


def parsed(text):
    return icalendar.Calendar.from_ical(text)


def events(text):
    return parsed(text).walk("VEVENT")


def name_of(booking, number=1):
    return f"session-{uuid5(booking.session.uuid, f'{booking.person_id}:{number}')}@127.0.0.1"


def unfolded(text):
    raw = text if isinstance(text, bytes) else text.encode()
    return raw.replace(b"\r\n ", b"").decode().split("\r\n")


def test_an_invitation_says_when_in_utc_and_little_else(session, person, now):
    booking = operations.book(session=session, adopter=person, now=now)
    write_out()
    text = Message.objects.get().calendar
    (event,) = events(text)
    assert parsed(text)["METHOD"] == "REQUEST"
    assert (event.start, event.end) == (START, START + timedelta(minutes=90))
    assert event["UID"] == name_of(booking)
    assert (event["SEQUENCE"], event["CLASS"], event["STATUS"]) == (0, "PRIVATE", "CONFIRMED")
    assert event["SUMMARY"] == "Keeping connections"
    assert event["DESCRIPTION"] == f"http://127.0.0.1:8000/sessions/{session.uuid}/"
    assert str(event["ATTENDEE"]) == f"mailto:{person.email}"
    assert "LOCATION" not in event
    assert "DTSTART:20260312T193000Z" in unfolded(text)


def test_who_asked_for_full_titles_gets_them(session, now):
    booking = BookingFactory(session=session, person=adopter(full_titles=True))
    (event,) = events(calendars.invitation(booking, now=now))
    assert event["SUMMARY"] == session.title


def test_a_change_keeps_the_name_and_raises_the_number(session, person, now):
    booking = operations.book(session=session, adopter=person, now=now)
    write_out()
    plan, actor = plan_of(session, region="East coast")
    operations.edit_session(session=session, plan=plan, actor=actor, now=now)
    write_out()
    first, second = (events(m.calendar)[0] for m in Message.objects.order_by("pk"))
    assert first["UID"] == second["UID"] == name_of(booking)
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)


def test_giving_up_takes_the_event_out_again_of_one_calendar_only(session, person, now):
    other = BookingFactory(session=session)
    booking = operations.book(session=session, adopter=person, now=now)
    operations.cancel_booking(booking=booking, actor=person, now=now)
    write_out()
    text = Message.objects.get(kind="booking_cancelled").calendar
    (event,) = events(text)
    assert parsed(text)["METHOD"] == "CANCEL"
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert event["UID"] == name_of(booking) != name_of(other)
    assert other.person.email not in text


def test_booking_again_is_the_same_event_with_a_higher_number(session, person, now):
    for _ in range(2):
        booking = operations.book(session=session, adopter=person, now=now)
        write_out()
        operations.cancel_booking(booking=booking, actor=person, now=now)
        write_out()
    found = [events(m.calendar)[0] for m in Message.objects.order_by("pk")]
    assert {str(event["UID"]) for event in found} == {name_of(booking)}
    assert [event["SEQUENCE"] for event in found] == [0, 1, 2, 3]


def test_giving_up_and_a_change_meanwhile_never_go_back_in_number(session, person, now):
    first = operations.book(session=session, adopter=person, now=now)
    operations.cancel_booking(booking=first, actor=person, now=now)
    plan, actor = plan_of(session, region="East coast")
    operations.edit_session(session=session, plan=plan, actor=actor, now=now)
    operations.book(session=session, adopter=person, now=now)
    write_out()
    numbers = [events(m.calendar)[0]["SEQUENCE"] for m in Message.objects.exclude(text="").order_by("pk")]
    assert numbers == sorted(set(numbers))


def test_a_group_is_one_event_a_part(now):
    booking = BookingFactory(session=SessionFactory(weeks=3, starts_at=START + timedelta(days=7)))
    found = events(calendars.invitation(booking, now=now))
    assert [e.start.isoformat() for e in found] == [
        "2026-03-19T19:30:00+00:00",
        "2026-03-26T19:30:00+00:00",
        "2026-04-02T19:30:00+00:00",
    ]
    assert len({str(e["UID"]) for e in found}) == 3


NASTY = [
    "Tea\r\nATTENDEE:mailto:evil@evil.example",
    "Tea\nEND:VEVENT\nBEGIN:VEVENT",
    "Tea\rX-EVIL:1",
    "Tea\x0bX-EVIL:1",
    "Tea\u2028X-EVIL:1",
    "a;b,c\\n d\\",
    "🧵" * 60,
    "\u202e\u062a\u064a\u0645",
    "x" * 100,
    '"quoted": value',
]


@pytest.mark.parametrize("title", NASTY)
def test_no_title_breaks_out_of_its_line(now, title):
    booking = BookingFactory(session=SessionFactory(neutral_title=title, title=title))
    for text in (
        calendars.invitation(booking, now=now),
        calendars.download(booking, now=now),
        calendars.feed([booking], now=now),
    ):
        (event,) = events(text)
        assert "X-EVIL" not in event
        assert len(event.get("ATTENDEE", "").split("mailto:")) <= 2
        assert " ".join(str(event["SUMMARY"]).split()) == " ".join(title.split())
        assert all(len(line) <= 75 for line in (text if isinstance(text, bytes) else text.encode()).split(b"\r\n"))


# --- The subscribed calendar ----------------------------------------------------------------------
@pytest.fixture
def feed_of(client, now, at):
    at(now)

    def read(person):
        token = operations.make_feed(person=person, now=now)
        return client.get(reverse("webinars:feed", args=[token]))

    return read


def test_the_feed_holds_one_s_own_places_and_nobody_else_s(feed_of, session, person):
    mine = BookingFactory(session=session, person=person)
    theirs = BookingFactory(session=session)
    BookingFactory(person=person, waiting=True)
    answer = feed_of(person)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = events(answer.content)
    assert event["UID"] == name_of(mine)
    text = answer.content.decode()
    for secret in (name_of(theirs), theirs.person.email, person.email, session.title, "canary"):
        assert secret not in text


def test_the_feed_is_kept_by_nobody_and_listed_nowhere(feed_of, person):
    answer = feed_of(person)
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Robots-Tag"] == "noindex"
    assert events(answer.content) == []


def test_what_was_cancelled_stays_a_month_as_cancelled(feed_of, session, person, now):
    booking = operations.book(session=session, adopter=person, now=now)
    operations.cancel_booking(booking=booking, actor=person, now=now)
    (event,) = events(feed_of(person).content)
    assert event["STATUS"] == "CANCELLED"
    token = operations.make_feed(person=person, now=now)
    key = operations.open_feed(token, now=now)
    assert calendars.bookings_in_feed(key, now=now + timedelta(days=31)) == []


def test_a_calendar_that_has_it_all_is_told_so(client, session, person, now, at):
    BookingFactory(session=session, person=person)
    at(now)
    address = reverse("webinars:feed", args=[operations.make_feed(person=person, now=now)])
    first = client.get(address)
    at(now + timedelta(hours=1))
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(address).content == b""
    BookingFactory(session=SessionFactory(), person=person)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_what_was_given_up_and_booked_again_is_there_once(feed_of, session, person, now):
    booking = operations.book(session=session, adopter=person, now=now)
    operations.cancel_booking(booking=booking, actor=person, now=now)
    operations.book(session=session, adopter=person, now=now)
    (event,) = events(feed_of(person).content)
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 2)


def test_what_was_only_wished_for_is_not_in_the_feed(feed_of, person, now):
    session = SessionFactory(capacity=1)
    BookingFactory(session=session)
    wish = operations.join_waiting_list(session=session, adopter=person, now=now)
    operations.cancel_booking(booking=wish, actor=person, now=now)
    assert events(feed_of(person).content) == []


@pytest.mark.parametrize("count", [1, 20])
def test_the_feed_costs_the_same_however_much_is_booked(client, person, now, at, django_assert_num_queries, count):
    for n in range(count):
        BookingFactory(person=person, session=SessionFactory(starts_at=START + timedelta(days=n)))
    at(now)
    address = reverse("webinars:feed", args=[operations.make_feed(person=person, now=now)])
    client.get(address)
    with django_assert_num_queries(3):  # whose it is and that it was used, the bookings, their parts
        client.get(address)


def test_only_a_hash_of_the_secret_is_kept(person, now):
    token = operations.make_feed(person=person, now=now)
    kept = CalendarFeed.objects.owned_by(person).get()
    assert token not in repr(vars(kept))
    assert len(kept.token_hash) == 64
    assert len(token) == 43


def test_a_new_address_stops_the_old_one(client, person, now):
    old = operations.make_feed(person=person, now=now)
    new = operations.make_feed(person=person, now=now)
    assert client.get(reverse("webinars:feed", args=[old])).status_code == 404
    assert client.get(reverse("webinars:feed", args=[new])).status_code == 200
    assert CalendarFeed.objects.owned_by(person).live().count() == 1


def test_stopping_it_stops_it(client, person, now):
    token = operations.make_feed(person=person, now=now)
    operations.stop_feed(person=person, now=now)
    operations.stop_feed(person=person, now=now)
    assert client.get(reverse("webinars:feed", args=[token])).status_code == 404


def test_it_stops_with_the_account(client, person, now):
    token = operations.make_feed(person=person, now=now)
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(reverse("webinars:feed", args=[token])).status_code == 404


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 5000, "..%2F", "é", "%0d%0aSet-Cookie:x"])
def test_an_unknown_address_is_not_found(client, db, token):
    answer = client.get(f"/calendar/{token}.ics")
    assert answer.status_code == 404
    assert answer.headers.get("Cache-Control", "no-store") == "no-store"


def test_the_day_of_use_is_remembered(client, person, now, at):
    token = operations.make_feed(person=person, now=now)
    at(now + timedelta(days=2))
    client.get(reverse("webinars:feed", args=[token]))
    assert CalendarFeed.objects.owned_by(person).get().last_used_on == (now + timedelta(days=2)).date()


# --- One booking as a file, and the page ----------------------------------------------------------
def test_a_booking_can_be_saved_as_a_file(client, session, person):
    booking = BookingFactory(session=session, person=person)
    client.force_login(person)
    answer = client.get(reverse("webinars:calendar_file", args=[session.uuid]))
    assert answer["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    assert parsed(answer.content)["METHOD"] == "PUBLISH"
    assert events(answer.content)[0]["UID"] == name_of(booking)


@pytest.mark.parametrize("state", [None, BookingState.CANCELLED, BookingState.WAITING])
def test_without_a_place_there_is_no_file(client, session, person, state):
    if state:
        BookingFactory(session=session, person=person, state=state, queue_number=1)
    BookingFactory(session=session)
    client.force_login(person)
    assert client.get(reverse("webinars:calendar_file", args=[session.uuid])).status_code == 404


def test_the_address_is_shown_once(client, person):
    client.force_login(person)
    made = client.post(reverse("webinars:calendar_make"))
    address = made.context["address"]
    assert address in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    page = client.get(reverse("webinars:my_calendar"))
    assert "/calendar/" not in page.content.decode().replace("/my/calendar/", "")
    assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_the_address_is_made_and_stopped_by_pressing_only(client, person):
    client.force_login(person)
    for name in ("calendar_make", "calendar_stop"):
        assert client.get(reverse(f"webinars:{name}")).status_code == 405
    client.post(reverse("webinars:calendar_make"))
    stopped = client.post(reverse("webinars:calendar_stop"))
    assert stopped.url == reverse("webinars:my_calendar")
    assert not CalendarFeed.objects.owned_by(person).live().exists()


def test_a_stranger_has_no_calendar_page(client):
    answer = client.get(reverse("webinars:my_calendar"))
    assert answer.status_code == 302
    assert "login" in answer.url


def test_staff_have_no_way_to_anybody_s_address(coordinator, session):
    from lms.agencies.access import rights_of

    operations.make_feed(person=PersonFactory(), now=START)
    assert not CalendarFeed.objects.within(rights_of(coordinator).scope("coordinator")).exists()
