"""Sums about learning, without a database."""

import signal
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.courses import rules

START = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
STATES = ["requested", "invited", "waiting", "active", "paused", "completed", "left"]

facts = st.builds(
    rules.Fact,
    kind=st.sampled_from(["opened", "read", "answered", "skipped", "finished"]),
    at=st.integers(0, 50).map(lambda minutes: START + timedelta(minutes=minutes)),
    score=st.none() | st.integers(0, 100),
    answer=st.sampled_from(["", '["a"]', '["b"]', '["ż"]']),
)


def sum_of(all_facts):
    standing = None
    for fact in all_facts:
        standing = rules.merge(standing, fact)
    return standing


@given(st.lists(facts, min_size=1), st.randoms(use_true_random=False))
def test_facts_come_to_the_same_in_any_order_and_any_number_of_times(known, chance):
    shuffled = [*known, *chance.choices(known, k=len(known))]
    chance.shuffle(shuffled)
    assert sum_of(shuffled) == sum_of(known)


@given(st.lists(facts, min_size=1), facts)
def test_nothing_that_comes_later_takes_anything_back(known, late):
    before, after = sum_of(known), sum_of([*known, late])
    assert not (before.done_at and not after.done_at)
    assert (after.best_score or 0) >= (before.best_score or 0)
    assert after.opened_at <= before.opened_at
    assert not (after.skipped and before.done_at and not before.skipped)


def test_who_answers_a_skipped_question_has_no_longer_left_it_out():
    skipped = rules.Fact("skipped", START)
    answered = rules.Fact("answered", START + timedelta(days=3), score=0, answer='["a"]')
    standing = sum_of([skipped, answered])
    assert not standing.skipped
    assert standing.done_at == START


def test_opening_a_thing_is_not_doing_it():
    assert sum_of([rules.Fact("opened", START)]).done_at is None


ALLOWED = {
    ("", "requested"), ("", "invited"), ("", "waiting"), ("", "active"),
    ("requested", "active"), ("requested", "waiting"), ("requested", "left"),
    ("invited", "active"), ("invited", "waiting"), ("invited", "left"),
    ("waiting", "active"), ("waiting", "left"),
    ("active", "paused"), ("active", "completed"), ("active", "left"),
    ("paused", "active"), ("paused", "completed"), ("paused", "left"),
    ("completed", "active"), ("left", "active"), ("left", "requested"), ("left", "waiting"),
}  # fmt: skip


@pytest.mark.parametrize("before", ["", *STATES])
@pytest.mark.parametrize("after", STATES)
def test_an_enrolment_changes_only_along_known_ways(before, after):
    assert rules.may_change(before, after) == ((before, after) in ALLOWED)


def item(*, required=True):
    return {"required": required, "kind": "question"}


def test_what_was_taken_out_is_no_longer_asked_and_what_was_added_is_only_offered():
    pinned = {"kept": item(), "gone": item(), "made optional": item(), "optional": item(required=False)}
    latest = {"kept": item(), "new": item(), "made optional": item(required=False), "optional": item()}
    assert rules.required(pinned, latest) == {"kept"}


def lesson(*items):
    return {"id": "reading", "items": [{"id": "reading"}, *({"id": name} for name in items)]}


def test_a_lesson_is_done_when_its_required_items_are_done():
    count = rules.count_lesson(lesson("q1", "q2"), asked={"reading", "q1"}, done={"q1"})
    assert (count.is_done, count.left) == (False, 1)
    count = rules.count_lesson(lesson("q1", "q2"), asked={"reading", "q1"}, done={"q1", "reading"})
    assert (count.is_done, count.left) == (True, 0)


def test_a_lesson_that_asks_nothing_is_done_when_it_is_read():
    assert not rules.count_lesson(lesson("q1"), asked=set(), done={"q1"}).is_done
    assert rules.count_lesson(lesson("q1"), asked=set(), done={"reading"}).is_done


def test_what_is_left_to_try_is_not_the_reading():
    assert rules.count_lesson(lesson("q1", "q2"), asked={"reading", "q1", "q2"}, done={"q1"}).left_to_try == 1
    assert rules.count_lesson(lesson("q1"), asked={"q1"}, done=set()).left_to_try == 1


@pytest.mark.parametrize(
    ("passed", "parts", "left"), [(0, 10, 15), (4, 10, 9), (10, 10, 1), (99, 10, 1), (-3, 10, 15), (0, 0, 15)]
)
def test_minutes_left_never_come_to_nothing_and_never_to_more_than_there_are(passed, parts, left):
    assert rules.minutes_left(15, passed=passed, parts=parts) == left


def key(kind, right, options="abcd"):
    return {"kind": kind, "right": list(right), "options": list(options)}


@pytest.mark.parametrize(
    ("asked", "chosen", "worth"),
    [
        (key("single", "b"), "b", 100),
        (key("single", "b"), "a", 0),
        (key("true-false", "a", "ab"), "a", 100),
        (key("multiple", "ab"), "ab", 100),
        (key("multiple", "ab"), "ba", 100),
        (key("multiple", "ab"), "a", 75),
        (key("multiple", "ab"), "cd", 0),
        (key("multiple", "ab"), "abcd", 50),
        (key("order", "dacb"), "dacb", 100),
        (key("order", "dacb"), "dabc", 0),
    ],
)
def test_an_answer_is_worth_what_is_right_in_it(asked, chosen, worth):
    assert rules.score(asked, list(chosen)) == worth


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        (key("single", "b"), ["z"]),
        (key("single", "b"), ["a", "b"]),
        (key("multiple", "ab"), ["a", "a"]),
        (key("multiple", "ab"), ["NaN"]),
        (key("order", "dacb"), ["d", "a"]),
        (key("order", "dacb"), ["d", "a", "c", "z"]),
        (key("single", "b"), [""]),
    ],
)
def test_what_is_no_option_is_no_answer(asked, chosen):
    with pytest.raises(rules.NotAnOption):
        rules.score(asked, chosen)


def test_places_say_an_order():
    assert rules.in_places({"x": "3", "y": "1", "z": "2"}) == ["y", "z", "x"]
    assert len(rules.in_places({str(n): str(n) for n in range(1, 13)})) == 12


@pytest.mark.parametrize("places", [{"x": "1", "y": "1"}, {"x": "1", "y": "3"}, {"x": "", "y": "1"}, {"x": "²"}])
def test_places_that_are_no_order_are_refused(places):
    with pytest.raises(rules.NotAnOption):
        rules.in_places(places)


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("She asked for the blue cup again.", []),
        ("We waited 45 minutes, then 3 more.", []),
        ("Write to sam@example.org", ["an e-mail address"]),
        ("ring 01632 960 140 or +44 7700 900123", ["a phone number"]),
        ("we moved to HX7 8AB", ["a postcode"]),
        ("born on 3 May", ["a date of birth"]),
        ("his birthday is 12/04/2019", ["a date of birth"]),
        ("sam@example.org, LS1 4AP", ["an e-mail address", "a postcode"]),
    ],
)
def test_what_could_point_to_a_person_is_noticed_and_not_repeated(text, signs):
    assert rules.identifiers(text) == signs


def test_a_million_characters_are_looked_through_in_one_go():
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("this would take hours"))
    signal.alarm(60)  # seconds; it takes one, unless a sign looks from each place to the end
    try:
        assert rules.identifiers("x" * 1_000_000) == rules.identifiers("a@" * 500_000) == []
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def test_words_are_listed_as_people_say_them():
    assert [rules.listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
