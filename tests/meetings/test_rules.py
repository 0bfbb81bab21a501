"""How long somebody was in a room, and when to try again."""

from datetime import timedelta

import pytest

from lms.meetings import rules
from lms.meetings.rules import Span, minutes_in
from tests.factories.webinars import START

END = START + timedelta(minutes=90)


def spans(*minutes):
    """Minutes after the start; None: not told."""
    moment = lambda m: None if m is None else START + timedelta(minutes=m)  # noqa: E731
    return [Span(moment(first), moment(last)) for first, last in minutes]


def counted(*minutes, ended_at=None):
    return minutes_in(spans(*minutes), starts_at=START, ends_at=END, ended_at=ended_at)


@pytest.mark.parametrize(
    ("stays", "minutes"),
    [
        ([(0, 90)], 90),
        ([], 0),
        ([(0, 90), (0, 90)], 90),  # two devices
        ([(0, 60), (30, 90)], 90),
        ([(10, 20), (0, 90)], 90),
        ([(0, 30), (31, 60), (62, 90)], 90),  # a line that drops
        ([(0, 30), (33, 90)], 87),
        ([(60, 90), (0, 30)], 60),  # told out of order
        ([(-60, 200)], 135),  # a quarter of an hour before, half an hour after
        ([(-60, -20)], 0),
        ([(-60, -16), (-14, 90)], 104),  # what lies before is not bridged to
        ([(0, None)], 90),  # never left
        ([(None, 50)], 0),  # left before the coming was told
        ([(50, 40)], 0),
    ],
)
def test_minutes_are_counted_once(stays, minutes):
    assert counted(*stays) == minutes


def test_who_never_left_did_when_the_meeting_ended():
    assert counted((0, None), ended_at=START + timedelta(minutes=45)) == 45
    assert counted((0, None), ended_at=END + timedelta(days=1)) == 120
    assert counted((0, None), ended_at=START - timedelta(days=1)) == 90  # somebody had tried the room out
    assert counted((50, None), ended_at=START + timedelta(minutes=45)) == 40  # it went on, or began again


def test_waits_grow_and_end():
    waits = [rules.wait_after(attempt).total_seconds() for attempt in range(1, 40)]
    assert waits[0] == 60
    assert waits == sorted(waits)
    assert max(waits) == 600
    assert rules.wait_after(1, asked=300) == timedelta(minutes=5)
    assert rules.wait_after(1, asked=10**9) == timedelta(hours=1)
