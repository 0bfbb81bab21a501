"""Somebody looks round, somebody joins, and Priya learns to the end and shows her certificate."""

import re

from playwright.sync_api import expect

from tests.journeys.reading import answer, finish_lesson
from tests.journeys.site import text_of, wait_until
from tests.journeys.steps import claim_certificate, download, path_of
from tests.journeys.walk import Walk, whole, words

COURSE, COURSE_PATH = "Telling the story", "/courses/telling-the-story/"
FIRST_LESSON, LESSONS = "Whose story?", 20
TO_THE_MIDDLE = "it => it.scrollIntoView({ block: 'center' })"
LAST_PLACE_BEFORE = """it => [...document.querySelectorAll(".prose > [id^=part-]")]
    .filter(place => place.compareDocumentPosition(it) & Node.DOCUMENT_POSITION_FOLLOWING).pop().id"""
PROMPT = "What would you like your child to say, one day, about how you talked about their story?"
NOTE = "I will say it first. \N{HEAVY BLACK HEART} \N{HEBREW LETTER SHIN}\N{HEBREW LETTER LAMED}"
KIND_REPLIES = {
    "Don't be silly": "most of us would reach for it",
    "when you're bigger": "This worry is here tonight",
    "Who told you that?": "It's natural to want to know",
    "That's a heavy thing to carry": "You've heard him",
}


def results(walk: Walk) -> int:
    """How many things the catalogue shows."""
    heading = walk.page.get_by_role("heading", name=re.compile(r"^\d+ results?$"))
    return int(heading.inner_text().split()[0])


def test_a_stranger_looks_round_and_reads_a_first_lesson(walk):
    stranger = walk("stranger", phone=True)
    stranger.go("/")
    stranger.arrives_at("You don't have to work it out alone")
    stranger.follow("Life story work ...")
    stranger.arrives_at("Life story work")
    stranger.reads("Family tree homework", COURSE, "What to tell, when to tell")

    stranger.go("/courses/")
    everything = results(stranger)
    for choice in ("Live, with other parents", "10 minutes: one short lesson", "12 to 17"):
        stranger.go("/courses/")
        stranger.page.get_by_text("Filters").click()
        stranger.page.get_by_label(words(choice)).check()
        stranger.press("Show results")
        stranger.reads("Filters: 1 chosen")
        assert 0 < results(stranger) < everything
        expect(stranger.page.get_by_label(words(choice))).to_be_checked()
    stranger.follow("Clear")
    stranger.page.get_by_text("Filters").click()
    stranger.page.get_by_label("About", exact=True).select_option(label="School and nursery")
    stranger.press("Show results")
    stranger.reads("Managing educational transitions")
    stranger.reads_not(COURSE)

    search = "What's on your mind? A word or two will do"
    school = "My child won't go to school"
    for typed, found in (("too naughty", FIRST_LESSON), ("wont go scool", school), ("<b>xyzzy</b>", "No results for")):
        stranger.go("/courses/")
        stranger.type(search, typed)
        stranger.press("Search")
        stranger.reads(found)
        expect(stranger.page.get_by_label(whole(search))).to_have_value(typed)
    stranger.go("/courses/?q=hurt+myself")
    stranger.reads("If it can't wait, ring someone now", "116 123")

    stranger.go(COURSE_PATH)
    stranger.reads("It's free to read, without an account", "What you'll be able to do", "Module 4: Hard facts")
    stranger.follow("Read the first lesson")
    stranger.arrives_at(FIRST_LESSON)
    stranger.reads("Nothing you do here is kept")
    answer(stranger, "Who told you that?")
    stranger.reads("It's natural to want to know")
    stranger.follow("Lesson 2: What children understand when")
    stranger.reads("Sign in to read this lesson")


