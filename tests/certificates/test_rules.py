"""Codes, states, dates and names: the sums."""

from datetime import date
from itertools import product

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from lms.certificates import pdf, rules
from lms.certificates.rules import Deed, NameProblem, State

CODE = "7K3M9QXD2HPT4VWC"
codes = st.text(alphabet=rules.ALPHABET, min_size=16, max_size=16)


def test_codes_carry_eighty_random_bits_and_no_letter_to_misread():
    made = {rules.new_code() for _ in range(500)}
    assert len(made) == 500
    assert {len(code) for code in made} == {16}
    assert not set("".join(made)) & set("ILOU")
    for place in range(16):  # no place is stuck, so all five bits of each are drawn
        assert len({code[place] for code in made}) == 32


def test_a_code_is_shown_in_groups_with_its_check_character():
    assert rules.shown(CODE) == f"7K3M-9QXD-2HPT-4VWC-{rules.check_character(CODE)}"


@given(codes)
def test_a_code_is_read_back_as_it_was_shown(code):
    assert rules.read_code(rules.shown(code)) == code


@pytest.mark.parametrize(
    "typed",
    [
        "7k3m-9qxd-2hpt-4vwc-b",
        " 7K3M 9QXD 2HPT 4VWC B ",
        "7K3M9QXD2HPT4VWCB",
        "7K3M\u20139QXD\u20142HPT\u20114VWC-B",
        "\uff17\uff2b\uff13\uff2d-9QXD-2HPT-4VWC-B",
        "7K3M9QXD2HPT4VWC",
    ],
)
def test_it_does_not_matter_how_a_code_is_typed(typed):
    assert rules.check_character(CODE) == "B"
    assert rules.read_code(typed) == CODE


def test_letters_that_look_like_digits_are_read_as_those():
    code = "0110" + CODE[4:]
    assert rules.read_code("oIl0" + CODE[4:]) == code


@pytest.mark.parametrize(
    "typed",
    ["", "-", "7K3M", CODE + "BB", CODE + "C", "7K3M-9QXD-2HPT-4VWU", "é" * 16, "\u202e" + CODE[:15], "9" * 5000],
)
def test_what_is_no_code_is_none(typed):
    assert rules.read_code(typed) is None


@given(codes, st.integers(0, 15), st.sampled_from(rules.ALPHABET))
def test_one_wrong_letter_never_reads_as_another_certificate(code, place, letter):
    wrong = code[:place] + letter + code[place + 1 :]
    read = rules.read_code(wrong + rules.check_character(code))
    assert read == (code if wrong == code else None)


ALLOWED = {
    State.STAGED: {Deed.APPROVE: State.WAITING, Deed.DECLINE: State.DECLINED, Deed.WITHDRAW: State.WITHDRAWN},
    State.DECLINED: {Deed.APPROVE: State.WAITING, Deed.WITHDRAW: State.WITHDRAWN},
    State.WAITING: {Deed.CLAIM: State.ACTIVE, Deed.WITHDRAW: State.WITHDRAWN},
    State.ACTIVE: {
        Deed.SUSPEND: State.SUSPENDED,
        Deed.EXPIRE: State.EXPIRED,
        Deed.REPLACE: State.REPLACED,
        Deed.WITHDRAW: State.WITHDRAWN,
    },
    State.SUSPENDED: {Deed.REINSTATE: State.ACTIVE, Deed.WITHDRAW: State.WITHDRAWN},
    State.EXPIRED: {Deed.REPLACE: State.REPLACED, Deed.WITHDRAW: State.WITHDRAWN},
    State.REPLACED: {Deed.WITHDRAW: State.WITHDRAWN},
    State.WITHDRAWN: {},
}


@pytest.mark.parametrize(("state", "deed"), list(product(State, Deed)))
def test_each_deed_leads_where_the_table_says_or_nowhere(state, deed):
    if deed in ALLOWED[state]:
        assert rules.after(state, deed) == ALLOWED[state][deed]
    else:
        with pytest.raises(rules.ImpossibleMove):
            rules.after(state, deed)


def test_withdrawn_is_for_good():
    assert not [deed for state, deed in rules.MOVES if state == State.WITHDRAWN]


