"""An evening on one sofa: two dads link their accounts, read a lesson side by side, end the link and link again."""

from tests.journeys.site import text_of
from tests.journeys.walk import Walk, whole

COURSE, COURSE_PATH = "Telling the story", "/courses/telling-the-story/"
MINE = "/my/together/"
ELLIOT = "dads.two@hearth.example"


def read_out(walk: Walk) -> str:
    """Make a code, and return it as it stands on the screen."""
    walk.go(MINE)
    walk.press("Make a code")
    return str(walk.page.get_by_role("region", name=whole("Your code")).locator("strong").inner_text())


def test_two_dads_pair_read_side_by_side_unpair_and_pair_again(walk, site):
    kwame, elliot = walk("kwame-on-the-sofa"), walk("elliot-on-the-sofa", phone=True, javascript=False)
    kwame.sign_in("dads")
    elliot.sign_in("dads.two")
    kwame.go("/my/")
    kwame.page.get_by_role("main").get_by_role("link", name=whole("Reading together")).click()
    kwame.arrives_at("Reading together")
    kwame.see("not-linked")
    code = read_out(kwame)
    kwame.picture("code")
    elliot.go(MINE)
    elliot.type("The code on your partner's screen", code.lower())
    elliot.press("Link us")
    elliot.reads("You're linked with Kwame", "It ends at once and in silence")

    kwame.go(COURSE_PATH)
    kwame.follow("Carry on with lesson 2")
    kwame.picture("lesson", whole_page=True)
    kwame.press("We're both here")
    kwame.reads("Marked as read for you.", "Your partner says so for themself")
    kwame.go(COURSE_PATH)
    kwame.reads("Read. One question left to try")  # reading counts for two; an answer is each person's own
    elliot.go("/my/")
    elliot.reads("Read together", "Kwame says you read it together")
    elliot.see("waiting-at-home")
    elliot.press("Yes, I was there too")
    elliot.arrives_at(COURSE)
    elliot.reads("You're not on this course yourself yet.")
    elliot.press("Join this course")
    elliot.go(MINE)
    elliot.press("Yes, I was there too")
    elliot.reads("Marked as read for you.")
    elliot.reads_not("Kwame says you read it together")
    elliot.go(COURSE_PATH)
    elliot.reads("0 of 20 lessons done", "Read. One question left to try")

    elliot.go(MINE)
    elliot.press("End the link")
    elliot.reads("The link has ended. Nobody was told.")
    kwame.go(MINE)
    kwame.reads("you can link your accounts")
    kwame.reads_not("Elliot")
    kwame.type("Your partner's e-mail", ELLIOT)
    kwame.press("Ask them")
    kwame.reads("We've passed it on.", "You've asked")
    assert "Kwame" not in text_of(site.wait_for_letter(ELLIOT, "A question for you"))
    elliot.go("/my/")
    elliot.follow("See who asks")
    elliot.press("Yes, link us")
    elliot.reads("You're linked with Kwame")
    kwame.go(MINE)
    kwame.see("linked")
