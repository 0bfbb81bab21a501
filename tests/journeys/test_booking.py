"""Priya books an evening, changes her mind twice, goes in by her own way and has it certified."""

import re

from playwright.sync_api import expect

from tests.journeys.site import text_of, wait_until
from tests.journeys.steps import book, claim_certificate, download, mark, schedule, way_in
from tests.journeys.walk import whole

WORKSHOP = "Staying in touch with birth family"
ROOM = "https://meet.jit.si/an-evening-of-our-own"
NOTHING_DUE = """
from django.utils import timezone
from lms.outbox.models import Message
print(not Message.objects.due(timezone.now()).exists())
"""
PRIYA, DAN, TOMASZ = (f"{name}@hearth.example" for name in ("adopter", "partner", "single"))


def test_an_adopter_books_cancels_books_again_goes_in_and_has_it_certified(walk, site):
    marguerite, priya = walk("marguerite"), walk("priya", phone=True)
    marguerite.sign_in("trainer")
    date = schedule(marguerite, WORKSHOP, minutes_ahead=10, places=1, place={"Room link": ROOM})

    priya.sign_in("adopter")
    priya.go("/workshops/")
    priya.page.get_by_role("link", name=WORKSHOP).first.click()
    priya.arrives_at(WORKSHOP)
    priya.page.get_by_role("link", name=re.compile(f"Book this one.*{date.day}")).first.click()
    priya.arrives_at("Book a place")
    priya.see("book-a-place")
    priya.type("What would help you take part?", "Captions, please. \N{SLIGHTLY SMILING FACE}")
    priya.press("Book my place")
    priya.reads("You're booked for", "The room is open")
    priya.see("booked")
    assert ROOM not in priya.page.content()

    letter = site.wait_for_letter(PRIYA, "Your booking for")
    assert date.day in letter["subject"]
    assert "adopt" not in letter["subject"].lower()
    assert f"{date.path}cancel/" in text_of(letter)
    appointment = text_of(letter, "text/calendar")
    assert "METHOD:REQUEST" in appointment
    assert appointment.count("BEGIN:VEVENT") == 1
    assert ROOM not in letter.as_string() + appointment
    priya.go("/dev/mailbox/")
    priya.see("mailbox")
    priya.page.get_by_role("link", name="Your booking for").first.click()
    priya.reads("You're booked, Priya", "BEGIN:VCALENDAR")
    priya.see("mail")

    priya.go("/my/bookings/")
    priya.follow("I can't make it ...")
    priya.arrives_at("Give up your place?")
    priya.see("give-up")
    priya.press("Give up my place")
    priya.reads("You've given your place up. That's fine.")
    withdrawal = site.wait_for_letter(PRIYA, "You gave up your place")
    assert "METHOD:CANCEL" in text_of(withdrawal, "text/calendar")
    assert way_in(priya, date)[0] == 404
    book(priya, date, help_wanted="Captions, please.")
    site.wait_for_letter(PRIYA, "Your booking for", number=2)

    dan, stranger = walk("dan"), walk("nobody")
    dan.sign_in("partner")
    dan.go(date.path)
    dan.reads("Full.")
    expect(dan.page.get_by_role("link", name=whole("Book this one"))).not_to_be_visible()
    dan.follow("Join the waiting list")
    dan.see("full")
    dan.press("Join the waiting list")
    dan.reads("You're on the waiting list for", "You're first.")
    dan.see("waiting")

    assert way_in(priya, date) == (303, ROOM)
    assert way_in(marguerite, date) == (303, ROOM)
    assert way_in(dan, date) == (404, "")
    status, leads_to = way_in(stranger, date)
    assert (status, leads_to.startswith("/accounts/login/")) == (302, True)

    marguerite.go(date.desk)
    marguerite.reads("Priya", "Captions, please.", "You can mark the register once this date has begun")
    site.let_pass(15, session=date.path)
    mark(marguerite, date, "Priya", "Here")
    assert way_in(priya, date) == (303, ROOM)
    claim_certificate(priya, WORKSHOP)
    priya.see("attendance-certificate")
    assert download(priya).startswith(b"%PDF")


def test_a_crash_between_booking_and_mail_loses_no_mail_and_sends_none_twice(walk, site):
    tomasz = walk("tomasz", javascript=False)
    tomasz.sign_in("single")
    tomasz.go("/workshops/self-care-for-adopters/")
    site.freeze_worker()
    tomasz.page.get_by_role("link", name="Book this one").first.click()
    tomasz.press("Book my place")
    tomasz.reads("You're booked for")
    subject = f"Your booking for {tomasz.page.get_by_role('heading', level=1).inner_text()}"
    site.kill_worker()
    assert site.letters(TOMASZ, subject) == []

    tomasz.go("/my/bookings/")  # the web server needs no worker
    tomasz.reads("Booked")
    site.start_worker()
    site.wait_for_letter(TOMASZ, subject)
    site.ask("from lms.outbox.jobs import sweep; sweep()")
    wait_until(lambda: site.ask(NOTHING_DUE) == "True", 60)  # letters of the clock may have come meanwhile
    assert len(site.letters(TOMASZ, subject)) == 1
