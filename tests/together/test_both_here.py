"""A lesson read by two counts for each, when each has said so; everything else stays each person's own."""

from datetime import timedelta
from uuid import uuid4

import pytest

from lms.courses import operations as courses
from lms.courses.models import Course, ItemState, Round
from lms.outbox.models import Message
from lms.partners import operations as partners
from lms.together import operations, reports, rules
from lms.together.models import BothHere
from tests.factories.accounts import PersonFactory
from tests.factories.courses import BEFORE as NOW
from tests.factories.courses import course_of, lesson_of, module_of, outline_of, question_item
from tests.factories.together import linked

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


class Sofa:
    """Two people on one course of two lessons, the first with a question and a video in it."""

    def __init__(self):
        self.dan, self.priya = PersonFactory(display_name="Dan"), PersonFactory(display_name="Priya")
        self.question = question_item()
        self.video = question_item(kind="video", title="A film", required=False, answer=None)
        self.lessons = [lesson_of(self.question, self.video), lesson_of(number=2)]
        self.course = course_of(outline_of(module_of(*self.lessons)))
        self.link = linked(self.dan, self.priya)
        for person in (self.dan, self.priya):
            courses.enrol(person=person, course=self.course, now=NOW)

    def says(self, person, lesson=0, now=NOW):
        """``person`` presses at the end of a lesson."""
        who = {"person": person, "course": self.course.identity, "lesson": self.lessons[lesson].id}
        return operations.say_both_here(client_id=uuid4(), now=now, **who)

    def watches(self, person):
        """``person`` reads what is said in the video."""
        who = {"learner": person, "course": self.course.identity, "item": self.video.id, "now": NOW}
        courses.read_transcript(client_id=uuid4(), **who)

    def done(self, person):
        """What ``person`` has done: the ids of items."""
        return set(ItemState.objects.owned_by(person).exclude(done_at=None).values_list("item", flat=True))


@pytest.fixture
def sofa():
    return Sofa()


def waiting(person):
    return list(reports.waiting_for(person))


def test_it_counts_at_once_for_who_says_so_and_later_for_the_other(sofa):
    lesson = sofa.lessons[0].id
    assert sofa.says(sofa.dan) == (False, True)
    assert (sofa.done(sofa.dan), sofa.done(sofa.priya)) == ({lesson}, set())
    mark = waiting(sofa.priya)[0]
    assert (mark.lesson_title, waiting(sofa.dan)) == ("Lesson 1", [])
    operations.say_yes(person=sofa.priya, mark=mark.uuid, now=LATER)
    assert sofa.done(sofa.priya) == {lesson}  # neither the question nor anything else in it
    assert waiting(sofa.priya) == []
    with pytest.raises(operations.NothingWaits):
        operations.say_yes(person=sofa.priya, mark=mark.uuid, now=LATER)
    assert not Message.objects.exists()


def test_what_one_watched_counts_for_the_other_and_no_answer_does(sofa):
    who = {"learner": sofa.dan, "course": sofa.course.identity, "now": NOW}
    courses.answer_question(item=sofa.question.id, chosen=["option-b"], client_id=uuid4(), **who)
    sofa.watches(sofa.dan)
    sofa.says(sofa.dan)
    operations.say_yes(person=sofa.priya, mark=waiting(sofa.priya)[0].uuid, now=LATER)
    assert sofa.done(sofa.priya) == {sofa.lessons[0].id, sofa.video.id}


def test_both_press_and_nothing_waits_for_either(sofa):
    sofa.watches(sofa.dan)
    sofa.says(sofa.dan)
    sofa.says(sofa.priya)
    assert waiting(sofa.dan) == waiting(sofa.priya) == []
    assert sofa.done(sofa.dan) == sofa.done(sofa.priya) == {sofa.lessons[0].id, sofa.video.id}


def test_a_no_leaves_nothing_and_is_not_asked_again_for_a_while(sofa):
    sofa.says(sofa.dan)
    operations.say_no(person=sofa.priya, mark=waiting(sofa.priya)[0].uuid, now=NOW)
    assert sofa.says(sofa.dan, now=LATER) == (False, True)  # the same answer as before
    assert waiting(sofa.priya) == []
    sofa.says(sofa.dan, now=NOW + rules.NOT_AGAIN_FOR)
    assert len(waiting(sofa.priya)) == 1
    assert sofa.done(sofa.priya) == set()


