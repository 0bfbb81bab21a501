"""Cutting a window into times, and an honest guess at a wait."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.consultations import rules

SIX = datetime(2026, 3, 12, 18, 0, tzinfo=UTC)


def minutes(count):
    return timedelta(minutes=count)


def test_a_window_is_cut_into_times_with_rest_between_them():
    cut = rules.times(SIX, SIX + minutes(120), minutes=30, rest=10)
    assert [(start - SIX, end - SIX) for start, end in cut] == [
        (minutes(0), minutes(30)),
        (minutes(40), minutes(70)),
        (minutes(80), minutes(110)),
    ]


def test_the_last_time_may_end_with_the_window():
    assert len(rules.times(SIX, SIX + minutes(60), minutes=30, rest=0)) == 2


@given(
    length=st.integers(0, 600),
    each=st.integers(rules.SHORTEST, rules.LONGEST),
    rest=st.integers(0, rules.LONGEST_REST),
)
def test_times_lie_within_the_window_and_apart(length, each, rest):
    cut = rules.times(SIX, SIX + minutes(length), minutes=each, rest=rest)
    assert all(SIX <= start < end <= SIX + minutes(length) for start, end in cut)
    assert all(later[0] - earlier[1] == minutes(rest) for earlier, later in pairwise(cut))


@pytest.mark.parametrize(
    ("ahead", "is_busy", "said"),
    [(0, False, (0, 0)), (0, True, (0, 30)), (1, True, (15, 60)), (3, False, (45, 90)), (2, True, (30, 90))],
)
def test_a_wait_lies_between_half_the_time_of_each_and_all_of_it(ahead, is_busy, said):
    wait = rules.wait(ahead=ahead, is_busy=is_busy, minutes=30, left=120)
    assert (wait.least, wait.most, wait.may_be_too_late) == (*said, False)


def test_it_says_when_the_worker_may_have_gone():
    assert rules.wait(ahead=3, is_busy=True, minutes=30, left=110).may_be_too_late


@pytest.mark.parametrize(("at", "is_open"), [(-11, False), (-10, True), (30, True), (45, True), (46, False)])
def test_the_door_opens_ten_minutes_before_and_shuts_a_quarter_of_an_hour_after(at, is_open):
    assert rules.door_is_open(SIX, SIX + minutes(30), now=SIX + minutes(at)) is is_open
