"""A package made elsewhere, from its upload to its item being done; and one that means harm."""

import json

from playwright.sync_api import FrameLocator, Locator, expect

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


def in_lesson(walk, lesson, title) -> Locator:
    walk.go(lesson)
    return walk.page.get_by_role("region", name=whole(title))


def opened(walk, lesson, title) -> FrameLocator:
    """The part itself: in a frame of the second host, which is in a frame of the page."""
    in_lesson(walk, lesson, title).get_by_role("button").click()
    return walk.page.frame_locator("iframe.package").frame_locator("#part")


def in_two_parts_with_a_line_that_breaks(adopter, lesson):
    """A package of 2004: what cannot be kept is said to it and to the reader, and it leads on by itself."""
    said = opened(adopter, lesson, PARTED).locator("#said")
    expect(said).to_have_text("ab-initio|")
    assert said.evaluate("() => [begin(''), set('cmi.location', 'page 2'), commit('')]") == ["false", "true", "true"]
    adopter.reads("Saved.")
    assert said.evaluate("() => [set('cmi.suspend_data', 'x'.repeat(64001)), fault(), get('cmi.suspend_data')]") == [
        "false",
        "406",
        "",
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
    expect(in_lesson(adopter, lesson, PARTED)).to_contain_text(words("The package says that you've finished it."))


def test_a_package_resumes_and_is_done_and_a_hostile_one_is_shut_in(walk, site):
    trainer = walk("package-trainer")
    trainer.sign_in("trainer")
    bring_in(trainer, KIND, sound())
    bring_in(trainer, PARTED, sound(Item("one", "one.html"), Item("two", "two.html"), standard="2004"))
    bring_in(trainer, UNKIND, hostile(site.url))
    lesson = site.ask(IN_A_LESSON.format(titles=[KIND, PARTED, UNKIND]))

    adopter = walk("package", phone=True)
    adopter.sign_in("adopter")
    said = opened(adopter, lesson, KIND).locator("#said")
    expect(said).to_have_text("ab-initio|")
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
    said = opened(adopter, lesson, KIND).locator("#said")
    expect(said).to_have_text(f"resume|{LAST_WORD}")
    assert said.evaluate("() => [set('cmi.core.lesson_status', 'completed'), end('')]") == ["true", "true"]
    adopter.follow("Carry on with the lesson")
    expect(in_lesson(adopter, lesson, KIND)).to_contain_text(words("The package says that you've finished it."))

    in_two_parts_with_a_line_that_breaks(adopter, lesson)
    assert not adopter.faults
    said = opened(adopter, lesson, UNKIND).locator("#said")
    expect(said).to_contain_text("picture")
    assert json.loads(said.inner_text()) == BLOCKED
    adopter.arrives_at(UNKIND)
    assert len(adopter.context.pages) == 1
    assert all(fault.startswith(("content policy", "called outside")) for fault in adopter.faults)
    adopter.faults.clear()  # each is one of its attempts, and was stopped
    adopter.go("/my/")
    expect(adopter.page.get_by_role("main")).to_contain_text("Priya")
