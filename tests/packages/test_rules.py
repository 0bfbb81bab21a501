"""What a package may say, and what its claims come to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.packages import rules
from lms.packages.rules import Claim, NotUnderstood


def claim_12(limits=None, **core):
    return rules.claim({"core": core}, standard="1.2", limits=limits or {})


def claim_2004(limits=None, **cmi):
    return rules.claim(cmi, standard="2004", limits=limits or {})


@pytest.mark.parametrize(
    ("status", "complete", "passed"),
    [
        ("passed", True, True),
        ("completed", True, None),
        ("failed", True, False),
        ("incomplete", False, None),
        ("browsed", False, None),
        ("not attempted", False, None),
        ("", False, None),
    ],
)
def test_words_of_1_2(status, complete, passed):
    said = claim_12(lesson_status=status)
    assert (said.is_complete, said.is_passed) == (complete, passed)


@pytest.mark.parametrize("status", ["banana", "PASSED", "completed ", "x" * 50])
def test_words_that_are_not_in_the_standard_are_refused(status):
    with pytest.raises(NotUnderstood):
        claim_12(lesson_status=status)
    for name in ("completion_status", "success_status"):
        with pytest.raises(NotUnderstood):
            claim_2004(**{name: status})


def test_in_2004_being_over_and_being_passed_are_two_things():
    said = claim_2004(completion_status="completed", success_status="failed")
    assert (said.is_complete, said.is_passed) == (True, False)


def test_a_limit_of_the_manifest_goes_before_the_word_of_the_part():
    said = claim_2004(
        {"completion_threshold": "0.8", "scaled_passing_score": "0.7"},
        completion_status="completed",
        progress_measure="0.5",
        success_status="passed",
        score={"scaled": "0.6"},
        scaled_passing_score="0.1",  # its own word for a limit is none
    )
    assert (said.is_complete, said.is_passed) == (False, False)
    for raw, passed in (("70", False), ("79.6", False), ("80", True)):
        assert claim_12({"mastery_score": "80"}, lesson_status="completed", score={"raw": raw}).is_passed is passed
    assert claim_12({"mastery_score": "80"}, lesson_status="incomplete", score={"raw": "90"}).is_passed is None
    for scaled, passed in (("0.7949", False), ("0.795", True), ("0.796", True)):
        assert claim_2004({"scaled_passing_score": "0.795"}, score={"scaled": scaled}).is_passed is passed


@pytest.mark.parametrize(
    ("score", "hundredths"),
    [
        ({"raw": "70"}, 70),
        ({"raw": "7", "min": "0", "max": "10"}, 70),
        ({"raw": "15", "min": "10", "max": "20"}, 50),
        ({"raw": "79.6"}, 79),
        ({"raw": "29", "min": "0", "max": "100"}, 29),
        ({"raw": ""}, None),
        ({"raw": "0", "min": "0", "max": "0"}, None),
        ({}, None),
    ],
)
def test_points_become_hundredths(score, hundredths):
    assert claim_12(score=score).score == hundredths


@pytest.mark.parametrize("raw", ["150", "-1", "nan", "inf", "abc", "1e999", "1_0", " 7", "\u0661", True, [[]], {}])
def test_points_that_cannot_be_are_refused(raw):
    with pytest.raises(NotUnderstood):
        claim_12(score={"raw": raw})


def test_points_between_ends_that_no_number_holds_are_refused():
    with pytest.raises(NotUnderstood):
        claim_12(score={"raw": "1.7e308", "min": "-1.7e308", "max": "1.7e308"})


@pytest.mark.parametrize(("scaled", "hundredths"), [("1", 100), ("0.8", 80), ("0.29", 29), ("0.996", 99), ("-0.5", 0)])
def test_scaled_points(scaled, hundredths):
    assert claim_2004(score={"scaled": scaled}).score == hundredths


@pytest.mark.parametrize("scaled", ["1.5", "-2", "NaN"])
def test_scaled_points_out_of_range_are_refused(scaled):
    with pytest.raises(NotUnderstood):
        claim_2004(score={"scaled": scaled})


@pytest.mark.parametrize(
    ("text", "standard", "seconds"),
    [
        ("00:05:30", "1.2", 330),
        ("0001:00:00.50", "1.2", 3600),
        ("PT1H30M5S", "2004", 5405),
        ("P1DT1S", "2004", 86_401),
        ("PT0.125S", "2004", 0),
        ("P99999Y", "2004", rules.LONGEST_TIME),
        ("", "2004", 0),
    ],
)
def test_lengths_of_time(text, standard, seconds):
    assert rules.seconds_of(text, standard=standard) == seconds


@pytest.mark.parametrize(
    ("text", "standard"),
    [
        ("5:30", "1.2"),
        ("00:60:00", "1.2"),
        ("PT", "2004"),
        ("P", "2004"),
        ("P1DT", "2004"),
        ("1H", "2004"),
        ("x", "1.2"),
        (f"P{'9' * 5000}Y", "2004"),
    ],
)
def test_lengths_of_time_that_cannot_be(text, standard):
    with pytest.raises(NotUnderstood):
        rules.seconds_of(text, standard=standard)


@given(st.integers(0, 3_000_000), st.sampled_from(["1.2", "2004"]))
def test_a_length_of_time_that_we_write_is_read_as_the_same(seconds, standard):
    assert rules.seconds_of(rules.said_seconds(seconds, standard=standard), standard=standard) == seconds


def test_a_bookmark_of_64_000_characters_is_taken_and_one_more_is_not():
    rules.claim({"suspend_data": "é" * 64_000}, standard="1.2", limits={})
    with pytest.raises(NotUnderstood):
        claim_2004(suspend_data="é" * 64_001)
    for too_long in (lambda: claim_2004(location="x" * 1_001), lambda: claim_12(lesson_location="x" * 1_001)):
        with pytest.raises(NotUnderstood):
            too_long()


@pytest.mark.parametrize(
    "cmi", [{"core": "x"}, {"core": {"lesson_status": 5}}, {"suspend_data": []}, {"core": {"score": 1}}]
)
def test_another_shape_is_refused(cmi):
    with pytest.raises(NotUnderstood):
        rules.claim(cmi, standard="1.2", limits={})


CLAIMS = st.builds(
    Claim,
    is_complete=st.booleans(),
    is_passed=st.sampled_from([None, True, False]),
    score=st.none() | st.integers(0, 100),
    progress=st.none() | st.integers(0, 100),
)


@given(st.lists(CLAIMS, max_size=6), CLAIMS)
def test_nothing_later_takes_back_what_was_reached(before, later):
    known = Claim()
    for one in before:
        known = rules.forward(known, one)
    after = rules.forward(known, later)
    for policy in ("complete", "ended", "passed", "score", "opened"):
        was = rules.is_done(known, policy=policy, pass_mark=80)
        if policy not in {"complete", "opened"} or known.is_passed is not None:
            assert rules.is_done(after, policy=policy, pass_mark=80) or not was or later.is_passed is False
    assert (after.score or 0) >= (known.score or 0)
    assert after.is_complete or not known.is_complete


@pytest.mark.parametrize(
    ("said", "policy", "done"),
    [
        (Claim(is_complete=True), "complete", True),
        (Claim(is_complete=True, is_passed=False), "complete", False),
        (Claim(is_passed=True), "complete", True),
        (Claim(is_complete=True), "passed", False),
        (Claim(is_passed=True), "passed", True),
        (Claim(score=80), "score", True),
        (Claim(score=79), "score", False),
        (Claim(progress=90), "score", True),
        (Claim(is_complete=True, is_passed=False), "ended", True),
        (Claim(), "opened", False),
    ],
)
def test_when_a_part_is_done(said, policy, done):
    assert rules.is_done(said, policy=policy, pass_mark=80) is done


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (Claim(), ""),
        (Claim(is_complete=True), "finished"),
        (Claim(is_complete=True, is_passed=True, score=85), "passed, 85 of 100"),
        (Claim(is_complete=True, is_passed=False, score=0), "not passed yet, 0 of 100"),
    ],
)
def test_a_claim_in_words(known, words):
    assert rules.said(known) == words
