"""A live workshop that a course asks for is done by whoever has been to a session of it."""

from datetime import timedelta

import pytest

from lms.certificates import jobs, receivers
from lms.courses import operations as courses
from lms.courses.models import ItemState, Round
from tests.factories.accounts import PersonFactory
from tests.factories.certificates import EARNED, PastSessionFactory, attended
from tests.factories.cms import SiteTree, WorkshopPageFactory
from tests.factories.courses import course_of, lesson_of, module_of, outline_of, question_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return PastSessionFactory(workshop=WorkshopPageFactory(parent=SiteTree().workshops))


@pytest.fixture
def course(session):
    """A course that asks for nothing but its reading and that workshop."""
    live = question_item(kind="workshop", title="Practise with others", answer={"workshop": session.workshop_id})
    return course_of(outline_of(module_of(lesson_of(live))))


def states(person):
    return ItemState.objects.owned_by(person).filter(done_at__isnull=False)


def test_the_news_of_a_register_does_the_item_and_counts_once(course, session, now):
    booking = attended(session=session)
    courses.enrol(person=booking.person, course=course, now=now)
    for _ in range(2):
        receivers.give_for_booking(booking_id=booking.pk)
    assert states(booking.person).count() == 1
    assert Round.objects.owned_by(booking.person).get().required_done == 1


def test_who_was_away_or_somewhere_else_or_is_on_no_course_has_done_nothing(course, session, now):
    away, elsewhere, nowhere = attended(session=session, state="absent"), attended(), attended(session=session)
    for booking in (away, elsewhere):
        courses.enrol(person=booking.person, course=course, now=now)
    for booking in (away, elsewhere, nowhere):
        receivers.give_for_booking(booking_id=booking.pk)
        assert not states(booking.person).exists()


def test_a_session_before_somebody_joined_counts_the_first_time_through_and_not_when_they_begin_again(
    course, session, now
):
    person = PersonFactory()
    attended(session=session, person=person)
    enrolment = courses.enrol(person=person, course=course, now=EARNED + timedelta(days=3))
    assert jobs.tell_courses() == "counted 1"
    assert jobs.tell_courses() == "counted 0"
    lesson = course.latest.outline["modules"][0]["lessons"][0]["id"]
    who = {"enrolment": enrolment, "actor": PersonFactory(), "now": EARNED + timedelta(days=4)}
    courses.mark_done(item=lesson, reason="On paper", **who)
    assert Round.objects.owned_by(person).get().completed_at
    courses.renew(reason="A year later", **who)
    assert jobs.tell_courses() == "counted 0"
    assert not Round.objects.owned_by(person).get(number=2).required_done
