"""Every page, as it is seen: pictures, axe by day and evening, small phones, keyboards, weight, what is left behind."""

import shutil

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.site import PASSWORD, running
from tests.journeys.walk import Walk, whole, words

FIRST_LESSON = "/courses/telling-the-story/why-the-story-matters/whose-story/"
EVERYBODY = {
    "home": "/",
    "topics": "/topics/",
    "topic": "/topics/life-story/",
    "catalogue": "/courses/",
    "catalogue-filtered": "/courses/?way=live&age=5-7",
    "catalogue-searched": "/courses/?q=hurt+myself",
    "catalogue-nothing-found": "/courses/?q=xyzzy",
    "course": "/courses/telling-the-story/",
    "lesson": FIRST_LESSON,
    "lesson-for-learners": "/courses/telling-the-story/why-the-story-matters/your-own-feelings/",
    "workshops": "/workshops/",
    "workshop": "/workshops/development-through-play/",
    "right-now": "/right-now/",
    "card": "/right-now/my-child-has-hit-me/",
    "help-now": "/help-now/",
    "self-check-for-everybody": "/where-am-i-now/",
    "group-leaders": "/group-leaders/",
    "about": "/about/",
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
    "verify": "/verify/",
    "verify-unknown": "/verify/7K3M-9QXD-2HPT-4VWC-B/",
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "password-reset": "/accounts/password/reset/",
    "invitation-gone": "/invitation/not-a-secret/",
    "not-found": "/nothing-here/",
}
PRIYAS = {
    "dashboard": "/my/",
    "learning": "/my/learning/",
    "self-check": "/my/where-am-i-now/",
    "bookings": "/my/bookings/",
    "calendar": "/my/calendar/",
    "preferences": "/my/preferences/",
    "privacy": "/my/privacy/",
    "delete-account": "/my/privacy/delete/",
    "verification": "/my/verification/",
    "email": "/accounts/email/",
    "second-step": "/accounts/2fa/",
    "password": "/accounts/password/change/",
    "devices": "/accounts/sessions/",
    "course-under-way": "/courses/therapeutic-parenting/",
    "lesson-under-way": "/courses/therapeutic-parenting/when-it-goes-wrong/violence-and-safety/",
    "talks": "/talk/",
    "no-desk": "/desk/",
}
EMPTY = {
    "dashboard": "/my/",
    "learning": "/my/learning/",
    "notes": "/my/notes/",
    "bookings": "/my/bookings/",
    "certificates": "/my/certificates/",
    "verification": "/my/verification/",
    "workshop": "/workshops/self-care-for-adopters/",
}
GRACES = {
    "desk": "/desk/",
    "people": "/desk/people/",
    "sessions": "/desk/sessions/",
    "sessions-past": "/desk/sessions/?when=past",
    "schedule": "/desk/sessions/new/",
    "talks": "/desk/talks/",
    "talks-offer": "/desk/talks/new/",
    "pathways": "/desk/pathways/",
    "put-on-a-pathway": "/desk/pathways/begin/",
    "waiting-for-me": "/desk/pathways/waiting/",
    "certificates-to-look-at": "/desk/certificates/looks/",
    "certificate-by-hand": "/desk/certificates/by-hand/",
    "courses": "/desk/courses/",
}
# Boxes to tick are drawn by the browser itself; links in menus are known by their place.
WITHOUT_EDGE = """[...document.querySelectorAll("button, input:not([type=checkbox], [type=radio]), select, textarea")]
  .filter(it => it.checkVisibility() && it.type !== "hidden" && !it.closest("nav"))
  .filter(it => getComputedStyle(it).borderStyle === "none" && getComputedStyle(it).textDecorationLine === "none")
  .map(it => it.outerHTML.slice(0, 120))"""


def see_all(walk: Walk, pages: dict[str, str]) -> None:
    for what, path in pages.items():
        walk.go(path)
        walk.see(what)


# --- Every page ---------------------------------------------------------------------------------------
def test_pages_for_everybody(walk):
    see_all(walk("everybody"), EVERYBODY)


def test_pages_of_a_learner(walk):
    priya = walk("priya")
    priya.sign_in("adopter")
    see_all(priya, PRIYAS)
    priya.go("/workshops/development-through-play/")
    priya.page.get_by_role("link", name="Join the waiting list").first.click()
    priya.see("full")

    tomasz = walk("tomasz")
    tomasz.sign_in("single")
    tomasz.go("/my/certificates/")
    tomasz.see("certificates")
    tomasz.page.get_by_role("link", name="Looking after you").first.click()
    tomasz.see("certificate")
    tomasz.follow("Have it as a digital badge too")
    tomasz.see("badge")


