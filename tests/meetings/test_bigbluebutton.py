"""Rooms at BigBlueButton: made by the worker, entered by a signed address, counted from what it tells afterwards."""

import http.client
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from lms.common.web import CallFailed, Trouble
from lms.meetings import linking, operations
from lms.meetings.models import RoomState, words_in
from lms.meetings.providers import adapter
from lms.meetings.providers.base import Account
from tests.factories.webinars import START
from tests.meetings.conftest import fresh
from tests.meetings.servers import SECRET

pytestmark = pytest.mark.django_db


def way_in(room, person, *, moderates=False, now=START):
    return operations.way_in(about=room.about, number=1, person=person, moderates=moderates, now=now)


def ask(address):
    """What the server says to this address."""
    parts = urlsplit(address)
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    line.request("GET", f"{parts.path}?{parts.query}")
    answer = line.getresponse()
    said = answer.status, answer.read().decode()
    line.close()
    return said


def test_the_worker_makes_the_room_once(bbb, bbb_room, worker):
    made = worker(bbb_room)
    assert made.state == RoomState.READY
    assert made.outside_id == str(bbb_room.uuid)
    assert worker(bbb_room).given == made.given
    assert list(bbb.rooms) == [str(bbb_room.uuid)]
    wanted = bbb.rooms[str(bbb_room.uuid)]["wanted"]
    assert wanted["name"] == "Keeping connections"
    assert wanted["record"] == "false"
    word = linking.word_for(str(bbb_room.uuid))
    assert wanted["meta_analytics-callback-url"].endswith(f"/hooks/meetings/{bbb_room.connection.uuid}/?word={word}")


def test_nobody_makes_it_before_it_is_time(bbb, bbb_room, worker):
    assert worker(bbb_room, START - timedelta(minutes=36)).state == RoomState.WANTED
    assert not bbb.heard


@pytest.mark.parametrize("moderates", [True, False])
def test_the_way_in_is_signed_for_one_person_and_this_very_room(bbb, bbb_room, worker, person, moderates):
    worker(bbb_room)
    address = way_in(bbb_room, person, moderates=moderates).address
    status, said = ask(address)
    assert (status, "SUCCESS" in said) == (200, True)
    fields = parse_qs(urlsplit(address).query)
    assert fields["fullName"] == ["Sam"]
    assert fields["role"] == ["MODERATOR" if moderates else "VIEWER"]
    assert person.email not in address
    assert str(person.pk) not in fields["userID"][0].split("-")


def test_a_way_in_that_was_changed_opens_nothing(bbb, bbb_room, worker, person):
    worker(bbb_room)
    address = way_in(bbb_room, person).address.replace("VIEWER", "MODERATOR")
    assert ask(address)[0] == 401


def test_a_way_into_a_room_that_was_ended_does_not_open_the_next(bbb, bbb_room, worker, person, at):
    worker(bbb_room)
    old = way_in(bbb_room, person).address
    bbb.rooms.clear()
    assert operations.make_again(about=bbb_room.about, number=1, now=START)
    worker(bbb_room, START)
    assert "SUCCESS" not in ask(old)[1]
    assert "SUCCESS" in ask(way_in(bbb_room, person).address)[1]


def test_there_is_no_way_in_before_the_room_is_made(bbb_room, person):
    assert way_in(bbb_room, person) == operations.WayIn()


@pytest.mark.parametrize(
    ("mood", "trouble"), [("broken", "away"), ("wrong", "wrong"), ("busy", "busy"), ("long", "wrong")]
)
def test_a_provider_in_trouble_is_tried_again(bbb, bbb_room, worker, person, mood, trouble):
    bbb.mood = mood
    room = worker(bbb_room)
    assert (room.state, room.trouble) == (RoomState.WANTED, trouble)
    assert room.next_try_at > room.make_from
    assert way_in(bbb_room, person) == operations.WayIn(trouble=trouble)
    bbb.mood = "well"
    again = worker(bbb_room, room.next_try_at)
    assert (again.state, again.trouble, again.attempts) == (RoomState.READY, "", 0)


