"""Rooms made for sessions: ahead of time, for who has a place, and nowhere to be seen."""

import json
import logging
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from lms.agencies.models import Role
from lms.meetings import linking, tasks
from lms.meetings import operations as meetings
from lms.meetings.models import Room, RoomState, Seat
from lms.meetings.providers.base import Recording as Found
from lms.outbox.kinds import render
from lms.outbox.models import Message
from lms.webinars import listening, operations
from lms.webinars.mail import context_of
from lms.webinars.models import (
    Booking,
    BookingState,
    Facilitator,
    Recording,
    RoomBy,
    SeenBy,
    Session,
    SessionState,
    Sighting,
)
from lms.webinars.operations import plans
from tests.factories.agencies import StaffRoleFactory
from tests.factories.meetings import ConnectionFactory
from tests.factories.webinars import START, BookingFactory, FacilitatorFactory, SessionFactory, adopter
from tests.meetings.servers import ZOOM_SECRETS, BigBlueButtonServer, ZoomServer
from tests.servers import running
from tests.webinars.plans import plan_of

pytestmark = pytest.mark.django_db
OPENING = START - timedelta(minutes=33)
rooms = Room.objects.unscoped(because="a test")
seats = Seat.objects.unscoped(because="a test")


@pytest.fixture
def bbb():
    with running(BigBlueButtonServer) as server:
        yield server


@pytest.fixture
def session(db, bbb):
    """A session whose room is made at the agency's BigBlueButton."""
    made = SessionFactory(room_by=RoomBy.AGENCY, room_address="")
    ConnectionFactory(agency=made.agency, address=bbb.address)
    return made


@pytest.fixture
def booked(session):
    return BookingFactory(session=session).person


@pytest.fixture
def prepare(at):
    """Let clock and worker prepare what is due at a moment."""

    def run(now=OPENING):
        at(now)
        operations.plan_rooms(now=now)
        for room in rooms.due(now):
            tasks.look_after(room_id=room.pk)

    return run


@pytest.fixture
def join(client, session, at):
    def go(person, *, now=START, session=session):
        at(now)
        client.force_login(person)
        return client.get(reverse("webinars:join", args=[session.uuid]))

    return go


def test_the_link_leads_into_the_room_that_was_made(bbb, session, booked, trainer, prepare, join):
    prepare()
    answer = join(booked)
    assert answer.status_code == 303
    assert answer["Location"].startswith(f"{bbb.address}/api/join?")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert bbb.fits(answer["Location"])
    assert "role=VIEWER" in answer["Location"]
    assert "role=MODERATOR" in join(trainer)["Location"]


@pytest.mark.parametrize(("role", "word"), [("co", "MODERATOR"), ("host", "MODERATOR"), ("observer", "VIEWER")])
def test_all_but_who_only_observes_moderate(session, prepare, join, role, word):
    person = StaffRoleFactory(agency=session.agency, role=Role.TRAINER).person
    FacilitatorFactory(session=session, person=person, role=role)
    prepare()
    assert f"role={word}" in join(person)["Location"]
    assert seats.get(person=person).moderates is (word == "MODERATOR")


def test_who_leads_from_now_on_is_announced_anew(session, trainer, prepare):
    prepare()
    Facilitator.objects.filter(person=trainer).update(role="observer")
    operations.plan_rooms(now=OPENING)
    seat = seats.get(person=trainer)
    assert (seat.moderates, seat.state) == (False, "wanted")


def test_a_room_that_is_not_ready_is_waited_for(booked, join):
    answer = join(booked)
    assert (answer.status_code, answer["Refresh"]) == (200, "15")
    assert "is being prepared" in answer.content.decode()


@pytest.mark.parametrize("mood", ["broken", "wrong", "busy"])
def test_a_provider_in_trouble_breaks_no_page(bbb, booked, trainer, prepare, join, mood):
    bbb.mood = mood
    prepare()
    learner, staff = join(booked).content.decode(), join(trainer).content.decode()
    assert "is being prepared" in learner
    assert "could not be made" not in learner
    assert "could not be made yet" in staff


def test_staff_see_at_the_desk_that_a_room_is_in_trouble(bbb, client, session, booked, trainer, coordinator, prepare):
    bbb.mood = "broken"
    prepare()
    client.force_login(coordinator)
    page = client.get(reverse("webinars:desk_session", args=[session.uuid])).content.decode()
    assert "BigBlueButton can&#x27;t be reached" in page
    desk = client.get(reverse("dashboard:desk")).content.decode()
    assert "BigBlueButton can&#x27;t be reached" in desk
    assert session.title in desk


