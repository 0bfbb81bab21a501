"""Full-text search with Wagtail's own backend, the same on either database.

The index knows whole words only, so each word is asked for with and without its plural ``s``; words that say nothing
are left out. The order is ours: titles first, then what helps soonest.
"""

import re
from difflib import get_close_matches
from functools import reduce
from operator import and_, or_

from wagtail.models import Page
from wagtail.search.query import PlainText, SearchQuery

from cms import shelf
from cms.models import CardPage, CoursePage, LessonPage, WorkshopPage
from cms.shelf import CARD, COURSE, LESSON, WORKSHOP, Entry, Patch

MOST_WORDS = 8
MOST_FOUND = 200
FIRST = {CARD: 0, COURSE: 1, WORKSHOP: 2, LESSON: 3}
_SAY_NOTHING = """
a about am an and are as at be but by can do does doing don for from get has have he her him his how i if in is it me my
not of on or our she so that the their them they this to up us was we what when who why will with won you your
"""
SILENT = frozenset(_SAY_NOTHING.split())
_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Return the words worth looking for; all of them when none says much."""
    every = [word for word in _WORD.findall(text.lower()) if len(word) > 1 or word.isdigit()]
    return ([word for word in every if word not in SILENT] or every)[:MOST_WORDS]


def _forms(word: str) -> list[str]:
    """A word as it is typed, and as one or as many of it."""
    if len(word) <= 3:
        return [word]
    if word.endswith("ies"):
        return [word, f"{word[:-3]}y"]
    if word.endswith("y"):
        return [word, f"{word}s", f"{word[:-1]}ies"]
    return [word, word[:-1] if word.endswith("s") else f"{word}s"]


def _query(asked: list[str], *, all_of_them: bool) -> SearchQuery:
    each = [reduce(or_, map(PlainText, _forms(word))) for word in asked]
    return reduce(and_ if all_of_them else or_, each)


def _ids(query: SearchQuery) -> list[int]:
    pages = Page.objects.live().type(CardPage, CoursePage, WorkshopPage, LessonPage).only("pk")
    return [page.pk for page in pages.search(query, order_by_relevance=False)[:MOST_FOUND]]


def _order(entry: Entry, asked: list[str]) -> tuple[int, int, int, str]:
    title, summary = entry.title.lower(), entry.summary.lower()
    in_title = sum(word in title for word in asked) or int(entry.kind == CARD)  # cards know other words for their title
    in_summary = sum(word in summary for word in asked)
    return (-in_title, -in_summary, FIRST[entry.kind], entry.path)


def find(text: str) -> list[Entry]:
    """Return courses, workshops, lessons and cards that hold all the words; if none does, those that hold any."""
    asked = words(text)
    if not asked:
        return []
    ids = _ids(_query(asked, all_of_them=True)) or _ids(_query(asked, all_of_them=False))
    known = {entry.id: entry for entry in (*shelf.entries(), *shelf.cards())}
    listed = [known[pk] for pk in ids if pk in known]
    rest = [pk for pk in ids if pk not in known]
    return sorted([*listed, *(shelf.lessons(rest) if rest else [])], key=lambda entry: _order(entry, asked))


def near(text: str) -> list[Patch]:
    """Return topics that sound like what was typed: for when nothing was found and a letter may have slipped."""
    patches = shelf.topics()
    spelt = {word: patch for patch in patches for word in words(f"{patch.title} {patch.summary}")}
    close = [match for word in words(text) for match in get_close_matches(word, spelt, n=1, cutoff=0.75)]
    return list(dict.fromkeys(spelt[word] for word in close))
