"""An evening online: Marguerite goes in early, Priya waits and comes in, types the code, and stands on the register."""

from playwright.sync_api import expect

from tests.journeys.steps import book, schedule, way_in
from tests.journeys.walk import whole

WORKSHOP = "Staying in touch with birth family"
ROOM = "https://meet.jit.si/an-evening-with-a-code"


def test_an_evening_is_waited_for_entered_and_marked_by_its_code(walk, site):
    marguerite, priya = walk("marguerite-in-the-room"), walk("priya-waits", phone=True, javascript=False)
    marguerite.sign_in("trainer")
    date = schedule(marguerite, WORKSHOP, minutes_ahead=20, places=1, place={"Room link": ROOM})
    priya.sign_in("adopter")
    book(priya, date)

    assert way_in(marguerite, date) == (303, ROOM)
    assert way_in(priya, date)[0] == 200
    priya.go(f"{date.path}join/")
    priya.arrives_at("You're in the right place")
    priya.reads("This page looks again by itself")
    priya.see("waiting-room")
    assert ROOM not in priya.page.content()
    site.let_pass(6, session=date.path)
    assert way_in(priya, date) == (303, ROOM)

    site.let_pass(15, session=date.path)
    marguerite.go(date.desk)
    marguerite.follow("Show the code")
    marguerite.arrives_at("The code in the room")
    marguerite.reads("0 of 1 have typed it")
    marguerite.see("code-of-the-room")
    code = marguerite.page.locator(".room-code").inner_text()

    priya.go(date.path)
    priya.follow("Type the code that is shown in the room")
    priya.type("The code in the room", "wrong")
    priya.press("I'm here")
    priya.reads("That isn't the code any more")
    priya.see("code-refused")
    priya.type("The code in the room", f" {code.lower()} ")
    priya.press("I'm here")
    priya.reads("It's noted that you're here.")

    marguerite.go(date.desk)
    marguerite.reads("Typed the code at", "1 not marked")
    marguerite.press("Take the suggestions (1)")
    marguerite.reads("The register is saved.", "1 here.")
    marguerite.see("register-with-signs")

    marguerite.follow("Add somebody who is here")
    marguerite.type("Their e-mail address", "partner@hearth.example")
    marguerite.press("Add to the register")
    marguerite.reads("The last place has just gone")
    marguerite.see("walk-in-to-a-full-room")
    marguerite.page.get_by_label(whole("If it's full, why they may stay")).select_option(label="They asked us")
    marguerite.press("Add to the register")
    marguerite.reads("Dan is on the register now.", "1 here, 1 not marked.")
    expect(marguerite.page.get_by_text("Dan", exact=True)).to_be_visible()


def test_a_manager_sets_up_where_rooms_are_made(walk):
    manager = walk("manager-sets-up-rooms")
    manager.sign_in("manager")
    manager.go("/desk/")
    manager.follow("Video rooms")
    manager.arrives_at("Video rooms")
    manager.see("video-rooms")
    manager.page.locator("summary").filter(has_text="Set it up").nth(1).click()
    manager.page.locator("#id_jitsi-address").fill("https://meet.jit.si")
    manager.page.locator("#id_jitsi-app_id").fill("hearth")
    manager.page.locator("#id_jitsi-secret").fill("a secret of the journeys that nobody sees again")
    manager.page.get_by_role("button", name="Save and try it out").click()
    manager.reads("Saved. We're trying it out now.", "Jitsi")
    assert "nobody sees again" not in manager.page.content()
    manager.see("video-rooms-set-up")
