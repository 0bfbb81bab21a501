"""Somebody half-way through a course with two prompts and a plan, and the staff of their agency."""

from datetime import timedelta
from uuid import uuid4

import pytest

from lms.agencies.models import Role
from lms.courses import operations
from lms.courses.models import Reflection
from tests.factories.agencies import AgencyFactory, MembershipFactory, StaffRoleFactory
from tests.factories.courses import (
    BEFORE,
    course_of,
    lesson_of,
    module_of,
    outline_of,
    plan_item,
    reflection_item,
    text_item,
)

WROTE = "She hummed all the way to school and I hummed too."
LATER = BEFORE + timedelta(days=3)


class Walk:
    """One person and one course: ``first`` and ``plan`` to write in lesson 1, ``second`` and ``text`` in lesson 2."""

    def __init__(self):
        self.agency = AgencyFactory()
        self.person = MembershipFactory(agency=self.agency).person
        self.first, self.second = reflection_item(), reflection_item(title="What would you try?")
        self.plan, self.text = plan_item(), text_item()
        self.lessons = [
            lesson_of(self.first, self.plan, title="Songs"),
            lesson_of(self.second, self.text, number=2, title="Walks"),
        ]
        self.outline = outline_of(module_of(*self.lessons))
        self.course = course_of(self.outline)
        operations.enrol(person=self.person, course=self.course, now=BEFORE)

    def writes(self, item, words):
        who = {"learner": self.person, "course": self.course.identity, "now": BEFORE}
        operations.save_reflection(item=item.id, body=words, **who)
        return Reflection.objects.owned_by(self.person).get(item=item.id)

    def answers(self, words, *, item=None, now=BEFORE):
        who = {"learner": self.person, "course": self.course.identity, "now": now}
        operations.answer_question(item=(item or self.text).id, chosen=[words], client_id=uuid4(), **who)

    def plans(self, words):
        who = {"learner": self.person, "course": self.course.identity, "now": BEFORE}
        operations.save_plan(item=self.plan.id, bodies={1: words}, **who)
        return Reflection.objects.owned_by(self.person).get(item=self.plan.id)


@pytest.fixture
def files(settings, tmp_path):
    """A private store of this test's own."""
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": private}


@pytest.fixture
def walk(db, files):
    return Walk()


@pytest.fixture
def trainer(walk):
    return StaffRoleFactory(agency=walk.agency, role=Role.TRAINER).person