def test_pages_of_somebody_who_has_just_come(walk):
    maureen = walk("maureen")
    maureen.sign_in("kinship")
    see_all(maureen, EMPTY)


def test_pages_at_the_desk(walk):
    grace = walk("grace")
    grace.sign_in("coordinator")
    see_all(grace, GRACES)
    grace.go("/desk/sessions/new/")
    grace.press("See the dates")
    grace.reads("to check", "Choose a date")
    grace.see("schedule-to-check")
    grace.go("/desk/sessions/")
    grace.follow("Promoting your child's development through play")
    grace.see("session")
    grace.follow("Edit session")
    grace.see("session-edit")
    grace.page.go_back()
    grace.follow("Cancel session")
    grace.see("session-cancel")
    grace.go("/desk/courses/")
    grace.follow("Telling the story")
    grace.see("who-is-on-a-course")
    grace.go("/desk/sessions/?when=past")
    grace.page.get_by_role("link", name="Introduction to therapeutic parenting").first.click()
    grace.follow("Certificates of this session")
    grace.see("certificates-of-a-session")

    bronwen = walk("bronwen")
    bronwen.sign_in("manager")
    bronwen.go("/desk/certificates/settings/")
    bronwen.see("how-certificates-are-given")
    bronwen.go("/desk/leaders/")
    bronwen.press("Show the list")
    bronwen.see("leaders")

    daniel = walk("daniel")
    daniel.sign_in("safeguarding")
    daniel.go("/desk/certificates/")
    daniel.see("certificates")
    daniel.follow("Tomasz W\u0105sowski")
    daniel.see("certificate")


def test_the_gallery_of_parts(walk):
    gallery = walk("gallery")
    see_all(gallery, {"as-the-screen": "/dev/gallery/"})
    for colours in ("day", "evening"):
        gallery.go(f"/dev/gallery/?colours={colours}")
        gallery.is_accessible(colours)


def test_what_is_said_when_something_is_wrong(walk):
    visitor = walk("visitor")
    visitor.go("/accounts/login/")
    visitor.page.get_by_text("Use a password").click()
    visitor.page.get_by_label("Email").last.fill("adopter@hearth.example")
    visitor.type("Password", "not-the-password")
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()
    visitor.reads("One thing to check")
    visitor.see("sign-in-to-check")

    visitor.page.get_by_label("Email").last.fill("adopter@hearth.example")
    visitor.type("Password", PASSWORD)
    visitor.context.clear_cookies()
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()
    visitor.reads("adopter@hearth.example")
    visitor.see("stale-form")
    assert PASSWORD not in visitor.page.content()

    for _ in range(31):
        visitor.context.request.get("/verify/7K3M-9QXD-2HPT-4VWC-B/")
    assert visitor.page.goto("/verify/7K3M-9QXD-2HPT-4VWC-B/").status == 429
    visitor.see("too-many-tries")


# --- Other ways to see and to move -------------------------------------------------------------------
def test_forced_colours_leave_every_button_its_edge(walk):
    reader = walk("forced-colours", forced_colors="active")
    reader.sign_in("adopter")
    for what in ("home", "catalogue", "course", "lesson", "workshop", "sign-in"):
        reader.go(EVERYBODY[what])
        reader.picture(what)
        assert reader.page.evaluate(WITHOUT_EDGE) == []
        reader.is_accessible(what)


def tab_to(walk: Walk, target: Locator) -> None:
    """Press Tab until ``target`` has the focus, and see that it shows."""
    for _ in range(120):
        walk.page.keyboard.press("Tab")
        if target.evaluate("it => it === document.activeElement"):
            break
    expect(target).to_be_focused()
    expect(target).to_be_in_viewport()
    assert target.evaluate("it => [it, ...it.labels ?? []].some(one => getComputedStyle(one).outlineStyle !== 'none')")


