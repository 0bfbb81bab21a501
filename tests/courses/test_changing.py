"""Changing a course while people learn: the editor sees what it means for them, decides, and nobody loses anything."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from cms import editors
from cms import jobs as cms_jobs
from cms.models import CoursePage, LessonPage
from lms.agencies.models import Role
from lms.audit.models import Entry
from lms.courses import operations, rules, tasks
from lms.courses.models import Corrected, CourseVersion, ItemState, PublishingChoice, Round, Try
from lms.courses.wagtail_hooks import look_before_publishing
from tests.courses.test_checks import Check
from tests.courses.written import address, items, multiple, options, single
from tests.factories.accounts import AdministratorFactory, PersonFactory
from tests.factories.agencies import StaffRoleFactory
from tests.factories.cms import CoursePageFactory, LessonPageFactory
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
    answer = look_before_publishing(rf.post("/"), page.get_latest_revision_as_object())
    assert answer.url == reverse("course_publishing", args=[page.pk])


@pytest.mark.parametrize("who", ["nobody learns", "only words change"])
def test_what_concerns_nobody_is_published_without_a_question(written, rf, who):
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
    ahead = operations.look_ahead(page.get_latest_revision_as_object(), now=BEFORE)
    assert {ahead.after[item]["kind"] for item in ahead.changes.added} == {"lesson", "question"}


def test_only_who_may_publish_decides(client, written, learner):
    client.force_login(PersonFactory())
    assert client.get(reverse("course_publishing", args=[written.plain.pk])).status_code in (302, 403)


def test_other_rules_are_said_beforehand_and_between_versions_with_whom_they_touch(
    editor, written, learner, django_capture_on_commit_callbacks
):
    first = CoursePageFactory(parent=written.page.get_parent(), slug="first", title="First steps")
    operations.compile_page(first, now=BEFORE)
    page = CoursePage.objects.get(pk=written.page.pk)
    page.finish, page.finish_needed, page.in_order, page.after = "any", 2, True, [first]
    page.save_revision()
    words = (
        "What finishes it was every lesson. Now it&#x27;s any 2 of its 3 lessons.",
        "Its lessons go in order now",
        "To be finished first, from now on: First steps.",
    )
    shown = editor.get(reverse("course_publishing", args=[page.pk])).content.decode()
    assert [said for said in words if said not in shown] == []
    assert "It asks less of them, and counts for them at once." in shown
    publish(editor, page, django_capture_on_commit_callbacks)
    tasks.recount_rounds(course_id=written.course.pk)
    editor.force_login(StaffRoleFactory(role=Role.MANAGER).person)
    compared = editor.get(reverse("courses:desk_compared", args=[written.course.pk, 2])).content.decode()
    assert [said for said in words if said not in compared] == []
    assert "0 go by the new rule" in compared  # the learner is of no agency, so no manager counts them
    assert round_of(learner).rule == rules.Finish("any", 2)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ((rules.Finish(), None, None), (rules.Finish(), True, {"a": "A"}), []),
        ((rules.Finish(), True, {"a": "A"}), (rules.Finish(), True, {"a": "A, renamed"}), []),
        (
            (rules.Finish("any", 2), True, {"a": "A"}),
            (rules.Finish("mark", 80), False, {}),
            ["finish", "order", "first"],
        ),
    ],
)
def test_rules_are_told_apart_and_what_was_not_kept_is_not_guessed(before, after, said):
    one, other = (rules.Terms(finish, 4, in_order, first) for finish, in_order, first in (before, after))
    assert [turn.kind for turn in rules.turns(one, other)] == said


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


def planned(page, **hours):
    """Let the newest draft of a page be planned for a day."""
    page.go_live_at = timezone.now() + timedelta(**hours)
    page.save_revision()


def the_day_has_come(page):
    """Turn the clock of a planned revision back, as if its day were today, and let the job run."""
    past, revision = timezone.now() - timedelta(minutes=1), page.scheduled_revision
    revision.content["go_live_at"], revision.approved_go_live_at = past.isoformat(), past
    revision.save()
    assert cms_jobs.keep_hours() == "1 up, 0 down"


@pytest.mark.parametrize("is_approved", [False, True])
def test_what_was_chosen_for_a_planned_change_is_done_on_its_day_and_not_before(
    editor, written, learner, django_capture_on_commit_callbacks, is_approved
):
    written.plain.save_revision().publish()
    planned(page := with_another_question(written.plain), days=3)
    if is_approved:
        editors.prepare()
        page.get_workflow().start(page, PersonFactory()).current_task_state.approve(user=AdministratorFactory())
    else:
        url = reverse("course_publishing", args=[page.pk])
        assert look_before_publishing(None, page.get_latest_revision_as_object()).url == url
        assert "It goes out on" in editor.get(url).content.decode()
        publish(editor, page, django_capture_on_commit_callbacks, added="ask")
    chosen = "stay on what they began with" if is_approved else "everyone in the middle of the course is asked"
    assert chosen in editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        written.hard.title = "Another title"
        written.hard.save_revision().publish()
    assert not PublishingChoice.objects.filter(version=written.course.latest).exists()
    with django_capture_on_commit_callbacks(execute=True):
        the_day_has_come(page)
    assert written.course.latest.choice.added == ("keep" if is_approved else "ask")
    assert sum(said["title"] == "Which help?" for said in written.course.latest.items.values()) == 2


def test_where_nothing_was_chosen_for_a_planned_change_its_editor_is_told_what_happens(editor, written):
    written.plain.save_revision().publish()
    planned(page := with_another_question(written.plain), days=3)
    page.get_latest_revision().publish()
    shown = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "nothing was chosen, so what&#x27;s new is offered" in shown


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


def test_each_corrected_question_of_a_try_brings_its_point():
    check = Check(single(), single(), single(), show=3, pass_mark=100)
    check.go(right=False)
    page = LessonPage.objects.get(pk=check.written.plain.pk)
    raw = page.body.get_prep_value()
    for number, how in enumerate((Corrected.MARK_AGAIN, Corrected.GIVE, Corrected.MARK_AGAIN)):
        question = raw[0]["value"]["questions"][number]
        for option in question["value"]["options"]:
            option["value"]["right"] = not option["value"]["right"]
        page.body = raw
        page.save()
        check.written.compile()
        version = CourseVersion.objects.get(latest_of=check.course)
        one = {"item": str(check.item), "question": question["id"], "how": how.value}
        PublishingChoice.objects.create(
            course=check.course, version=version, corrected=[one], decided_by_id=check.person.pk, decided_at=BEFORE
        )
        tasks.correct_answers(version_id=version.pk, **one)
        assert Try.objects.owned_by(check.person).get().right == number + 1
    assert check.is_done


def test_what_is_right_is_compared_and_not_how_it_is_said():
    key = {"kind": "single", "right": ["a"], "options": ["a", "b"], "feedback": {"a": "Yes."}}
    said = {"one": {"title": "One", "required": True}}
    same = rules.compare(said, said, keys_before={"one": key}, keys_after={"one": {**key, "feedback": {}}})
    other = rules.compare(said, said, keys_before={"one": key}, keys_after={"one": {**key, "right": ["b"]}})
    assert not same.corrected
    assert [one.item for one in other.corrected] == ["one"]


def test_an_answer_moves_with_its_question_to_another_lesson(written, learner, client):
    item = items(written.plain, "question")[0]
    answer(learner, written.course, written.plain, item, "I am glad you asked")
    written.rich.body = [*written.rich.body.get_prep_value(), *written.plain.body.get_prep_value()]
    written.plain.body = []
    for page in (written.plain, written.rich):
        page.save()
    written.compile()
    assert tasks.follow_items(version_id=written.course.latest_id) == "moved 1"
    client.force_login(learner)
    assert b"feedback-of-glad" in client.get(address(written.rich)).content


def test_the_page_of_the_lesson_does_not_tell_of_it(editor, written, learner, client):
    client.force_login(learner)
    assert b"publishing" not in client.get(address(written.plain)).content