def test_who_has_read_it_alone_is_not_asked(sofa):
    lesson = sofa.lessons[0].id
    who = {"course": sofa.course.identity, "lesson": lesson, "client_id": uuid4(), "now": NOW}
    courses.read_lesson(learner=sofa.priya, **who)
    sofa.says(sofa.dan)
    assert waiting(sofa.priya) == []


def test_who_presses_learns_nothing_of_the_other(sofa):
    stranger = PersonFactory()
    courses.enrol(person=stranger, course=sofa.course, now=NOW)
    courses.leave(person=sofa.priya, course=sofa.course, now=NOW)
    assert sofa.says(sofa.dan) == (False, True)  # as if she were on it
    assert sofa.says(stranger) == (False, False)
    mark = waiting(sofa.priya)[0]
    with pytest.raises(courses.NotLearning):
        operations.say_yes(person=sofa.priya, mark=mark.uuid, now=NOW)
    courses.enrol(person=sofa.priya, course=sofa.course, now=LATER)
    operations.say_yes(person=sofa.priya, mark=mark.uuid, now=LATER)
    assert sofa.lessons[0].id in sofa.done(sofa.priya)


def test_who_is_not_on_the_course_says_nothing_there(sofa):
    courses.leave(person=sofa.dan, course=sofa.course, now=NOW)
    with pytest.raises(courses.NotLearning):
        sofa.says(sofa.dan)
    who = {"person": sofa.priya, "course": sofa.course.identity, "client_id": uuid4(), "now": NOW}
    with pytest.raises(courses.UnknownItem):
        operations.say_both_here(lesson=sofa.question.id, **who)
    assert not BothHere.objects.unscoped(because="a test").exists()


def test_a_lesson_that_is_not_open_yet_waits_on_the_list(sofa):
    Course.objects.filter(pk=sofa.course.pk).update(in_order=True)
    who = {"learner": sofa.dan, "course": sofa.course.identity, "item": sofa.question.id, "now": NOW}
    courses.answer_question(chosen=["option-b"], client_id=uuid4(), **who)
    sofa.says(sofa.dan)
    sofa.says(sofa.dan, lesson=1)
    second = waiting(sofa.priya)[0]
    with pytest.raises(courses.NotOpenYet):
        operations.say_yes(person=sofa.priya, mark=second.uuid, now=LATER)
    assert second in waiting(sofa.priya)
    assert sofa.done(sofa.priya) == set()


def test_unlinking_takes_what_waits_and_leaves_what_is_done(sofa):
    sofa.says(sofa.dan)
    sofa.says(sofa.priya, lesson=1)
    operations.say_yes(person=sofa.dan, mark=waiting(sofa.dan)[0].uuid, now=NOW)
    partners.unlink(person=sofa.priya, now=LATER)
    assert not BothHere.objects.unscoped(because="a test").exists()
    assert sofa.done(sofa.dan) == {lesson.id for lesson in sofa.lessons}
    assert sofa.says(sofa.dan, now=LATER) == (False, False)
    linked(sofa.dan, sofa.priya)
    assert waiting(sofa.priya) == []


def test_a_yes_can_finish_the_course_and_each_finishes_for_themself(sofa):
    lesson = lesson_of()
    course = course_of(outline_of(module_of(lesson), slug="short"))
    for person in (sofa.dan, sofa.priya):
        courses.enrol(person=person, course=course, now=NOW)
    who = {"course": course.identity, "lesson": lesson.id, "client_id": uuid4(), "now": NOW}
    assert operations.say_both_here(person=sofa.dan, **who) == (True, True)
    rounds = Round.objects.owned_by(sofa.priya).filter(enrolment__course=course, completed_at=None)
    assert rounds.exists()
    assert operations.say_yes(person=sofa.priya, mark=waiting(sofa.priya)[0].uuid, now=LATER)
    assert not rounds.exists()


def test_what_waits_too_long_is_forgotten(sofa):
    sofa.says(sofa.dan)
    assert operations.forget_old(now=NOW + rules.WAITS) == 0
    assert operations.forget_old(now=NOW + rules.WAITS + timedelta(seconds=1)) == 1
    assert waiting(sofa.priya) == []
