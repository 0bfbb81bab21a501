"""Marguerite writes a workshop and a lesson, Ines approves them, and Marguerite runs the first date."""

import contextlib
import re

from playwright.sync_api import Error, Locator, expect

from tests.journeys.steps import book, mark, schedule
from tests.journeys.walk import Walk, whole

WORKSHOP, WORKSHOP_PATH = "Bedtime without battles", "/workshops/bedtime-without-battles/"
LESSON = "A story on one page"
MODULE_PATH = "/courses/telling-the-story/why-the-story-matters/"
LESSON_PATH = f"{MODULE_PATH}a-story-on-one-page/"
HALL = "Sample Hall, 3 Example Street"


def field(writer: Walk, label: str) -> Locator:
    """A field of the editor, by the label that it shows."""
    named = {"name": re.compile(rf"^{label}\*?$")}
    return writer.page.get_by_role("textbox", **named).or_(writer.page.get_by_role("spinbutton", **named))


def begin(writer: Walk, title: str) -> None:
    """Type the title at a person's pace: what changes in its first two seconds, the editor takes for how it began."""
    field(writer, "Title").press_sequentially(title, delay=150)


def write(writer: Walk, **fields: str) -> None:
    """Fill in fields of the editor."""
    for label, typed in fields.items():
        field(writer, label.replace("_", " ")).fill(typed)
        writer.page.keyboard.press("Tab")  # out of the field, and out of a calendar that opened with it


def add_block(writer: Walk, kind: str, typed: str) -> None:
    """Add a block at the end of the body and type into its last field."""
    body = writer.page.get_by_role("region", name=re.compile("^Body"))
    fields_before = body.get_by_role("textbox").count()
    option = writer.page.get_by_role("option", name=kind, exact=True)
    for _ in range(3):  # the list shuts when the editor draws itself anew meanwhile: people press again
        body.get_by_role("button", name="Insert a block").last.click()
        with contextlib.suppress(Error):
            option.wait_for(timeout=5_000)
            break
    option.click()
    expect(body.get_by_role("textbox")).to_have_count(fields_before + 1)
    body.get_by_role("textbox").last.click()
    writer.page.keyboard.type(typed)


def previewed(writer: Walk) -> Locator:
    """What the preview beside the form shows now."""
    return writer.page.get_by_title("Preview").last.content_frame.get_by_role("main")


def is_saved(writer: Walk) -> None:
    """The editor has caught up and kept what was typed."""
    expect(writer.page.get_by_text("Saved", exact=True)).to_be_visible(timeout=20_000)


def submit(writer: Walk) -> None:
    writer.press("More actions")
    writer.press("Submit to Editor approves")
    expect(writer.page.get_by_role("status")).to_contain_text("has been submitted for moderation")


def approve(editor: Walk, title: str) -> None:
    """Open what waits, look at it and let it out."""
    editor.go("/cms/")
    editor.follow(title)
    editor.press("More actions")
    editor.press("Approve and Publish")
    expect(editor.page.get_by_role("status")).to_contain_text(title)


def test_a_trainer_writes_an_editor_approves_and_the_public_reads(walk):
    marguerite = walk("marguerite-writes")
    marguerite.sign_in("trainer")
    marguerite.go("/workshops/")
    marguerite.follow("Edit this page")
    marguerite.press("Actions")
    marguerite.follow("Add child page")
    begin(marguerite, WORKSHOP)
    write(marguerite, Neutral_title="Evening routines", Minutes="60", Review_by="2099-11-01")
    write(marguerite, Summary="For parents whose evenings are long.", Leave_with="One small change for tonight")
    write(marguerite, Agenda="15 | Welcome\n45 | Evenings, step by step")
    marguerite.press("Toggle preview")
    expect(previewed(marguerite)).to_contain_text("One small change for tonight")
    is_saved(marguerite)
    write(marguerite, Summary="For parents whose evenings are longer than the day.")
    expect(previewed(marguerite)).to_contain_text("longer than the day", timeout=20_000)
    marguerite.picture("preview")
    submit(marguerite)

    marguerite.go(f"{MODULE_PATH}whose-story/")
    marguerite.follow("Edit this page")
    marguerite.press("Toggle breadcrumbs")
    marguerite.follow("Why the story matters")
    marguerite.follow("Add child page")
    begin(marguerite, LESSON)
    write(marguerite, Summary="How to begin with little to tell.", Minutes="5", Review_by="2099-11-01")
    add_block(marguerite, "Text", "One page is enough. It can grow later.")
    expect(previewed(marguerite)).to_contain_text("One page is enough", timeout=20_000)
    is_saved(marguerite)
    add_block(marguerite, "Reflection", "Which three things would stand on that page?")
    expect(previewed(marguerite)).to_contain_text("Which three things would stand on that page?", timeout=20_000)
    submit(marguerite)

    reader = walk("reader")
    assert reader.page.goto(WORKSHOP_PATH).status == 404
    assert reader.page.goto(LESSON_PATH).status == 404

    ines = walk("ines")
    ines.sign_in("editor")
    ines.go("/cms/")
    ines.picture("waiting-for-approval")
    approve(ines, WORKSHOP)
    approve(ines, LESSON)

    reader.go("/courses/?q=battles")
    reader.follow(WORKSHOP)
    reader.arrives_at(WORKSHOP)
    reader.reads("longer than the day", "No dates just now")
    reader.see("new-workshop")
    reader.go("/courses/telling-the-story/")
    reader.follow(LESSON)
    reader.arrives_at(LESSON)
    reader.reads("Sign in to read this lesson")

    adopter = walk("adopter-reads")
    adopter.sign_in("partner")
    adopter.go(LESSON_PATH)
    adopter.press("Join this course")
    adopter.arrives_at(LESSON)
    adopter.reads("One page is enough", "Which three things would stand on that page?", "Only you can read this")
    adopter.see("new-lesson")


def test_a_trainer_runs_a_date_and_marks_who_was_there(walk, site):
    marguerite, priya, stranger = walk("marguerite-runs"), walk("priya-comes", phone=True), walk("stranger")
    marguerite.sign_in("trainer")
    place = {"Area": "Calder valley", "Venue": HALL}
    date = schedule(marguerite, WORKSHOP, minutes_ahead=10, places=8, place=place)
    marguerite.see("empty-register")

    stranger.go(WORKSHOP_PATH)
    stranger.reads("In person, Calder valley", "8 places left")
    stranger.go(date.path)
    stranger.reads("Sign in to book")
    assert HALL not in stranger.page.content()

    priya.sign_in("adopter")
    book(priya, date, help_wanted="A seat near the door, please.")
    priya.reads(HALL, "Please keep it to yourself")
    priya.see("where-it-is")

    marguerite.go(date.desk)
    marguerite.reads("Priya", "A seat near the door, please.", "7 places are free")
    marguerite.reads_not("Raman-Ellis", "You can mark the register now")
    expect(marguerite.page.get_by_label(whole("Here"))).to_have_count(0)
    marguerite.follow("Print the register")
    marguerite.reads("First names and references only", "Priya")
    marguerite.see("register-on-paper")

    site.let_pass(75, session=date.path)
    marguerite.go("/desk/")
    marguerite.reads("Registers to mark", "1 person booked")
    marguerite.see("desk-with-a-register")
    mark(marguerite, date, "Priya", "Here")
    expect(marguerite.page.get_by_label(whole("Here"))).to_be_checked()
    marguerite.see("register-marked")

    colleague = walk("another-agency")
    colleague.sign_in("whitlock")
    assert colleague.page.goto(date.desk).status == 404
