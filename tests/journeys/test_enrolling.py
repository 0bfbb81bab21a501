"""A coordinator brings people onto a course with a list, by keyboard and on a phone; one has no account yet."""

import json
import re
from pathlib import Path

from tests.journeys.site import text_of
from tests.journeys.walk import Walk, whole

COURSE = "Looking after you ..."
ROBIN = "robin@inbox.example"


def by_keyboard(walk: Walk, role: str, name: str) -> None:
    """Press Enter on what the keyboard has come to."""
    there = walk.page.get_by_role(role, name=whole(name))
    there.focus()
    there.press("Enter")


def send(walk: Walk, *lines: str) -> None:
    """Choose a file with these lines, and have it looked through."""
    file = {
        "name": "people.csv",
        "mimeType": "text/csv",
        "buffer": "\n".join(("Email;Name", *lines)).encode("utf-8-sig"),
    }
    walk.page.get_by_label(whole("Your list")).set_input_files(file)
    by_keyboard(walk, "button", "Look through it")


def take(walk: Walk, role: str, name: str) -> str:
    """Press Enter on what hands out a file, and return what is in it."""
    with walk.page.expect_download() as coming:
        by_keyboard(walk, role, name)
    return Path(coming.value.path()).read_text(encoding="utf-8-sig")


def sign_up(walk: Walk, letter_of) -> None:
    walk.go("/accounts/signup/")
    walk.type("Email", ROBIN)
    walk.type("Password", "three quiet words")
    walk.type("What shall we call you?", "Robin")
    walk.press("Make my account")
    code = text_of(letter_of(ROBIN, "Your code to finish signing up"))
    walk.type("The code", re.search(r"^[A-Z0-9-]{6,}$", code, re.MULTILINE)[0])
    walk.press("Carry on")


def test_a_list_brings_in_somebody_who_has_no_account_yet(walk, site):
    grace = walk("grace-brings-a-list", phone=True)
    grace.sign_in("coordinator")
    grace.go("/desk/courses/")
    by_keyboard(grace, "link", COURSE)
    by_keyboard(grace, "link", "Invite people")
    send(grace, f"{ROBIN};Robin", "nobody at all;Sam")
    grace.reads("1 line needs a look", "This doesn't look like an e-mail address.")
    by_keyboard(grace, "link", "Send another list")
    send(grace, f"{ROBIN};Robin", f"{ROBIN.upper()};Robin again")
    grace.reads("Nothing has been done yet", "Will be invited", "The same address as on line 2: counted once")
    by_keyboard(grace, "button", "Go on: 1 person")
    grace.reads("It's done. Letters are on their way", "Done: 1", "Counted once: 1")  # the page looks again by itself
    assert f"2,{ROBIN},,done,Invited" in take(grace, "link", "Keep this as a file")
    grace.see("done")
    by_keyboard(grace, "link", "Send another list")
    grace.reads("Lists you've sent", "Open until")
    grace.see("sent")

    letter = text_of(site.wait_for_letter(ROBIN, "An invitation for you"))
    assert "Looking after you" not in letter
    robin = walk("robin-is-invited", phone=True)
    sign_up(robin, site.wait_for_letter)
    robin.go(re.search(r"https?://\S+(/my/learning/)", letter)[1])
    robin.reads("You're invited", "From Fellside Adoption")
    robin.see("invited")
    by_keyboard(robin, "link", "Look at it and join")
    by_keyboard(robin, "button", "Join this course")
    robin.page.wait_for_url(re.compile("/courses/looking-after-you/.+/"))

    grace.go("/desk/learners/")
    grace.type("Name or e-mail address begins with", "rob")
    grace.page.get_by_label(whole("Name or e-mail address begins with ...")).press("Enter")
    grace.reads("Robin", "Learning: 1")
    grace.see("found")
    by_keyboard(grace, "link", "Robin")
    grace.arrives_at("Robin")
    lesson = robin.page.url
    by_keyboard(robin, "button", "I've read this ...")
    robin.page.wait_for_url(lambda url: url != lesson)
    said = json.loads(take(grace, "button", "What they did, as data (xAPI)"))
    assert "read" in [one["verb"]["display"]["en-GB"] for one in said]
    assert "Robin" not in json.dumps(said)
    grace.go("/desk/learners/?state=coming")
    grace.reads("Tuesday evenings", "Tomasz", "Has a place, not begun yet: 2")
