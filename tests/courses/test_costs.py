"""What a page or a save costs: the same, however long the course and however many learn."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.courses import operations
from lms.courses.models import Course, EnrolmentState
from tests.courses.browsing import COURSE, form_of, form_to
from tests.courses.written import address, items, options
from tests.factories.accounts import PersonFactory
from tests.factories.courses import BEFORE, EnrolmentFactory, course_of, plain_outline

pytestmark = pytest.mark.django_db
LENGTHS = pytest.mark.parametrize("lessons", [20, 200])
ENDS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


def statements(deed):
    """Return what was asked of the database; what only begins or ends a transaction is not counted."""
    with CaptureQueriesContext(connection) as captured:
        answer = deed()
    return answer, [query["sql"] for query in captured if not query["sql"].startswith(ENDS)]


@pytest.fixture
def on_course(client, person):
    """Put somebody on the course who has read half of it, and return their browser."""

    def begin(course):
        operations.enrol(person=person, course=course, now=BEFORE)
        lessons = [lesson["id"] for module in course.latest.outline["modules"] for lesson in module["lessons"]]
        for lesson in lessons[: len(lessons) // 2]:
            operations.read_lesson(learner=person, course=course.identity, lesson=lesson, client_id=uuid4(), now=BEFORE)
        client.force_login(person)
        return client

    return begin


@LENGTHS
def test_a_lesson_page(long_course, on_course, lessons):
    made, pages = long_course(lessons)
    browser = on_course(made.course)
    browser.get(address(pages[3]))
    answer, asked = statements(lambda: browser.get(address(pages[3])))
    assert answer.status_code == 200
    assert len(asked) == 8  # session, person, round, items, notes, begun answers, partner, roles


@LENGTHS
def test_the_course_page(long_course, on_course, lessons):
    made, _ = long_course(lessons)
    browser = on_course(made.course)
    browser.get(COURSE)
    answer, asked = statements(lambda: browser.get(COURSE))
    assert answer.status_code == 200
    assert len(asked) == 5  # session, person, round, items, roles


@LENGTHS
def test_the_course_page_for_strangers_is_read_once(client, long_course, lessons):
    long_course(lessons)
    client.get(COURSE)
    answer, asked = statements(lambda: client.get(COURSE))
    assert answer.status_code == 200
    assert len(asked) == 0


def test_a_lesson_page_with_a_thousand_learners(long_course, on_course):
    made, pages = long_course(20)
    crowd = PersonFactory.create_batch(1000, password="!", proven=False)
    EnrolmentFactory._meta.model.objects.unscoped(because="a test").bulk_create(
        [EnrolmentFactory.build(person=one, course=made.course) for one in crowd]
    )
    browser = on_course(made.course)
    browser.get(address(pages[3]))
    assert len(statements(lambda: browser.get(address(pages[3])))[1]) == 8


def test_a_round_that_began_with_an_older_version_costs_one_more(long_course, on_course):
    made, pages = long_course(20)
    browser = on_course(made.course)
    pages[5].title = "Another title"
    pages[5].save()
    made.compile()
    browser.get(address(pages[3]))
    assert len(statements(lambda: browser.get(address(pages[3])))[1]) == 9


@LENGTHS
def test_saving_an_answer(long_course, on_course, lessons):
    made, pages = long_course(lessons)
    browser = on_course(made.course)
    item = items(pages[-1], "question")[0]
    action, fields = form_of(browser.get(address(pages[-1])), "answer", item)
    sent = {**fields, "choice": options(pages[-1], item)["Not tonight"]}
    answer, asked = statements(lambda: browser.post(action, sent))
    assert answer.status_code == 302
    assert len(asked) == 7


@LENGTHS
def test_keeping_the_place(long_course, on_course, lessons):
    made, pages = long_course(lessons)
    browser = on_course(made.course)
    action, fields = form_to(browser.get(address(pages[-1])), "/place/")
    sent = {"client_id": fields["client_id"], "place": "part-1", "share": "10"}
    answer, asked = statements(lambda: browser.post(action, sent))
    assert answer.status_code == 204
    assert len(asked) == 7


@LENGTHS
def test_saving_a_note(long_course, on_course, lessons):
    made, pages = long_course(lessons)
    browser = on_course(made.course)
    item = items(pages[-1], "reflection")[0]
    action, fields = form_of(browser.get(address(pages[-1])), "note", item)
    answer, asked = statements(lambda: browser.post(action, {**fields, "body-0": "A blue cup"}))
    assert answer.status_code == 302
    assert len(asked) == 5  # session, person, what is asked, what is kept, the note


@LENGTHS
def test_the_save_that_finishes_the_course(long_course, on_course, lessons):
    made, pages = long_course(lessons)
    browser = on_course(made.course)
    person = browser.session["_auth_user_id"]
    learner = PersonFactory._meta.model.objects.get(pk=person)
    who = {"learner": learner, "course": made.course.identity, "client_id": uuid4(), "now": BEFORE}
    for page in pages:
        for item in items(page, "question"):
            operations.leave_out(items=[item], **who)
        if page != pages[-1]:
            operations.read_lesson(lesson=page.identity, **who)
    action, fields = form_to(browser.get(address(pages[-1])), "/read/")
    answer, asked = statements(lambda: browser.post(action, fields))
    assert answer["Location"] == COURSE
    assert len(asked) <= 20
    assert len([sql for sql in asked if '"courses_' in sql]) == 9


@pytest.mark.parametrize("courses", [1, 5])
def test_the_list_of_ones_own_courses(client, person, long_course, courses):
    made, _ = long_course(3)
    operations.enrol(person=person, course=made.course, now=BEFORE)
    for number in range(courses):
        course = course_of(plain_outline(lessons=20, slug=f"more-{number}"))
        operations.enrol(person=person, course=course, now=BEFORE)
    client.force_login(person)
    client.get("/my/learning/")
    answer, asked = statements(lambda: client.get("/my/learning/"))
    assert answer.status_code == 200
    assert len(asked) == 7  # session, person, rounds, items, invitations, waiting, roles


def test_a_course_nobody_is_on_is_no_burden_either(client, person, long_course):
    long_course(20)
    EnrolmentFactory(person=person, course=Course.objects.get(), state=EnrolmentState.LEFT)
    client.force_login(person)
    assert client.get(COURSE).status_code == 200
