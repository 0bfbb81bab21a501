"""A lesson on a train: read and written without a connection, taken in once; and whatever is killed, words stay."""

import contextlib
import random
import sqlite3
import sys

from playwright.sync_api import Error, Page, expect

from tests.journeys.site import Site, wait_until
from tests.journeys.walk import Walk, whole

COURSE = "/courses/telling-the-story/"
FIRST = f"{COURSE}where-to-begin/whose-story/"
PROMPT = "What would you like your child to say, one day, about how you talked about their story?"
KEPT_WORDS = "A blue cup by the door"
AT_MOST = 5_000  # milliseconds of typing that may be lost
EVERY = 40  # milliseconds between two letters
TYPING = 60_000  # milliseconds that all letters of one go may take on a busy machine
SEED = random.SystemRandom().randrange(10**6)


def notes(walk: Walk) -> str:
    """All of somebody's notes as their page shows them, as it is on the server."""
    return walk.context.request.get("/my/notes/").text()


def keep_the_course(walk: Walk) -> None:
    walk.go(COURSE)
    walk.page.get_by_text("Read without a connection").click()
    keep = walk.page.get_by_role("button", name="Keep this course here")
    expect(keep).to_be_enabled()
    expect(keep).to_contain_text("kB")
    keep.click()
    walk.reads("It's kept here")
    walk.page.evaluate("navigator.serviceWorker.ready.then(it => it.active.state)")


def test_a_course_is_read_without_a_connection_and_what_was_done_counts_once(walk):
    elliot = walk("elliot-on-a-train", phone=True)
    elliot.sign_in("dads.two")
    elliot.go(COURSE)
    elliot.press("Join this course")
    keep_the_course(elliot)
    elliot.see("course-kept")

    elliot.context.set_offline(True)
    lesson = third_lesson(elliot)
    elliot.go(lesson)
    elliot.arrives_at("Openness is a habit")
    assert "/offline/" in elliot.page.url
    elliot.is_accessible("lesson-kept")
    elliot.picture("lesson-kept")
    box = elliot.page.get_by_role("textbox", name=PROMPT)
    box.press_sequentially(KEPT_WORDS)
    elliot.reads("Kept on this phone, locked")
    assert KEPT_WORDS not in what_the_phone_holds(elliot)
    elliot.page.reload()
    expect(box).to_have_value(KEPT_WORDS)
    elliot.page.get_by_role("radio").first.check()
    elliot.press("Keep it")
    elliot.press("I've read this ...")
    elliot.arrives_at("Your own feelings")
    elliot.go("/my/")
    elliot.arrives_at("There's no connection")
    elliot.reads("Family conversations")
    elliot.picture("no-connection")

    elliot.context.set_offline(False)
    elliot.go(COURSE)
    wait_until(lambda: "1 of 20</b> lessons done" in elliot.context.request.get(COURSE).text(), 30)
    assert notes(elliot).count(KEPT_WORDS) == 1

    elliot.press("Menu")
    elliot.press("Sign out")
    elliot.page.wait_for_url(f"{elliot.site.url}/")
    assert elliot.page.evaluate("caches.keys()") == []
    elliot.context.set_offline(True)
    assert went_nowhere(elliot, lesson)


def third_lesson(walk: Walk) -> str:
    """Where the lesson with the prompt is."""
    return next(
        link.get_attribute("href") for link in walk.page.get_by_role("link", name=whole("Openness is a habit")).all()
    )


def what_the_phone_holds(walk: Walk) -> str:
    """Everything that waits in the browser's database, as text."""
    return walk.page.evaluate(
        """new Promise(done => { indexedDB.open("waiting").onsuccess = ({ target }) => {
             const asked = target.result.transaction("facts").objectStore("facts").getAll();
             asked.onsuccess = () => { target.result.close(); done(JSON.stringify(asked.result)); } } })"""
    )


def went_nowhere(walk: Walk, path: str) -> bool:
    """Whether an address cannot be opened at all."""
    with contextlib.suppress(Error):  # what the browser shows then is an error to its driver
        walk.page.goto(path)
        return False
    return True


def test_whatever_is_killed_at_most_five_seconds_of_typing_are_lost(walk, site):
    sys.stdout.write(f"seed {SEED}\n")
    chance = random.Random(SEED)  # noqa: S311 - not a secret: shown, to do the same again
    dan = walk("dan-killed")
    dan.sign_in("partner")
    dan.go(COURSE)
    dan.press("Join this course")
    lesson = third_lesson_of(dan)
    typed = ""
    for number, kill in enumerate(chance.sample(["tab", "network", "session"], 3)):
        wait_until(lambda: arrives(dan, lesson), 30)
        box = dan.page.get_by_role("textbox", name=PROMPT)
        expect(box).to_have_value(typed)
        more = f" {number}:" + "".join(chance.choices("abcdefg ", k=chance.randint(150, 220))).strip()
        if kill == "network":
            dan.context.set_offline(True)
        box.press("Control+End")
        box.press_sequentially(more, delay=EVERY, timeout=TYPING)
        typed += more
        if kill == "session":
            end_sessions(site)
            box.press_sequentially("!", delay=EVERY)
            typed += "!"
            expect(dan.page.locator("#signed-out")).to_contain_text("Your last words are safe")
        dan.page.wait_for_timeout(chance.randint(0, 3_000))
        dan.page = killed(dan)
        dan.context.set_offline(False)
        if kill == "session":
            dan.sign_in("partner")
        typed = survived(dan, lesson, typed)


def killed(walk: Walk) -> Page:
    """Kill the tab without a word to its page, and open another."""
    with contextlib.suppress(Error):
        walk.page.goto("chrome://crash", timeout=5_000)
    walk.page.close()
    return walk.context.new_page()


def end_sessions(site: Site) -> None:
    """Let everybody's time be over."""
    database = sqlite3.connect(site.data / "hearth.sqlite3", timeout=60, isolation_level=None)
    with contextlib.closing(database):
        database.execute("DELETE FROM django_session")


def third_lesson_of(walk: Walk) -> str:
    walk.go(COURSE)
    return third_lesson(walk)


def arrives(walk: Walk, path: str) -> bool:
    """Open a page; when what waited has just been taken in, it shows itself anew, and the opening is cut off."""
    with contextlib.suppress(Error):
        walk.go(path)
        return True
    return False


def survived(walk: Walk, lesson: str, typed: str) -> str:
    """See that all but the last five seconds of typing come to the lesson's page by themselves, and return them."""
    least = len(typed) - AT_MOST // EVERY
    box = walk.page.get_by_role("textbox", name=PROMPT)

    def found() -> str:
        there = ""
        with contextlib.suppress(Error):  # the page shows itself anew once what waited was taken in
            there = box.input_value(timeout=5_000)
        return there if len(there) >= least and typed.startswith(there) else ""

    wait_until(lambda: arrives(walk, lesson), 30)
    return wait_until(found, 60)
