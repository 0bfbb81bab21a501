"""Local time is what was meant: over changes of the clock, on machines anywhere, and when a country changes rules."""

import os
import struct
import time
import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from lms.outbox.models import Message
from lms.webinars import jobs, leads, operations, rules
from lms.webinars.leads import Lead
from lms.webinars.models import Session, SessionState
from lms.webinars.operations import PartPlan
from tests.factories.agencies import StaffRoleFactory
from tests.factories.webinars import BookingFactory, adopter
from tests.webinars import plans

pytestmark = pytest.mark.django_db
sessions = Session.objects.unscoped(because="a test")
LONG_BEFORE = datetime(2027, 1, 4, 9, tzinfo=UTC)
WEEK = timedelta(weeks=1)
FAKE = "Test/Fakeland"


def wall(*numbers):
    return datetime(*numbers)  # noqa: DTZ001 - a wall time


@pytest.fixture
def role(db):
    return StaffRoleFactory(role="trainer")


@pytest.fixture
def schedule(role):
    def go(*starts, minutes=90, **fields):
        plan = plans.plan(*starts, facilitator=role.person, minutes=minutes, **fields)
        session = operations.schedule_session(plan=plan, agency=role.agency, actor=role.person, now=LONG_BEFORE)
        return operations.publish_session(session=session, actor=role.person, now=LONG_BEFORE)

    return go


def weekly(role, first, weeks):
    plan = plans.plan(first, facilitator=role.person)
    dates = [(PartPlan(first + n * WEEK, 90),) for n in range(weeks)]
    series = operations.schedule_series(
        plan=plan, dates=dates, rule="Every week", agency=role.agency, actor=role.person, now=LONG_BEFORE
    )
    return list(sessions.filter(series=series).order_by("series_position"))


# --- The clock changes ----------------------------------------------------------------------------
def test_seven_in_the_evening_stays_seven_in_the_evening_over_the_change(role):
    found = weekly(role, wall(2027, 3, 23, 19), 2)
    assert [session.local_start.hour for session in found] == [19, 19]
    assert [session.starts_at.hour for session in found] == [19, 18]


def test_the_room_opens_a_quarter_of_an_hour_before_over_the_fold_too(schedule):
    session = schedule(wall(2027, 10, 31, 2, 5))
    assert session.starts_at == datetime(2027, 10, 31, 2, 5, tzinfo=UTC)
    before = session.starts_at - timedelta(minutes=15)  # by the clock it is 1:50am, for the second time
    assert session.room_at(before) == rules.Room.OPEN
    assert session.room_at(before - timedelta(seconds=1)) == rules.Room.EARLY


def test_a_day_before_is_24_hours_before_not_the_same_hour_by_the_clock(schedule):
    session = schedule(wall(2027, 3, 28, 10))
    due = datetime(2027, 3, 27, 9, tzinfo=UTC)  # 9am in London, while the session is at 10am
    assert leads.falls_due(Lead.DAY, session.starts_at) == due


def test_somebody_in_auckland_sees_their_own_day_beside_it(schedule, client, at):
    session = schedule(wall(2027, 3, 11, 19, 30))
    at(LONG_BEFORE)
    client.force_login(adopter(time_zone="Pacific/Auckland"))
    page = client.get(reverse("webinars:session", args=[session.uuid])).content.decode()
    assert "7:30pm to 9pm, UK time. For you: 8:30am to 10am on Friday 12 March, Auckland time" in page


# --- The machine is elsewhere ---------------------------------------------------------------------
@pytest.fixture
def machine_in():
    """Set the zone of the machine for a while."""
    before = os.environ.get("TZ", "")

    def go(zone):
        os.environ["TZ"] = zone
        time.tzset()

    yield go
    os.environ["TZ"] = before
    time.tzset()


@pytest.mark.parametrize("zone", ["UTC", "America/St_Johns", "Asia/Kathmandu"])
def test_a_machine_in_any_zone_says_and_keeps_the_same(machine_in, schedule, role, client, at, zone):
    machine_in(zone)
    found = weekly(role, wall(2027, 3, 23, 19), 2)
    at(LONG_BEFORE)
    client.force_login(role.person)
    page = client.get(reverse("webinars:desk_calendar"), {"on": "2027-03-30", "view": "week"}).content.decode()
    assert [session.starts_at.astimezone(UTC).hour for session in found] == [19, 18]
    assert [session.hours for session in found] == ["7pm to 8:30pm"] * 2
    assert page.index("30</b>") < page.index("7pm to 8:30pm") < page.index("31</b>")


