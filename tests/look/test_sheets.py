"""One style sheet on the wire, and a first load that a poor line carries."""

import gzip
import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from lms.common.styles import SHEET, FlatSheets, flatten

LMS = settings.STATICFILES_DIRS[0] / "lms"
SOURCE = settings.STATICFILES_DIRS[0] / SHEET


def test_the_sheet_holds_every_part_and_asks_for_no_other_file():
    text = flatten(SOURCE)
    assert "@import" not in text
    parts = [*(LMS / "css/components").glob("*.css"), *(LMS / "css" / f"{n}.css" for n in ("tokens", "base", "layout"))]
    assert [part.name for part in parts if part.read_text() not in text] == []


def test_print_rules_count_on_paper_only():
    text = flatten(SOURCE)
    assert text.index("@media print {") < text.index("@page")


def test_layers_are_ordered_before_any_rule():
    text = re.sub(r"/\*.*?\*/", "", flatten(SOURCE), flags=re.DOTALL).strip()
    assert text.startswith("@layer tokens, base, components, print;")


def test_what_the_sheet_points_at_is_there():
    addresses = set(re.findall(r"url\(\.\./([\w/.-]+)\)", flatten(SOURCE)))
    assert len(addresses) >= 15
    assert [address for address in addresses if not (LMS / address).is_file()] == []


def test_the_finder_answers_for_the_sheet_and_for_nothing_else():
    found = finders.find(SHEET)
    assert Path(found).read_text() == flatten(SOURCE)
    assert FlatSheets().find("lms/css/tokens.css") == []
    assert [name for name, _ in FlatSheets().list(None)] == [SHEET]
    assert finders.find(SHEET, find_all=True)[0] == found


def test_fonts_carry_their_licence():
    families = {path.name.split("-")[0] for path in (LMS / "fonts").glob("*.woff2")}
    licences = [path.name for path in (LMS / "fonts").glob("LICENSE-*.txt")]
    assert families == {"atkinson", "petrona"}
    assert all(any(family in licence for licence in licences) for family in families)


def test_a_first_visit_is_light(db):
    """Page, sheet, evening sheet, scripts and the two families, as they go over the wire."""
    page = Client().get("/accounts/login/")
    own = re.findall(r'(?:href|src)="/static/((?:lms|django_htmx|mfa|account)/[\w/.-]+)"', page.content.decode())
    files = {Path(finders.find(name)) for name in own}
    files |= {LMS / "fonts" / name for name in ("atkinson-next-latin-normal.woff2", "petrona-latin.woff2")}
    packed = [path.read_bytes() if path.suffix == ".woff2" else gzip.compress(path.read_bytes()) for path in files]
    assert sum(map(len, packed)) + len(gzip.compress(page.content)) < 135_000
