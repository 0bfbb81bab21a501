"""Marguerite plans four dates on her phone, looks at them, moves this and those that follow, and calls one off."""

from datetime import date, timedelta

from playwright.sync_api import expect

from tests.journeys.steps import path_of
from tests.journeys.walk import whole, words

TITLE = "Tea after the school run"


def said(day: date) -> str:
    """Like "Tuesday 5 May 2026"."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def test_four_dates_are_planned_changed_and_one_called_off_on_a_phone(walk):
    rhys = walk("rhys-plans", phone=True)
    rhys.sign_in("rhys")
    page = rhys.page
    first = date.today() + timedelta(days=61)  # noqa: DTZ011 - far enough from any midnight
    rhys.go("/desk/sessions/new/")
    rhys.type("Title", TITLE)
    rhys.type("Date 1", first.isoformat())
    rhys.type("Starts at", "10:00")
    rhys.type("Minutes", "60")
    page.get_by_label(whole("Repeat")).select_option(label="Every week")
    rhys.type("How many in all", "4")
    page.get_by_label(whole("Each date is booked on its own")).check()
    rhys.press("See the dates")
    dates = page.get_by_role("region", name="Are these the right dates?")
    for week in range(4):
        expect(dates).to_contain_text(words(f"{said(first + timedelta(weeks=week))}, 10am to 11am"))
    rhys.see("four-dates")
    rhys.press("Keep as drafts")
    rhys.reads("Nobody can see them until you publish them", "4 dates, each booked on its own")
    rhys.press("Publish all drafts")
    rhys.see("series")
    series = path_of(rhys)

    rhys.follow(said(first + timedelta(weeks=1)))
    rhys.follow("Edit session")
    rhys.type("Starts at", "13:15")
    page.get_by_label(whole("This date and those that follow it")).check()
    rhys.press("See the dates")
    expect(dates).to_contain_text(words(f"{said(first + timedelta(weeks=3))}, 1:15pm to 2:15pm"))
    rhys.press("Save the changes")
    rhys.go(series)
    expect(page.get_by_text("10am to 11am", exact=True)).to_have_count(1)
    expect(page.get_by_text("1:15pm to 2:15pm", exact=True)).to_have_count(3)

    rhys.follow(said(first + timedelta(weeks=2)))
    rhys.follow("Cancel session")
    page.get_by_label(whole("Only this date")).check()
    rhys.type("Why is it cancelled?", "The hall is closed that week.")
    rhys.press("Cancel the session")
    rhys.reads("Cancelled. Everyone who was coming has been told.")

    rhys.go(f"/desk/calendar/?on={first.isoformat()}&mine=1")
    page.get_by_role("link", name=TITLE).first.focus()  # by keyboard: a link like any other
    rhys.see("calendar")
    page.keyboard.press("Enter")
    rhys.arrives_at(TITLE)
