"""Many at once on a course: saving, joining, and being moved between groups. Nobody waits for ever, nothing is lost."""

from uuid import uuid4

import pytest

from lms.agencies.models import Role
from lms.courses import operations
from lms.courses.models import Cohort, Enrolment, ItemState, LearningEvent, Round
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, StaffRoleFactory
from tests.factories.courses import BEFORE, EnrolmentFactory, course_of, plain_outline
from tests.races.crowd import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
MANY = 40


def people(count):
    return PersonFactory.create_batch(count, password="!", proven=False)


def test_forty_answers_saved_at_once_are_all_kept():
    outline = plain_outline(lessons=1, questions=1)
    course, crowd = course_of(outline), people(MANY)
    question = outline.modules[0].lessons[0].items[0]
    for person in crowd:
        operations.enrol(person=person, course=course, now=BEFORE)

    def answer(person):
        said = {"course": course.identity, "item": question.id, "chosen": ["option-b"], "client_id": uuid4()}
        operations.answer_question(learner=person, now=BEFORE, **said)

    assert at_once(answer, crowd) == {"done": MANY}
    kept = [model.objects.unscoped(because="a test") for model in (LearningEvent, ItemState)]
    assert [rows.count() for rows in kept] == [MANY, MANY]
    assert set(Round.objects.unscoped(because="a test").values_list("required_done", flat=True)) == {1}


def test_people_moved_both_ways_between_two_groups_at_once_all_arrive():
    agency, course = AgencyFactory(), course_of(plain_outline())
    staff = StaffRoleFactory(agency=agency, role=Role.COORDINATOR).person
    groups = [
        Cohort.objects.create(course=course, agency=agency, name=name, capacity=30, created_at=BEFORE)
        for name in ("Autumn", "Winter")
    ]
    moves = []
    for n, person in enumerate(people(24)):
        row = EnrolmentFactory(person=person, course=course, agency=agency, cohort=groups[n % 2])
        moves.append((row, groups[(n + 1) % 2]))

    def move(to):
        operations.put_into(enrolment=to[0], cohort=to[1], actor=staff, now=BEFORE)

    assert at_once(move, moves) == {"done": 24}
    rows = Enrolment.objects.unscoped(because="a test")
    assert [rows.get(pk=row.pk).cohort for row, _ in moves] == [to for _, to in moves]


def test_who_is_invited_and_who_joins_at_the_same_moment_do_not_wait_for_each_other():
    agency, course = AgencyFactory(), course_of(plain_outline(open_to="invited"))
    staff = StaffRoleFactory(agency=agency, role=Role.COORDINATOR).person
    group = Cohort.objects.create(course=course, agency=agency, name="Autumn", capacity=5, created_at=BEFORE)
    crowd = PersonFactory.create_batch(10, password="!")
    invite = {"course": course, "agency": agency, "cohort": group, "actor": staff, "now": BEFORE}
    operations.invite(addresses=[person.email for person in crowd], **invite)

    def deed(who):
        if isinstance(who, str):
            operations.invite(addresses=[who], **invite)
        else:
            operations.enrol(person=who, course=course, now=BEFORE)

    more = [f"more{n}@example.org" for n in range(10)]
    assert at_once(deed, [one for pair in zip(crowd, more, strict=True) for one in pair]) == {"done": 20}
    states = Enrolment.objects.unscoped(because="a test").order_by("state").values_list("state", flat=True)
    assert list(states) == ["active"] * 5 + ["waiting"] * 5
