"""How long a place is offered to one person, as sums."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lms.webinars import rules

START = datetime(2026, 3, 12, 19, 30, tzinfo=UTC)  # a Thursday evening in London
NOON = timedelta(hours=7, minutes=30)  # from noon until the start on the same day
UK = "Europe/London"


def ends(ahead, *, closes=timedelta(0), most=None, zone=UK):
    times = rules.Timetable(START, None, START - closes)
    return rules.offer_ends(times, zone=zone, most=most, now=START - ahead)


def lasts(ahead, **more):
    until = ends(ahead, **more)
    return until and until - (START - ahead)


@pytest.mark.parametrize(
    ("asked_at", "answer_by"),
    [
        (datetime(2026, 3, 5, 19, 29, tzinfo=UTC), datetime(2026, 3, 7, 19, 29, tzinfo=UTC)),  # over 7 days: 48 hours
        (datetime(2026, 3, 5, 19, 30, tzinfo=UTC), datetime(2026, 3, 6, 8, 0, tzinfo=UTC)),  # 7 days: 12, and a night
        (datetime(2026, 3, 8, 8, 0, tzinfo=UTC), datetime(2026, 3, 8, 20, 0, tzinfo=UTC)),
        (datetime(2026, 3, 10, 19, 30, tzinfo=UTC), datetime(2026, 3, 11, 8, 0, tzinfo=UTC)),  # 2 days: 12 still
        (datetime(2026, 3, 11, 12, 0, tzinfo=UTC), datetime(2026, 3, 11, 14, 0, tzinfo=UTC)),  # less: 2 hours
        (datetime(2026, 3, 12, 13, 30, tzinfo=UTC), datetime(2026, 3, 12, 15, 30, tzinfo=UTC)),  # 6 hours: 2 still
    ],
)
def test_there_is_less_time_to_answer_the_nearer_it_is(asked_at, answer_by):
    assert ends(START - asked_at) == answer_by


@pytest.mark.parametrize("ahead", [timedelta(hours=6) - timedelta(seconds=1), timedelta(minutes=5), timedelta(0)])
def test_in_the_last_six_hours_nobody_is_asked_alone(ahead):
    assert ends(ahead) is None


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("days", [1, 3, 10])
@pytest.mark.parametrize("zone", [UK, "America/New_York", "Pacific/Auckland"])
def test_no_offer_ends_at_night_or_after_booking_closes(days, hour, zone):
    ahead = timedelta(days=days, hours=hour)
    until = ends(ahead, zone=zone, closes=timedelta(hours=3))
    if until is not None:
        assert 8 <= until.astimezone(ZoneInfo(zone)).hour < 21
        assert START - ahead < until <= START - timedelta(hours=3)


def test_what_would_end_at_night_ends_in_the_morning():
    evening = START - timedelta(days=1, hours=-1)  # half past eight, the evening before
    until = rules.offer_ends(rules.Timetable(START, None, START), zone=UK, most=None, now=evening)
    assert until == datetime(2026, 3, 12, 8, 0, tzinfo=UTC)


def test_the_morning_is_eight_by_the_clock_where_the_clocks_go_forward():
    start = datetime(2026, 3, 29, 18, 30, tzinfo=UTC)
    evening = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
    until = rules.offer_ends(rules.Timetable(start, None, start), zone=UK, most=None, now=evening)
    assert until == datetime(2026, 3, 29, 7, 0, tzinfo=UTC)


def test_a_session_can_ask_for_a_quicker_answer_but_not_for_a_slower_one():
    noon = timedelta(days=9) + NOON
    assert lasts(noon, most=timedelta(hours=3)) == timedelta(hours=3)
    assert lasts(noon, most=timedelta(days=9)) == timedelta(hours=48)


def test_nothing_is_offered_once_booking_has_closed_or_nearly():
    assert ends(timedelta(days=3), closes=timedelta(days=3)) is None
    assert ends(timedelta(days=3), closes=timedelta(days=3) - timedelta(minutes=10)) is None


def test_one_place_is_kept_for_two_for_a_day_and_not_in_the_last_two():
    closes = START
    assert rules.kept_for_two_until(closes, now=START - timedelta(days=5)) == START - timedelta(days=4)
    assert rules.kept_for_two_until(closes, now=START - timedelta(hours=60)) == START - timedelta(hours=48)
    assert rules.kept_for_two_until(closes, now=START - timedelta(hours=48)) is None


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, ""), (1, "A few people are waiting."), (4, "A few people are waiting."), (5, "5 people are waiting.")],
)
def test_how_many_wait_is_said_from_five_on(count, said):
    assert rules.said_waiting(count) == said
