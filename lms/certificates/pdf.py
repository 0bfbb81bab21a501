"""The only door to WeasyPrint and segno: from an award to the bytes of its PDF. Imported in the worker only.

The engine reads nothing from disk or network by itself: it is handed a fixed set of our own files by name, and
asking for anything else ends the rendering.
"""

import logging
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from lms.certificates.models import Award
from lms.certificates.paper import Paper, check_url, paper

SHELF = "https://shelf.invalid/"  # a name that leads nowhere, should anything ever try
SHEETS = ("faces.css", "certificate.css")
FACES = Path(__file__).parent / "faces"
DRAWINGS = ("patches", "strand", "mark")
logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it warns of every rule that is meant for screens
LONGEST_FILE = 400_000  # bytes; a certificate is about 60 kB


class RenderFailed(Exception):
    """The engine gave up. An ordinary exception, whatever it was: others would take the worker down."""


class Shelf(URLFetcher):
    """Hands out files by name and refuses everything else: other hosts, file:, data:, redirects, all of it."""

    def __init__(self, files: dict[str, tuple[bytes, str]]) -> None:
        super().__init__(timeout=1, allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._files = files

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return our file of that name. Raises FatalURLFetchingError, which nothing inside the engine swallows."""
        if url not in self._files:
            raise FatalURLFetchingError(f"not on the shelf: {url[:80]}")
        body, kind = self._files[url]
        return URLFetcherResponse(url, body=body, headers={"Content-Type": kind})


@lru_cache(maxsize=1)
def _own_files() -> dict[str, tuple[bytes, str]]:
    css = Path(settings.STATICFILES_DIRS[0]) / "lms" / "css" / "certificate.css"
    sheets = {SHELF + file.name: (file.read_bytes(), "text/css") for file in (css, FACES / "faces.css")}
    return {SHELF + file.name: (file.read_bytes(), "font/woff2") for file in FACES.glob("*.woff2")} | sheets


@lru_cache(maxsize=1)
def _faces() -> tuple[FontConfiguration, list[CSS]]:
    """Faces and styles, made once in each worker process and after it was forked: fresh ones would pile up memory."""
    faces, shelf = FontConfiguration(), Shelf(_own_files())
    return faces, [CSS(url=SHELF + sheet, url_fetcher=shelf, font_config=faces) for sheet in SHEETS]


def _drawings(on_it: Paper) -> dict[str, tuple[bytes, str]]:
    """The decoration in the agency's colours: backgrounds, so that a screen reader passes them over."""
    return {
        f"{SHELF}{name}.svg": (
            render_to_string(f"certificates/drawings/{name}.svg", {"colours": on_it.colours}).encode(),
            "image/svg+xml",
        )
        for name in DRAWINGS
    }


def qr_drawing(award: Award) -> str:
    """Return the QR code of the check address: its width in modules, then the path that draws it in units of one."""
    code, drawn = segno.make(check_url(award), error="m", micro=False), BytesIO()
    code.save(drawn, kind="svg", border=0, xmldecl=False, svgns=False)
    path = drawn.getvalue().decode().partition(' d="')[2].partition('"')[0]
    return f"{code.symbol_size(border=0)[0]} {path}"


def render(award: Award) -> bytes:
    """Return the PDF: one page, tagged as PDF/UA-1, the same bytes for the same award.

    Raises RenderFailed.
    """
    on_it = paper(award)
    try:
        return _write(on_it)
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as fault:
        raise RenderFailed(f"award {award.pk}: {type(fault).__name__}") from fault


def _write(on_it: Paper) -> bytes:
    faces, sheets = _faces()
    html = HTML(
        string=render_to_string("certificates/pdf.html", {"paper": on_it}),
        base_url=SHELF,
        url_fetcher=Shelf({**_own_files(), **_drawings(on_it)}),
    )
    document = html.render(font_config=faces, stylesheets=sheets)
    if len(document.pages) != 1:
        raise ValueError(f"{len(document.pages)} pages")
    made: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    if len(made) > LONGEST_FILE:
        raise ValueError(f"{len(made)} bytes")
    return made
