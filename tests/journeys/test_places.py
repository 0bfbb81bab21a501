"""A full evening: Dan waits, Priya gives up, Dan is asked and says yes, and then another date suits him better."""

from playwright.sync_api import expect

from tests.journeys.site import text_of
from tests.journeys.steps import book, schedule
from tests.journeys.walk import whole, words

WORKSHOP = "Staying in touch with birth family"
ROOM = {"Room link": "https://meet.jit.si/two-evenings-of-our-own"}
DAN = "partner@hearth.example"
A_DAY = 24 * 60  # minutes


def test_who_waits_is_offered_the_place_says_yes_and_exchanges_it_for_another_date(walk, site):
    trainer, priya = walk("trainer-of-places"), walk("priya-with-a-place")
    dan = walk("dan-who-waits", phone=True, javascript=False)
    trainer.sign_in("trainer")
    full = schedule(trainer, WORKSHOP, minutes_ahead=9 * A_DAY, places=1, place=ROOM)
    other = schedule(trainer, WORKSHOP, minutes_ahead=11 * A_DAY, places=1, place=ROOM)
    priya.sign_in("adopter")
    book(priya, full)
    dan.sign_in("partner")
    dan.go(full.path)
    dan.reads("Full.")
    dan.follow("Join the waiting list")
    dan.press("Join the waiting list")
    dan.reads("You're on the waiting list for", "You're first.")

    priya.go(f"{full.path}cancel/")
    priya.press("Give up my place")
    letter = site.wait_for_letter(DAN, "A place for you: please answer by")
    assert f"{full.path}offer/" in text_of(letter)
    dan.go("/my/bookings/")
    dan.reads("A place is offered to you until")
    dan.follow("Answer ...")
    dan.reads("A place has come free, and you're next on the list.")
    dan.see("offer")
    dan.press("Yes, I'm coming")
    dan.reads(f"You're booked for {full.day}")

    dan.follow("Another date would suit me better")
    dan.see("another-date")
    dan.page.get_by_label(words(other.day)).check()
    dan.press("Exchange")
    dan.reads(f"Exchanged. You're booked for {other.day}")
    priya.go(full.path)
    expect(priya.page.get_by_role("link", name=whole("Book this one"))).to_be_visible()

    trainer.go(other.desk)
    trainer.follow("Places and waiting list: add, move or take off")
    trainer.reads("1 of 1 taken", "Dan")
    trainer.see("places-at-the-desk")
