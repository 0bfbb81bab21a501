"""From a document to what the press is asked to draw. Words only become HTML here, and each is escaped."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from lms.certificates.wire import Order
from lms.portfolio.rules import Document

STYLES = Path(settings.STATICFILES_DIRS[0]) / "lms" / "css" / "document.css"
MOST_PAGES = 400


def order(document: Document) -> Order:
    """What to draw for ``document``: as many A4 pages as it takes, with no code on them."""
    return Order(
        page=render_to_string("portfolio/pdf.html", {"document": document}),
        address="",
        files={STYLES.name: ("text/css", STYLES.read_bytes())},
        pages=MOST_PAGES,
    )
