"""Private writing is the owner's alone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from lms.common.scope import Scope
from lms.courses import operations, rules
from lms.courses.models import Reflection
from tests.factories.accounts import PersonFactory
from tests.factories.courses import (
    BEFORE,
    ReflectionFactory,
    course_of,
    lesson_of,
    module_of,
    outline_of,
    plan_item,
    question_item,
    reflection_item,
)

pytestmark = pytest.mark.django_db
SENTENCE = "canary-sentence: she laughed at the bus stop"


@pytest.fixture
def prompt():
    return reflection_item()


@pytest.fixture
def plan():
    return plan_item()


@pytest.fixture
def course(prompt, plan):
    return course_of(outline_of(module_of(lesson_of(prompt, plan, question_item()))))


@pytest.fixture
def person(course):
    learner = PersonFactory()
    operations.enrol(person=learner, course=course, now=BEFORE)
    return learner


@pytest.fixture
def save(person, course, prompt):
    def write(body, now=BEFORE, **other):
        where = {"learner": person, "course": course.identity, "item": prompt.id}
        operations.save_reflection(body=body, now=now, **{**where, **other})

    return write


def notes(person):
    return list(Reflection.objects.owned_by(person).order_by("field").values_list("body", flat=True))


def test_what_is_written_is_kept_with_its_prompt_and_its_lesson(save, person, course, now):
    save(SENTENCE, now=now)
    note = Reflection.objects.owned_by(person).get()
    assert (note.body, note.prompt, note.lesson_title) == (SENTENCE, "What did you notice today?", "Lesson 1")
    assert (note.course, note.created_at) == (course, now)


def test_writing_again_changes_the_same_note(save, person, now):
    save("First thought")
    save("Second thought", now=now)
    note = Reflection.objects.owned_by(person).get()
    assert (note.body, note.created_at, note.updated_at) == ("Second thought", BEFORE, now)


@pytest.mark.parametrize("nothing", ["", "   ", "\r\n\t"])
def test_emptying_a_note_deletes_it(save, person, nothing):
    save(SENTENCE)
    save(nothing)
    assert notes(person) == []


def test_the_database_holds_only_ciphertext(save, person):
    save(SENTENCE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM courses_reflection")
        raw = cursor.fetchone()[0]
    assert "canary" not in raw
    assert raw.startswith("gAAAA")
    assert notes(person) == [SENTENCE]


def test_answers_are_ciphertext_too(person, course):
    question = next(item for item, said in course.latest.items.items() if said["kind"] == "question")
    operations.answer_question(
        learner=person, course=course.identity, item=question, chosen=["option-a"], client_id=uuid4(), now=BEFORE
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM courses_learningevent UNION SELECT latest FROM courses_itemstate")
        raw = [row[0] for row in cursor.fetchall()]
    assert raw
    assert all(text.startswith("gAAAA") for text in raw)


def test_no_scope_of_staff_reaches_any_writing():
    with pytest.raises(TypeError):
        Reflection.objects.within(Scope(frozenset({1})))


def test_writing_leaves_no_trace_of_its_own_in_the_learning_record(save, person):
    save(SENTENCE)
    assert not person.enrolments.owned_by(person).get().rounds.owned_by(person).get().items.owned_by(person).exists()


def test_nobody_writes_into_another_persons_note(save, person):
    save(SENTENCE)
    stranger = PersonFactory()
    with pytest.raises(operations.NotLearning):
        save("mine now", learner=stranger)
    note = Reflection.objects.owned_by(person).get()
    with pytest.raises(operations.UnknownItem):
        operations.change_note(owner=stranger, note=note.uuid, body="mine now", now=BEFORE)
    with pytest.raises(operations.UnknownItem):
        operations.delete_note(owner=stranger, note=note.uuid)
    assert notes(person) == [SENTENCE]


def test_a_note_under_something_that_is_no_prompt_is_refused(save, course):
    question = next(item for item, said in course.latest.items.items() if said["kind"] == "question")
    for item in (uuid4(), question):
        with pytest.raises(operations.UnknownItem):
            save(SENTENCE, item=item)


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 10_000,
        "👨‍👩‍👧‍👦 " * 50,
        "\u05e9\u05dc\u202b\u05e2\u05dd\u202c",
        "<script>alert(1)</script>",
        "Łlŷr\u0301",
        "a\n\n\nb",
    ],
)
def test_whatever_is_typed_is_kept_as_it_was(save, person, typed):
    save(typed)
    assert notes(person) == [typed]


def test_characters_that_no_keyboard_makes_are_left_out(save, person):
    save("a\x00b\x07c\r\nd")
    assert notes(person) == ["abc\nd"]


def test_more_than_a_note_can_hold_is_refused_and_the_old_words_stay(save, person):
    save(SENTENCE)
    with pytest.raises(operations.TooLong):
        save("x" * (rules.LONGEST_ENTRY + 1))
    assert notes(person) == [SENTENCE]


def test_who_has_left_can_still_write(save, person, course):
    operations.leave(person=person, course=course, now=BEFORE)
    save(SENTENCE)
    assert notes(person) == [SENTENCE]


def test_a_plan_keeps_each_box_with_its_own_words(person, course, plan):
    where = {"learner": person, "course": course.identity, "item": plan.id, "now": BEFORE}
    operations.save_plan(bodies={1: "The duty line", 2: "A card in the drawer"}, **where)
    operations.save_plan(bodies={1: "The duty line", 2: ""}, **where)
    kept = Reflection.objects.owned_by(person).values_list("field", "prompt")
    assert list(kept) == [(1, "Who I ring")]


BOXES = {
    "as they were": ("ab", {1: "a", 2: "b"}, [1, 2]),
    "nothing written": ("ab", {}, [1, 2]),
    "one put in before them": ("xab", {1: "a", 2: "b"}, [4, 1, 2]),
    "the first taken out": ("bc", {1: "a", 2: "b", 3: "c"}, [2, 3]),
    "the other way round": ("ba", {1: "a", 2: "b"}, [2, 1]),
    "one in other words": ("ax", {1: "a", 2: "b"}, [1, 2]),
    "two with the same words": ("aa", {2: "a"}, [1, 2]),
}


@pytest.mark.parametrize(("boxes", "written", "fields"), BOXES.values(), ids=BOXES)
def test_what_was_written_in_a_plan_stays_under_the_words_it_answered(boxes, written, fields):
    assert rules.fields_of(boxes, written) == fields


def test_a_plan_that_was_changed_meanwhile_mixes_up_nothing_and_loses_nothing(person, course, plan):
    where = {"learner": person, "course": course.identity, "item": plan.id, "now": BEFORE}
    operations.save_plan(bodies={1: "The duty line"}, **where)
    shorter = plan_item(id=plan.id, answer={"boxes": ["When", "Who I ring"]})
    course_of(outline_of(module_of(lesson_of(shorter)), id=course.identity))
    operations.save_plan(bodies={1: "The duty line, or Mum", 2: "A card", 3: "On Friday"}, **where)
    assert dict(Reflection.objects.owned_by(person).values_list("prompt", "body")) == {
        "Who I ring": "The duty line, or Mum",
        "What I put by": "A card",
        "When": "On Friday",
    }


@pytest.mark.parametrize("box", [0, 3, -1, 32_768])
def test_a_box_that_the_plan_does_not_have_is_refused(person, course, plan, box):
    where = {"learner": person, "course": course.identity, "item": plan.id, "now": BEFORE}
    with pytest.raises(operations.UnknownItem):
        operations.save_plan(bodies={1: "fine", box: "not fine"}, **where)
    assert notes(person) == []


def test_saving_costs_the_same_few_queries_each_time(save, django_assert_num_queries):
    save("once")
    with django_assert_num_queries(5):  # two of them only begin and end the transaction
        save("twice")


def test_notes_survive_their_course(save, person, course):
    save(SENTENCE)
    Reflection.objects.owned_by(person).update(course=None)
    assert notes(person) == [SENTENCE]


def test_changing_and_deleting_a_note_of_ones_own(person, now):
    note = ReflectionFactory(person=person)
    operations.change_note(owner=person, note=note.uuid, body="Other words", now=now)
    note.refresh_from_db()
    assert (note.body, note.updated_at) == ("Other words", now)
    operations.delete_note(owner=person, note=note.uuid)
    assert notes(person) == []


def test_a_key_can_be_changed_and_old_notes_are_still_read(save, person, settings):
    save(SENTENCE)
    from cryptography.fernet import Fernet

    settings.LMS_PRIVATE_KEYS = [Fernet.generate_key().decode(), *settings.LMS_PRIVATE_KEYS]
    assert notes(person) == [SENTENCE]
    save("written with the new key", now=BEFORE + timedelta(hours=1))
    assert notes(person) == ["written with the new key"]
