"""Several people after one code, and two who part while they still read together."""

from uuid import uuid4

import pytest

from lms.courses import operations as courses
from lms.courses.models import ItemState
from lms.partners import operations as partners
from lms.partners.models import PartnerLink
from lms.together import operations, reports
from lms.together.models import BothHere
from tests.factories.accounts import PersonFactory
from tests.factories.courses import BEFORE as NOW
from tests.factories.courses import course_of, lesson_of, module_of, outline_of
from tests.factories.together import linked
from tests.races.crowd import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
links = PartnerLink.objects.unscoped(because="a test")


def test_of_all_who_type_one_code_at_once_one_is_linked():
    crowd = PersonFactory.create_batch(6, password="!", proven=False)
    code = partners.make_code(person=crowd[0], now=NOW)

    def typing(person):
        partners.use_code(person=person, typed=code, now=NOW)

    came = at_once(typing, crowd[1:])
    assert came.pop("done") == 1
    assert came.keys() <= {"partners.ask_over", "partners.no_such_code"}
    assert links.filter(person=crowd[0]).count() == links.filter(partner=crowd[0]).count() == 1
    assert links.count() == 2


def test_two_who_part_while_they_read_together_leave_nothing_half_done():
    dan, priya = PersonFactory.create_batch(2, password="!", proven=False)
    lessons = [lesson_of(number=number) for number in (1, 2)]
    course = course_of(outline_of(module_of(*lessons)))
    linked(dan, priya)
    for person in (dan, priya):
        courses.enrol(person=person, course=course, now=NOW)
    who = {"course": course.identity, "now": NOW}
    operations.say_both_here(person=dan, lesson=lessons[0].id, client_id=uuid4(), **who)
    mark = reports.waiting_for(priya)[0].uuid

    def do(deed):
        deed()

    came = at_once(
        do,
        [
            lambda: partners.unlink(person=dan, now=NOW),
            lambda: partners.unlink(person=priya, now=NOW),
            lambda: operations.say_both_here(person=dan, lesson=lessons[1].id, client_id=uuid4(), **who),
            lambda: operations.say_yes(person=priya, mark=mark, now=NOW),
        ],
    )
    assert came.keys() <= {"done", "together.nothing_waits"}
    assert came["done"] >= 3
    assert not links.exists()
    assert not BothHere.objects.unscoped(because="a test").exists()
    read = ItemState.objects.owned_by(dan).exclude(done_at=None)
    assert {state.item for state in read} == {lesson.id for lesson in lessons}  # his own stays, whoever was first
