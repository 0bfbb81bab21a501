"""A package made elsewhere, from its upload to its item being done; and one that means harm."""

import contextlib
import json
import secrets
import shutil

from playwright.sync_api import BrowserContext, Error, FrameLocator, Locator, Page, expect

from tests.journeys.conftest import FLAGS
from tests.journeys.site import wait_until
from tests.journeys.walk import whole, words
from tests.packages.made import Item, hostile, sound

KIND, PARTED, UNKIND = "The first week", "The next weeks", "The odd week"
LAST_WORD = "page 3 \N{HEAVY BLACK HEART} \N{HEBREW LETTER SHIN} %22"
IN_A_LESSON = """
from uuid import uuid4
from django.utils import timezone
from cms.models import CoursePage, LessonPage
from lms.accounts.models import User
from lms.courses import operations
from lms.courses.models import Course
from lms.packages.models import Package
course = CoursePage.objects.get(slug="online-safety")
lesson = LessonPage.objects.descendant_of(course).live().order_by("path").first()
body = lesson.body.get_prep_value()
for package in Package.objects.unscoped(because="a journey").filter(title__in={titles!r}):
    value = dict(title=package.title, package=str(package.uuid), minutes=5, instead="", key=f"P{{package.pk}}")
    body.append(dict(type="package", id=str(uuid4()), value=dict(value, item_id=str(uuid4()))))
lesson.body = body
lesson.save_revision().publish()
learner = User.objects.get(email="adopter@hearth.example")
operations.enrol(person=learner, course=Course.objects.get(identity=course.identity), now=timezone.now())
print(lesson.url)
"""
BOOKMARK = "p%20 100 % 'so' \"so\" \\ \n\r\n\t \N{GRINNING FACE}\N{CJK UNIFIED IDEOGRAPH-20000} \u2028 </script> &amp; "
PLACE = {KIND: "cmi.core.lesson_location", PARTED: "cmi.location"}
KEEP = "(it, [place, where, mark]) => [set(place, where), set('cmi.suspend_data', mark), commit('')]"
BOOKMARKED = "(it, place) => [get(place), get('cmi.suspend_data')]"
LEAVING = """(it, said) => addEventListener("pagehide", () => {
  set("cmi.suspend_data", said); set("cmi.core.exit", "suspend"); end("");
})"""
BLOCKED = {
    "the page around it": "SecurityError",
    "its address": "SecurityError",
    "its cookies": "",
    "a pop-up": "null",
    "a form": "undefined",
    "a question to the site": "TypeError",
    "one to its own host": "TypeError",
    "picture": "refused",
    "script": "refused",
}


