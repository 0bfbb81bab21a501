"""Carys comes to the end of her pathway, two people sign, and the award opens a page of its own."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.walk import whole

NOTE = "We began late, and I said so. Two people stayed to talk, and my co-leader and I debriefed on the way out."
MORE = "\n\nWhat I'd do again: one breath before I answer."


def test_a_candidate_is_met_with_kind_words_signed_off_by_two_and_leads(walk):
    carys = walk("carys", phone=True)
    carys.sign_in("leader")
    carys.reads("6 of 9 steps done")
    carys.follow("See your pathway")
    carys.arrives_at("Group leader")
    step = carys.page.get_by_role("listitem")
    expect(step.filter(has_text="A short reflective statement")).to_contain_text("Waiting for Grace, your assessor")
    expect(step.filter(has_text="Two different people sign")).to_contain_text("Opens once what comes before it is done")
    carys.see("pathway")
    carys.follow("Your notes")
    carys.arrives_at("Notes about your practice")
    carys.type("When was it?", timezone.localdate().isoformat())
    carys.page.get_by_label("What happened?").fill(NOTE)
    carys.press("Keep this note")
    carys.reads("2 of 2 written", "Only you can read this one")
    carys.see("notes")

    grace = walk("grace")
    grace.sign_in("coordinator")
    grace.follow("Desk")
    grace.follow("What waits for me, oldest first")
    grace.arrives_at("What waits for me")
    grace.see("queue")
    grace.page.get_by_role("link", name="Carys: A short reflective statement").click()
    grace.arrives_at("Carys: Group leader")
    grace.reads("I talk when it goes quiet")
    grace.reads_not("We began late")
    _answer(grace, "Not yet", "")
    grace.reads("Say kindly what is still to come")
    grace.see("not-yet-without-a-word")
    _answer(grace, "Not yet", "This is honest. Could you add what you'd do again?", is_open=True)
    grace.see("pathway-of-carys")
    record = grace.page.url

    carys.go("/my/pathway/group-leader/statement/")
    carys.reads("Could you add what you'd do again?")
    box = carys.page.get_by_label("Your statement")
    box.fill(box.input_value() + MORE)
    carys.press("Send it to Grace")
    carys.reads("Waiting for Grace, your assessor, since today")

    grace.go(record)
    grace.reads("one breath before I answer")
    _answer(grace, "Yes, it's met", "Thank you, that's it.")
    grace.reads("8 of 9 steps done")
    _answer(grace, "Yes, it's met", "You listened more than you talked.")
    grace.reads("1 of 2")

    bronwen = walk("bronwen")
    bronwen.sign_in("manager")
    bronwen.go(record)
    bronwen.reads_not("one breath before I answer", "I talk when it goes quiet")
    _answer(bronwen, "Yes, it's met", "The group is lucky.")
    bronwen.reads("9 of 9 steps done", "The certificate has been given")

    carys.go("/my/pathway/group-leader/")
    carys.follow("Go to your certificate")
    carys.type("How should your name be written?", "Carys Llewellyn")
    carys.press("Make my certificate")
    expect(carys.page.get_by_role("link", name="Download PDF")).to_be_visible(timeout=60_000)
    _propose(carys)

    stranger = walk("oluwaseun")
    stranger.sign_in("tidewater")
    assert stranger.page.goto(record).status == 404
    stranger.go("/desk/pathways/")
    stranger.reads_not("Carys")


def _answer(staff, verdict, words, *, is_open=False):
    """Sign the one step that is open to this reader."""
    form = staff.page.locator("form", has=staff.page.get_by_label("A few kind words")).first
    if not is_open:
        staff.page.get_by_text("Sign this step").first.click()
    form.get_by_label(whole(verdict)).check()
    form.get_by_label("A few kind words").fill(words)
    form.get_by_role("button", name="Sign").click()


def _propose(carys):
    carys.go("/my/leading/")
    carys.arrives_at("Leading groups")
    carys.see("leading")
    carys.follow("An evening, from start to finish")
    carys.reads("Only people who lead groups can see this page")
    carys.go("/my/leading/propose/")
    carys.type("What would you call it?", "Saturday coffee group")
    carys.type("First date", (timezone.localdate() + timedelta(days=60)).isoformat())
    carys.type("Starts at", "10:30")
    carys.see("propose")
    carys.press("Propose it")
    carys.reads("Saturday coffee group", "With your coordinator")


def test_nobody_else_is_shown_her_way_or_the_leaders_pages(walk):
    priya = walk("priya")
    priya.sign_in("adopter")
    priya.go("/pathways/group-leader/")
    priya.reads("Tell them I'm interested", "Never you, your partner or somebody you lead with")
    priya.see("what-it-asks")
    for path in ("/my/pathway/group-leader/", "/desk/pathways/", "/my/leading/", "/an-evening-from-start-to-finish/"):
        assert priya.page.goto(path).status == 404
