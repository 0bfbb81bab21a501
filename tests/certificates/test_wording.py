"""Agencies' own words: filled in from a fixed list, never run, never more than the paper is."""

import pytest

from lms.certificates import wording
from lms.certificates.wording import WordingProblem

VALUES = {"agency": "Wrenbrook", "title": "First steps", "date": "18 January 2026", "length": "2 hours"}


def test_places_are_filled_in():
    assert wording.filled("who came to {title} on {date} with {agency}", VALUES) == (
        "who came to First steps on 18 January 2026 with Wrenbrook"
    )


@pytest.mark.parametrize(
    "text", ["{name}", "{agency.__class__}", "{0}", "{}", "{{7*7}}", "{% debug %}", "{agency!r}", "{length:>99999999}"]
)
def test_what_is_no_known_place_is_refused_and_never_run(text):
    assert wording.problem(text, kind="completion") in {WordingProblem.UNKNOWN_PLACE, WordingProblem.BRACES}
    assert wording.filled(text, {"name2": "x"}) == text


@pytest.mark.parametrize("text", ["{", "}", "a {agency", "{agency} }"])
def test_lonely_braces_are_refused(text):
    assert wording.problem(text, kind="completion") == WordingProblem.BRACES


@pytest.mark.parametrize(
    "text",
    ["<b>x</b>", "a\x00b", "\u202egnp", "with love \U0001f600", "\u4f60\u597d", "a\nb", "=HYPERLINK()", "a\u200bb"],
)
def test_what_cannot_be_printed_is_refused(text):
    assert wording.problem(text, kind="completion") == WordingProblem.UNPRINTABLE


def test_more_than_a_line_is_refused():
    assert wording.problem("a" * (wording.LONGEST + 1), kind="completion") == WordingProblem.TOO_LONG
    assert wording.problem("a" * wording.LONGEST, kind="completion") is None


@pytest.mark.parametrize(
    "text", ["who is now qualified", "an accredited course", "a Licence to parent", "a certified parent"]
)
@pytest.mark.parametrize("kind", wording.PLACES)
def test_nothing_says_more_than_the_paper_is(text, kind):
    assert wording.problem(text, kind=kind) == WordingProblem.TOO_MUCH


def test_only_the_assessed_award_may_say_so():
    assert wording.problem("who was assessed by {agency}", kind="leader") is None
    assert wording.problem("who was assessed by {agency}", kind="attendance") == WordingProblem.TOO_MUCH


@pytest.mark.parametrize(
    "text", ["a ddaeth i\u2019r cwrs gyda {agency}", "who came and stayed: well done", "Łódź \u2013 Đà Nẵng (2)"]
)
def test_plain_words_of_any_of_our_languages_are_fine(text):
    assert wording.problem(text, kind="completion") is None


def test_an_award_has_no_length_to_fill_in():
    assert wording.unknown_places("for {length}", kind="leader") == ["length"]
