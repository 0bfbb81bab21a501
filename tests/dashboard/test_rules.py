"""Greetings by the hour, and words for having been away."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.dashboard import rules

NOW = datetime(2026, 3, 12, 21, 47, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (0, "Good evening"),
        (3, "Good evening"),
        (4, "Good morning"),
        (11, "Good morning"),
        (12, "Good afternoon"),
        (17, "Good afternoon"),
        (18, "Good evening"),
        (23, "Good evening"),
    ],
)
def test_each_hour_has_its_greeting(hour, words):
    assert rules.greeting(NOW.replace(hour=hour)) == words


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (NOW - timedelta(days=27), ""),
        (NOW - timedelta(days=28), "You were last here in February, and that's fine."),
        (NOW.replace(year=2025, month=11), "You were last here in November 2025, and that's fine."),
    ],
)
def test_having_been_away_is_said_without_a_reproach(seen, words):
    assert rules.last_here(seen, now=NOW) == words


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (None, "since it was set up"),
        (timedelta(minutes=1), "for 1 minute"),
        (timedelta(minutes=119), "for 119 minutes"),
        (timedelta(minutes=120), "for 2 hours"),
        (timedelta(hours=47), "for 47 hours"),
        (timedelta(days=9), "for 9 days"),
    ],
)
def test_silence_in_words(away, words):
    assert rules.silence(away) == words