def test_a_colleague_of_another_agency_is_not_told(bbb, client, session, prepare):
    bbb.mood = "broken"
    prepare()
    client.force_login(StaffRoleFactory(role=Role.COORDINATOR).person)
    assert session.title not in client.get(reverse("dashboard:desk")).content.decode()


def test_staff_can_have_the_room_made_again(bbb, client, session, trainer, prepare, at):
    prepare()
    bbb.rooms.clear()
    at(START)
    client.force_login(trainer)
    client.post(reverse("webinars:desk_room_again", args=[session.uuid]))
    prepare(START)
    assert bbb.rooms


def test_each_date_of_a_group_has_a_room_of_its_own(prepare, join):
    group = SessionFactory(room_by=RoomBy.AGENCY, room_address="", weeks=2)
    ConnectionFactory(agency=group.agency)
    operations.plan_rooms(now=START - timedelta(days=1))
    assert list(rooms.filter(about=group.uuid).values_list("number", flat=True)) == [1, 2]


def test_an_agency_without_a_provider_has_no_rooms(prepare):
    SessionFactory(room_by=RoomBy.AGENCY, room_address="")
    prepare()
    assert not rooms.exists()


@pytest.mark.parametrize(
    "facts", [{"state": SessionState.DRAFT}, {"state": SessionState.CANCELLED}, {"where": "venue"}]
)
def test_some_sessions_get_no_room(facts):
    made = SessionFactory(room_by=RoomBy.AGENCY, room_address="", **facts)
    ConnectionFactory(agency=made.agency)
    operations.plan_rooms(now=OPENING)
    assert not rooms.exists()


def test_a_session_that_is_called_off_loses_its_room(bbb, session, trainer, prepare):
    prepare()
    operations.cancel_session(session=session, actor=trainer, reason="The trainer is ill", now=OPENING)
    prepare(OPENING + timedelta(minutes=1))
    assert not bbb.rooms
    assert rooms.get().state == RoomState.CLOSED


def test_a_session_that_moves_takes_its_room_along(session, prepare):
    early = START - timedelta(days=3)
    prepare(early)
    later = START + timedelta(hours=1)
    part = session.parts.get()
    part.starts_at, part.ends_at = later, later + timedelta(minutes=90)
    part.save()
    prepare(early + timedelta(minutes=1))
    assert rooms.get().starts_at == later


def test_two_who_plan_at_once_plan_one_room(session):
    operations.plan_rooms(now=OPENING)
    operations.plan_rooms(now=OPENING)
    assert rooms.count() == 1


@pytest.fixture
def zoom():
    with running(ZoomServer) as server:
        yield server


@pytest.fixture
def at_zoom(zoom):
    made = SessionFactory(room_by=RoomBy.AGENCY, room_address="")
    ConnectionFactory(agency=made.agency, provider="zoom", address=zoom.address, secrets=json.dumps(ZOOM_SECRETS))
    return made


def run_tasks():
    """Let the worker do what was put off about rooms."""
    from django_q.models import OrmQ

    for row in list(OrmQ.objects.all()):
        func, kwargs = row.task["func"], row.task["kwargs"]
        known = {"look_after": tasks.look_after, "prepare_room": listening.prepare_room}
        if (name := func.rsplit(".", 1)[-1]) in known:
            row.delete()
            known[name](**kwargs)


def test_a_place_given_up_in_the_last_minute_is_refused_here_and_taken_back_there(zoom, at_zoom, prepare, join, at):
    booking = BookingFactory(session=at_zoom)
    prepare(START - timedelta(days=2))
    assert len(zoom.registrants) == 1
    at(START - timedelta(seconds=1))
    operations.cancel_booking(booking=booking, actor=booking.person, now=START - timedelta(seconds=1))
    assert join(booking.person, session=at_zoom).status_code == 404
    at(START)
    run_tasks()
    run_tasks()
    assert not zoom.registrants


def test_who_books_late_is_announced_at_once(zoom, at_zoom, prepare, join, at):
    prepare(START - timedelta(days=2))
    at(START - timedelta(minutes=5))
    person = adopter()
    operations.book(session=at_zoom, adopter=person, now=START - timedelta(minutes=5))
    run_tasks()
    run_tasks()
    answer = join(person, session=at_zoom)
    assert answer.status_code == 303
    assert answer["Location"].startswith(f"{zoom.url}/w/")


