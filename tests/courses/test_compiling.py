"""Publishing compiles: one immutable version for each change, and nobody in mid-course loses anything."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django_q.models import OrmQ

from lms.courses import jobs, operations, tasks
from lms.courses.models import Course, CourseVersion, Round
from tests.factories.accounts import PersonFactory
from tests.factories.courses import (
    course_of,
    lesson_of,
    module_of,
    outline_of,
    plain_outline,
    plan_item,
    question_item,
    reflection_item,
    scenario_item,
)

pytestmark = pytest.mark.django_db


def with_lessons(outline, *lessons):
    return replace(outline, modules=(replace(outline.modules[0], lessons=lessons),))


def read_everything(person, course, outline, now):
    for lesson in (lesson for module in outline.modules for lesson in module.lessons):
        done = {"learner": person, "course": course.identity, "client_id": uuid4(), "now": now}
        operations.read_lesson(lesson=lesson.id, **done)
        for item in lesson.items:
            if item.kind == "question":
                operations.answer_question(item=item.id, chosen=["option-a"], **done)


def the_round(person):
    return Round.objects.owned_by(person).get()


def test_a_course_that_is_published_becomes_a_version(now):
    outline = plain_outline(lessons=3, questions=2)
    version = operations.compile_outline(outline, now=now)
    course = Course.objects.get()
    assert (course.latest, course.identity, course.title) == (version, outline.id, "Telling their story")
    assert (version.number, version.minutes, version.lessons_total, version.required_total) == (1, 18, 3, 9)


def test_what_has_not_changed_is_no_new_version(now):
    outline = plain_outline()
    operations.compile_outline(outline, now=now)
    assert operations.compile_outline(outline, now=now + timedelta(days=1)) is None
    assert CourseVersion.objects.count() == 1


def test_a_change_is_a_new_version_and_the_old_one_stays_as_it_was(now):
    outline = plain_outline(lessons=1)
    first = operations.compile_outline(outline, now=now)
    second = operations.compile_outline(
        with_lessons(outline, *outline.modules[0].lessons, lesson_of(number=2)), now=now
    )
    assert (second.number, second.required_total) == (2, 3)
    assert Course.objects.get().latest == second
    first.refresh_from_db()
    assert first.required_total == 2


def test_a_version_cannot_be_changed(now):
    version = operations.compile_outline(plain_outline(), now=now)
    version.required_total = 0
    with pytest.raises(TypeError):
        version.save()


def test_right_answers_are_kept_apart_from_the_outline(now):
    version = operations.compile_outline(plain_outline(), now=now)
    assert "Many of us were taught this." not in str(version.outline) + str(version.items)
    assert "Many of us were taught this." in str(version.keys)


def test_private_writing_is_never_asked_of_anybody(now):
    items = [reflection_item(required=True), plan_item(required=True), question_item(kind="audio", required=True)]
    version = operations.compile_outline(outline_of(module_of(lesson_of(*items))), now=now)
    assert version.required_total == 2  # the reading, and listening or reading what is said


def test_nothing_in_a_part_that_may_be_skipped_is_required(now):
    hard = module_of(lesson_of(question_item(), scenario_item()), skippable=True)
    version = operations.compile_outline(outline_of(module_of(lesson_of(question_item())), hard), now=now)
    assert version.required_total == 2


def test_an_item_that_is_there_twice_counts_once(now):
    item = question_item()
    version = operations.compile_outline(outline_of(module_of(lesson_of(item), lesson_of(item, number=2))), now=now)
    assert version.required_total == 3


def test_the_course_follows_its_page_in_everything_that_is_only_said(now):
    outline = plain_outline()
    course = course_of(outline)
    renamed = replace(outline, title="What to tell", neutral_title="Stories", slug="what-to-tell", open_to="verified")
    operations.compile_outline(renamed, now=now)
    course.refresh_from_db()
    assert (course.title, course.neutral_title, course.slug) == ("What to tell", "Stories", "what-to-tell")
    assert course.open_to == "verified"


def test_who_is_in_mid_course_is_not_asked_for_what_was_added(now):
    outline = plain_outline(lessons=2)
    course, person = course_of(outline), PersonFactory()
    operations.enrol(person=person, course=course, now=now)
    longer = with_lessons(outline, *outline.modules[0].lessons, lesson_of(question_item(), number=3))
    operations.compile_outline(longer, now=now)
    read_everything(person, course, outline, now)
    assert the_round(person).completed_at == now


def test_what_was_taken_out_leaves_the_count(now):
    outline = plain_outline(lessons=2)
    course, person = course_of(outline), PersonFactory()
    operations.enrol(person=person, course=course, now=now)
    operations.compile_outline(with_lessons(outline, outline.modules[0].lessons[0]), now=now)
    tasks.recount_rounds(course_id=course.pk)
    assert the_round(person).required_total == 2


def test_taking_out_the_last_thing_that_was_left_completes_the_course(now):
    first, last = lesson_of(question_item()), lesson_of(question_item(), number=2)
    outline = outline_of(module_of(first, last))
    course, person = course_of(outline), PersonFactory()
    operations.enrol(person=person, course=course, now=now)
    read_everything(person, course, with_lessons(outline, first), now)
    assert the_round(person).completed_at is None
    version = operations.compile_outline(with_lessons(outline, first), now=now)
    tasks.recount_rounds(course_id=course.pk)
    assert the_round(person).completed_version == version


def test_new_words_ask_nobody_to_be_counted_anew(now):
    outline = plain_outline(lessons=2)
    course, person = course_of(outline), PersonFactory()
    operations.enrol(person=person, course=course, now=now)
    titled = [replace(lesson, title=f"{lesson.title}, again") for lesson in outline.modules[0].lessons]
    version = operations.compile_outline(with_lessons(outline, *titled), now=now)
    assert the_round(person).counted_with == version
    assert not OrmQ.objects.exists()


def test_a_change_of_what_is_asked_is_counted_in_the_background(now):
    outline = plain_outline(lessons=2)
    operations.enrol(person=PersonFactory(), course=course_of(outline), now=now)
    operations.compile_outline(with_lessons(outline, outline.modules[0].lessons[0]), now=now)
    assert [task.func() for task in OrmQ.objects.all()] == ["lms.courses.tasks.recount_rounds"]


def test_an_item_that_comes_back_counts_again_and_no_more_than_once(now):
    outline = plain_outline(lessons=2)
    course, person = course_of(outline), PersonFactory()
    operations.enrol(person=person, course=course, now=now)
    read_everything(person, course, outline, now)
    finished = the_round(person)
    operations.compile_outline(with_lessons(outline, outline.modules[0].lessons[0]), now=now)
    operations.compile_outline(outline, now=now)
    tasks.recount_rounds(course_id=course.pk)
    again = the_round(person)
    assert (again.completed_at, again.required_done) == (finished.completed_at, 4)


def test_a_save_before_the_worker_has_counted_counts_with_the_newest_version(now):
    first, last = lesson_of(question_item()), lesson_of(question_item(), number=2)
    outline = outline_of(module_of(first, last))
    course, person = course_of(outline), PersonFactory()
    operations.enrol(person=person, course=course, now=now)
    operations.compile_outline(with_lessons(outline, first), now=now)
    read_everything(person, course, with_lessons(outline, first), now)
    assert the_round(person).completed_at == now


def test_the_nightly_check_counts_what_no_task_has_counted(now):
    outline = plain_outline(lessons=2)
    course, person = course_of(outline), PersonFactory()
    operations.enrol(person=person, course=course, now=now)
    operations.compile_outline(with_lessons(outline, outline.modules[0].lessons[0]), now=now)
    OrmQ.objects.all().delete()
    assert jobs.check_rounds() == "counted 1"
    assert the_round(person).required_total == 2
    assert jobs.check_rounds() == "counted 0"
