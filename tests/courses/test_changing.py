"""Changing a course while people learn: the editor sees what it means for them, decides, and nobody loses anything."""

from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from cms.models import LessonPage
from lms.audit.models import Entry
from lms.courses import operations, rules, tasks
from lms.courses.models import Corrected, CourseVersion, ItemState, PublishingChoice, Round, Try
from tests.courses.test_checks import Check
from tests.courses.written import address, items, multiple, options, single
from tests.factories.accounts import AdministratorFactory, PersonFactory
from tests.factories.cms import LessonPageFactory
from tests.factories.courses import BEFORE

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(AdministratorFactory())
    return client


def round_of(person):
    return Round.objects.owned_by(person).get()


def with_another_question(page):
    page = LessonPage.objects.get(pk=page.pk)
    page.body = [*page.body.get_prep_value(), multiple()]
    page.save_revision()
    return page


def turned(raw, item):
    """The same body, with the other option of a question right."""
    for block in raw:
        if block["value"].get("item_id") == item:
            for option in block["value"]["options"]:
                option["value"]["right"] = not option["value"]["right"]
    return raw


def with_another_key(page, item):
    page = LessonPage.objects.get(pk=page.pk)
    page.body = turned(page.body.get_prep_value(), item)
    page.save_revision()
    return page


def publish(editor, page, django_capture_on_commit_callbacks, **choices):
    with django_capture_on_commit_callbacks(execute=True):
        return editor.post(reverse("course_publishing", args=[page.pk]), choices)


def answer(person, course, page, item, text):
    operations.answer_question(
        learner=person,
        course=course.identity,
        item=UUID(item),
        chosen=[options(page, item)[text]],
        client_id=uuid4(),
        now=BEFORE,
    )


# --- seeing it --------------------------------------------------------------------------------------------


def test_the_editor_sees_what_is_added_and_whom_it_touches(editor, written, learner):
    page = with_another_question(written.plain)
    shown = editor.get(reverse("course_publishing", args=[page.pk])).content.decode()
    assert "Which help?" in shown
    assert "1 person is in the middle" in shown
    assert "Ask everyone" in shown


def test_publishing_stops_there_and_the_draft_is_kept(editor, written, learner, rf):
    page = with_another_question(written.plain)
    from lms.courses.wagtail_hooks import look_before_publishing

    answer = look_before_publishing(rf.post("/"), page.get_latest_revision_as_object())
    assert answer.url == reverse("course_publishing", args=[page.pk])


@pytest.mark.parametrize("who", ["nobody learns", "only words change"])
def test_what_concerns_nobody_is_published_without_a_question(written, rf, who):
    from lms.courses.wagtail_hooks import look_before_publishing

    if who == "nobody learns":
        page = with_another_question(written.plain)
    else:
        operations.enrol(person=PersonFactory(), course=written.course, now=BEFORE)
        page = LessonPage.objects.get(pk=written.plain.pk)
        page.summary = "Another line"
        page.save_revision()
    assert look_before_publishing(rf.post("/"), page.get_latest_revision_as_object()) is None


def test_a_new_lesson_is_seen_too(written, learner):
    page = LessonPageFactory(parent=written.first, slug="new", live=False, body=[single()])
    page.save_revision()
    ahead = operations.look_ahead(page.get_latest_revision_as_object())
    assert {ahead.after[item]["kind"] for item in ahead.changes.added} == {"lesson", "question"}


def test_only_who_may_publish_decides(client, written, learner):
    client.force_login(PersonFactory())
    assert client.get(reverse("course_publishing", args=[written.plain.pk])).status_code in (302, 403)


# --- deciding it ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("added", "more"), [("offer", 0), ("keep", 0), ("ask", 1), ("", 0)])
def test_what_is_added_is_asked_only_where_the_editor_asks_everyone(
    editor, written, learner, django_capture_on_commit_callbacks, added, more
):
    before = round_of(learner).required_total
    page = with_another_question(written.plain)
    publish(editor, page, django_capture_on_commit_callbacks, added=added)
    tasks.recount_rounds(course_id=written.course.pk)
    assert round_of(learner).required_total == before + more
    assert PublishingChoice.objects.get().version == written.course.latest


