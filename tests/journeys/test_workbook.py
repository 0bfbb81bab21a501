"""Words of one's own: written without any script, in the workbook, shown to one person, taken back, and handed over."""

from io import BytesIO

import pikepdf

from tests.journeys.site import wait_until
from tests.journeys.walk import whole

LESSON = "/courses/therapeutic-parenting/when-it-goes-wrong/repair/"
PROMPT = "What sentence do I want said in this house in hard times? Could I say it first?"
NOTE = "I was loud, and it was not your fault. I am still here."


def test_a_note_from_the_lesson_to_one_reader_and_into_a_learning_record(walk):
    priya, marguerite = walk("words", phone=True, javascript=False), walk("reader")
    priya.sign_in("adopter")
    priya.go(LESSON)
    place = priya.page.get_by_role("region", name=whole(PROMPT))
    place.get_by_role("textbox").fill(NOTE)
    place.get_by_role("button", name=whole("Save")).click()
    priya.go("/courses/therapeutic-parenting/")
    priya.follow("Your workbook")
    priya.reads(PROMPT, NOTE, "Nothing written yet.")
    priya.see("workbook")

    priya.go("/my/notes/")
    note = priya.page.get_by_role("article").filter(has_text=NOTE)
    note.get_by_role("link", name=whole("Share with one ...")).click()
    priya.reads(NOTE, "You can take it back at any time")
    priya.page.get_by_label("Marguerite").check()
    priya.press("Share this note")
    priya.reads("Marguerite can read it")

    marguerite.sign_in("trainer")
    marguerite.go("/desk/")
    marguerite.follow("Notes shared with you")
    marguerite.page.get_by_role("listitem").filter(has_text="in hard times").get_by_role("link").click()
    marguerite.reads(NOTE)
    marguerite.see("shared-note")
    marguerite.press("I've read it")
    read_at = marguerite.page.url

    priya.go("/my/notes/shared/")
    mine = priya.page.get_by_role("listitem").filter(has_text="in hard times")
    assert "Read by Marguerite" in mine.inner_text()
    mine.get_by_role("button").click()
    priya.reads("Taken back")
    assert marguerite.page.goto(read_at).status == 404

    priya.go("/my/record/")
    priya.page.get_by_label("in hard times").check()
    priya.press("See it first")
    priya.reads("This is all of it", NOTE)
    priya.see("record")
    priya.press("Make the PDF")
    download = priya.page.get_by_role("link", name=whole("Download the PDF file"))
    wait_until(download.count, 60)  # the page looks again by itself
    with priya.page.expect_download() as coming:
        download.click()
    with pikepdf.open(BytesIO(coming.value.path().read_bytes())) as pdf:
        assert str(pdf.docinfo.Title) == "Learning record"
