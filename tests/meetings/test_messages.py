"""What providers tell: only if they signed it, once, in any order, and read by the worker."""

import json
import time
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from lms.accounts import operations as accounts
from lms.meetings import jobs, linking, operations, tasks
from lms.meetings.models import Presence, Room, WebhookEvent
from lms.meetings.signals import stays_counted
from tests.factories.meetings import ConnectionFactory, RoomFactory
from tests.factories.webinars import START, adopter
from tests.meetings.servers import SECRET, ZOOM_SECRETS, attendance_of, bearer, signed, told

pytestmark = pytest.mark.django_db
ROOM = 86_753_090_001
END = START + timedelta(minutes=90)
presences = Presence.objects.unscoped(because="a test")


@pytest.fixture
def room():
    account = ConnectionFactory(provider="zoom", address="https://zoom.us", secrets=json.dumps(ZOOM_SECRETS))
    return RoomFactory(connection=account, outside_id=str(ROOM), state="ready")


@pytest.fixture
def seat(room, person):
    operations.expect(room=room, people={person.pk: False})
    made = room.seats.unscoped(because="a test").get()
    type(made).objects.unscoped(because="a test").update(outside_id="seat-1")
    return made


@pytest.fixture
def counted():
    """What the room of the house above hears."""
    heard = []

    def hear(about, number, minutes, **_):
        heard.append(dict(minutes))

    stays_counted.connect(hear)
    yield heard
    stays_counted.disconnect(hear)


@pytest.fixture
def tell(client, room, at):
    def go(body, *, now=START, headers=None, connection=None, word=""):
        at(now)
        address = reverse("meetings:hook", args=[(connection or room.connection).uuid], query={"word": word})
        shown = signed(body, at=now) if headers is None else headers
        return client.post(address, body, content_type="application/json", **shown)

    return go


def read():
    """Let the worker read what came, in the order in which it did."""
    return [tasks.take_in(event_id=pk) for pk in WebhookEvent.objects.order_by("pk").values_list("pk", flat=True)]


def came(minute, *, device="1", seat="seat-1", name="Sam", **more):
    at = f"{START + timedelta(minutes=minute):%Y-%m-%dT%H:%M:%SZ}"
    person = {"user_id": device, "registrant_id": seat, "user_name": name, "join_time": at, **more}
    return told("meeting.participant_joined", ROOM, person)


def went(minute, *, device="1", seat="seat-1", name="Sam"):
    at = f"{START + timedelta(minutes=minute):%Y-%m-%dT%H:%M:%SZ}"
    person = {"user_id": device, "registrant_id": seat, "user_name": name, "leave_time": at}
    return told("meeting.participant_left", ROOM, person)


BODY = told("meeting.ended", ROOM, end_time="2026-03-12T21:00:00Z")
REFUSED = {
    "no signature": {},
    "another secret": signed(BODY, at=START, secret="another"),
    "an old one": signed(BODY, at=START - timedelta(minutes=6)),
    "one from tomorrow": signed(BODY, at=START + timedelta(days=1)),
    "of another body": signed(BODY + b" ", at=START),
    "a stamp that is none": {**signed(BODY, at=START), "HTTP_X_ZM_REQUEST_TIMESTAMP": "soon"},
    "a stamp of another": {**signed(BODY, at=START), "HTTP_X_ZM_REQUEST_TIMESTAMP": str(int(START.timestamp()) + 1)},
    "not quite": {**signed(BODY, at=START), "HTTP_X_ZM_SIGNATURE": "v0=é"},
}


@pytest.mark.parametrize("headers", REFUSED.values(), ids=REFUSED)
def test_what_is_not_signed_by_the_provider_now_leaves_nothing(tell, headers):
    answer = tell(BODY, headers=headers)
    assert (answer.status_code, answer.content) == (401, b"")
    assert not WebhookEvent.objects.exists()


def test_an_account_without_a_secret_takes_nothing(tell, room):
    room.connection.secrets = json.dumps({**ZOOM_SECRETS, "webhook_secret": ""})
    room.connection.save()
    assert tell(BODY, headers=signed(BODY, at=START, secret="")).status_code == 401


def test_the_secret_of_one_account_opens_no_other(tell):
    other = ConnectionFactory(provider="zoom", secrets=json.dumps({**ZOOM_SECRETS, "webhook_secret": "other"}))
    assert tell(BODY, connection=other).status_code == 401


