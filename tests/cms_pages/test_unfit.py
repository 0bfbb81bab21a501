"""What nobody may be shown is not published, whichever way it goes: from the form, by approval, many at once, by the
clock, or by a programme. And what is planned goes up when its hour comes."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cms import editors, jobs
from cms.models.review import NO_DAY, UnfitToPublish
from lms.outbox.models import Message
from tests.cms_pages.test_editors import writer
from tests.factories.cms import LessonPageFactory, ModulePageFactory

SHORT = "<p>Some children were not fed.</p>"


def block(kind, **value):
    return {"type": kind, "id": "6f3d0c1e-9d3f-4c86-a7a7-000000000001", "value": value}


def story(**value):
    return block("example", title="Two cards", text="<p>A family.</p>", **value)


def notice(*body, about="hunger", short=SHORT):
    return block("notice", about=about, minutes=1, short=short, body=list(body))


def question(*options):
    said = {"right": False, "feedback": ""}
    rows = [{"type": "item", "id": words, "value": {**said, "text": words}} for words in options]
    return {**block("question"), "value": {"kind": "single", "prompt": "Why?", "options": rows}}


TEXT = {"type": "text", "id": "6f3d0c1e-9d3f-4c86-a7a7-000000000002", "value": "<p>Heavy.</p>"}
UNFIT = {
    "a story that nobody affirmed": {"body": [story(affirmed=False)]},
    "a story inside a notice": {"body": [notice(story(affirmed=False))]},
    "a notice that says nothing": {"body": [notice(TEXT, about="")]},
    "a notice without a short version": {"body": [notice(TEXT, short="<p> </p>")]},
    "a notice that holds nothing": {"body": [notice()]},
    "a question with nothing to choose": {"body": [question()]},
    "a question in a notice without a right answer": {"body": [notice(question("This", "That"))]},
    "a check that shows nothing": {"body": [block("bank", title="Check", show=None, pass_mark=80, questions=[])]},
    "a scenario that leads nowhere": {"body": [block("scenario", title="Car", start="car", cards=[])]},
    "a hard part that is nowhere": {"body": [TEXT], "content_note": "Talks about hunger"},
}


@pytest.fixture
def lesson(shelves):
    editors.prepare()
    return LessonPageFactory(parent=ModulePageFactory(parent=shelves.course()), title="Old words")


@pytest.fixture
def editor(lesson):
    return writer(editor=True)


def drafted(lesson, body, **changes):
    lesson.title, lesson.body = "New words", body
    for name, value in changes.items():
        setattr(lesson, name, value)
    revision = lesson.save_revision(user=writer(trainer=True), clean=False)
    lesson.refresh_from_db()
    return revision


def still_a_draft(lesson):
    lesson.refresh_from_db()
    return lesson.title == "Old words" and lesson.has_unpublished_changes


@pytest.mark.parametrize("what", UNFIT)
def test_no_programme_publishes(lesson, what):
    with pytest.raises(UnfitToPublish):
        drafted(lesson, **UNFIT[what]).publish()
    assert still_a_draft(lesson)


def test_an_affirmed_story_and_a_whole_notice_are_published(lesson):
    whole = [story(affirmed=True), notice(TEXT, story(affirmed=True))]
    drafted(lesson, whole, content_note="Talks about hunger").publish()
    lesson.refresh_from_db()
    assert lesson.title == "New words"


def test_an_approval_is_refused_before_anything_is_written_down_and_says_why(client, lesson, editor):
    drafted(lesson, **UNFIT["a story that nobody affirmed"], review_by=None)
    state = lesson.get_workflow().start(lesson, writer(trainer=True)).current_task_state
    client.force_login(editor)
    url = reverse("wagtailadmin_pages:workflow_action", args=[lesson.pk, "approve", state.pk])
    text = client.post(url, {}, follow=True).content.decode()
    assert re.search(r"isn(&#x27;|')t published yet", text)
    assert "made up from many, or take the story out" in text
    assert still_a_draft(lesson)
    state.refresh_from_db()
    assert state.status == state.STATUS_IN_PROGRESS


def test_many_at_once_stop_at_the_one_that_is_unfit(client, lesson, editor):
    drafted(lesson, **UNFIT["a hard part that is nowhere"])
    client.force_login(editor)
    at = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    answer = client.post(f"{at}?id={lesson.pk}&next=/cms/", {"include_descendants": ""})
    assert answer.url == reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    assert still_a_draft(lesson)


def test_the_clock_publishes_what_is_planned_and_tells_the_writer_of_what_is_unfit(shelves, lesson):
    hour = timezone.now() - timedelta(minutes=1)
    over = LessonPageFactory(parent=lesson.get_parent(), expire_at=hour)
    unfit = LessonPageFactory(parent=lesson.get_parent(), title="Old words", slug="unfit")
    for page, said in ((unfit, UNFIT["a story that nobody affirmed"]), (lesson, {"body": [TEXT]})):
        revision = drafted(page, **said)
        revision.approved_go_live_at = hour
        revision.save()
    assert jobs.keep_hours() == "1 up, 1 down"
    lesson.refresh_from_db()
    over.refresh_from_db()
    assert (lesson.title, over.live, still_a_draft(unfit)) == ("New words", False, True)
    letter = Message.objects.get(kind="page")
    assert "made up from many" in letter.text
    assert jobs.keep_hours() == "0 up, 0 down"


def test_a_page_without_a_day_to_look_again_says_so(lesson):
    lesson.review_by = None
    assert lesson.unfit() == [NO_DAY]