# --- A country changes its rules ------------------------------------------------------------------
def zone_file(hours_ahead):
    """A zone with one fixed offset, as ``zoneinfo`` reads it: no changes, one type, and a rule for ever."""
    name = b"FAK\x00"
    sign, rule = ("-", hours_ahead) if hours_ahead >= 0 else ("", -hours_ahead)
    block = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, 0, 1, len(name))
    block += struct.pack(">lbb", hours_ahead * 3600, 0, 0) + name
    return block + block + f"\n<FAK>{sign}{rule}\n".encode()


@pytest.fixture
def fakeland(tmp_path):
    """A country of our own: say how many hours its clock is ahead of UTC from now on."""
    before = zoneinfo.TZPATH

    def rule(hours_ahead):
        path = tmp_path / FAKE
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(zone_file(hours_ahead))
        zoneinfo.reset_tzpath([str(tmp_path), *before])
        zoneinfo.ZoneInfo.clear_cache(only_keys=[FAKE])

    rule(2)
    yield rule
    zoneinfo.ZoneInfo.clear_cache(only_keys=[FAKE])
    zoneinfo.reset_tzpath(before)


def test_when_a_country_changes_its_clock_what_is_to_come_moves_and_what_was_does_not(fakeland, schedule):
    now = datetime(2027, 3, 10, 12, tzinfo=UTC)
    session = schedule(wall(2027, 3, 4, 19), wall(2027, 3, 11, 19), wall(2027, 3, 18, 19), zone=FAKE)
    booking = BookingFactory(session=session)
    fakeland(3)
    assert operations.resettle(now=now) == operations.Resettled(moved=1, lost=[])
    assert [part.starts_at.hour for part in session.parts.all()] == [17, 16, 16]
    assert {part.local_start[-5:] for part in session.parts.all()} == {"19:00"}
    session.refresh_from_db()
    assert session.ends_at == datetime(2027, 3, 18, 17, 30, tzinfo=UTC)
    assert session.calendar_sequence == 1
    assert Message.objects.filter(kind="session_changed", person_id=booking.person_id).count() == 1
    assert operations.resettle(now=now) == operations.Resettled(moved=0, lost=[])


def test_booking_closes_as_long_before_the_new_moment(fakeland, schedule):
    session = schedule(wall(2027, 3, 11, 19), zone=FAKE, closes=wall(2027, 3, 10, 19))
    fakeland(3)
    operations.resettle(now=LONG_BEFORE)
    session.refresh_from_db()
    assert session.starts_at - session.booking_closes_at == timedelta(days=1)


def test_a_time_that_is_gone_is_left_for_people_to_decide(schedule):
    session = schedule(wall(2027, 3, 28, 2, 30))
    session.parts.update(local_start="2027-03-28T01:30")
    assert operations.resettle(now=LONG_BEFORE) == operations.Resettled(moved=0, lost=[session.pk])
    assert operations.plan_of(session).parts[0].local_start == wall(2027, 3, 28, 1, 30)  # to be typed anew


def test_the_second_of_two_equal_times_stays_the_second(role):
    plan = plans.plan(facilitator=role.person)
    plan = plan.on([PartPlan(wall(2027, 10, 31, 1, 30), 60, second=True)])
    session = operations.schedule_session(plan=plan, agency=role.agency, actor=role.person, now=LONG_BEFORE)
    assert operations.resettle(now=LONG_BEFORE).moved == 0
    assert operations.plan_of(session).parts[0].second is True


def test_what_is_cancelled_or_over_is_left_alone(fakeland, schedule):
    for state in (SessionState.CANCELLED, SessionState.ENDED, SessionState.DECLINED):
        session = schedule(wall(2027, 3, 11, 19), zone=FAKE)
        sessions.filter(pk=session.pk).update(state=state)
    fakeland(3)
    assert operations.resettle(now=LONG_BEFORE).moved == 0


def test_the_clock_does_it_each_day(at):
    at(LONG_BEFORE)
    assert jobs.resettle() == "moved 0, at a time that is gone: none"
    assert "webinars.resettle" in {job.name for job in jobs.JOBS}
