"""What may never stand in a template or a style sheet."""

import re

import pytest
from django.conf import settings
from django.template.loader import get_template

TEMPLATES = settings.TEMPLATES[0]["DIRS"][0]
ROOT = TEMPLATES.parent
STATIC = settings.STATICFILES_DIRS[0] / "lms"
EVERY = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt", ".svg", ".css"})
PAGES = [path for path in EVERY if path.suffix == ".html" and "emails" not in path.parts]
# Paper and the editor know no tokens, and the page for a bad hour is one small file that needs no other.
KNOWS_HEX = {"certificate.css", "document.css", "help-now.css", "preview.css"}
NAMES = [str(path.relative_to(TEMPLATES)) for path in EVERY]
FORBIDDEN = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "an event handler": r"<[^>]*\son[a-z]+\s*=(?!=)",
    "a script in the page": r"<script(?![^>]*(?:\ssrc=|type=\"application/json\"))[^>]*>",
    "the safe filter": r"\|\s*safe(?:seq)?\b",
    "autoescape off": r"autoescape\s+off",
    "an address that runs": r"javascript:",
}


def offences(path, pattern):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    return [f"{path.name}: {found[0][:80]}" for found in re.finditer(pattern, text, re.IGNORECASE)]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_page_holds(what):
    assert [line for path in PAGES for line in offences(path, FORBIDDEN[what])] == []


def columns_unsaid(table):
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', table)
    row = table.partition("<tbody>")[2].partition("</tr>")[0]
    cells = zip(heads, re.findall(r"<(?:td|th)\b[^>]*>", row), strict=True)
    values = [(head, cell) for head, cell in cells if cell.startswith("<td") and "visually-hidden" not in head]
    return [head for head, cell in values if f'data-label="{head}"' not in cell]


def test_each_value_in_a_table_says_its_column_on_a_phone():
    tables = [one for path in PAGES for one in re.findall(r'class="scroll".*?</table>', path.read_text(), re.DOTALL)]
    assert len(tables) >= 20
    assert [head for table in tables for head in columns_unsaid(table)] == []


def test_mail_as_html_escapes_too():
    letters = [path for path in EVERY if path.suffix == ".html" and "emails" in path.parts]
    assert letters
    assert [line for path in letters for line in offences(path, FORBIDDEN["autoescape off"])] == []
    assert [line for path in letters for line in offences(path, FORBIDDEN["the safe filter"])] == []


def test_a_subject_that_shows_a_value_shows_it_as_typed():
    subjects = [path for path in EVERY if path.name == "subject.txt" and "{{" in path.read_text()]
    assert [str(path) for path in subjects if "autoescape off" not in path.read_text()] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_template_can_be_read(name):
    get_template(name)


def test_colours_are_written_in_the_tokens_only():
    sheets = [path for path in (STATIC / "css").rglob("*.css") if path.name not in KNOWS_HEX]
    written = [
        f"{path.name}: {found}" for path in sheets for found in re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text())
    ]
    assert written == []


def test_no_colour_is_red():
    hues = [
        float(hue)
        for hue in re.findall(r"oklch\([\d.]+ 0\.1[2-9]\d* ([\d.]+)", (STATIC / "css/tokens.css").read_text())
    ]
    assert [hue for hue in hues if 10 < hue < 35] == []


def test_drawings_are_decoration_for_everybody():
    drawings = [path for folder in ("icons", "art") for path in (TEMPLATES / folder).glob("*.svg")]
    assert [path.name for path in drawings if 'aria-hidden="true"' not in path.read_text()] == []


def test_our_own_words_do_not_shout():
    words = [(path.name, re.sub(r"\{[%#{].*?[%#}]\}|<!doctype[^>]*>|<!--", "", path.read_text())) for path in PAGES]
    assert [name for name, text in words if re.search(r"\w!(?:\s|<|$)", text)] == []


# Nobody is hurried, counted or called wrong here. Our own words may speak of such things; no page does them.
HURRIES = {
    "a streak": r"\bstreaks?\b",
    "a leaderboard": r"leader-?boards?\b|\btop learners?\b|\byour rank\b",
    "points to collect": r"\b(?:earn|collect|win|lose) (?:\d+ )?(?:points|stars|coins)\b",
    "a clock that runs down": r"count-?downs?\b|(?:time|seconds) (?:left|remaining)\b|<meter\b",
    "what starts by itself": r"\bautoplay\b|<marquee\b",
    "a red cross": "[\N{BALLOT X}\N{HEAVY BALLOT X}\N{CROSS MARK}\N{MULTIPLICATION X}\N{HEAVY MULTIPLICATION X}]",
    "somebody who failed": r"\b(?:you (?:have )?failed|wrong answer|incorrect)\b",
}
PLAYED = [
    path
    for folder in (TEMPLATES, STATIC, ROOT / "lms" / "packages" / "player")
    for path in sorted(folder.rglob("*"))
    if path.suffix in {".html", ".txt", ".svg", ".css", ".js"} and not any("scorm-again" in part for part in path.parts)
]


@pytest.mark.parametrize("what", HURRIES)
def test_nothing_hurries_counts_or_calls_anybody_wrong(what):
    assert len(PLAYED) > 300
    assert [line for path in PLAYED for line in offences(path, HURRIES[what])] == []


def test_no_text_of_ours_shows_a_cross_or_a_film_that_starts_by_itself():
    texts = [path for path in (ROOT / "fixtures").rglob("*") if path.suffix in {".md", ".html", ".js", ".css"}]
    crosses = [line for path in texts for line in offences(path, HURRIES["a red cross"])]
    started = [line for path in texts if path.suffix != ".md" for line in offences(path, r"\bautoplay\b")]
    assert len(texts) > 200
    assert crosses + started == []
