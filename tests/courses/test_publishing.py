"""Pages go live, move and vanish; the course's record keeps step, and is made once however much changes at once."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cms import editors
from cms.models import CoursePage
from lms.courses import jobs, operations
from lms.courses.models import Course, CourseVersion, Enrolment, Round
from tests.courses.written import single
from tests.factories.accounts import PersonFactory
from tests.factories.cms import CoursePageFactory, LessonPageFactory, ModulePageFactory
from tests.factories.courses import BEFORE

pytestmark = pytest.mark.django_db


@pytest.fixture
def settled(django_capture_on_commit_callbacks):
    """Do something to pages as one transaction would, and let follow what follows its commit."""

    def do(deed):
        with django_capture_on_commit_callbacks(execute=True):
            deed()

    return do


def publish(page):
    page.save_revision().publish()


def lessons_of(course):
    return [lesson["title"] for module in course.latest.outline["modules"] for lesson in module["lessons"]]


def test_publishing_a_lesson_makes_a_new_version(written, settled):
    written.plain.title = "Said another way"
    settled(lambda: publish(written.plain))
    assert "Said another way" in lessons_of(written.course)
    assert CourseVersion.objects.count() == 2


def test_publishing_goes_on_when_its_course_cannot_be_compiled(written, settled, monkeypatch, caplog):
    def fall(page, *, now):
        raise ValueError("a block from another age")

    monkeypatch.setattr(operations, "compile_page", fall)
    written.plain.title = "Said another way"
    settled(lambda: publish(written.plain))
    written.plain.refresh_from_db()
    assert written.plain.title == "Said another way"
    assert "compile_course" in caplog.text


def test_a_draft_makes_none(written, settled):
    written.plain.title = "Not yet"
    settled(written.plain.save_revision)
    assert CourseVersion.objects.count() == 1


def test_publishing_many_lessons_at_once_compiles_their_course_once(written, settled):
    before = CourseVersion.objects.count()

    def publish_all():
        for number in range(20):
            publish(LessonPageFactory(parent=written.second, slug=f"late-{number}", body=[single()]))

    with CaptureQueriesContext(connection) as captured:
        settled(publish_all)
    assert CourseVersion.objects.count() == before + 1
    assert len(lessons_of(written.course)) == 23
    read = [query for query in captured if 'FROM "cms_modulepage"' in query["sql"] and "LIKE" in query["sql"]]
    assert len(read) == 1


def test_what_is_rolled_back_takes_nothing_else_with_it(written, settled):
    def half_a_loading():
        publish(LessonPageFactory(parent=written.second, slug="kept", title="Kept"))
        with transaction.atomic():
            publish(LessonPageFactory(parent=written.second, slug="lost", title="Lost"))
            transaction.set_rollback(True)

    settled(half_a_loading)
    assert "Kept" in lessons_of(written.course)
    assert "Lost" not in lessons_of(written.course)


def test_a_second_change_in_the_same_process_is_compiled_too(written, settled):
    for title in ("First change", "Second change"):
        written.plain.title = title
        settled(lambda: publish(written.plain))
        assert title in lessons_of(written.course)


def test_a_lesson_that_is_taken_down_leaves_the_course(written, settled):
    settled(written.plain.unpublish)
    assert written.plain.title not in lessons_of(written.course)


def test_a_lesson_that_is_deleted_leaves_the_course_and_no_record_with_it(written, settled, learner):
    settled(written.plain.delete)
    assert len(lessons_of(written.course)) == 2
    assert Enrolment.objects.owned_by(learner).exists()


def test_a_new_order_is_a_new_version(written, settled):
    settled(lambda: written.plain.move(written.rich, pos="left"))
    assert lessons_of(written.course)[:2] == [written.plain.title, written.rich.title]


def test_a_part_that_moves_to_another_course_changes_both(written, settled):
    other = CoursePageFactory(parent=written.page.get_parent(), slug="other")
    ModulePageFactory(parent=other)
    operations.compile_page(other, now=BEFORE)
    settled(lambda: written.second.move(other, pos="last-child"))
    assert written.hard.title not in lessons_of(written.course)
    assert written.hard.title in lessons_of(Course.objects.get(identity=other.identity))


def test_a_course_that_is_taken_down_takes_nobody_new_and_keeps_its_learners(written, settled, learner, client):
    settled(written.page.unpublish)
    assert not written.course.is_open
    assert Enrolment.objects.owned_by(learner).get().state == "active"
    client.force_login(learner)
    shown = client.get("/my/learning/").content.decode()
    assert "taken down for now" in shown
    assert 'href="/courses/telling/"' not in shown
    settled(lambda: publish(CoursePage.objects.get()))
    assert written.course.is_open


def test_a_course_whose_page_is_deleted_keeps_every_record_and_leads_nowhere(written, settled, learner, client):
    settled(lambda: CoursePage.objects.get().delete())
    course = Course.objects.get()
    assert (course.page, course.is_open) == (None, False)
    assert course.latest.lessons_total == 3
    assert Enrolment.objects.owned_by(learner).get().course == course
    client.force_login(learner)
    for page in ("/my/", "/my/learning/"):
        shown = client.get(page).content.decode()
        assert "/courses/telling/" not in shown
    assert "any more. What you did and wrote is kept." in shown


def test_the_nightly_check_finds_what_nobody_told_of(written):
    LessonPageFactory(parent=written.second, slug="unheard", title="Unheard of")
    assert jobs.check_versions() == "1 new versions"
    assert "Unheard of" in lessons_of(written.course)
    assert jobs.check_versions() == "0 new versions"


def test_whoever_approves_a_page_is_not_asked_and_keeps_people_where_they_are(client, written, learner, settled):
    editors.prepare()
    editors.set_writing_rights(editor := PersonFactory(), trainer=False, editor=True)
    page = LessonPageFactory(parent=written.second, slug="late", title="Late", body=[single()], live=False)
    page.save_revision()
    state = page.get_workflow().start(page, PersonFactory()).current_task_state
    client.force_login(editor)
    said = client.get(f"/cms/pages/{page.pk}/edit/").content.decode()
    assert "People in the middle of this course: 1." in said
    before = Round.objects.owned_by(learner).get().required_total
    settled(lambda: state.approve(user=editor))
    assert "Late" in lessons_of(written.course)
    assert written.course.latest.choice.added == "keep"
    assert written.course.latest.choice.decided_by_id == editor.pk
    assert Round.objects.owned_by(learner).get().required_total == before
