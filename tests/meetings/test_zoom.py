"""Rooms at Zoom: people are registrants under made-up addresses, and nobody's real one leaves this house."""

from datetime import timedelta

import pytest

from lms.common.web import CallFailed, Trouble
from lms.meetings import linking, operations, tasks
from lms.meetings.models import Presence, RoomState, Seat, SeatState, WebhookEvent
from lms.meetings.providers import adapter
from lms.meetings.providers.base import Account
from lms.meetings.signals import recordings_found
from tests.factories.webinars import START, adopter
from tests.meetings.conftest import fresh
from tests.meetings.servers import ZOOM_SECRETS

pytestmark = pytest.mark.django_db
WEEK_BEFORE = START - timedelta(days=6)
seats = Seat.objects.unscoped(because="a test")


@pytest.fixture
def made(zoom_room, worker):
    """The room, made a week before."""
    return worker(zoom_room, WEEK_BEFORE)


@pytest.fixture
def expect(worker):
    def go(room, *people, moderators=(), now=WEEK_BEFORE):
        ids = {one.pk: False for one in people} | {one.pk: True for one in moderators}
        operations.expect(room=fresh(room), people=ids)
        return worker(room, now)

    return go


def way_in(room, person, *, moderates=False):
    return operations.way_in(about=room.about, number=1, person=person, moderates=moderates, now=START).address


def test_a_meeting_is_made_that_only_we_let_people_into(zoom, made):
    assert made.state == RoomState.READY
    wanted = zoom.meetings[int(made.outside_id)]
    assert (wanted["start_time"], wanted["duration"]) == ("2026-03-12T19:30:00Z", 90)
    assert wanted["topic"] == "Keeping connections"
    settings = wanted["settings"]
    assert settings["approval_type"] == 1
    assert not settings["registrants_email_notification"]
    assert not settings["registrants_confirmation_email"]
    assert settings["auto_recording"] == "none"


def test_each_person_is_registered_under_an_address_that_is_nobodys(zoom, made, expect):
    people = [adopter(display_name=name) for name in ("Sam", "Alex")]
    expect(made, *people)
    assert {one["first_name"] for one in zoom.registrants.values()} == {"Sam", "Alex"}
    told = {one["email"] for one in zoom.registrants.values()}
    assert len(told) == 2
    assert all(address.endswith("@guest.invalid") for address in told)
    assert not any(person.email.split("@")[0] in str(zoom.registrants) for person in people)
    ways = {way_in(made, person) for person in people}
    assert len(ways) == 2
    assert all(way.startswith(zoom.url) for way in ways)


def test_asked_twice_nobody_is_registered_twice(zoom, made, expect, person):
    expect(made, person)
    calls = len(zoom.calls("registrants"))
    expect(made, person)
    assert len(zoom.calls("registrants")) == calls


def test_who_gives_a_place_up_is_taken_back_and_let_in_again_anew(zoom, made, expect, person):
    expect(made, person)
    expect(made)
    assert not zoom.registrants
    assert seats.get().state == SeatState.GONE
    assert way_in(made, person) == ""
    expect(made, person)
    assert way_in(made, person)


def test_who_is_taken_back_there_already_is_fine(zoom, made, expect, person):
    expect(made, person)
    zoom.registrants.clear()
    expect(made)
    assert seats.get().state == SeatState.GONE


def test_who_runs_it_goes_in_as_the_host_by_a_fresh_address(zoom, made, expect, worker, person):
    expect(made, moderators=[person])
    assert not zoom.registrants
    assert "zak=fresh" in way_in(made, person, moderates=True)
    renewed = worker(made, made.renew_at)
    assert renewed.renew_at is None
    assert "zak=fresh" in way_in(made, person, moderates=True)


def test_a_meeting_that_moves_is_moved_there(zoom, made, worker):
    later = START + timedelta(hours=2)
    wanted = operations.Wanted(
        made.about, 1, "Keeping connections", made.opens_at, later, later + timedelta(minutes=60), later
    )
    operations.plan_room(agency_id=made.connection.agency_id, wanted=wanted, now=WEEK_BEFORE)
    worker(made, WEEK_BEFORE)
    assert len(zoom.meetings) == 1
    assert zoom.meetings[int(made.outside_id)]["start_time"] == "2026-03-12T21:30:00Z"


def test_a_worker_that_dies_after_making_it_leaves_no_second_meeting(zoom, made, worker):
    """What the provider gave was never written down."""
    rows = type(made).objects.unscoped(because="a test").filter(pk=made.pk)
    rows.update(given="", outside_id="", state=RoomState.WANTED)
    again = worker(made, WEEK_BEFORE)
    assert again.outside_id == made.outside_id
    assert len(zoom.meetings) == 1


def test_what_was_done_before_a_limit_stays_done(zoom, made, expect, worker, monkeypatch):
    people = [adopter() for _ in range(3)]
    well, left = zoom.well, iter([None, None])

    def limited(method, path, headers, body):
        if "registrants" in path and next(left, "over") == "over":
            return 429, b"", {"Retry-After": "60"}
        return well(method, path, headers, body)

    monkeypatch.setattr(zoom, "well", limited)
    room = expect(made, *people)
    assert room.trouble == Trouble.BUSY
    assert len(zoom.registrants) == 2
    monkeypatch.setattr(zoom, "well", well)
    assert worker(made, room.next_try_at).trouble == ""
    assert len(zoom.registrants) == 3
    assert len(zoom.calls("registrants")) == 4