def bring_in(trainer, title, packed):
    """Upload a package at the desk, and wait until the worker has unpacked it."""
    trainer.go("/desk/")
    trainer.follow("Packages ...")
    trainer.follow("Bring one in")
    trainer.type("Title", title)
    zipped = {"name": "package.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}
    trainer.page.get_by_label("Package", exact=True).set_input_files(zipped)
    trainer.press("Upload it")
    trainer.reads("Uploaded")
    wait_until(lambda: trainer.page.reload() and trainer.page.get_by_text("Ready. Uploaded").count(), 60)


def in_lesson(page: Page, lesson, title) -> Locator:
    page.goto(lesson)
    return page.get_by_role("region", name=whole(title))


def opened(page: Page, lesson, title) -> FrameLocator:
    """The part itself: in a frame of the second host, which is in a frame of the page."""
    in_lesson(page, lesson, title).get_by_role("button").click()
    return page.frame_locator("iframe.package").frame_locator("#part")


def keep(part: Locator, title, number) -> list[str]:
    """Have a package keep where it is, and say what came of it."""
    said: list[str] = part.evaluate(KEEP, [PLACE[title], f"page {number} \N{GRINNING FACE}", f"{BOOKMARK}{number}"])
    return said[-1:]


def go_until_the_browser_dies(away: BrowserContext, lesson) -> dict[str, int]:
    """Two packages in a browser whose line breaks, and which then ends at once; return what each was told is kept."""
    parts = {title: opened(away.new_page(), lesson, title).locator("#said") for title in (KIND, PARTED)}
    kept = {}
    for title, part in parts.items():
        expect(part).to_have_text("ab-initio|")
        kept[title] = secrets.randbelow(5) + 1  # wherever it is: each commit that was answered is kept
        assert [keep(part, title, number) for number in range(kept[title])] == [["true"]] * kept[title]
    away.set_offline(True)
    assert [keep(part, title, 90) for title, part in parts.items()] == [["false"]] * 2
    away.set_offline(False)
    assert keep(parts[PARTED], PARTED, kept[PARTED]) == ["true"]
    away.set_offline(True)
    assert keep(parts[PARTED], PARTED, 91) == ["false"]
    return {KIND: kept[KIND] - 1, PARTED: kept[PARTED]}


def killed_in_the_middle(adopter, lesson) -> dict[str, int]:
    """The same person in a browser of its own, that is killed with its windows open."""
    own = adopter.context.browser.browser_type.launch(executable_path=shutil.which("chromium"), args=FLAGS)
    away = own.new_context(base_url=adopter.site.url, storage_state=adopter.context.storage_state())
    try:
        return go_until_the_browser_dies(away, lesson)
    finally:
        with contextlib.suppress(Error):  # it answers no more
            own.new_browser_cdp_session().send("Browser.crash")
        own.close()


def resumed(adopter, lesson, title, number) -> Locator:
    """A package opened again: letter for letter where it was last told to be kept."""
    said = opened(adopter.page, lesson, title).locator("#said")
    expect(said).to_contain_text("resume|")
    assert said.evaluate(BOOKMARKED, PLACE[title]) == [f"page {number} \N{GRINNING FACE}", f"{BOOKMARK}{number}"]
    return said


def in_two_parts_with_a_line_that_breaks(adopter, lesson, number):
    """A package of 2004: what cannot be kept is said to it and to the reader, and it leads on by itself."""
    said = resumed(adopter, lesson, PARTED, number)
    assert said.evaluate("() => [begin(''), set('cmi.location', 'page 2'), commit('')]") == ["false", "true", "true"]
    adopter.reads("Saved.")
    assert said.evaluate("() => [set('cmi.suspend_data', 'x'.repeat(64001)), fault(), get('cmi.suspend_data')]") == [
        "false",
        "406",
        f"{BOOKMARK}{number}",
    ]
    adopter.context.set_offline(True)
    assert said.evaluate("() => [commit(''), fault()]") == ["false", "391"]
    adopter.reads("Not saved: the line is down")
    adopter.context.set_offline(False)
    adopter.faults.clear()  # the browser says so too
    assert said.evaluate("() => [commit(''), fault()]") == ["true", "0"]
    adopter.reads("Saved.")
    said.evaluate("() => [set('cmi.completion_status', 'completed'), set('adl.nav.request', 'continue')]")
    ended = said.evaluate("() => [end(''), set('cmi.location', 'page 3'), fault(), get('cmi.location')]")
    assert ended == ["true", "false", "133", ""]
    expect(adopter.page.get_by_role("button", name="two", exact=True)).to_have_attribute("aria-current", "true")
    adopter.reads("It says: finished.")
    said = adopter.page.frame_locator("iframe.package").frame_locator("#part").locator("#said")
    expect(said).to_have_text("ab-initio|")
    assert said.evaluate("() => [set('cmi.completion_status', 'completed'), end('')]") == ["true", "true"]
    adopter.follow("Carry on with the lesson")
    expect(in_lesson(adopter.page, lesson, PARTED)).to_contain_text(words("The package says that you've finished it."))


def test_a_package_outlives_its_browser_resumes_and_is_done_and_a_hostile_one_is_shut_in(walk, site):
    trainer = walk("package-trainer")
    trainer.sign_in("trainer")
    bring_in(trainer, KIND, sound())
    bring_in(trainer, PARTED, sound(Item("one", "one.html"), Item("two", "two.html"), standard="2004"))
    bring_in(trainer, UNKIND, hostile(site.url))
    lesson = site.ask(IN_A_LESSON.format(titles=[KIND, PARTED, UNKIND]))

    adopter = walk("package", phone=True)
    adopter.sign_in("adopter")
    last = killed_in_the_middle(adopter, lesson)
    said = resumed(adopter, lesson, KIND, last[KIND])
    adopter.reads("It goes on here")
    assert said.evaluate("() => [set('cmi.suspend_data', 'here'), get('cmi.suspend_data'), commit('')]") == [
        "true",
        "here",
        "true",
    ]
    adopter.reads("Saved.")
    adopter.see("frame")
    said.evaluate(LEAVING, LAST_WORD)
    adopter.follow("Back to the lesson")

    adopter.arrives_at("Why it matters to belong online")
    said = opened(adopter.page, lesson, KIND).locator("#said")
    expect(said).to_have_text(f"resume|{LAST_WORD}")
    assert said.evaluate("() => [set('cmi.core.lesson_status', 'completed'), end('')]") == ["true", "true"]
    adopter.follow("Carry on with the lesson")
    expect(in_lesson(adopter.page, lesson, KIND)).to_contain_text(words("The package says that you've finished it."))

    in_two_parts_with_a_line_that_breaks(adopter, lesson, last[PARTED])
    assert not adopter.faults
    said = opened(adopter.page, lesson, UNKIND).locator("#said")
    expect(said).to_contain_text("picture")
    assert json.loads(said.inner_text()) == BLOCKED
    adopter.arrives_at(UNKIND)
    assert len(adopter.context.pages) == 1
    assert all(fault.startswith(("content policy", "called outside")) for fault in adopter.faults)
    adopter.faults.clear()  # each is one of its attempts, and was stopped
    adopter.go("/my/")
    expect(adopter.page.get_by_role("main")).to_contain_text("Priya")