@pytest.mark.parametrize(
    ("state", "today", "stands"),
    [
        (State.ACTIVE, date(2028, 1, 18), State.ACTIVE),
        (State.ACTIVE, date(2028, 1, 19), State.EXPIRED),
        (State.SUSPENDED, date(2030, 1, 1), State.SUSPENDED),
        (State.WITHDRAWN, date(2030, 1, 1), State.WITHDRAWN),
    ],
)
def test_the_last_day_still_counts_and_the_next_does_not(state, today, stands):
    assert rules.standing(state, valid_until=date(2028, 1, 18), today=today) == stands


def test_without_an_end_date_it_holds():
    assert rules.standing("active", valid_until=None, today=date(2126, 1, 1)) == State.ACTIVE


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 5, 1), 24, date(2028, 5, 1)),
        (date(2028, 2, 29), 24, date(2030, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 14, date(2028, 2, 29)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_its_month(day, months, then):
    assert rules.months_after(day, months) == then


@pytest.mark.parametrize(
    "name",
    [
        "Samira Adeyemi-Bŵen",
        "Llŷr ap Siôn",
        "Łukasz Wąsowski-Żółć",
        "Nguyễn Thị Ngọc Ánh",
        "Анастасія Шевченко",
        "فاطمة الزهراء",
        "שרה כהן",
        "Ελένη Παπαδοπούλου",
        "Adébáyọ̀ Ọlá",
        "Siobhán O\u2019Brien-Ní Dhomhnaill",
        "J.-P. d'Arc, the third",
        "Ö",
    ],
)
def test_names_of_many_languages_fit(name):
    assert rules.name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", NameProblem.EMPTY),
        (" - ", NameProblem.EMPTY),
        ("...", NameProblem.EMPTY),
        ("Sam 🙂", NameProblem.UNPRINTABLE),
        ("<b>Sam</b>", NameProblem.UNPRINTABLE),
        ("नेहा शर्मा", NameProblem.UNPRINTABLE),
        ("王小明", NameProblem.UNPRINTABLE),
        ("Sam\x00", NameProblem.UNPRINTABLE),
        ("Sa\u202em", NameProblem.UNPRINTABLE),
        ("S" + "a\u0301\u0302\u0303\u0304", NameProblem.PILED_UP),
        ("W" * 80, NameProblem.TOO_WIDE),
    ],
)
def test_a_name_that_cannot_be_set_is_refused_with_its_reason(name, problem):
    assert rules.name_problem(name) == problem


def _glyphs(*names):
    return set().union(*(TTFont(pdf.FACES / f"{name}.woff2").getBestCmap() for name in names))


def _characters(ranges):
    return {code for low, high in ranges for code in range(low, high + 1)}


def test_every_letter_that_is_let_through_has_a_glyph():
    allowed = _characters(rules.LETTERS) | set(map(ord, rules.BETWEEN_LETTERS))
    assert allowed <= _glyphs("dejavu-serif-names", "dejavu-sans-names")


def test_the_title_face_has_what_is_said_of_it():
    assert _characters(rules.TITLE_FACE) | {0x2018, 0x2019} <= _glyphs("petrona", "petrona-ext", "petrona-vi")


@pytest.mark.parametrize(
    ("ranges", "faces"),
    [
        (((0x400, 0x45F), (0x490, 0x4F9)), ("noto-serif-cyrillic", "noto-serif-cyrillic-ext")),
        (rules._GREEK, ("noto-serif-greek",)),
    ],
)
def test_each_writing_has_a_face_of_the_weight_of_the_title(ranges, faces):
    assert _characters(ranges) <= _glyphs(*faces)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 minutes"), (1, "1 minute"), (60, "1 hour"), (61, "1 hour 1 minute"), (135, "2 hours 15 minutes")],
)
def test_a_length_of_time_in_words(minutes, words):
    assert rules.hours(minutes) == words


@pytest.mark.parametrize(("count", "words"), [(24, "2 years"), (12, "1 year"), (18, "18 months"), (1, "1 month")])
def test_a_validity_in_words(count, words):
    assert rules.months(count) == words


def test_only_lines_that_fit_are_printed_and_not_too_many():
    lines = ["Stay calm.", "", "x" * 91, "Mend things", "Third", "Fourth", "Fifth"]
    assert rules.fitting(lines, most=4, longest=90) == ["Stay calm", "Mend things", "Third", "Fourth"]
