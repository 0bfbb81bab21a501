"""One press gives every prompt with one's own words, in course order, as a page, a PDF and a Word file."""

import json
from io import BytesIO

import docx
import pikepdf
import pytest
from django.core.files.storage import storages
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.certificates.press import press
from lms.courses.models import ItemState, Reflection, Round
from lms.courses.operations.renewing import begin_again
from lms.portfolio import operations, tasks
from lms.portfolio.models import Form, Paper
from lms.portfolio.rules import said_minutes
from lms.portfolio.workbook import NOT_YET, workbook
from tests.factories.accounts import PersonFactory
from tests.factories.courses import BEFORE, course_of, lesson_of, module_of, outline_of, question_item
from tests.portfolio.conftest import LATER, WROTE


def said(walk):
    """All headings and entries, in order."""
    made = workbook(walk.person, walk.course, now=LATER)
    return [(part.heading, entry.prompt, entry.text) for part in made.sections for entry in part.entries]


def ask(walk, form):
    return operations.ask_for_workbook(person=walk.person, course=walk.course.identity, form=form, now=LATER)


def made(walk, form):
    paper = ask(walk, form)
    assert tasks.make_paper(paper_id=paper.pk) == "made"
    paper.refresh_from_db()
    return paper


def read(paper):
    with storages["private"].open(paper.file) as file:
        return file.read()


def test_half_way_it_holds_every_prompt_in_course_order(walk):
    walk.writes(walk.first, WROTE)
    assert said(walk) == [
        ("Lesson 1: Songs", "What did you notice today?", WROTE),
        ("Lesson 1: Songs", "Who I ring", ""),
        ("Lesson 1: Songs", "What I put by", ""),
        ("Lesson 2: Walks", "What would you try?", ""),
        ("Lesson 2: Walks", "What would you say?", ""),
    ]


def test_a_few_words_to_a_question_are_in_it_each_time_and_after_the_question_is_gone(walk):
    walk.answers("I'd sit down beside her.")
    assert said(walk)[-1] == ("Lesson 2: Walks", "What would you say?", "I'd sit down beside her.")
    Round.objects.owned_by(walk.person).update(completed_at=BEFORE, completed_version=F("version"))
    begin_again(person=walk.person, course=walk.course, now=LATER)
    walk.answers("I'd hum.", now=LATER)
    assert [text for *_, text in said(walk)][-2:] == ["I'd sit down beside her.", "I'd hum."]
    chosen = question_item()
    course_of(outline_of(module_of(walk.lessons[0], lesson_of(chosen, number=3)), id=walk.outline.id), now=LATER)
    walk.answers("option-b", item=chosen, now=LATER)
    course_of(outline_of(module_of(walk.lessons[0]), id=walk.outline.id), now=LATER)
    assert said(walk)[-2:] == [
        ("Walks (no longer in the course)", "What would you say?", "I'd sit down beside her."),
        ("Walks (no longer in the course)", "What would you say?", "I'd hum."),
    ]


def test_what_was_written_under_a_prompt_since_removed_stays_in_its_lesson(walk):
    walk.writes(walk.first, WROTE)
    without = lesson_of(id=walk.lessons[0].id, title="Songs")
    course_of(outline_of(module_of(walk.lessons[1], without), id=walk.outline.id), now=LATER)
    assert said(walk) == [
        ("Lesson 1: Walks", "What would you try?", ""),
        ("Lesson 1: Walks", "What would you say?", ""),
        ("Lesson 2: Songs", "What did you notice today?", WROTE),
    ]


def test_what_was_written_in_a_lesson_since_removed_comes_last(walk):
    walk.writes(walk.first, WROTE)
    course_of(outline_of(module_of(walk.lessons[1]), id=walk.outline.id), now=LATER)
    assert said(walk)[-1] == ("Songs (no longer in the course)", "What did you notice today?", WROTE)


def test_a_lesson_that_moved_to_another_course_brings_its_notes_along(walk):
    walk.writes(walk.first, WROTE)
    walk.course = course_of(outline_of(module_of(walk.lessons[0]), slug="elsewhere"), now=LATER)
    assert said(walk)[0] == ("Lesson 1: Songs", "What did you notice today?", WROTE)


def test_a_question_that_is_asked_in_another_way_by_now_keeps_the_words_it_was_answered_in(walk):
    walk.answers("I'd hum.")
    chosen = question_item(id=walk.text.id)
    course_of(outline_of(module_of(walk.lessons[0], lesson_of(chosen, number=2)), id=walk.outline.id), now=LATER)
    assert said(walk)[-1] == ("Lesson 2: Lesson 2", "What would you say?", "I'd hum.")
    ItemState.objects.owned_by(walk.person).update(latest=json.dumps([str(walk.text.id)]))
    assert said(course_of(walk.outline, now=LATER) and walk)[-1][2] == ""


