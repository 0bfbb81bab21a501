"""Demo people pass the checks on their way, and the demo's own course is written like any other."""

import pytest

from cms.courseformat import tree
from cms.courseformat.problems import Problems
from lms.courses.models import Round, Try
from lms.demo import company, learning
from tests.factories.accounts import PersonFactory
from tests.factories.courses import BEFORE, bank_item, course_of, lesson_of, module_of, outline_of

pytestmark = pytest.mark.django_db


def test_a_demo_person_passes_a_check_once():
    course = course_of(outline_of(module_of(lesson_of(bank_item()))))
    person = PersonFactory()
    for _ in range(2):
        learning.walk(person, course, lessons=None, now=BEFORE)
    assert Try.objects.owned_by(person).get().passed
    assert Round.objects.owned_by(person).get().completed_at


def test_the_course_of_the_demo_shows_a_rule_of_its_own_and_a_live_evening():
    library = tree.read(company.FOLDER, problems := Problems())
    assert [str(problem) for problem in problems.in_order()] == []
    (course,) = library.of("course")
    blocks = [block["type"] for module in course.children for lesson in module.children for block in lesson.body]
    assert (course.fields["finish"], course.fields["finish_needed"], blocks.count("workshop")) == ("any", 3, 1)