def test_booking_calls_no_provider_and_waits_for_none(zoom, at_zoom, person, at):
    zoom.mood = "slow"
    at(START - timedelta(days=1))
    with transaction.atomic():
        operations.book(session=at_zoom, adopter=person, now=START - timedelta(days=1))
    assert not zoom.heard


def test_the_way_in_is_on_no_page_in_no_letter_and_in_no_log(client, zoom, at_zoom, prepare, at, caplog):
    caplog.set_level(logging.DEBUG)
    person = BookingFactory(session=at_zoom).person
    staff = StaffRoleFactory(agency=at_zoom.agency, role=Role.COORDINATOR).person
    prepare(START - timedelta(days=2))
    at(START)
    names = ["session", "cancel", "code", "calendar_file", "desk_session", "desk_code", "desk_print", "desk_walk_in"]
    pages = []
    for who in (person, staff):
        client.force_login(who)
        pages += [client.get(reverse(f"webinars:{name}", args=[at_zoom.uuid])).content.decode() for name in names]
    said = "".join(pages) + caplog.text + str(list(Message.objects.values()))
    ways = [json.loads(kept)["way_in"] for kept in seats.exclude(given="").values_list("given", flat=True)]
    assert ways
    assert not any(way in said or way.split("tk=")[1] in said for way in ways)


# --- Minutes in the room --------------------------------------------------------------------------
def test_minutes_in_the_room_propose_a_mark_and_decide_nothing(client, session, trainer, at):
    there, short, away, typed = (BookingFactory(session=session) for _ in range(4))
    minutes = {there.person_id: 72, short.person_id: 71, typed.person_id: 0, adopter().pk: 90}
    Sighting.objects.create(booking=typed, part=session.parts.get(), by=SeenBy.CODE, seen_at=START)
    operations.note_stays(about=session.uuid, number=1, minutes=minutes, now=session.ends_at)
    assert BookingState.BOOKED in {booking.state for booking in (there, short, away)}
    at(session.ends_at)
    client.force_login(trainer)
    address = reverse("webinars:desk_session", args=[session.uuid])
    page = client.get(address).content.decode()
    assert "In the room 72 of 90 minutes." in page
    assert "Take the suggestions (3)" in page
    client.post(reverse("webinars:desk_mark", args=[session.uuid]), {"part": "1", "take": "signs"})
    marks = dict(there.attendance.unscoped(because="a test").values_list("booking", "verdict"))
    marks |= dict(short.attendance.unscoped(because="a test").values_list("booking", "verdict"))
    marks |= dict(typed.attendance.unscoped(because="a test").values_list("booking", "verdict"))
    assert marks == {there.pk: "present", short.pk: "partial", typed.pk: "present"}
    assert not away.attendance.unscoped(because="a test").exists()


def test_minutes_counted_anew_replace_the_old(session, booked):
    for minutes in (10, 60):
        operations.note_stays(about=session.uuid, number=1, minutes={booked.pk: minutes}, now=START)
    kept = Sighting.objects.owned_by(booked).get()
    assert (kept.by, kept.minutes) == (SeenBy.ROOM, 60)


def test_a_room_of_a_session_that_is_gone_tells_nobody(session, booked):
    from uuid import uuid4

    assert operations.note_stays(about=uuid4(), number=1, minutes={booked.pk: 10}, now=START) == 0


def test_a_register_with_a_room_of_200_costs_at_most_ten_queries(
    client, session, trainer, at, django_assert_max_num_queries
):
    from lms.webinars.models import Booking
    from tests.factories.accounts import PersonFactory

    people = [PersonFactory(proven=False) for _ in range(200)]
    Booking.objects.bulk_create(
        Booking(session=session, person=one, state=BookingState.BOOKED, booked_at=START) for one in people
    )
    operations.note_stays(about=session.uuid, number=1, minutes={one.pk: 80 for one in people}, now=START)
    client.force_login(trainer)
    address = reverse("webinars:desk_session", args=[session.uuid])
    for moment in (START, session.ends_at + timedelta(hours=1)):
        at(moment)
        client.get(address)
        with django_assert_max_num_queries(10):
            client.get(address)


