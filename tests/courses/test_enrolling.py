"""Coming onto a course, leaving it and coming back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from lms.agencies.models import MembershipState
from lms.courses import operations
from lms.courses.models import Enrolment, EnrolmentChange, EnrolmentState, ItemState, Round
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import MembershipFactory
from tests.factories.courses import EnrolmentFactory, course_of, outline_of, plain_outline

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return PersonFactory()


def history(person):
    changes = EnrolmentChange.objects.owned_by(person).order_by("pk")
    return [(change.before, change.after) for change in changes]


def test_anybody_may_join_an_open_course(person, now):
    enrolment = operations.enrol(person=person, course=course_of(plain_outline()), now=now)
    round_ = Round.objects.owned_by(person).get()
    assert (enrolment.state, round_.number, round_.started_at) == ("active", 1, now)
    assert (round_.required_total, round_.required_done) == (4, 0)
    assert history(person) == [("", "active")]


def test_joining_twice_is_joining_once(person, now):
    course = course_of(plain_outline())
    first = operations.enrol(person=person, course=course, now=now)
    second = operations.enrol(person=person, course=course, now=now + timedelta(hours=1))
    assert first == second
    assert Round.objects.owned_by(person).count() == 1
    assert history(person) == [("", "active")]


def test_the_agency_that_vouches_for_a_person_is_kept_with_their_place(person, now):
    membership = MembershipFactory(person=person)
    enrolment = operations.enrol(person=person, course=course_of(plain_outline()), now=now)
    assert enrolment.agency == membership.agency


def test_a_course_for_verified_adopters_lets_in_who_is_verified(person, now):
    MembershipFactory(person=person)
    enrolment = operations.enrol(person=person, course=course_of(plain_outline(open_to="verified")), now=now)
    assert enrolment.state == "active"


@pytest.mark.parametrize("state", [None, MembershipState.REQUESTED, MembershipState.DECLINED, MembershipState.REVOKED])
def test_a_course_for_verified_adopters_refuses_everybody_else(person, now, state):
    if state:
        MembershipFactory(person=person, state=state)
    with pytest.raises(operations.VerifiedAdoptersOnly):
        operations.enrol(person=person, course=course_of(plain_outline(open_to="verified")), now=now)
    assert not Enrolment.objects.owned_by(person).exists()


def test_a_course_by_invitation_lets_in_who_is_invited(person, now):
    course = course_of(plain_outline(open_to="invited"))
    EnrolmentFactory(person=person, course=course, state=EnrolmentState.INVITED)
    assert operations.enrol(person=person, course=course, now=now).state == "active"
    assert Round.objects.owned_by(person).count() == 1


def test_a_course_by_invitation_refuses_everybody_else(person, now):
    with pytest.raises(operations.InvitationOnly):
        operations.enrol(person=person, course=course_of(plain_outline(open_to="invited")), now=now)
    assert not Enrolment.objects.owned_by(person).exists()


def test_a_closed_course_takes_nobody_new(person, now):
    course = course_of(plain_outline())
    course.is_open = False
    with pytest.raises(operations.CourseClosed):
        operations.enrol(person=person, course=course, now=now)


def test_a_course_without_lessons_takes_nobody_yet(person, now):
    with pytest.raises(operations.CourseClosed):
        operations.enrol(person=person, course=course_of(outline_of()), now=now)
    assert not Enrolment.objects.owned_by(person).exists()


def test_leaving_and_coming_back_keeps_everything(person, now):
    outline = plain_outline()
    course = course_of(outline)
    operations.enrol(person=person, course=course, now=now)
    lesson = outline.modules[0].lessons[0]
    operations.read_lesson(learner=person, course=course.identity, lesson=lesson.id, client_id=uuid4(), now=now)
    operations.leave(person=person, course=course, now=now)
    assert Enrolment.objects.owned_by(person).get().state == "left"
    operations.enrol(person=person, course=course, now=now + timedelta(days=90))
    assert Round.objects.owned_by(person).get().required_done == 1
    assert ItemState.objects.owned_by(person).get().done_at == now
    assert history(person) == [("", "active"), ("active", "left"), ("left", "active")]


def test_nothing_is_saved_for_who_has_left(person, now):
    outline = plain_outline()
    course = course_of(outline)
    operations.enrol(person=person, course=course, now=now)
    operations.leave(person=person, course=course, now=now)
    lesson = outline.modules[0].lessons[0]
    with pytest.raises(operations.NotLearning):
        operations.read_lesson(learner=person, course=course.identity, lesson=lesson.id, client_id=uuid4(), now=now)


def test_who_is_not_on_a_course_cannot_leave_it(person, now):
    with pytest.raises(operations.NotOnCourse):
        operations.leave(person=person, course=course_of(plain_outline()), now=now)


def test_a_paused_learner_who_joins_goes_on(person, now):
    course = course_of(plain_outline())
    EnrolmentFactory(person=person, course=course, state=EnrolmentState.PAUSED)
    assert operations.enrol(person=person, course=course, now=now).state == "active"


def test_who_has_finished_stays_finished_when_they_press_join_again(person, now):
    course = course_of(plain_outline())
    EnrolmentFactory(person=person, course=course, state=EnrolmentState.COMPLETED)
    assert operations.enrol(person=person, course=course, now=now).state == "completed"