def test_a_newcomer_signs_up_and_asks_to_be_verified(walk, site):
    address = "noor@inbox.example"
    noor = walk("noor", phone=True)
    noor.go("/accounts/signup/")
    noor.type("Email", address)
    noor.type("Password", "three quiet words")
    noor.type("What shall we call you?", "Noor")
    noor.press("Make my account")
    letter = site.wait_for_letter(address, "Your code to finish signing up")
    noor.see("code")
    noor.type("The code", "WRONG1")
    noor.press("Carry on")
    noor.reads("to check")
    noor.type("The code", re.search(r"^[A-Z0-9-]{6,}$", text_of(letter), re.MULTILINE)[0])
    noor.press("Carry on")
    noor.reads("Noor", "Nothing here yet", "Ask yours to confirm it, once")
    noor.see("my-learning-empty")

    noor.follow("Ask my agency")
    noor.press("Ask")
    noor.reads("Choose your agency")
    noor.page.get_by_label(whole("Your agency")).select_option(label="Fellside Adoption")
    noor.press("Ask")
    noor.reads("We'll write to you when your agency has answered", "You asked on")
    noor.go("/workshops/self-care-for-adopters/")
    noor.page.get_by_role("link", name="Book this one").first.click()
    noor.reads("Your agency has to know you first")

    grace = walk("grace")
    grace.sign_in("coordinator")
    grace.follow("Desk")
    grace.follow("See people")
    grace.press("Yes, we know them: Noor")
    grace.reads("Confirmed. We've written to them.")
    site.wait_for_letter(address, "", number=2)
    noor.page.reload()
    expect(noor.page.get_by_role("button", name=whole("Book my place"))).to_be_visible()


def test_an_adopter_learns_to_the_end_and_shows_her_certificate(walk, site):
    priya = walk("priya", phone=True)
    priya.sign_in("adopter")
    priya.reads("Priya", "Introduction to therapeutic parenting", "minutes left")
    priya.go(COURSE_PATH)
    priya.press("Join this course")
    priya.arrives_at(FIRST_LESSON)
    for option, kind in KIND_REPLIES.items():
        reply = answer(priya, option)
        expect(reply).to_contain_text(words(kind))
    expect(reply).to_be_focused()
    priya.see("reply")

    leaves_in_the_middle_and_comes_back(priya)
    finish_lesson(priya)
    priya.arrives_at("What children understand when")
    finish_lesson(priya)
    priya.arrives_at("Openness is a habit")
    writes_a_note_that_saves_itself(priya)
    skips_a_heavy_part(priya)

    priya.go("/my/")
    priya.reads("2 of 20 lessons done", "5 of 21 lessons done")
    priya.go(COURSE_PATH)
    priya.reads("2 of 20 lessons done")
    priya.see("course-under-way")
    priya.follow("Carry on with lesson 3")
    for _ in range(LESSONS - 2):
        finish_lesson(priya)
    priya.reads("You've finished this course", "20 of 20 lessons done")
    priya.see("course-finished")
    priya.go("/my/learning/")
    priya.reads("Finished on")

    code = claim_certificate(priya, COURSE)
    priya.see("certificate")
    assert download(priya).startswith(b"%PDF")
    a_stranger_checks_the_code(walk("checker"), code)


def leaves_in_the_middle_and_comes_back(priya: Walk) -> None:
    """Scroll to the middle, go away without a word, and carry on from the dashboard at the same words."""
    heading = priya.page.get_by_role("heading", name="Who else gets to know")
    heading.evaluate(TO_THE_MIDDLE)
    place = heading.evaluate(LAST_PLACE_BEFORE)

    def place_is_kept() -> bool:
        priya.go("/my/")
        return priya.page.get_by_role("link", name=whole("Carry on")).get_attribute("href").endswith(f"#{place}")

    wait_until(place_is_kept, 20)
    priya.reads(f"{COURSE}, lesson 1 of 20", FIRST_LESSON)
    priya.follow("Carry on")
    priya.arrives_at_part("Who else gets to know")


def writes_a_note_that_saves_itself(priya: Walk) -> None:
    box = priya.page.get_by_role("textbox", name=PROMPT)
    box.press_sequentially(NOTE)
    priya.reads("Saved at")
    priya.page.reload()
    expect(box).to_have_value(NOTE)
    box.fill(f"{NOTE} My number is 01632 960 111.")
    priya.reads("This looks as if it might hold a phone number")
    priya.go("/my/notes/")
    priya.reads(PROMPT, NOTE, "Only you can read these")


