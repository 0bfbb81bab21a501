"""Rich text is cleaned wherever it is shown, however it came into the database."""

import json
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import nh3
import pytest
from wagtail.rich_text import RichText

from cms.blocks import LessonBody
from cms.courseformat.markdown import to_html
from cms.courseformat.problems import Place, Problems
from cms.courseformat.source import Line
from cms.templatetags.words import places, words
from lms.common.html import ATTRIBUTES, PROTOCOLS, TAGS
from tests.factories.cms import SiteTree

CORPUS = json.loads((Path(__file__).resolve().parents[1] / "data" / "xss-corpus.json").read_text())
NASTY = pytest.mark.parametrize("nasty", CORPUS.values(), ids=CORPUS.keys())
PASSAGES = ("key_point", "unknown", "pause")


class Seen(HTMLParser):
    """What a browser would find."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]


def assert_harmless(html):
    seen = Seen(html)
    assert set(seen.tags) <= TAGS
    for tag, name, value in seen.attributes:
        assert (tag, name) == ("a", "href")
        parts = urlsplit(value)
        assert parts.scheme in PROTOCOLS or (not parts.scheme and not parts.netloc)


@NASTY
def test_what_is_shown_is_harmless(nasty):
    assert_harmless(words(RichText(nasty)))


@NASTY
def test_a_second_cleaner_finds_nothing_left_to_take_out(nasty):
    shown = str(words(RichText(nasty)))
    allowed = {tag: set(names) for tag, names in ATTRIBUTES.items()}
    again = nh3.clean(shown, tags=set(TAGS), attributes=allowed, url_schemes=set(PROTOCOLS), link_rel=None)
    assert Seen(again).tags == Seen(shown).tags
    assert Seen(again).attributes == Seen(shown).attributes


@NASTY
@pytest.mark.parametrize("kind", PASSAGES)
def test_blocks_show_what_slipped_past_the_editor_cleaned(nasty, kind):
    body = LessonBody()
    html = str(
        body.render(body.to_python([{"type": kind, "value": {"text": nasty}}, {"type": "text", "value": nasty}]))
    )
    seen = Seen(html)
    assert not {"script", "img", "iframe", "style", "form", "math", "base", "meta", "noscript"} & set(seen.tags)
    assert not [name for _, name, _ in seen.attributes if name.startswith("on") or name in {"style", "src", "srcdoc"}]
    assert not [
        value for _, name, value in seen.attributes if name == "href" and not value.startswith(("https:", "tel:"))
    ]


@NASTY
def test_text_files_bring_no_html_in(nasty):
    problems = Problems()
    html = to_html([Line(1, line) for line in nasty.split("\n")], Place("x.md", problems), prose=True)
    assert problems
    assert_harmless(html)


def test_plain_words_stay_as_they_are():
    html = '<h2>One</h2><p>a <b>b</b> <i>c</i></p><ol><li>d</li></ol><p><a href="https://a.example/">e</a></p>'
    assert words(RichText(html)) == html


def test_nothing_shows_as_nothing():
    assert words(None) == ""
    assert words(RichText("")) == ""


@pytest.mark.django_db
def test_a_link_to_a_page_of_ours_leads_there():
    course = SiteTree().course(slug="telling")
    assert (
        words(RichText(f'<p><a linktype="page" id="{course.pk}">x</a></p>'))
        == '<p><a href="/courses/telling/">x</a></p>'
    )


@pytest.mark.django_db
def test_a_link_to_a_page_that_is_gone_leads_nowhere():
    assert words(RichText('<p><a linktype="page" id="4711">x</a></p>')) == "<p><a>x</a></p>"


@pytest.mark.parametrize(
    ("nations", "said"),
    [
        (["England"], "In England"),
        (["England", "Wales"], "In England and Wales"),
        (["England", "Wales", "Scotland"], "In England, Wales and Scotland"),
        ([], "Where you live"),
        (None, "Where you live"),
    ],
)
def test_nations_are_said_as_people_say_them(nations, said):
    assert places(nations) == said
