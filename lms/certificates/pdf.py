"""The only door to WeasyPrint and segno: from a page to the bytes of its PDF. Loaded in the press and nowhere else.

The engine reads nothing from disk or network by itself: it is handed a fixed set of our own files by name, and
asking for anything else ends the rendering. There is no Django here, no database and no settings.
"""

import logging
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pydyf
import segno
from PIL import Image
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from lms.certificates.linework import Linework, linework
from lms.certificates.wire import Drawn, Order

SHELF = "https://shelf.invalid/"  # a name that leads nowhere, should anything ever try
FACES = Path(__file__).parent / "faces"
STYLES = Path(__file__).parents[1] / "static" / "lms" / "css" / "certificate.css"
SHEETS = ("faces.css", STYLES.name)
STAND_INS = {"side": (6, 21), "strand": (25, 1), "mark": (10, 11)}  # pixels, each a size that nothing else has
MASK = 3  # of the QR code; searching for the best of eight takes longer than drawing the code
LONGEST_FILE = 900_000  # bytes; a certificate is about 60 kB
UA_AS_WELL = FACES / "pdfuaid.rdf"  # says in a PDF/A that it is tagged as PDF/UA too

logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it warns of every rule that is meant for screens


class Shelf(URLFetcher):
    """Hands out files by name and refuses everything else: other hosts, file:, data:, redirects, all of it."""

    def __init__(self, files: dict[str, tuple[str, bytes]]) -> None:
        super().__init__(timeout=1, allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._files = files

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return our file of that name. Raises FatalURLFetchingError, which nothing inside the engine swallows."""
        name = url.removeprefix(SHELF)
        if name not in self._files or not url.startswith(SHELF):
            raise FatalURLFetchingError(f"not on the shelf: {url[:80]}")
        kind, body = self._files[name]
        return URLFetcherResponse(url, body=body, headers={"Content-Type": kind})


@lru_cache(maxsize=1)
def own_files() -> dict[str, tuple[str, bytes]]:
    """Our faces, our styles and the one line about PDF/UA."""
    sheets = {file.name: ("text/css", file.read_bytes()) for file in (STYLES, FACES / "faces.css")}
    faces = {file.name: ("font/woff2", file.read_bytes()) for file in FACES.glob("*.woff2")}
    return faces | sheets | {UA_AS_WELL.name: ("application/rdf+xml", UA_AS_WELL.read_bytes())}


@lru_cache(maxsize=1)
def faces_and_sheets() -> tuple[FontConfiguration, list[CSS]]:
    """Faces and styles, made once in a process: fresh ones for each page would pile up memory."""
    faces, shelf = FontConfiguration(), Shelf(own_files())
    return faces, [CSS(url=SHELF + sheet, url_fetcher=shelf, font_config=faces) for sheet in SHEETS]


# --- Drawings that are worked out once -----------------------------------------------------------------------------


@lru_cache(maxsize=64)  # three drawings in the colours of some twenty agencies
def _worked_out(svg: bytes) -> Linework:
    drawing = linework(svg)
    return replace(drawing, operators=zlib.compress(drawing.operators))


@lru_cache(maxsize=len(STAND_INS))
def _stand_in(name: str) -> tuple[str, bytes]:
    """A picture of that odd size, to be found again in the finished file."""
    picture = BytesIO()
    Image.new("L", STAND_INS[name]).save(picture, "PNG")
    return "image/png", picture.getvalue()


def _in_its_place(found: Any, drawing: Linework) -> None:
    """Turn a stand-in into the drawing itself. Both fill a square of one by one, whatever they are stretched to."""
    opacities = {
        name: pydyf.Dictionary({"Type": "/ExtGState", "ca": fill, "CA": stroke})
        for name, (fill, stroke) in drawing.opacities.items()
    }
    found.stream = [drawing.operators]
    found.extra = pydyf.Dictionary(
        {
            "Type": "/XObject",
            "Subtype": "/Form",
            "Filter": "/FlateDecode",
            "BBox": pydyf.Array([0, 0, drawing.width, drawing.height]),
            "Matrix": pydyf.Array([1 / drawing.width, 0, 0, -1 / drawing.height, 0, 1]),
            "Resources": pydyf.Dictionary({"ExtGState": pydyf.Dictionary(opacities)}),
        }
    )


def _finisher(drawings: dict[str, Linework]) -> Callable[[Any, Any], None]:
    by_size = {STAND_INS[name]: drawing for name, drawing in drawings.items()}

    def put_in(_document: Any, book: Any) -> None:
        for thing in book.objects:
            extra = getattr(thing, "extra", None)
            if extra and extra.get("Subtype") == "/Image" and (extra["Width"], extra["Height"]) in by_size:
                _in_its_place(thing, by_size[extra["Width"], extra["Height"]])

    return put_in


# --- The QR code ---------------------------------------------------------------------------------------------------


def _code(address: str) -> Any:
    return segno.make(address, error="m", micro=False, mask=MASK)


def qr_path(address: str) -> str:
    """Return the QR code as the web page draws it: its width in modules, then its path in units of one."""
    code, drawn = _code(address), BytesIO()
    code.save(drawn, kind="svg", border=0, xmldecl=False, svgns=False)
    path = drawn.getvalue().decode().partition(' d="')[2].partition('"')[0]
    return f"{code.symbol_size(border=0)[0]} {path}"


def _qr_picture(address: str) -> tuple[str, bytes]:
    picture = BytesIO()
    _code(address).save(picture, kind="png", border=0, dark="#241a22", light="#fffdfa")
    return "image/png", picture.getvalue()


# --- The page ------------------------------------------------------------------------------------------------------


def draw(order: Order) -> Drawn:
    """Return the document, tagged as PDF/UA-1, the same bytes for the same order.

    For a print shop it is PDF/A-3a as well. Raises whatever the engine raises, and ValueError for more pages than the
    order allows: a certificate has one.
    """
    svgs = {name: body for name, (_, body) in order.files.items() if name in STAND_INS}
    code = {"qr": _qr_picture(order.address)} if order.address else {}
    files = own_files() | order.files | {name: _stand_in(name) for name in svgs} | code
    faces, sheets = faces_and_sheets()
    html = HTML(string=order.page, base_url=SHELF, url_fetcher=Shelf(files))
    document = html.render(font_config=faces, stylesheets=sheets)
    if len(document.pages) > order.pages:
        raise ValueError(f"{len(document.pages)} pages")
    finisher = _finisher({name: _worked_out(svg) for name, svg in svgs.items()})
    made: bytes = document.write_pdf(finisher=finisher, **_variant(order.for_print_shop))
    if len(made) > LONGEST_FILE:
        raise ValueError(f"{len(made)} bytes")
    return Drawn(made, qr_path(order.address) if order.address else "")


def _variant(for_print_shop: bool) -> dict[str, Any]:
    if for_print_shop:
        return {"pdf_variant": "pdf/a-3a", "xmp_metadata": [SHELF + UA_AS_WELL.name]}
    return {"pdf_variant": "pdf/ua-1"}
