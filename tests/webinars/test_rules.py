"""When a door is open, what counts as having been there, and how a date is said."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.webinars import leads, rules
from lms.webinars.leads import Lead
from lms.webinars.rules import Door, Room, Timetable

START = datetime(2026, 3, 12, 19, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def door(now, *, state="published", opens_at=None, closes_at=START, left=1):
    return rules.door(state, Timetable(START, opens_at, closes_at), places_left=left, now=now)


@pytest.mark.parametrize(
    ("state", "now", "left", "expected"),
    [
        ("published", START - MINUTE, 1, Door.OPEN),
        ("published", START - MINUTE, None, Door.OPEN),
        ("published", START - MINUTE, 0, Door.FULL),
        ("published", START, 1, Door.OVER),
        ("published", START + MINUTE, 0, Door.OVER),
        ("draft", START - MINUTE, 1, Door.DRAFT),
        ("cancelled", START - MINUTE, 1, Door.CANCELLED),
        ("cancelled", START + MINUTE, 1, Door.CANCELLED),
        ("ended", START - MINUTE, 1, Door.OVER),
    ],
)
def test_the_door_says_why_it_is_shut(state, now, left, expected):
    assert door(now, state=state, left=left) == expected


def test_booking_opens_and_closes_to_the_second():
    opens, closes = START - timedelta(days=7), START - timedelta(days=1)
    second = timedelta(seconds=1)
    at = {"opens_at": opens, "closes_at": closes}
    assert door(opens - second, **at) == Door.NOT_YET
    assert door(opens, **at) == Door.OPEN
    assert door(closes - second, **at) == Door.OPEN
    assert door(closes, **at) == Door.CLOSED


PARTS = [(START, START + timedelta(minutes=90)), (START + timedelta(days=7), START + timedelta(days=7, minutes=90))]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (START - timedelta(minutes=15, seconds=1), Room.EARLY),
        (START - timedelta(minutes=15), Room.OPEN),
        (START + timedelta(minutes=120), Room.OPEN),
        (START + timedelta(minutes=120, seconds=1), Room.EARLY),
        (START + timedelta(days=7), Room.OPEN),
        (START + timedelta(days=7, minutes=121), Room.OVER),
    ],
)
def test_the_room_is_open_around_each_part(moment, expected):
    room = rules.room(PARTS, before=timedelta(minutes=15), after=timedelta(minutes=30), now=moment)
    assert room == expected


def test_the_room_opens_a_real_quarter_of_an_hour_before_while_clocks_go_back():
    """At 2am on 31 October 2027 it is 1am again; the window is counted in time that passes, not on the wall."""
    starts_at = datetime(2027, 10, 31, 1, 5, tzinfo=UTC)  # 1:05am for the second time
    window = {"before": timedelta(minutes=15), "after": timedelta(minutes=30)}
    parts = [(starts_at, starts_at + timedelta(hours=1))]
    assert rules.room(parts, **window, now=starts_at - timedelta(minutes=15)) == Room.OPEN
    assert rules.room(parts, **window, now=starts_at - timedelta(minutes=60)) == Room.EARLY


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([(90, "present")], "attended"),
        ([(90, "made_up")], "attended"),
        ([(90, "partial")], "partial"),
        ([(90, "absent")], "absent"),
        ([(60, "present")] * 4 + [(60, "absent")], "attended"),
        ([(60, "present")] * 3 + [(60, "absent")] * 2, "partial"),
        ([(80, "present"), (20, "absent")], "attended"),
        ([(79, "present"), (21, "absent")], "partial"),
        ([(60, "present")] * 3 + [(60, "partial")] * 2, "attended"),
        ([(1, "partial")] + [(60, "absent")] * 5, "partial"),
    ],
)
def test_four_fifths_of_the_minutes_is_attendance(marks, expected):
    assert rules.attendance(marks, parts=len(marks)) == expected


def test_a_register_that_is_not_finished_says_nothing():
    assert rules.attendance([(60, "present")] * 5, parts=6) is None
    assert rules.attendance([], parts=0) is None


VERDICTS = st.sampled_from(["present", "made_up", "partial", "absent"])
MARKS = st.lists(st.tuples(st.integers(15, 720), VERDICTS), min_size=1, max_size=12)


@given(MARKS)
def test_being_there_more_never_counts_for_less(marks):
    order = ["absent", "partial", "attended"]
    better = [(minutes, "present" if verdict == "partial" else verdict) for minutes, verdict in marks]
    before, after = (rules.attendance(m, parts=len(marks)) for m in (marks, better))
    assert order.index(after) >= order.index(before)


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (19, 30, "7:30pm"),
        (10, 0, "10am"),
        (12, 0, "midday"),
        (0, 0, "midnight"),
        (0, 5, "12:05am"),
        (12, 15, "12:15pm"),
    ],
)
def test_times_are_said_as_people_say_them(hour, minute, said):
    assert rules.said_time(datetime(2026, 3, 12, hour, minute)) == said  # noqa: DTZ001 - a wall time


def test_a_day_is_said_with_its_year_only_when_that_is_another():
    day = datetime(2026, 3, 12, 19, 30, tzinfo=UTC)
    assert rules.said_date(day) == "Thursday 12 March"
    assert rules.said_day_in(day, seen=day) == "Thursday 12 March"
    assert rules.said_day_in(day, seen=day.replace(year=2027)) == "Thursday 12 March 2026"


def test_a_range_says_when_it_ends_on_another_day():
    start = datetime(2026, 3, 12, 23, 0, tzinfo=UTC)
    assert rules.said_range(start, start + timedelta(hours=2), "Europe/London") == "11pm to 1am on Friday 13 March"
    assert rules.said_range(START, START + timedelta(minutes=90), "Europe/London") == "7:30pm to 9pm"


def test_who_lives_by_another_clock_reads_their_own_day_too():
    said = rules.said_elsewhere(START, START + timedelta(minutes=90), zone="Europe/London", own="Pacific/Auckland")
    assert said == "8:30am to 10am on Friday 13 March, Auckland time"


@pytest.mark.parametrize(
    "own", ["Europe/London", "Europe/Lisbon", "Europe/Jersey", "No/Such", "", "../etc/passwd", "Europe"]
)
def test_nothing_more_is_said_where_clocks_agree_or_are_unknown(own):
    assert rules.said_elsewhere(START, START + timedelta(minutes=90), zone="Europe/London", own=own) == ""


@given(st.text(max_size=80))
def test_one_line_is_one_line(text):
    line = rules.one_line(text)
    assert len(line.splitlines()) <= 1
    assert rules.one_line(line) == line


def test_one_line_keeps_what_people_write():
    family = "\U0001f469\u200d\U0001f467 Siân Ní Bhriain, Łukasz \u202e\u062a"
    assert rules.one_line(f" {family}\r\n") == family


@given(st.text(max_size=80))
def test_paper_shows_one_word_of_a_name(name):
    assert len(rules.first_name(name).split()) <= 1


@pytest.mark.parametrize("lead", Lead)
def test_a_reminder_helps_from_when_it_is_due_until_a_nearer_one_is(lead):
    near, far = leads.window(lead)
    assert leads.falls_due(lead, START) == START - far
    assert leads.helps_until(lead, START) == START - near
    assert near < far


def test_the_times_in_which_reminders_help_follow_on_each_other():
    assert [leads.window(lead)[0] for lead in Lead] == [*[leads.window(lead)[1] for lead in Lead][1:], timedelta(0)]
