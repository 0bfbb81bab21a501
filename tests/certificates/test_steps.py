"""The sums of a pathway: tables for what is asked, and what holds for any numbers."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.certificates import steps
from lms.certificates.steps import Bar, Group, How, Outcome, Turn, Word

T0 = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
TODAY = date(2026, 3, 29)


def at(days):
    return T0 + timedelta(days=days)


@pytest.mark.parametrize(
    ("how", "needed", "total", "asked"),
    [("all", 0, 3, 3), ("any", 0, 3, 1), ("some", 2, 3, 2), ("some", 5, 3, 3), ("any", 0, 0, 0), ("all", 9, 0, 0)],
)
def test_a_group_never_asks_for_more_than_it_has(how, needed, total, asked):
    assert steps.asked_of(how, needed, total=total) == asked


@pytest.mark.parametrize(
    ("days", "needed", "turn", "counted", "done_on"),
    [
        ([], 1, "open", 0, None),
        ([3], 1, "done", 1, 3),
        ([3, 1], 1, "done", 2, 1),
        ([3], 2, "open", 1, None),
        ([9, 3, 1], 2, "done", 3, 3),
    ],
)
def test_what_is_asked_n_times_is_done_with_the_nth(days, needed, turn, counted, done_on):
    found = steps.by_count(map(at, days), needed=needed, lasts_months=None, today=TODAY)
    assert (found.turn, found.counted, found.done_at) == (turn, counted, None if done_on is None else at(done_on))


@pytest.mark.parametrize(
    ("today", "turn", "lapsed"),
    [(date(2029, 3, 2), "done", False), (date(2029, 3, 3), "open", True), (date(2026, 3, 2), "done", False)],
)
def test_what_lasts_three_years_counts_on_the_last_day_and_no_longer(today, turn, lapsed):
    found = steps.by_count([T0], needed=1, lasts_months=36, today=today)
    assert (found.turn, found.has_lapsed) == (turn, lapsed)
    assert found.lapses_on == (date(2029, 3, 2) if turn == "done" else None)


def test_the_latest_counts_when_something_lapses():
    found = steps.by_count([T0, at(400)], needed=1, lasts_months=12, today=TODAY + timedelta(days=400))
    assert found.lapses_on == date(2028, 4, 6)


MET, NOT_YET = True, False


@pytest.mark.parametrize(
    ("words", "needed", "handed_in", "turn", "since"),
    [
        ([], 1, None, "waiting", None),
        ([], 1, 2, "waiting", 2),
        ([(MET, 3)], 1, None, "done", None),
        ([(NOT_YET, 3)], 1, None, "more", 3),
        ([(NOT_YET, 3)], 1, 2, "more", 3),
        ([(NOT_YET, 3)], 1, 4, "waiting", 4),
        ([(NOT_YET, 3), (MET, 4)], 1, None, "done", None),
        ([(MET, 3)], 2, None, "waiting", 3),
        ([(MET, 3), (NOT_YET, 5)], 2, None, "more", 5),
        ([(MET, 3), (NOT_YET, 5)], 2, 6, "waiting", 6),
        ([(MET, 3), (MET, 5)], 2, 6, "done", None),
    ],
)
def test_a_word_moves_the_turn(words, needed, handed_in, turn, since):
    said = [Word(is_met, at(day)) for is_met, day in words]
    found = steps.by_words(said, needed=needed, handed_in=None if handed_in is None else at(handed_in))
    assert found.turn == turn
    assert found.since == (None if since is None else at(since))


def test_what_the_candidate_begins_is_theirs_until_they_hand_it_in():
    assert steps.by_words([], needed=1, handed_in=None, turn=Turn.OPEN).turn == Turn.OPEN
    assert steps.by_words([], needed=1, handed_in=T0, turn=Turn.OPEN).turn == Turn.WAITING


@pytest.mark.parametrize(
    ("reviews", "turn", "lapsed"),
    [([], "waiting", False), ([0], "done", False), ([-1], "waiting", True), ([-9, 5], "done", False)],
)
def test_a_check_counts_until_its_review(reviews, turn, lapsed):
    found = steps.by_check([(T0, TODAY + timedelta(days=n)) for n in reviews], today=TODAY)
    assert (found.turn, found.has_lapsed) == (turn, lapsed)


DONE, OPEN, WAITING = Outcome(Turn.DONE, done_at=at(5)), Outcome(Turn.OPEN), Outcome(Turn.WAITING)


def group(*outcomes, how=How.ALL, needed=0, in_order=False, follows=False):
    return Group(how, needed, in_order, follows, outcomes)


def turns(*groups):
    return [[str(outcome.turn) for outcome in found] for found in steps.arranged(groups, begun=T0)]


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([group(OPEN, WAITING)], [["open", "waiting"]]),
        ([group(OPEN, WAITING, in_order=True)], [["open", "shut"]]),
        ([group(DONE, WAITING, OPEN, in_order=True)], [["done", "waiting", "shut"]]),
        ([group(OPEN, DONE, in_order=True)], [["open", "done"]]),
        ([group(OPEN), group(WAITING, follows=True)], [["open"], ["shut"]]),
        ([group(DONE), group(WAITING, follows=True)], [["done"], ["waiting"]]),
        ([group(OPEN), group(OPEN), group(WAITING, follows=True)], [["open"], ["open"], ["shut"]]),
        ([group(DONE, OPEN, how=How.ANY)], [["done", "spare"]]),
        ([group(DONE, OPEN, OPEN, how=How.SOME, needed=2)], [["done", "open", "open"]]),
        ([group(DONE, OPEN, how=How.ANY), group(OPEN, follows=True)], [["done", "spare"], ["open"]]),
    ],
)
def test_order_and_choice_are_heeded(groups, expected):
    assert turns(*groups) == expected


def test_a_step_waits_only_from_the_moment_it_opened():
    late = group(WAITING, follows=True)
    assert steps.arranged([group(DONE), late], begun=T0)[1][0].since == at(5)
    assert steps.arranged([group(DONE), group(WAITING)], begun=T0)[1][0].since == T0


outcomes = st.lists(st.sampled_from([DONE, OPEN, WAITING]), max_size=4).map(tuple)
groups = st.builds(Group, st.sampled_from(How), st.integers(1, 4), st.booleans(), st.booleans(), outcomes)


@settings(max_examples=60, deadline=None)
@given(st.lists(groups, max_size=4))
def test_whatever_is_asked_what_is_done_stays_done_and_something_can_be_done_next(asked):
    found = steps.arranged(asked, begun=T0)
    for before, after in zip(asked, found, strict=True):
        for one, other in zip(before.outcomes, after, strict=True):
            assert (one.turn == Turn.DONE) == (other.turn == Turn.DONE)
    if any(not one.is_met for one in asked):
        assert any(outcome.turn in {Turn.OPEN, Turn.WAITING} for row in found for outcome in row)


@pytest.mark.parametrize(
    ("verdicts", "counts"),
    [
        (["met"] * 10, True),
        (["nearly"] * 10, True),
        (["met"] * 9 + ["not_yet"], False),
        (["met"] * 9, False),
        (["met"] * 11, False),
        (["met"] * 9 + ["splendid"], False),
        ([], False),
    ],
)
def test_an_observation_counts_when_all_ten_points_are_seen(verdicts, counts):
    assert steps.observation_counts(verdicts) is counts


@pytest.mark.parametrize(
    "text",
    [
        "001234567890",
        "No. 0012 3456 7890",
        "DBS:001-234-567-890",
        "0012.3456.7890",
        "cert001234567 890",
        "٠٠١٢٣٤٥٦٧٨٩٠",
    ],
)
def test_a_certificate_number_is_seen_however_it_is_written(text):
    assert steps.looks_like_a_number(text)


@pytest.mark.parametrize(
    "text", ["Group leader", "adults only, 2 evenings a week", "3.4.2026", "12/03/2026", "Room 101"]
)
def test_a_role_or_a_date_is_no_number(text):
    assert not steps.looks_like_a_number(text)


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.sampled_from("0123456789"), min_size=12, max_size=12),
    st.sampled_from(["", " ", "-", "."]),
    st.text(max_size=5),
)
def test_twelve_digits_never_pass(digits, between, around):
    assert steps.looks_like_a_number(f"{around} {between.join(digits)} {around}")


@pytest.mark.parametrize(
    ("signer", "why"),
    [(1, Bar.THEMSELVES), (2, Bar.CO_LEADER), (3, Bar.PARTNER), (4, Bar.SIGNED_ALREADY), (5, None)],
)
def test_who_cannot_sign_is_told_why(signer, why):
    assert steps.bar(signer, candidate=1, co_leaders=[2], household=[3], signed=[4]) == why


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (TODAY, "since today"),
        (TODAY - timedelta(days=1), "since yesterday"),
        (TODAY - timedelta(days=5), "since Tuesday"),
        (TODAY - timedelta(days=7), "since 22 March"),
        (date(2025, 12, 3), "since 3 December 2025"),
        (TODAY + timedelta(days=1), "since today"),
    ],
)
def test_a_wait_is_said_as_people_say_it(day, said):
    assert steps.said_since(day, today=TODAY) == said


@pytest.mark.parametrize(("days", "stuck"), [(13, False), (14, True)])
def test_two_weeks_with_one_person_is_long(days, stuck):
    assert steps.is_stuck(T0, now=at(days)) is stuck
    assert not steps.is_stuck(None, now=at(days))
