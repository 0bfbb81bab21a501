"""Days that come again, each counted from the first."""

from datetime import date

import pytest

from lms.common.repeating import Every, repeated, said


def days(first, every, times):
    return [day.isoformat() for day in repeated(first, every=every, times=times)]


def test_weeks_keep_their_weekday():
    assert days(date(2026, 12, 22), Every.WEEK, 3) == ["2026-12-22", "2026-12-29", "2027-01-05"]
    assert days(date(2026, 12, 22), Every.FORTNIGHT, 3) == ["2026-12-22", "2027-01-05", "2027-01-19"]


def test_the_31st_is_the_last_day_of_a_short_month_and_comes_back():
    found = days(date(2026, 12, 31), Every.DATE, 5)
    assert found == ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]


def test_the_29th_of_february_comes_back_each_month_and_in_a_leap_year():
    found = days(date(2028, 2, 29), Every.DATE, 13)
    assert found[:2] == ["2028-02-29", "2028-03-29"]
    assert found[-1] == "2029-02-28"
    assert all(day.endswith("-29") for day in found[:-1])


def test_the_second_tuesday_stays_the_second_tuesday():
    assert days(date(2026, 11, 10), Every.WEEKDAY, 3) == ["2026-11-10", "2026-12-08", "2027-01-12"]


def test_a_fifth_weekday_is_the_last_of_every_month():
    assert days(date(2026, 12, 29), Every.WEEKDAY, 3) == ["2026-12-29", "2027-01-26", "2027-02-23"]
    assert days(date(2026, 12, 30), Every.WEEKDAY, 4)[-1] == "2027-03-31"


@pytest.mark.parametrize(
    ("first", "every", "words"),
    [
        (date(2026, 11, 10), Every.WEEK, "Every week on Tuesday"),
        (date(2026, 11, 10), Every.FORTNIGHT, "Every two weeks on Tuesday"),
        (date(2026, 11, 10), Every.WEEKDAY, "Every month on the second Tuesday"),
        (date(2026, 12, 29), Every.WEEKDAY, "Every month on the last Tuesday"),
        (date(2026, 11, 10), Every.DATE, "Every month on day 10"),
        (date(2026, 12, 31), Every.DATE, "Every month on day 31, or its last day"),
    ],
)
def test_a_rule_is_said_in_words(first, every, words):
    assert said(first, every=every) == words
