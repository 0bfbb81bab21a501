"""The morning after: Priya says how it was and asks something, and Marguerite answers it for everybody."""

from playwright.sync_api import expect

from tests.journeys.site import text_of
from tests.journeys.steps import book, schedule
from tests.journeys.walk import whole

WORKSHOP = "Self-care for adopters"
PRIYA = "adopter@hearth.example"
ASKED = "My neighbour Mia says I worry too much. Do I?"
SAID = "How much worry is too much?"
ANSWER = "Ask yourself whether it helps you sleep. If it doesn't, tell somebody."


def test_feedback_a_question_and_its_published_answer(walk, site):
    marguerite, priya, dan = walk("marguerite"), walk("priya", phone=True, javascript=False), walk("dan")
    marguerite.sign_in("trainer")
    place = {"Room link": "https://meet.jit.si/the-morning-after"}
    date = schedule(marguerite, WORKSHOP, minutes_ahead=10, places=5, place=place)
    for adopter, name in ((priya, "adopter"), (dan, "partner")):
        adopter.sign_in(name)
        book(adopter, date)
    site.let_pass(75, session=date.path)

    priya.go(date.path)
    priya.follow("Say how it was")
    priya.arrives_at("How was it?")
    priya.page.get_by_role("group", name=whole("It was worth my time")).get_by_label(whole("Very much")).check()
    priya.type("One thing you'd change", "A longer break.")
    priya.see("feedback")
    priya.press("Send")
    priya.reads("Thank you. Nobody can tell which answer is yours.")

    priya.follow("Questions and answers")
    priya.type("Your question", ASKED)
    priya.press("Send my question")
    priya.reads("Sent. We'll e-mail you when there's an answer.", "Waiting for an answer.")
    priya.see("questions")

    marguerite.go("/desk/")
    marguerite.follow("Questions")
    marguerite.reads(ASKED)
    marguerite.see("desk-questions")
    marguerite.page.get_by_role("article").filter(has_text=ASKED).get_by_role("link").click()
    marguerite.type("Your answer", ANSWER)
    marguerite.page.get_by_label(whole("Let everybody with a place read it")).check()
    marguerite.press("Save the answer")
    marguerite.reads("Write the question as others may read it")
    marguerite.type("The question in your own words", SAID)
    marguerite.press("Save the answer")
    marguerite.reads("Published. Everybody with a place can read it.")

    dan.go(date.path)
    dan.follow("Questions and answers")
    dan.reads(SAID, ANSWER)
    expect(dan.page.locator("main")).not_to_contain_text("Mia")
    told = site.wait_for_letter(PRIYA, "Your question has an answer")
    assert "worry" not in told.as_string() + text_of(told)
    marguerite.go(f"{date.desk}after/")
    marguerite.reads("You see it then, if at least 5 have answered")
    marguerite.see("desk-after")
    expect(marguerite.page.locator("main")).not_to_contain_text("A longer break.")
