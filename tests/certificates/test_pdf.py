"""The paper: one tagged page, the same to the byte, made of our own files only."""

import re
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from django.template.loader import render_to_string

from lms.certificates import pdf
from lms.certificates.linework import NotPlain, linework
from lms.certificates.paper import paper
from lms.certificates.press import Press
from lms.certificates.typesetting import order
from tests.certificates.papers import drawn, faces_of, opened, paper_award, text_of, tree
from tests.factories.certificates import COLOURS, NAME

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def made():
    return drawn(paper_award())


# --- What stands on it -------------------------------------------------------------------------------------------


def test_it_says_who_what_how_long_when_by_whom_and_how_to_check(made):
    said = " ".join(text_of(made).split())
    for words in (
        "Certificate of completion",
        "This certificate is for",
        NAME,
        "who completed the course",
        "Therapeutic parenting: first steps",
        "9 lessons, 2 hours 15 minutes of learning. Finished on 18 January 2026. Course version 1.",
        "Repairing after a hard moment",
        "It is not a qualification, a licence or an assessment of parenting.",
        "Llŷr Morgan",
        "Wrenbrook Adoption",
        "7K3M-9QXD-2HPT-4VWC-B",
    ):
        assert words in said


def test_words_come_in_reading_order(made):
    said = text_of(made, "-raw")
    order = [
        "Wrenbrook",
        "Certificate of",
        "This certificate",
        "Samira",
        "who completed",
        "Therapeutic",
        "Repairing",
        "Llŷr",
        "7K3M",
    ]
    places = [said.index(word) for word in order]
    assert places == sorted(places)


def test_the_neutral_one_gives_nothing_away():
    award = paper_award()
    award.is_neutral = True
    said = text_of(drawn(award))
    assert "Warmth and structure at home" in said
    assert "Therapeutic" not in said
    assert "Repairing" not in said


def test_the_code_in_the_picture_leads_to_the_address_on_the_paper():
    award = paper_award()
    assert paper(award).url.endswith("/verify/7K3M-9QXD-2HPT-4VWC-B/")
    width, _, path = pdf.qr_path(paper(award).url).partition(" ")
    assert int(width) in {29, 33, 37, 41}
    assert re.fullmatch(r"[Mmhv0-9. -]+", path)
    with opened(drawn(award)) as book:
        pictures = [x for x in book.pages[0].Resources.XObject.values() if x.get("/Subtype") == "/Image"]
        assert [(int(p.Width), int(p.Height)) for p in pictures] == [(int(width), int(width))]
        assert modules(pictures[0]) == modules_of(path, int(width))


def modules(picture):
    """Which modules of a code are dark, row by row, from its picture."""
    grey = pikepdf.PdfImage(picture).as_pil_image().convert("L")
    return [[grey.getpixel((x, y)) < 128 for x in range(grey.width)] for y in range(grey.height)]


def modules_of(path, width):
    """The same from its path: strokes of one unit, ``m`` moves and ``h`` draws."""
    rows, x, y = [[False] * width for _ in range(width)], 0.0, 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", path):
        if command == "h":
            for column in range(int(x), int(x) + int(first)):
                rows[int(y)][column] = True
            x += float(first)
        else:
            x, y = (float(first), float(second)) if command == "M" else (x + float(first), y + float(second))
    return rows