def test_a_meeting_called_off_is_ended_and_taken_away(zoom, made, worker):
    operations.withdraw(about=made.about, now=WEEK_BEFORE)
    assert worker(made, WEEK_BEFORE).state == RoomState.CLOSED
    assert not zoom.meetings


def test_a_meeting_that_somebody_deleted_is_made_anew_for_the_same_people(zoom, made, expect, worker, person, at):
    before = way_in(expect(made, person), person)
    zoom.meetings.clear()
    at(WEEK_BEFORE)
    operations.make_again(about=made.about, number=1, now=WEEK_BEFORE)
    again = worker(made, WEEK_BEFORE)
    assert (again.state, list(map(str, zoom.meetings))) == (RoomState.READY, [again.outside_id])
    assert f"/w/{again.outside_id}?" in way_in(made, person) != before


@pytest.mark.parametrize("name", ["account_id", "client_id", "client_secret"])
def test_a_wrong_secret_is_said(zoom, name):
    wrong = adapter("zoom", Account(zoom.address, {**ZOOM_SECRETS, name: "another"}))
    with pytest.raises(CallFailed) as fault:
        wrong.try_out()
    assert fault.value.trouble == Trouble.REFUSED


def test_an_account_that_sends_us_elsewhere_is_not_followed(zoom, monkeypatch, settings):
    def elsewhere(*args):
        return 200, b'{"access_token": "x", "api_url": "https://api.zoom.us.example.org"}', {}

    monkeypatch.setattr(zoom, "well", elsewhere)
    with pytest.raises(CallFailed) as fault:
        adapter("zoom", Account(zoom.address, ZOOM_SECRETS)).try_out()
    assert fault.value.trouble == Trouble.FORBIDDEN


def test_a_way_in_to_a_strange_host_is_not_kept(zoom, made, expect, person, monkeypatch):
    well = zoom.well

    def elsewhere(method, path, headers, body):
        if path.endswith("/registrants"):
            return 201, b'{"registrant_id": "r", "join_url": "https://example.org/w/1"}', {}
        return well(method, path, headers, body)

    monkeypatch.setattr(zoom, "well", elsewhere)
    assert expect(made, person).trouble == Trouble.WRONG
    assert way_in(made, person) == ""


def test_one_whom_the_provider_does_not_take_keeps_nobody_out(zoom, made, expect, person):
    refused, long, host = (adopter(display_name=name) for name in ("refused", "W" * 80, "Marguerite"))
    rows = type(made).objects.unscoped(because="a test").filter(pk=made.pk)
    rows.update(state=RoomState.WANTED)  # it is made and filled in one go
    room = expect(made, refused, long, person, moderators=[host])
    assert (room.state, room.trouble) == (RoomState.READY, Trouble.WRONG)
    assert all(way_in(made, one) for one in (long, person))
    assert way_in(made, host, moderates=True)
    assert way_in(made, refused) == ""


def test_after_the_end_the_account_is_asked_who_was_there(zoom, made, expect, person, at):
    expect(made, person)
    seat = seats.get().outside_id
    zoom.report = [
        {"user_id": str(n), "registrant_id": seat, "name": "Sam", "join_time": came, "leave_time": went}
        for n, (came, went) in enumerate(
            [("2026-03-12T19:30:00Z", "2026-03-12T20:00:00Z"), ("2026-03-12T20:01:00Z", "2026-03-12T20:30:00Z")] * 2
        )
    ]
    at(made.closes_at + timedelta(minutes=11))
    tasks.ask_who_was_there(room_id=made.pk)
    rows = Presence.objects.owned_by(person)
    assert rows.count() == 4  # over two pages
    closed = fresh(made)
    assert (closed.state, closed.given) == (RoomState.CLOSED, "")


def test_recordings_are_told_to_who_wants_to_know_also_when_the_provider_is_busy_first(zoom, made, at):
    heard, over = [], START + timedelta(hours=2)
    facts = {"key": "k", "body": "{}", "received_at": over, "processed_at": over}
    event = WebhookEvent.objects.create(connection=made.connection, **facts)

    def hear(about, number, recordings, **_):
        heard.append((about, number, recordings[0].ref, recordings[0].minutes))

    recordings_found.connect(hear)
    at(over)
    tasks.ask_who_was_there(room_id=made.pk)  # the room is closed, and what led into it is gone
    try:
        for minutes, mood in ((0, "busy"), (1, "well"), (3, "well")):  # it asked to be left alone for two
            at(over + timedelta(minutes=minutes))
            zoom.mood = mood
            tasks.fetch_recordings(room_id=made.pk, event_id=event.pk)
            assert bool(heard) == (minutes == 3)
    finally:
        recordings_found.disconnect(hear)
    event.refresh_from_db()
    assert (event.processed_at, heard) == (None, [(made.about, 1, "rec-1", 90)])


def test_nothing_of_an_account_is_in_what_it_is_called(made):
    assert not any(word in f"{made} {made.connection} {linking.adapter_of(made.connection)}" for word in ZOOM_SECRETS)
