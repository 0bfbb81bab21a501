"""Lessons in order, and courses that come before others."""

import pytest
from django.core.exceptions import ValidationError

from cms.models import CoursePage
from lms.courses import operations
from lms.courses.models import Course, Round
from tests.courses.browsing import COURSE, form_to, words
from tests.courses.written import address
from tests.factories.accounts import PersonFactory
from tests.factories.cms import CoursePageFactory
from tests.factories.courses import BEFORE, course_of, plain_outline

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_order(written):
    written.page.in_order = True
    written.page.save()
    written.compile()
    return written


def test_lessons_open_one_after_the_other(reading, in_order):
    assert "opens a little later" in words(reading.get(address(in_order.hard)))
    assert "opens a little later" not in words(reading.get(address(in_order.rich)))


def test_what_is_done_opens_the_next(reading, in_order, learner):
    for item, said in in_order.course.latest.items.items():
        if said["lesson"] == str(in_order.rich.identity) and said["required"]:
            operations.mark_done(
                enrolment=Round.objects.owned_by(learner).get().enrolment,
                item=item,
                reason="Done",
                actor=learner,
                now=BEFORE,
            )
    assert "opens a little later" not in words(reading.get(address(in_order.plain)))


def test_without_the_switch_every_lesson_is_open(reading, written):
    assert "opens a little later" not in words(reading.get(address(written.hard)))
    assert "Take them in the order you like" in words(reading.get(COURSE))


def test_the_course_says_what_comes_first_and_waits_for_it(client, written):
    before = CoursePageFactory(parent=written.page.get_parent(), title="First things", slug="first-things")
    first = course_of(plain_outline(slug="first-things", id=before.identity, page_id=before.pk))
    written.page.after.add(before)
    written.page.save()
    written.compile()
    person = PersonFactory()
    client.force_login(person)
    shown = client.get(COURSE)
    assert "First finish" in words(shown)
    action, fields = form_to(shown, "/enrol/")
    refused = client.post(action, fields)
    assert refused.status_code == 422
    assert "another course to finish first" in words(refused)
    operations.enrol(person=person, course=first, now=BEFORE)
    Round.objects.owned_by(person).update(completed_at=BEFORE, completed_version=first.latest)
    assert client.post(action, fields).status_code == 302


def test_who_was_on_it_before_stays_on_it_and_may_come_back(reading, written, learner):
    before = course_of(plain_outline(slug="first-things"))
    written.course.after.add(before)
    course = Course.objects.get(pk=written.course.pk)
    assert operations.enrol(person=learner, course=course, now=BEFORE).is_learning
    operations.leave(person=learner, course=course, now=BEFORE)
    assert "First finish" not in words(reading.get(COURSE))
    assert operations.enrol(person=learner, course=course, now=BEFORE).is_learning


def test_courses_never_wait_for_each_other(written):
    other = CoursePageFactory(parent=written.page.get_parent(), slug="other")
    third = CoursePageFactory(parent=written.page.get_parent(), slug="third")
    other.after.add(written.page)
    other.save()
    third.after.add(other)
    third.save()
    page = CoursePage.objects.get(pk=written.page.pk)
    page.after.add(third)
    with pytest.raises(ValidationError, match="wait for each other"):
        page.clean()
