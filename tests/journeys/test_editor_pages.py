"""Marguerite, a trainer, goes round the editor. Every page of it must work under our content security policy."""

import sqlite3
from contextlib import closing

from playwright.sync_api import expect

PLACES = [
    "/cms/",
    "/cms/pages/",
    "/cms/images/",
    "/cms/images/add/",
    "/cms/documents/",
    "/cms/documents/multiple/add/",
    "/cms/snippets/cms/datedfact/",
    "/cms/snippets/cms/topic/",
    "/cms/reports/overdue-reviews/",
    "/cms/reports/workflow/",
    "/cms/reports/site-history/",
    "/cms/account/",
]

FIRST = """SELECT min(page.id) FROM wagtailcore_page page
  JOIN django_content_type kind ON kind.id = page.content_type_id WHERE kind.model = ? AND page.live"""


def page_of(walk, kind):
    """The id of some page of this kind."""
    with closing(sqlite3.connect(f"file:{walk.site.data / 'hearth.sqlite3'}?mode=ro", uri=True)) as database:
        return database.execute(FIRST, [kind]).fetchone()[0]


def open_place(walk, place):
    answer = walk.page.goto(place, wait_until="networkidle")
    assert answer.status == 200, place
    assert walk.page.url.endswith(place), f"{place} led to {walk.page.url}"


def test_no_page_of_the_editor_is_held_up_by_the_content_policy(walk):
    marguerite = walk("marguerite")
    marguerite.sign_in("trainer")
    lesson, workshops = page_of(marguerite, "lessonpage"), page_of(marguerite, "workshopindexpage")
    edited = [f"/cms/pages/{page_of(marguerite, kind)}/edit/" for kind in ("coursepage", "workshoppage", "cardpage")]
    further = [f"/cms/pages/{lesson}/edit/", f"/cms/pages/{lesson}/history/", f"/cms/pages/{lesson}/usage/"]
    for place in (*PLACES, *edited, *further, f"/cms/pages/add/cms/workshoppage/{workshops}/"):
        open_place(marguerite, place)
    # leaving closes the walk, which fails for any script or style that was refused, and for any call outside


def test_a_draft_is_seen_as_it_will_be_while_it_is_written_and_a_block_can_be_added(walk):
    marguerite = walk("marguerite")
    marguerite.sign_in("trainer")
    page = marguerite.page
    page.set_viewport_size({"width": 1400, "height": 1000})
    open_place(marguerite, f"/cms/pages/{page_of(marguerite, 'workshoppage')}/edit/")
    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("iframe[title='Preview']").last
    expect(preview.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("button", name="Insert a block").first.click()
    page.get_by_role("option", name="Download").click()
    page.get_by_role("button", name="Choose a document").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
