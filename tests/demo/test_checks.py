"""Demo people pass the checks on their way."""

import pytest

from lms.courses.models import Round, Try
from lms.demo import learning
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