def skips_a_heavy_part(priya: Walk) -> None:
    """In the course she was on before: the part and its question are left out, and the lesson counts."""
    priya.go("/courses/therapeutic-parenting/when-it-goes-wrong/violence-and-safety/")
    priya.arrives_at("When a child hurts you")
    priya.press("Leave this part for now")
    priya.reads("It counts, and it's here if you want it")
    priya.press("I've read this ...")
    priya.go("/courses/therapeutic-parenting/")
    priya.reads("5 of 21 lessons done")


def a_stranger_checks_the_code(checker: Walk, code: str) -> None:
    """Anybody learns that it is valid, and whose it is only by knowing it."""
    checker.go("/verify/")
    checker.type("Code on the certificate", code.lower().replace("-", " "))
    checker.press("Check")
    checker.reads("This certificate is valid", "Family conversations")
    checker.see("valid")
    assert "Priya" not in checker.page.content()
    assert "Raman" not in checker.page.content()
    checker.type("Name on the certificate", "Dan Ellis")
    checker.press("Compare")
    checker.reads("No, that isn't the name")
    checker.type("Name on the certificate", "priya raman ellis")
    checker.press("Compare")
    checker.reads("Yes, the name matches")
    checker.see("name-matches")
    checker.type("Code on the certificate", "7K3M-9QXD-2HPT-4VWC-B")
    checker.press("Check")
    checker.reads("We can't find that code")


def test_everything_works_without_javascript(walk, site):
    elliot = walk("elliot-without-javascript", javascript=False, phone=True)
    elliot.sign_in("dads.two")
    elliot.go(COURSE_PATH)
    elliot.press("Join this course")
    elliot.arrives_at(FIRST_LESSON)
    for option, kind in KIND_REPLIES.items():
        expect(answer(elliot, option)).to_contain_text(words(kind))
    elliot.picture("reply")
    elliot.press("Stop here for today")
    elliot.reads("Your place is kept", "0 of 20 lessons done")
    elliot.follow("Carry on with lesson 1")
    finish_lesson(elliot)
    finish_lesson(elliot)
    elliot.arrives_at("Openness is a habit")
    reflection = elliot.page.get_by_role("region", name=PROMPT)
    box, save = reflection.get_by_role("textbox"), reflection.get_by_role("button", name="Save")
    box.fill(NOTE)
    save.click()
    elliot.reads("Saved at")
    expect(box).to_have_value(NOTE)
    box.fill("x" * 20_001)
    save.click()
    elliot.reads("One thing to check")
    expect(box).to_have_value("x" * 20_001)
    box.fill(NOTE)
    save.click()
    finish_lesson(elliot)

    elliot.go(f"{COURSE_PATH}words-that-work/teenagers/")
    finish_lesson(elliot)
    elliot.go(COURSE_PATH)
    elliot.reads("4 of 20 lessons done")
    elliot.go("/courses/looking-after-you/")
    elliot.press("Join this course")
    elliot.go("/courses/looking-after-you/help-and-rights/when-home-is-not-safe/")
    elliot.press("Leave this part for now")
    elliot.reads("It counts, and it's here if you want it")
    finish_lesson(elliot)
    elliot.go("/courses/looking-after-you/")
    elliot.reads("1 of 16 lessons done")

    elliot.go("/workshops/staying-in-touch/")
    elliot.page.get_by_role("link", name="Book this one").first.click()
    elliot.press("Book my place")
    elliot.reads("You're booked for")
    booking = path_of(elliot)
    elliot.follow("I can't make it")
    elliot.press("Give up my place")
    elliot.reads("You've given your place up")
    assert path_of(elliot) == booking
    elliot.press("Menu")
    elliot.press("Sign out")
    assert elliot.page.goto("/my/").url.startswith(f"{site.url}/accounts/login/")
