"""The paper: one tagged page, the same to the byte, made of our own files only."""

import hashlib
import io
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.urls import FatalURLFetchingError

from lms.certificates import pdf, tasks
from lms.certificates.models import MOST_ATTEMPTS, Award
from lms.certificates.paper import paper
from tests.factories.certificates import NAME, AwardFactory

ROOT = Path(__file__).resolve().parents[2]


def paper_award(**said):
    """An award that is in no database: the drawing needs none."""
    usual = {"agency": None, "person": None, "is_neutral": False, "issuer": "Wrenbrook Adoption"}
    award = AwardFactory.build(**{**usual, **said})
    award.qr = pdf.qr_drawing(award)
    return award


def opened(made):
    return pikepdf.open(io.BytesIO(made))


def text_of(made, *options):
    command = ["pdftotext", *options, "-", "-"]
    return subprocess.run(command, input=made, capture_output=True, check=True).stdout.decode()


@pytest.fixture(scope="module")
def made():
    return pdf.render(paper_award(code="7K3M9QXD2HPT4VWC"))


# --- What stands on it -------------------------------------------------------------------------------------------


def test_it_says_who_what_how_long_when_by_whom_and_how_to_check(made):
    said = " ".join(text_of(made).split())
    for words in (
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
    order = ["Wrenbrook", "This certificate", "Samira", "who completed", "Therapeutic", "Repairing", "Llŷr", "7K3M"]
    places = [said.index(word) for word in order]
    assert places == sorted(places)


def test_the_neutral_one_gives_nothing_away():
    award = paper_award()
    award.is_neutral = True
    said = text_of(pdf.render(award))
    assert "Warmth and structure at home" in said
    assert "Therapeutic" not in said
    assert "Repairing" not in said


def test_the_code_in_the_picture_leads_to_the_address_on_the_paper():
    award = paper_award(code="7K3M9QXD2HPT4VWC")
    assert paper(award).url.endswith("/verify/7K3M-9QXD-2HPT-4VWC-B/")
    width, _, path = award.qr.partition(" ")
    assert int(width) in {29, 33, 37, 41}
    assert re.fullmatch(r"[Mmhv0-9. -]+", path)


@pytest.mark.parametrize("kind", ["attendance", "leader"])
def test_the_other_kinds_are_not_taken_for_a_course(kind):
    award = paper_award(kind=kind, valid_until=date(2028, 1, 18) if kind == "leader" else None)
    said = text_of(pdf.render(award))
    assert "completed the course" not in said
    assert ("Valid until 18 January 2028." in said) == (kind == "leader")


# --- How it is built ---------------------------------------------------------------------------------------------


def tree(element, tags):
    """All structure elements as (tag, alternative text)."""
    if isinstance(element, pikepdf.Array):
        for child in element:
            tree(child, tags)
    elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
        tags.append((str(element.S), str(element.get("/Alt", ""))))
        tree(element.get("/K", pikepdf.Array()), tags)
    return tags


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
    with opened(made) as book:
        fonts = book.pages[0].Resources.Font
        files = [font.DescendantFonts[0].FontDescriptor.get("/FontFile2") for font in fonts.values()]
    assert files
    assert all(files)


def test_it_carries_nothing_else(made):
    with opened(made) as book:
        assert not book.attachments
        assert "/Names" not in book.Root
        assert "/AcroForm" not in book.Root
        assert "/Annots" not in book.pages[0]
    assert b"/JavaScript" not in made
    assert str(ROOT).encode() not in made


def test_the_same_award_gives_the_same_bytes_in_this_process_and_another(made):
    again = pdf.render(paper_award(code="7K3M9QXD2HPT4VWC"))
    assert again == made
    script = (
        "import django; django.setup(); import hashlib; from lms.certificates import pdf;"
        "from tests.certificates.test_pdf import paper_award;"
        "print(hashlib.sha256(pdf.render(paper_award(code='7K3M9QXD2HPT4VWC'))).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert other.stdout.strip() == hashlib.sha256(made).hexdigest()


# --- Names ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "face"),
    [
        ("Llŷr ap Siôn Gŵyn", "Display"),
        ("Łukasz Wąsowski-Żółć", "Display"),
        ("Nguyễn Thị Ngọc Ánh", "Names"),
        ("Анастасія Шевченко", "Names"),
        ("فاطمة الزهراء محمد", "Names-Sans"),
        ("Ελένη Παπαδοπούλου", "Names"),
        ("Adébáyọ̀ Ọlá", "Names"),
    ],
)
def test_names_of_many_languages_are_set_in_faces_that_have_their_letters(name, face):
    award = paper_award(name=name)
    award.says = {**award.says, "learned": [], "signatories": []}
    made = pdf.render(award)
    with opened(made) as book:
        faces = {str(font.BaseFont) for font in book.pages[0].Resources.Font.values()}
    assert any(f"Certificate-{face}" in used for used in faces)
    assert not [used for used in faces if "Certificate" not in used]
    said = text_of(made)
    assert name in said or face == "Names-Sans"  # Arabic comes out in the order of the eye


def boxes(made):
    """Where each word stands: (left, top, right, bottom, word) in points."""
    found = text_of(made, "-bbox")
    pattern = r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<'
    return [(*map(float, box[:4]), box[4]) for box in re.findall(pattern, found)]


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
    made = pdf.render(award)
    of_name = [box for box in boxes(made) if box[4] in name or name.startswith(box[4])]
    name_boxes = [box for box in of_name if 46 < box[1] / 72 * 25.4 < 85]
    assert name_boxes
    assert max(box[2] for box in name_boxes) / 72 * 25.4 < 297 - 17
    assert max(box[3] for box in name_boxes) / 72 * 25.4 < 77  # the thread runs below


def test_the_fullest_certificate_leaves_its_foot_free():
    award = paper_award(title="Early trauma and the developing brain, what we know and what we do not " * 2)
    award.says = {
        **award.says,
        "learned": ["Explain to someone else how a child's brain adapts to danger without calling it broken"] * 4,
        "signatories": [{"name": "Bartholomew Featherstonehaugh", "role": "Senior trainer and social worker"}] * 2,
    }
    placed = boxes(pdf.render(award))
    statement = max(bottom for _, _, _, bottom, word in placed if word == "parenting.")
    foot = min(top for _, top, _, _, word in placed if word in {"Bartholomew", "Check"})
    assert statement < foot


# --- What it must not do -------------------------------------------------------------------------------------------

DRAWING = "<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1:9/x.png'/></svg>"
VECTORS = {
    "img http": '<img src="http://127.0.0.1:9/x.png">',
    "img file": '<img src="file:///etc/hostname">',
    "link attachment file": '<link rel="attachment" href="file:///etc/hostname">',
    "a attachment file": '<a rel="attachment" href="file:///etc/hostname">x</a>',
    "stylesheet http": '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
    "stylesheet file": '<link rel="stylesheet" href="file:///etc/hostname">',
    "style import": "<style>@import url(http://127.0.0.1:9/x.css);</style>",
    "background": '<p style="background: url(http://127.0.0.1:9/x.png)">x</p>',
    "font face": "<style>@font-face{font-family:x;src:url(http://127.0.0.1:9/x.woff2)}p{font-family:x}</style><p>x</p>",
    "base": '<base href="http://127.0.0.1:9/"><img src="x.png">',
    "object": '<object data="http://127.0.0.1:9/x.svg"></object>',
    "embed": '<embed src="http://127.0.0.1:9/x.svg">',
    "data svg": f'<img src="data:image/svg+xml,{DRAWING}">',
    "inline svg": '<svg width="9" height="9"><image href="http://127.0.0.1:9/x.png" width="9" height="9"/></svg>',
    "our own disk by another name": '<img src="https://shelf.invalid/../../etc/hostname">',
}


@pytest.fixture
def reached(monkeypatch):
    """Every way out that the engine tries: sockets, and files outside what it was handed."""
    tried = []

    def refuse(*args, **kwargs):
        tried.append(args)
        raise OSError("refused by the test")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.create_connection", refuse)
    monkeypatch.setattr("urllib.request.FileHandler.file_open", refuse)
    monkeypatch.setattr("urllib.request.DataHandler.data_open", refuse)
    return tried


def test_the_engine_left_to_itself_would_reach_out(reached):
    HTML(string=VECTORS["img http"] + VECTORS["link attachment file"]).write_pdf()
    assert len(reached) >= 2


@pytest.mark.parametrize("markup", VECTORS.values(), ids=VECTORS.keys())
def test_markup_that_asks_for_anything_gets_nothing(reached, markup):
    shelf = pdf.Shelf(pdf._own_files())
    html = HTML(string=f"<html lang=en><title>x</title>{markup}", base_url=pdf.SHELF, url_fetcher=shelf)
    try:
        made = html.write_pdf()
    except FatalURLFetchingError:
        made = None
    assert reached == []
    if made:
        with opened(made) as book:
            assert not book.attachments
            assert not book.pages[0].get("/Resources", {}).get("/XObject", {})


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname",
        "http://127.0.0.1/",
        "https://shelf.invalid/",
        "https://shelf.invalid/petrona.woff2?x",
        "https://shelf.invalid/%70etrona.woff2",
        "HTTPS://SHELF.INVALID/petrona.woff2",
        "data:text/plain,x",
        "data:image/png;base64,AAAA",
        "ftp://127.0.0.1/x",
        "//shelf.invalid/petrona.woff2",
        "petrona.woff2",
        "",
    ],
)
def test_the_shelf_hands_out_nothing_by_another_name(url):
    with pytest.raises(FatalURLFetchingError):
        pdf.Shelf(pdf._own_files()).fetch(url)


