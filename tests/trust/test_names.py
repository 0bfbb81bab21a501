"""A name may be anybody's, in any script, and nobody's who works here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.accounts import rules
from lms.accounts.forms import NameField, ShownNameField

LIKE_STAFF = [
    "Moderator",
    "MODERATOR",
    "M\u043eder\u0430tor",  # Cyrillic
    "\u0391dmin",  # Greek
    "\uff21\uff24\uff2d\uff29\uff2e",  # full width
    "\U0001f130dmin",  # squared
    "\u1d00\u1d05\u1d0d\u026a\u0274",  # small capitals
    "Mod\u00e9rator",
    "Moderat0r",
    "@dm1n",
    "ADMlN",
    "A d m i n",
    "A.d.m.i.n",
    "Admin2",
    "Admins",
    "Sam (Admin)",
    "xX_Admin_Xx",
    "rnoderator",
    "Support Team",
    "Soc1al  Worker",
    "h3lp-desk",
    "Hearth",
    "Your Coordinator",
    "Sta\ufb00",  # ligature
    "Tra\u0131ner",  # dotless i
    "Ad\u00admin",  # soft hyphen
    "Ad\u200bmin",  # zero width
    "\u202enimdA\u202c Admin",
]
REAL_NAMES = [
    "Siân Ní Bhriain",
    "Łukasz",
    "O'Neill",
    "O\u2019Neill",
    "Nguyễn Thị",
    "Stafford",
    "Staffan",
    "Clare",
    "Admira",
    "नीता",
    "مريم",
    "Мария",
    "李小龍",
    "Sam 2",
    "Bŵen",
    "J",
    "Robin\U0001f98a",
]


@pytest.mark.parametrize("name", LIKE_STAFF)
def test_a_name_that_looks_like_staff_is_refused(name):
    with pytest.raises(Exception, match="works here"):
        ShownNameField().clean(name)


@pytest.mark.parametrize("name", REAL_NAMES)
def test_a_real_name_is_taken_as_it_is_written(name):
    assert ShownNameField().clean(f"  {name} ") == name


@pytest.mark.parametrize("name", ["Sam Trainer", "Ada Staff"])
def test_a_surname_that_is_also_a_word_may_stand_on_a_certificate(name):
    assert NameField().clean(name) == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Sam\u202e", "Sam"),
        ("S\u0061\u0301m", "Sám"),
        ("Sam\n\tSmith", "Sam Smith"),
        ("Sam\x00\x07", "Sam"),
        ("<b>Sam</b>", "<b>Sam</b>"),
    ],
)
def test_what_cannot_be_seen_is_taken_out_and_the_rest_stays(typed, kept):
    assert NameField().clean(typed) == kept


def test_a_wall_of_accents_is_refused():
    with pytest.raises(Exception, match="two accents"):
        NameField().clean("Z\u036b\u0343\u036a\u0302algo")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("oneill", "O\u2019Neill"),
        ("SIAN NI BHRIAIN", "Siân Ní Bhriain"),
        ("Anne Marie", "Anne-Marie"),
        ("Straße", "STRASSE"),
        ("Si\u0061\u0302n", "Siân"),
        ("Lukasz Wasowski", "Łukasz Wąsowski"),
        ("soren", "Søren"),
    ],
)
def test_two_spellings_of_a_name_are_the_same_name(typed, written):
    assert rules.same_name(typed, written)


@pytest.mark.parametrize(("typed", "written"), [("", ""), ("-", "'"), ("Sam", "Sama"), ("नीता", "निता"), ("", "Sam")])
def test_two_names_are_two_names(typed, written):
    assert not rules.same_name(typed, written)


@given(st.text(max_size=80))
def test_no_text_at_all_breaks_the_rules(text):
    assert rules.looks_like_staff(text) in (True, False)
    assert rules.same_name(text, text) in (True, False)
    assert rules.is_wall_of_marks(text) in (True, False)
    assert rules.is_made_of_our_words(text) in (True, False)


@given(st.text(max_size=30))
def test_a_staff_word_is_seen_whatever_stands_beside_it(text):
    assert rules.looks_like_staff(f"{text} Moderator")


@pytest.mark.parametrize(
    "password",
    ["hearth-adoption1", "Adoption2026!!", "AdopterHearth123", "hearth19751975", "h34rth4d0pt10n", "Welcome1Family2"],
)
def test_a_password_of_our_words_is_refused(password):
    assert rules.is_made_of_our_words(password)


@pytest.mark.parametrize(
    "password", ["a kettle, two mugs and rain", "xK9$$$11111111", "848390285012", "my-adoption-of-7-hedgehogs"]
)
def test_a_password_with_enough_of_its_own_is_taken(password):
    assert not rules.is_made_of_our_words(password)