def test_a_guest_is_matched_by_who_runs_it(client, session, trainer, prepare, at):
    from lms.meetings.models import Presence

    booking, stranger = BookingFactory(session=session), BookingFactory()
    prepare()
    guest = Presence.objects.create(room=rooms.get(), device="1", name="A tablet", joined_at=START)
    at(session.ends_at + timedelta(minutes=1))
    client.force_login(trainer)
    page = client.get(reverse("webinars:desk_session", args=[session.uuid])).content.decode()
    assert "A tablet" in page
    address = reverse("webinars:desk_guest", args=[session.uuid])
    for wrong in (stranger.pk, "x", "", "9" * 30):
        assert client.post(address, {"part": "1", "guest": guest.pk, "booking": wrong}).status_code == 422
    assert client.post(address, {"part": "1", "guest": guest.pk, "booking": booking.pk}).status_code == 302
    assert Sighting.objects.owned_by(booking.person).get().minutes == 90
    assert client.post(address, {"part": "1", "guest": guest.pk, "booking": "nobody"}).status_code == 422


def test_a_guest_of_another_session_is_not_found(client, session, trainer, at):
    from lms.meetings.models import Presence
    from tests.factories.meetings import RoomFactory

    guest = Presence.objects.create(room=RoomFactory(), device="1", name="Another")
    at(session.ends_at)
    client.force_login(trainer)
    address = reverse("webinars:desk_guest", args=[session.uuid])
    assert client.post(address, {"part": "1", "guest": guest.pk, "booking": "nobody"}).status_code == 422
    assert Session.objects.unscoped(because="a test").filter(pk=session.pk).exists()


# --- Recordings -----------------------------------------------------------------------------------
def test_what_was_recorded_waits_beside_its_session_for_staff(session, settings):
    settings.LMS_RECORDING_HOSTS = ["rooms.example.org"]
    at_home = Found("r1", "https://rooms.example.org/playback/r1", 90)
    elsewhere = Found("r2", "https://example.org/r2", 90)
    for _ in range(2):
        operations.keep_recordings(about=session.uuid, recordings=(at_home, elsewhere), now=session.ends_at)
    kept = Recording.objects.unscoped(because="a test").get()
    assert (kept.session, kept.address, kept.audience) == (session, at_home.address, "nobody")
    assert not kept.is_within_reach(session.ends_at)


def test_a_recording_of_nothing_we_know_is_left_alone():
    from uuid import uuid4

    found = Found("r1", "https://rooms.example.org/playback/r1", 90)
    assert operations.keep_recordings(about=uuid4(), recordings=(found,), now=START) == 0


def change(session, now, **changes):
    plan, actor = plan_of(session, room_by=RoomBy.AGENCY, **changes)
    return operations.edit_session(session=session, plan=plan, actor=actor, now=now)


@pytest.fixture
def agency_lets_record(bbb, session, coordinator):
    """Say whether who runs a session may record, as a manager does."""

    def say(may_record):
        known = {"agency": session.agency, "provider": "bigbluebutton", "address": bbb.address, "secrets": {}}
        meetings.save_connection(**known, may_record=may_record, actor=coordinator, now=OPENING)

    return say


def test_what_people_read_of_recording_is_what_the_room_does(client, session, agency_lets_record, at):
    told = "Whoever leads it may record the part"

    def read():
        operations.plan_rooms(now=OPENING)
        pages = [client.get(reverse(f"webinars:{name}", args=[session.uuid])) for name in ("session", "join")]
        words = [page.content.decode() for page in pages] + list(vars(letter()).values())[1:3]
        return linking.meeting_of(rooms.get()).may_record, [told in one for one in words]

    def letter():
        return render("booking_confirmed", context_of(Booking.objects.owned_by(client.user).get()))

    agency_lets_record(True)
    change(session, OPENING, may_be_recorded=True)
    client.user = BookingFactory(session=session).person
    client.force_login(client.user)
    at(OPENING)
    assert read() == (True, [True] * 4)
    agency_lets_record(False)
    assert read() == (False, [False] * 4)


def test_nobody_who_booked_is_recorded_after_all(session, booked, agency_lets_record, now):
    with pytest.raises(plans.RecordingRuledOut):
        change(session, now, may_be_recorded=True)
    agency_lets_record(True)
    with pytest.raises(plans.RecordingRuledOut):
        change(session, now, may_be_recorded=True, where="venue", venue="A hall")
    with pytest.raises(plans.RecordingPromised):
        change(session, now, may_be_recorded=True)
    operations.plan_rooms(now=OPENING)
    assert not linking.meeting_of(rooms.get()).may_record
