"""Two tabs at the same moment. On SQLite writers queue anyway; what counts is PostgreSQL."""

from uuid import uuid4

import pytest

from lms.audit import operations as audit
from lms.audit.models import Entry
from lms.courses import operations
from lms.courses.models import Enrolment, EnrolmentChange, ItemState, LearningEvent, Round
from lms.courses.signals import course_completed
from tests.factories.accounts import PersonFactory
from tests.factories.courses import BEFORE, course_of, lesson_of, module_of, outline_of, plain_outline, question_item
from tests.races.crowd import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
NEWS = "test.heard_of_completion"


@pytest.fixture
def _listener():
    """Writes down, in the transaction of the completion, that somebody above heard of it."""

    def listen(sender, **said):
        audit.record(action=NEWS, target=f"round:{said['round_id']}", actor_id=None, now=said["now"])

    course_completed.connect(listen)
    yield
    course_completed.disconnect(listen)


def learner_of(outline):
    person = PersonFactory(password="!", proven=False)
    course = course_of(outline)
    operations.enrol(person=person, course=course, now=BEFORE)
    return person, course


def assert_finished_once(person):
    round_ = Round.objects.owned_by(person).get()
    assert round_.required_done == round_.required_total
    assert round_.completed_at == BEFORE
    assert Enrolment.objects.owned_by(person).get().state == "completed"
    changes = EnrolmentChange.objects.owned_by(person).filter(after="completed")
    assert changes.count() == 1
    assert Entry.objects.filter(action=NEWS).count() == 1


@pytest.mark.usefixtures("_listener")
@pytest.mark.parametrize("lessons", [2, 12])
def test_the_last_lessons_read_at_once_finish_the_course_once(lessons):
    outline = plain_outline(lessons=lessons, questions=0)
    person, course = learner_of(outline)

    def read(lesson):
        operations.read_lesson(learner=person, course=course.identity, lesson=lesson, client_id=uuid4(), now=BEFORE)

    assert at_once(read, [lesson.id for lesson in outline.modules[0].lessons]) == {"done": lessons}
    assert_finished_once(person)


@pytest.mark.usefixtures("_listener")
def test_the_last_button_pressed_ten_times_finishes_once():
    outline = plain_outline(lessons=1, questions=0)
    person, course = learner_of(outline)
    same = uuid4()

    def read(lesson):
        operations.read_lesson(learner=person, course=course.identity, lesson=lesson, client_id=same, now=BEFORE)

    assert at_once(read, [outline.modules[0].lessons[0].id] * 10) == {"done": 10}
    assert_finished_once(person)
    assert LearningEvent.objects.owned_by(person).count() == 1


def test_two_answers_at_once_are_both_kept_and_count_once():
    question = question_item()
    person, course = learner_of(outline_of(module_of(lesson_of(question))))

    def answer(option):
        operations.answer_question(
            learner=person, course=course.identity, item=question.id, chosen=[option], client_id=uuid4(), now=BEFORE
        )

    assert at_once(answer, ["option-a", "option-b"] * 5) == {"done": 10}
    assert Round.objects.owned_by(person).get().required_done == 1
    assert ItemState.objects.owned_by(person).get().best_score == 100
    assert LearningEvent.objects.owned_by(person).count() == 10


def test_joining_in_two_tabs_is_joining_once():
    person, course = PersonFactory(password="!", proven=False), course_of(plain_outline())

    def join(_):
        operations.enrol(person=person, course=course, now=BEFORE)

    assert at_once(join, range(8)) == {"done": 8}
    assert Enrolment.objects.owned_by(person).count() == 1
    assert Round.objects.owned_by(person).count() == 1
    assert EnrolmentChange.objects.owned_by(person).count() == 1


def test_publishing_twice_at_once_makes_one_version():
    outline = plain_outline()
    course = course_of(outline)
    longer = plain_outline(lessons=5, id=outline.id)

    def publish(_):
        operations.compile_outline(longer, now=BEFORE)

    assert at_once(publish, range(6)) == {"done": 6}
    assert list(course.versions.order_by("number").values_list("number", flat=True)) == [1, 2]
