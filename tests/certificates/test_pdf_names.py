"""Names of many languages and lengths, set in faces that have their letters, on one page."""

import unicodedata

import pytest

from tests.certificates.papers import boxes, drawn, faces_of, paper_award, text_of


@pytest.mark.parametrize(
    ("name", "face"),
    [
        ("Llŷr ap Siôn Gŵyn", "Display"),
        ("Łukasz Wąsowski-Żółć", "Display"),
        ("Nguyễn Thị Ngọc Ánh", "Display-Vi"),
        ("Анастасія Шевченко", "Cyrillic"),
        ("فاطمة الزهراء محمد", "Names-Sans"),
        ("ڈاکٹر گُل پری", "Names-Sans"),
        ("שרה כהן", "Names-Sans"),
        ("Fatima فاطمة Шевченко", "Cyrillic"),
        ("Աննա Պետրոսյան", "Names"),
        ("Ελένη Παπαδοπούλου", "Greek"),
        ("Adébáyọ̀ Ọlá", "Names"),
    ],
)
def test_names_of_many_languages_are_set_in_faces_that_have_their_letters(name, face):
    award = paper_award(name=name)
    award.says = {**award.says, "learned": [], "signatories": []}
    made = drawn(award)
    faces = faces_of(made)
    assert any(f"Certificate-{face}" in used for used in faces)
    assert not [used for used in faces if "Certificate" not in used]
    said = unicodedata.normalize("NFKC", text_of(made))
    line = next(line for line in said.splitlines() if name[-3:] in line or name[:3] in line or set(name) <= set(line))
    assert sorted(letters(line)) == sorted(letters(name))


def letters(text):
    """What is read aloud of a line, without its order: writing from right to left comes out as the eye sees it."""
    return [c for c in text if c.isalpha() or unicodedata.combining(c)]


@pytest.mark.parametrize(
    "name",
    [
        "Maria Alessandra Constantinopoulou Featherstonehaugh-Cholmondeley",
        "Christopher Montgomery-Fitzgerald",
        "W" * 46,
        "MWMWMWMWMWMWM",
        "Шщюж" * 10,
        "i" * 80,
        "Bartholomew Fotheringay",
        "Ж" * 11 + " Щ",
    ],
)
def test_a_long_name_shrinks_or_wraps_and_touches_nothing(name):
    award = paper_award(name=name)
    made = drawn(award)
    of_name = [box for box in boxes(made) if box[4] in name or name.startswith(box[4])]
    name_boxes = [box for box in of_name if 46 < box[1] < 85]
    assert name_boxes
    assert max(box[2] for box in name_boxes) < 297 - 17
    assert max(box[3] for box in name_boxes) < 77  # the thread runs below


def test_the_fullest_certificate_leaves_its_foot_free():
    award = paper_award(title="Early trauma and the developing brain, what we know and what we do not " * 2)
    award.says = {
        **award.says,
        "learned": ["Explain to someone else how a child's brain adapts to danger without calling it broken"] * 4,
        "signatories": [{"name": "Bartholomew Featherstonehaugh", "role": "Senior trainer and social worker"}] * 2,
    }
    placed = boxes(drawn(award))
    statement = max(bottom for _, _, _, bottom, word in placed if word == "parenting.")
    foot = min(top for _, top, _, _, word in placed if word in {"Bartholomew", "Check"})
    assert statement < foot