def test_a_style_sheet_handed_over_in_python_is_bound_to_the_shelf_too(reached):
    with pytest.raises(FatalURLFetchingError):
        CSS(string="@import url(http://127.0.0.1:9/x.css);", url_fetcher=pdf.Shelf(pdf._own_files()))
    assert reached == []


@pytest.mark.parametrize("field", ["name", "title", "issuer", "neutral_title"])
@pytest.mark.parametrize("markup", [VECTORS["link attachment file"], VECTORS["img http"], VECTORS["style import"]])
def test_markup_in_what_people_wrote_is_printed_as_words(reached, field, markup):
    award = paper_award(**{field: markup[:80]})
    award.is_neutral = field == "neutral_title"
    made = pdf.render(award)
    assert reached == []
    with opened(made) as book:
        assert not book.attachments
    assert "<" in text_of(made)
    assert "<img src=" not in render_to_string("certificates/pdf.html", {"paper": paper(award)})


def test_a_fault_of_the_engine_is_an_ordinary_exception(monkeypatch):
    def give_up(*args, **kwargs):
        raise FatalURLFetchingError("somewhere")

    monkeypatch.setattr(pdf, "_write", give_up)
    assert not issubclass(FatalURLFetchingError, Exception)
    with pytest.raises(pdf.RenderFailed):
        pdf.render(paper_award())