KINDS = {
    "completion": "Certificate of completion",
    "attendance": "Record of attendance",
    "leader": "Group leader award",
}
IS_AND_IS_NOT = {
    "completion": ("This records completion of", "It is not a qualification"),
    "attendance": ("This records taking part", "Nothing was assessed. It is not a qualification"),
    "leader": ("This is an assessed award with an end date", "It is not a professional qualification"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_says_what_it_is_and_what_it_is_not(kind):
    award = paper_award(kind=kind, valid_until=date(2028, 1, 18) if kind == "leader" else None)
    said = " ".join(text_of(drawn(award)).split())
    assert [other for other in KINDS.values() if other in said] == [KINDS[kind]]
    assert [other for other, words in IS_AND_IS_NOT.items() if words[0] in said] == [kind]
    assert IS_AND_IS_NOT[kind][1] in said
    assert ("Valid until 18 January 2028." in said) == (kind == "leader")


def test_each_kind_has_a_look_of_its_own():
    sides = {order(paper_award(kind=kind)).files["side"][1] for kind in KINDS}
    assert len(sides) == len(KINDS)


@pytest.mark.parametrize("name", ["side-completion", "side-attendance", "side-leader", "strand", "mark"])
def test_every_drawing_of_ours_is_plain_enough_to_be_worked_out_once(name):
    drawing = linework(render_to_string(f"certificates/drawings/{name}.svg", {"colours": COLOURS}).encode())
    assert drawing.operators
    assert drawing.operators.count(b"q\n") == len(re.findall(rb"\nQ", drawing.operators))


@pytest.mark.parametrize(
    "inside",
    [
        '<circle cx="1" cy="1" r="1"/>',
        '<path fill="#ff0000" d="m0 0l5 5"/>',
        '<path fill="red" d="M0 0H5"/>',
        '<path fill="#ff0000" d="M0 0A5 5 0 0 1 5 5"/>',
        '<image href="file:///etc/hostname"/>',
    ],
)
def test_a_drawing_that_is_not_plain_is_refused(inside):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}</svg>'
    with pytest.raises(NotPlain):
        linework(svg.encode())


# --- How it is built ---------------------------------------------------------------------------------------------


def test_it_is_one_tagged_page_with_language_and_title(made):
    with opened(made) as book:
        assert len(book.pages) == 1
        width, height = (round(float(side) / 72 * 25.4) for side in book.pages[0].MediaBox[2:])
        assert (width, height) == (297, 210)
        assert book.Root.Lang == "en-GB"
        assert book.Root.MarkInfo.Marked
        assert book.Root.ViewerPreferences.DisplayDocTitle
        assert book.open_metadata()["pdfuaid:part"] == "1"
        assert book.docinfo["/Title"] == "Certificate: Therapeutic parenting: first steps"


def test_headings_begin_at_one_and_every_picture_has_words(made):
    with opened(made) as book:
        tags = tree(book.Root.StructTreeRoot.K, [])
    assert [tag for tag, _ in tags if re.fullmatch(r"/H\d", tag)] == ["/H1"]
    assert {"/P", "/L", "/LI", "/Art"} <= {tag for tag, _ in tags}
    figures = [words for tag, words in tags if tag == "/Figure"]
    assert len(figures) == 1
    assert figures[0].startswith("QR code that leads to http")


def test_every_face_is_embedded(made):
    assert faces_of(made)
    assert all(faces_of(made).values())


def test_it_carries_nothing_else(made):
    with opened(made) as book:
        assert not book.attachments
        assert "/Names" not in book.Root
        assert "/AcroForm" not in book.Root
        assert "/Annots" not in book.pages[0]
    assert b"/JavaScript" not in made
    assert str(ROOT).encode() not in made


@pytest.fixture
def press():
    made = Press()
    yield made
    made.close()


def test_the_same_award_gives_the_same_bytes_in_this_process_and_another(made, press):
    assert drawn(paper_award()) == made
    assert press.draw(order(paper_award())).pdf == made


def test_for_a_print_shop_it_is_pdf_a_and_tagged_as_well(press):
    asked = order(paper_award(), for_print_shop=True)
    made = press.draw(asked).pdf
    with opened(made) as book:
        known = book.open_metadata()
        assert (known["pdfaid:part"], known["pdfaid:conformance"]) == ("3", "A")
        assert book.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert b'pdfuaid:part="1"' in book.Root.Metadata.read_bytes()
        assert book.Root.Lang == "en-GB"
        assert "/ID" in book.trailer
        assert not book.attachments
    assert all(faces_of(made).values())
    assert press.draw(asked).pdf == made