def test_an_answer_keeps_the_words_of_the_prompt_it_was_written_under(walk):
    note = walk.writes(walk.first, WROTE)
    Reflection.objects.owned_by(walk.person).filter(pk=note.pk).update(prompt="What did you hear?")
    assert said(walk)[0][1:] == ("What did you hear?", WROTE)


def test_it_takes_no_more_queries_for_more_notes(walk):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            workbook(walk.person, walk.course, now=LATER)
        return len(asked)

    walk.writes(walk.first, WROTE)
    queries()  # what stands behind content notices is read once for everybody
    few = queries()
    walk.writes(walk.second, WROTE)
    walk.plans(WROTE)
    walk.answers(WROTE)
    assert queries() == few == 3


def test_the_page_shows_it_to_its_owner_alone(client, walk):
    walk.writes(walk.first, WROTE)
    page = reverse("portfolio:workbook", args=[walk.course.identity])
    client.force_login(walk.person)
    shown = client.get(page).content.decode()
    assert WROTE in shown
    assert NOT_YET in shown
    assert shown.index("<h1") < shown.index("<h2") < shown.index("<h3")
    client.force_login(PersonFactory())
    assert client.get(page).status_code == 404


def test_the_word_file_has_headings_language_and_the_words(walk):
    walk.writes(walk.first, f"{WROTE}\n\nਸਤ 🎵 <b>\ufffe\uffff")
    paper = made(walk, Form.WORD)
    file = docx.Document(BytesIO(read(paper)))
    styles = [(line.style.name, line.text) for line in file.paragraphs]
    assert ("Heading 1", "Lesson 1: Songs") in styles
    assert ("Heading 2", "What did you notice today?") in styles
    assert {WROTE, "ਸਤ 🎵 <b>"} <= {line.text for line in file.paragraphs}
    assert file.core_properties.language == "en-GB"
    assert not file.core_properties.author


def test_the_pdf_is_tagged_and_has_a_title(walk):
    walk.writes(walk.first, WROTE)
    paper = made(walk, Form.PDF)
    press.close()
    with pikepdf.open(BytesIO(read(paper))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.docinfo.Title) == walk.course.title
        assert str(pdf.Root.Lang) == "en-GB"


def test_a_file_is_made_once_for_two_presses(walk):
    first, second = ask(walk, Form.WORD), ask(walk, Form.WORD)
    assert first == second
    assert tasks.make_paper(paper_id=first.pk) == "made"
    assert tasks.make_paper(paper_id=first.pk) == "nothing to make"


def test_the_file_goes_to_its_owner_and_is_gone_after_a_day(client, walk):
    paper = made(walk, Form.WORD)
    page = reverse("portfolio:download", args=[paper.uuid])
    client.force_login(PersonFactory())
    assert client.get(page).status_code == 404
    client.force_login(walk.person)
    answer = client.get(page)
    assert answer["Content-Disposition"] == 'attachment; filename="my-workbook.docx"'
    assert answer.getvalue().startswith(b"PK")
    assert operations.forget_old(now=LATER + operations.KEPT_FOR) == 0
    assert operations.forget_old(now=LATER + operations.KEPT_FOR * 2) == 1
    assert not storages["private"].exists(paper.file)


def test_while_it_is_made_the_page_looks_again_by_itself(client, walk):
    client.force_login(walk.person)
    asked = client.post(reverse("portfolio:make_workbook", args=[walk.course.identity]), {"form": "docx"})
    answer = client.get(asked.url)
    assert "is being made" in answer.content.decode()
    assert "look=1" in answer["Refresh"]


def test_nobody_has_files_made_without_end(walk):
    for _ in range(operations.MOST_A_DAY):
        Paper.objects.create(person=walk.person, kind="record", form="pdf", asked_at=BEFORE, attempts=3)
    with pytest.raises(operations.TooMany):
        ask(walk, Form.PDF)


def test_an_account_that_is_deleted_takes_its_files_along(walk):
    paper = made(walk, Form.WORD)
    assert operations.throw_away_all_of(person=walk.person) == 1
    assert not storages["private"].exists(paper.file)


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 minutes"), (1, "1 minute"), (60, "1 hour"), (135, "2 hours 15 minutes")]
)
def test_time_is_said_in_words(minutes, words):
    assert said_minutes(minutes) == words