def test_somebody_with_a_keyboard_alone_learns_and_books(walk):
    kwame = walk("kwame")
    kwame.sign_in("dads.two")
    page, keys = kwame.page, kwame.page.keyboard
    kwame.go("/courses/online-safety/")
    keys.press("Tab")
    skip = page.get_by_role("link", name=whole("Skip to main content"))
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    kwame.picture("skip-link")
    keys.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

    tab_to(kwame, page.get_by_role("button", name=whole("Join this course")))
    keys.press("Enter")
    kwame.arrives_at("Why it matters to belong online")
    first = page.get_by_role("radio").or_(page.get_by_role("checkbox")).first
    tab_to(kwame, first)
    keys.press("Space")
    tab_to(kwame, page.get_by_role("button", name=whole("See what we'd say")).first)
    keys.press("Enter")
    expect(page.get_by_role("button", name=whole("Try another answer"))).to_be_visible()

    support = page.get_by_role("dialog", name="Get support now")
    opener = page.get_by_role("button", name=whole("Get support now")).first
    kwame.go("/workshops/staying-in-touch/")
    tab_to(kwame, opener)
    keys.press("Enter")
    expect(support).to_be_visible()
    kwame.is_accessible("support-sheet")
    kwame.picture("support-sheet")
    keys.press("Escape")
    expect(support).to_be_hidden()
    expect(opener).to_be_focused()

    tab_to(kwame, page.get_by_role("link", name="Book this one").first)
    keys.press("Enter")
    tab_to(kwame, page.get_by_label(whole("What would help you take part?")))
    keys.type("A quiet start.")
    tab_to(kwame, page.get_by_role("button", name=whole("Book my place")))
    keys.press("Enter")
    kwame.reads("You're booked for")


def test_sheets_that_open_over_a_page_close_with_one_key(walk):
    hannah = walk("hannah", phone=True)
    hannah.sign_in("hannah")
    hannah.go("/courses/trauma-and-the-brain/")
    hannah.page.get_by_role("link", name=words("lesson 10")).click()
    for opener, inside in (("Menu", "Live sessions"), ("All lessons", "Sorting claims"), ("Support", "999")):
        hannah.press(opener)
        expect(hannah.page.get_by_role("link", name=words(inside)).first).to_be_in_viewport(ratio=0.1)
        hannah.is_accessible(opener)
        hannah.picture(opener.lower().replace(" ", "-"))
        hannah.page.keyboard.press("Escape")
        expect(hannah.page.get_by_role("dialog")).to_have_count(0)


def test_evening_colours_can_be_chosen(walk):
    dan = walk("dan")
    dan.sign_in("partner")
    dan.go("/my/preferences/")
    dan.page.get_by_label(words("Evening")).check()
    dan.press("Save")
    dan.go("/my/")
    dan.see("evening-by-choice")


# --- What it weighs, and what it leaves behind -------------------------------------------------------
@pytest.fixture(scope="module")
def installed(first_start, tmp_path_factory):
    """A Hearth that hands out its static files as a real installation does."""
    data = tmp_path_factory.mktemp("installed") / "data"
    shutil.copytree(first_start, data)
    with running(data, settings="tests.journeys.as_installed") as site:
        yield site


def weight(walk: Walk, path: str) -> int:
    """Bytes over the wire until a page is all there, for somebody whose browser has nothing of it yet."""
    wire = walk.context.new_cdp_session(walk.page)
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda end: sizes.append(end["encodedDataLength"]))
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    walk.page.goto(path, wait_until="networkidle")
    wire.detach()
    return int(sum(sizes))


def test_pages_are_light(browser, installed):
    visitor = Walk(browser, installed, name="weighed", phone=True)
    assert 0 < weight(visitor, "/help-now/") < 30_000
    assert 0 < weight(visitor, FIRST_LESSON) < 150_000
    visitor.sign_in("adopter")
    assert 0 < weight(visitor, PRIYAS["lesson-under-way"]) < 150_000
    visitor.close()


def test_nothing_stays_behind_after_signing_out(walk):
    priya = walk("leaving")
    priya.sign_in("adopter")
    for path in ("/my/", PRIYAS["lesson-under-way"], "/my/notes/"):
        priya.go(path)
    priya.press("Sign out")
    expect(priya.page.get_by_role("link", name=whole("Sign in")).first).to_be_visible()
    assert priya.page.evaluate("Object.entries(localStorage)") == []
    assert "/my/" not in str(priya.page.evaluate("Object.entries(sessionStorage)"))
    assert priya.page.evaluate("caches.keys()") == []
    assert "sessionid" not in {cookie["name"] for cookie in priya.context.cookies()}
    priya.page.go_back()
    expect(priya.page.get_by_role("heading", level=1)).to_have_text("Sign in")