def test_a_question_of_the_provider_is_answered(tell):
    body = json.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": "abc"}}).encode()
    said = tell(body).json()
    assert said["plainToken"] == "abc"
    assert len(said["encryptedToken"]) == 64
    assert not WebhookEvent.objects.exists()


def test_the_same_message_again_and_again_counts_once(tell, seat, counted):
    """A provider repeats itself after 5, 20 and 60 minutes when nobody answered in time."""
    for minutes in (0, 5, 25, 85):
        now = START + timedelta(minutes=90 + minutes)
        assert tell(came(0), now=now).status_code == 200
        assert tell(went(90), now=now).status_code == 200
    assert WebhookEvent.objects.count() == 2
    read()
    read()
    assert presences.count() == 1
    assert counted[-1] == {seat.person_id: 90}


def test_who_is_told_to_have_left_before_coming_is_counted_all_the_same(tell, seat, counted):
    tell(went(90))
    tell(came(0))
    read()
    assert counted[-1] == {seat.person_id: 90}


def test_a_meeting_we_do_not_know_is_put_by(tell, counted):
    answer = tell(told("meeting.ended", 999, end_time="2026-03-12T21:00:00Z"))
    assert answer.status_code == 200
    assert read() == ["parked"]
    assert not counted


def test_what_was_told_of_a_meeting_before_we_knew_it_is_counted_once_we_do(tell, room, seat, counted):
    room_as("", room)
    tell(came(0))
    tell(went(90))
    tell(told("meeting.ended", 999, end_time="2026-03-12T21:00:00Z"))
    assert read() == ["parked"] * 3
    assert jobs.match_parked() == "matched 0"
    room_as(str(ROOM), room)
    assert jobs.match_parked() == "matched 2"
    assert counted[-1] == {seat.person_id: 90}
    assert jobs.match_parked() == "matched 0"


def room_as(outside_id, room):
    """What the provider calls the room, as far as we know."""
    Room.objects.unscoped(because="a test").filter(pk=room.pk).update(outside_id=outside_id)


def test_an_answer_comes_at_once_with_no_worker_there(tell):
    begun = time.monotonic()
    assert tell(came(0)).status_code == 200
    assert time.monotonic() - begun < 1
    assert not presences.exists()


def test_two_devices_and_lines_that_drop_are_one_person(tell, seat, counted):
    for number, (first, last) in enumerate([(0, 30), (31, 60), (61, 90), (10, 80)]):
        tell(came(first, device=str(number)))
        tell(went(last, device=str(number)))
    read()
    assert counted[-1] == {seat.person_id: 90}


def test_who_never_left_did_when_it_ended(tell, seat, counted):
    tell(came(0))
    read()
    assert counted[-1] == {seat.person_id: 90}
    tell(told("meeting.ended", ROOM, end_time="2026-03-12T20:30:00Z"))
    read()
    assert counted[-1] == {seat.person_id: 60}
    tell(told("meeting.ended", ROOM, end_time="2026-03-12T20:00:00Z"))  # told late, of an earlier end
    read()
    assert counted[-1] == {seat.person_id: 60}


def test_a_meeting_that_began_again_takes_nobody_for_another(tell, seat, counted):
    """It numbers who comes in from the beginning again."""
    other = adopter()
    operations.expect(room=seat.room, people={seat.person_id: False, other.pk: False})
    rows = type(seat).objects.unscoped(because="a test")
    rows.filter(person=other).update(outside_id="seat-2")
    for message in (came(-20), went(-15), came(0, seat="seat-2"), went(90, seat="seat-2")):
        tell(message)
    read()
    assert counted[-1] == {seat.person_id: 0, other.pk: 90}


def test_somebody_known_by_name_only_is_for_staff_to_say(tell, seat, person, counted, coordinator):
    tell(came(0, seat="", name="Sam's tablet"))
    tell(went(45, seat="", name="Sam's tablet"))
    read()
    guest = presences.get()
    assert (guest.person, guest.name) == (None, "Sam's tablet")
    assert counted == []
    operations.sort_guest(presence=guest, person=person, actor=coordinator, now=END)
    assert counted == [{person.pk: 45}]
    assert presences.get().name == ""
    with pytest.raises(operations.GuestGone):
        operations.sort_guest(presence=guest, person=person, actor=coordinator, now=END)


def test_a_guest_who_is_nobody_is_forgotten_by_name(tell, room, counted, coordinator):
    tell(came(0, seat="", name="A journalist"))
    read()
    operations.set_guest_aside(presence=presences.get(), actor=coordinator, now=END)
    assert presences.get().name == ""
    assert counted == []