def test_being_told_to_stop_is_not_swallowed(monkeypatch):
    def stop(*args, **kwargs):
        raise SystemExit

    monkeypatch.setattr(pdf, "_write", stop)
    with pytest.raises(SystemExit):
        pdf.render(paper_award())


def test_two_pages_are_refused(monkeypatch):
    monkeypatch.setattr(pdf, "render_to_string", lambda *_: "<p>one<p style='page-break-before: always'>two")
    with pytest.raises(pdf.RenderFailed):
        pdf.render(AwardFactory.build(agency=None, person=None))


# --- In the worker -------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf_of_files(settings, tmp_path):
    """A private store of this test's own."""
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    return tmp_path


@pytest.mark.django_db
def test_the_worker_makes_it_keeps_it_and_notes_its_hash(shelf_of_files):
    award = AwardFactory()
    assert tasks.render_award(award_id=award.pk) == "made"
    award.refresh_from_db()
    kept = (shelf_of_files / award.pdf).read_bytes()
    assert kept.startswith(b"%PDF-1.7")
    assert hashlib.sha256(kept).hexdigest() == award.pdf_sha256
    assert award.qr
    assert award.render_attempts == 1


@pytest.mark.django_db
def test_made_twice_it_is_the_same_file(shelf_of_files):
    award = AwardFactory()
    tasks.render_award(award_id=award.pk)
    award.refresh_from_db()
    before = (award.pdf, award.pdf_sha256)
    assert tasks.render_award(award_id=award.pk) == "nothing to make"
    Award.objects.owned_by(award.person).update(pdf="")
    tasks.render_award(award_id=award.pk)
    award.refresh_from_db()
    assert (award.pdf, award.pdf_sha256) == before
    assert len(list(shelf_of_files.glob("certificates/*"))) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["waiting", "suspended", "replaced", "withdrawn"])
def test_what_is_not_valid_is_not_made(shelf_of_files, state):
    award = AwardFactory(state=state)
    assert tasks.render_award(award_id=award.pk) == "nothing to make"


@pytest.mark.django_db
def test_a_certificate_that_brings_the_worker_down_is_not_tried_for_ever(shelf_of_files, monkeypatch):
    award = AwardFactory()

    def die(*args):
        raise SystemExit

    monkeypatch.setattr(pdf, "render", die)
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(SystemExit):
            tasks.render_award(award_id=award.pk)
    assert tasks.render_award(award_id=award.pk) == "nothing to make"
    award.refresh_from_db()
    assert award.is_given_up


def test_no_web_process_ever_loads_the_engine():
    script = (
        "import sys, django; django.setup();"
        "from django.test import Client;"
        "Client(raise_request_exception=False).get('/verify/');"  # whatever it answers without a database
        "from lms.certificates import views, desk, checking, tasks, operations, receivers, jobs;"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('weasyprint', 'segno')))"
    )
    answer = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
