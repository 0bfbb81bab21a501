"""The engine reaches for nothing: every way that is known to make it fetch or embed something is tried."""

import pytest
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.urls import FatalURLFetchingError

from lms.certificates import pdf
from lms.certificates.paper import paper
from tests.certificates.papers import drawn, opened, paper_award, text_of

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
    shelf = pdf.Shelf(pdf.own_files())
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
        pdf.Shelf(pdf.own_files()).fetch(url)


def test_a_style_sheet_handed_over_in_python_is_bound_to_the_shelf_too(reached):
    with pytest.raises(FatalURLFetchingError):
        CSS(string="@import url(http://127.0.0.1:9/x.css);", url_fetcher=pdf.Shelf(pdf.own_files()))
    assert reached == []


@pytest.mark.parametrize("field", ["name", "title", "issuer", "neutral_title"])
@pytest.mark.parametrize("markup", [VECTORS["link attachment file"], VECTORS["img http"], VECTORS["style import"]])
def test_markup_in_what_people_wrote_is_printed_as_words(reached, field, markup):
    award = paper_award(**{field: markup[:80]})
    award.is_neutral = field == "neutral_title"
    made = drawn(award)
    assert reached == []
    with opened(made) as book:
        assert not book.attachments
    assert "<" in text_of(made)
    assert "<img src=" not in render_to_string("certificates/pdf.html", {"paper": paper(award)})