def test_what_everyone_was_asked_stays_asked_in_later_versions(
    editor, written, learner, django_capture_on_commit_callbacks
):
    before = round_of(learner).required_total
    page = with_another_question(written.plain)
    publish(editor, page, django_capture_on_commit_callbacks, added="ask")
    written.hard.title = "Another title"
    written.hard.save()
    written.compile()
    tasks.recount_rounds(course_id=written.course.pk)
    assert round_of(learner).required_total == before + 1


def test_who_has_finished_is_never_asked_again(editor, written, learner, django_capture_on_commit_callbacks):
    _finish(learner, written)
    page = with_another_question(written.plain)
    publish(editor, page, django_capture_on_commit_callbacks, added="ask")
    tasks.recount_rounds(course_id=written.course.pk)
    assert round_of(learner).completed_at
    assert round_of(learner).required_done == round_of(learner).required_total


def _finish(person, written):
    course = written.course
    for item, said in course.latest.items.items():
        if said["required"]:
            operations.mark_done(
                enrolment=round_of(person).enrolment, item=UUID(item), reason="On paper", actor=person, now=BEFORE
            )


@pytest.mark.parametrize(("how", "score"), [("keep", 0), ("mark", 100), ("give", 100)])
def test_a_corrected_key_lifts_marks_as_the_editor_decides(
    editor, written, learner, django_capture_on_commit_callbacks, how, score
):
    item = items(written.plain, "question")[0]
    answer(learner, written.course, written.plain, item, "Not tonight")
    page = with_another_key(written.plain, item)
    publish(editor, page, django_capture_on_commit_callbacks, **{"corrected-0": how})
    _run_corrections()
    assert ItemState.objects.owned_by(learner).get(item=item).best_score == score
    assert Entry.objects.filter(action="courses.key_corrected").count() == 1


def _run_corrections():
    choice = PublishingChoice.objects.get()
    for one in choice.corrected:
        tasks.correct_answers(version_id=choice.version_id, **one)


@pytest.mark.parametrize("how", ["keep", "mark", "give"])
def test_no_mark_goes_down(editor, written, learner, django_capture_on_commit_callbacks, how):
    item = items(written.plain, "question")[0]
    answer(learner, written.course, written.plain, item, "I am glad you asked")
    page = with_another_key(written.plain, item)
    publish(editor, page, django_capture_on_commit_callbacks, **{"corrected-0": how})
    _run_corrections()
    assert ItemState.objects.owned_by(learner).get(item=item).best_score == 100


@pytest.mark.parametrize(
    ("how", "passed"), [(Corrected.KEEP, False), (Corrected.MARK_AGAIN, True), (Corrected.GIVE, True)]
)
def test_a_corrected_question_of_a_bank_may_pass_a_try(how, passed):
    check = Check(single(), show=1)
    check.go(right=False)
    question = check.tries.get().drawn[0]
    page = LessonPage.objects.get(pk=check.written.plain.pk)
    raw = page.body.get_prep_value()
    for option in raw[0]["value"]["questions"][0]["value"]["options"]:
        option["value"]["right"] = not option["value"]["right"]
    page.body = raw
    page.save()
    check.written.compile()
    version = CourseVersion.objects.get(latest_of=check.course)
    for _ in range(2):
        tasks.correct_answers(version_id=version.pk, item=str(check.item), question=question, how=how)
    assert Try.objects.owned_by(check.person).get().passed is passed
    assert check.is_done is passed


def test_what_is_right_is_compared_and_not_how_it_is_said():
    key = {"kind": "single", "right": ["a"], "options": ["a", "b"], "feedback": {"a": "Yes."}}
    said = {"one": {"title": "One", "required": True}}
    same = rules.compare(said, said, keys_before={"one": key}, keys_after={"one": {**key, "feedback": {}}})
    other = rules.compare(said, said, keys_before={"one": key}, keys_after={"one": {**key, "right": ["b"]}})
    assert not same.corrected
    assert [one.item for one in other.corrected] == ["one"]


def test_the_page_of_the_lesson_does_not_tell_of_it(editor, written, learner, client):
    client.force_login(learner)
    assert b"publishing" not in client.get(address(written.plain)).content