def test_a_busy_provider_is_left_alone_as_long_as_it_asks(bbb, bbb_room, worker):
    bbb.mood = "busy"
    room = worker(bbb_room)
    heard = len(bbb.heard)
    worker(bbb_room, room.next_try_at - timedelta(seconds=1))
    assert len(bbb.heard) == heard
    assert room.next_try_at >= room.make_from + timedelta(seconds=120)


def test_a_room_without_what_leads_into_it_is_not_ready(bbb, bbb_room, worker, monkeypatch):
    monkeypatch.setattr(bbb, "well", lambda *_: (200, b"<response><returncode>SUCCESS</returncode></response>", {}))
    assert (worker(bbb_room).state, fresh(bbb_room).trouble) == (RoomState.WANTED, Trouble.WRONG)


def test_a_wrong_secret_is_said(bbb):
    wrong = adapter("bigbluebutton", Account(bbb.address, {"secret": "another"}))
    with pytest.raises(CallFailed) as fault:
        wrong.try_out()
    assert fault.value.trouble == Trouble.REFUSED
    adapter("bigbluebutton", Account(bbb.address, {"secret": SECRET})).try_out()


def test_a_room_that_is_wanted_no_more_is_ended_for_everybody(bbb, bbb_room, worker):
    worker(bbb_room)
    assert operations.withdraw(about=bbb_room.about, now=START) == 1
    room = worker(bbb_room, START)
    assert (room.state, room.given) == (RoomState.CLOSED, "")
    assert not bbb.rooms


def test_a_room_that_could_not_be_ended_for_a_week_is_let_be(bbb, bbb_room, worker):
    worker(bbb_room)
    operations.withdraw(about=bbb_room.about, now=START)
    tried, after = len(bbb.heard), bbb_room.closes_at + timedelta(days=7)
    worker(bbb_room, after)
    assert len(bbb.heard) == tried
    worker(bbb_room, after - timedelta(seconds=1))
    assert not bbb.rooms


def test_a_room_that_is_moved_after_it_was_made_keeps_its_doors(bbb, bbb_room, worker, person):
    worker(bbb_room)
    later = bbb_room.ends_at + timedelta(hours=1)
    wanted = operations.Wanted(
        bbb_room.about, 1, "Another title", bbb_room.opens_at, START, later, later + timedelta(minutes=30)
    )
    operations.plan_room(agency_id=bbb_room.connection.agency_id, wanted=wanted, now=START)
    assert worker(bbb_room, START).state == RoomState.READY
    assert "SUCCESS" in ask(way_in(bbb_room, person).address)[1]


def test_recordings_are_listed_with_their_minutes(bbb, bbb_room, worker):
    bbb.recordings = [("rec-1", "https://rooms.example.org/playback/rec-1")]
    room = worker(bbb_room)
    found = linking.adapter_of(room.connection).recordings(linking.meeting_of(room))
    assert [(one.ref, one.minutes) for one in found] == [("rec-1", 90)]


def test_an_entity_bomb_is_an_odd_answer(bbb, monkeypatch):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><response><returncode>&b;</returncode></response>'
    monkeypatch.setattr(bbb, "well", lambda *args: (200, bomb, {}))
    with pytest.raises(CallFailed) as fault:
        adapter("bigbluebutton", Account(bbb.address, {"secret": SECRET})).try_out()
    assert fault.value.trouble == Trouble.WRONG


def test_secrets_and_ways_in_are_locked_in_the_database(bbb, bbb_room, worker):
    from django.db import connection

    created = words_in(worker(bbb_room).given)["created"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets FROM meetings_connection")
        kept = str(cursor.fetchall())
        cursor.execute("SELECT given FROM meetings_room")
        kept += str(cursor.fetchall())
    assert SECRET not in kept
    assert created not in kept