def test_the_host_is_no_guest(tell):
    tell(came(0, seat="", name="Agency rooms", id="host-1"))
    assert read() == ["nothing"]


ENDED = b'{"event": "meeting.ended", "payload": {"object": {"id": "%d", "end_time": "%s"}}}'
WRONG_CLOCK = [ENDED % (ROOM, at) for at in (b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-12:00")]
ODD = [b"[]", b"{}", b'{"event": 5}', b'{"payload": []}', b'{"event": "meeting.ended", "payload": {"object": []}}']


@pytest.mark.parametrize("body", [*ODD, b'{"event":"meeting.ended","payload":{"object":{"id":{"a":1}}}}'])
def test_a_message_in_another_shape_breaks_nothing(tell, body):
    assert tell(body).status_code == 200
    assert read()[0] in {"nothing", "odd", "parked"}


@pytest.mark.parametrize("body", WRONG_CLOCK)
def test_a_clock_that_is_centuries_off_is_not_believed(tell, room, body):
    tell(body)
    assert read() == ["counted"]
    room.refresh_from_db()
    assert room.ended_at is None


@pytest.mark.parametrize("body", [b"", b"not json", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_message_is_refused(tell, body):
    assert tell(body).status_code == 401


def test_odd_moments_and_long_names_are_kept_short(tell, seat, counted):
    person = {"user_id": "x" * 500, "user_name": "\ud800\x00" + "\U0001f642\u202e" * 400, "join_time": "yesterday"}
    tell(told("meeting.participant_joined", ROOM, person))
    read()
    assert len(presences.get().name) <= 120
    assert presences.get().joined_at is None


def test_messages_and_comings_are_forgotten_after_90_days(tell, seat):
    tell(came(0))
    tell(told("meeting.ended", 999))
    read()
    later = START + timedelta(days=8)
    operations.forget_old_events(now=later)
    assert list(WebhookEvent.objects.values_list("came_to", flat=True)) == ["counted"]
    operations.forget_old_events(now=END + timedelta(days=90))
    assert not WebhookEvent.objects.exists()
    assert not presences.exists()


def test_what_was_told_is_not_readable_in_the_database(tell):
    from django.db import connection

    tell(came(0, seat="", name="Sam Canarysurname"))
    read()
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM meetings_webhookevent")
        kept = str(cursor.fetchall())
        cursor.execute("SELECT name FROM meetings_presence")
        assert "Canarysurname" not in kept + str(cursor.fetchall())


def test_a_message_left_lying_is_read_later(tell, seat, at):
    from django_q.models import OrmQ

    tell(came(0))
    OrmQ.objects.all().delete()  # lost on the way to the worker
    later = START + timedelta(minutes=3)
    assert operations.wake(now=later) >= 1
    assert "take_in" in str([task.task for task in OrmQ.objects.all()])


# --- BigBlueButton, which tells all at once -------------------------------------------------------
@pytest.fixture
def bbb_told(tell):
    def go(room, people, *, headers=None, now=END, word=None):
        body = attendance_of(str(room.uuid), people, finish=END.isoformat())
        shown = bearer(until=now + timedelta(hours=1)) if headers is None else headers
        word = linking.word_for(str(room.uuid)) if word is None else word
        return tell(body, now=now, headers=shown, connection=room.connection, word=word)

    return go


@pytest.fixture
def server_room():
    made = RoomFactory(state="ready")
    type(made).objects.unscoped(because="a test").filter(pk=made.pk).update(outside_id=str(made.uuid))
    return made


def test_a_meeting_that_is_over_is_told_in_one_go(bbb_told, server_room, person, counted):
    other = adopter()
    operations.expect(room=server_room, people={person.pk: False, other.pk: False})
    refs = dict(server_room.seats.unscoped(because="a test").values_list("person_id", "ref"))
    people = [
        (refs[person.pk], "Sam", [minute(0), minute(45)], [minute(44), minute(90)]),
        (refs[other.pk], "Alex", [minute(30)], []),
        ("", "Somebody", [minute(5)], [minute(10)]),
    ]
    assert bbb_told(server_room, people).status_code == 200
    assert bbb_told(server_room, people).status_code == 200
    assert read() == ["counted"]
    assert counted == [{person.pk: 90, other.pk: 60}]
    assert presences.of_nobody_known().get().name == "Somebody"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_AUTHORIZATION": "Bearer nonsense"},
        bearer(until=END + timedelta(hours=1), secret=SECRET[::-1]),
        bearer(until=END - timedelta(seconds=1)),
        bearer(until=END + timedelta(hours=1), algorithm="HS256"),
    ],
)
def test_what_the_server_did_not_sign_leaves_nothing(bbb_told, server_room, headers):
    assert bbb_told(server_room, [], headers=headers).status_code == 401
    assert not WebhookEvent.objects.exists()


def minute(number):
    return (START + timedelta(minutes=number)).isoformat()


def test_its_words_count_once_a_token_and_for_the_room_alone_whose_word_it_has(bbb_told, server_room, person, counted):
    """The token says nothing of the body: another body under it is not taken, and none about another room."""
    operations.expect(room=server_room, people={person.pk: False})
    ref = server_room.seats.unscoped(because="a test").get().ref
    other = RoomFactory(connection=server_room.connection, state="ready", outside_id="other")
    for word in ("", "nonsense", linking.word_for(str(other.uuid))):
        assert bbb_told(server_room, [], word=word).status_code == 401
    assert not WebhookEvent.objects.exists()
    for stayed in (30, 90):
        people = [(ref, "Sam", [minute(0)], [minute(stayed)])]
        assert bbb_told(server_room, people).status_code == 200
    assert read() == ["counted"]
    assert counted == [{person.pk: 30}]


def test_a_room_is_looked_into_and_what_the_looks_belie_is_not_counted(
    bbb, bbb_room, worker, bbb_told, person, counted, at
):
    absent, missed = adopter(), adopter()
    made = worker(bbb_room)
    operations.expect(room=made, people={one.pk: False for one in (person, absent, missed)})
    refs = dict(made.seats.unscoped(because="a test").values_list("person_id", "ref"))
    for after, inside in ((0, [person]), (3, [person]), (5, [person, missed]), (10, [person, missed]), (15, [])):
        bbb.inside = [refs[one.pk] for one in inside]
        at(START + timedelta(minutes=after))
        tasks.look_in(room_id=made.pk)
    assert len(Room.objects.unscoped(because="a test").get(pk=made.pk).looks) == 4  # every five minutes
    people = [(refs[one.pk], "", [minute(0)], [minute(90)]) for one in (person, absent)]
    assert bbb_told(made, people).status_code == 200
    assert read() == ["counted"]
    assert counted == [{person.pk: 90, missed.pk: 5}]
    gone = refs[missed.pk]
    accounts.erase(person=missed, now=END)
    kept = str(Room.objects.unscoped(because="a test").get(pk=made.pk).seen)
    assert (gone in kept, refs[person.pk] in kept) == (False, True)
    bbb.mood = "broken"
    at(START + timedelta(minutes=20))
    assert tasks.look_in(room_id=made.pk) == "away"
    operations.forget_old_events(now=END + timedelta(days=91))
    assert Room.objects.unscoped(because="a test").get(pk=made.pk).seen == []


def test_the_clock_looks_only_into_rooms_whose_messages_are_loose(room, server_room):
    from django_q.models import OrmQ

    operations.wake(now=START)
    woken = [task.task["kwargs"] for task in OrmQ.objects.all() if task.task["func"].endswith("look_in")]
    assert woken == [{"room_id": server_room.pk}]


def test_a_token_without_an_end_is_refused(tell, server_room):
    import jwt

    headers = {"HTTP_AUTHORIZATION": f"Bearer {jwt.encode({}, SECRET, algorithm='HS512')}"}
    assert tell(b"{}", headers=headers, connection=server_room.connection).status_code == 401


def test_news_of_a_recording_is_signed_itself(client, server_room, at):
    import jwt
    from django_q.models import OrmQ

    at(END)
    address = reverse("meetings:hook", args=[server_room.connection.uuid])
    for secret, status in ((SECRET[::-1], 401), (SECRET, 200)):
        token = jwt.encode({"meeting_id": str(server_room.uuid), "record_id": "r"}, secret, algorithm="HS256")
        form = urlencode({"signed_parameters": token})
        kind = "application/x-www-form-urlencoded"
        assert client.post(address, form, content_type=kind).status_code == status
        assert client.post(address, {"signed_parameters": token}).status_code == 401  # a form of several parts
    assert read() == ["counted"]
    assert "fetch_recordings" in str([task.task for task in OrmQ.objects.all()])


def test_nobody_rings_at_an_account_that_is_not_there(client):
    from uuid import uuid4

    assert client.post(reverse("meetings:hook", args=[uuid4()]), b"{}", "application/json").status_code == 404
