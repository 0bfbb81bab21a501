"""What finishes a course: every lesson, some of them, or every lesson with a pass mark."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cms.models import CoursePage
from lms.agencies.models import Role
from lms.courses import operations, rules, tasks
from lms.courses.models import Course, CourseVersion, Enrolment, Round
from tests.courses.browsing import COURSE, form_of, form_to, words
from tests.courses.test_costs import statements
from tests.courses.test_rules import START
from tests.courses.written import address, items, options
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import StaffRoleFactory
from tests.factories.courses import BEFORE, course_of, lesson_of, module_of, outline_of, question_item, text_item

ITEMS = {
    name: {"lesson": name[0], "required": True, "marked": name.endswith("?")} for name in ("a", "a?", "b", "b?", "c")
}


def done(score=None):
    return rules.Standing(START, done_at=START, best_score=score)


TALLIES = {
    "every lesson": (("all", 0), {"a": done(), "a?": done(0)}, (5, 2, 0)),
    "any two, one whole and one begun": (("any", 2), {"a": done(), "a?": done(0), "b": done()}, (2, 1, 0)),
    "any two, all three done": (("any", 2), {name: done() for name in ITEMS}, (2, 2, 0)),
    "any nine of three": (("any", 9), {}, (3, 0, 0)),
    "a mark, nothing done": (("mark", 80), {}, (5, 0, 160)),
    "a mark, one full and one half": (("mark", 80), {"a?": done(100), "b?": done(50)}, (5, 2, 10)),
    "a mark, one left out": (("mark", 80), {"a?": done(), "b?": done(80)}, (5, 2, 0)),
    "a mark, reached with some to spare": (("mark", 50), {"a?": done(100), "b?": done(100)}, (5, 2, 0)),
}


@pytest.mark.parametrize(("finish", "standings", "comes_to"), TALLIES.values(), ids=TALLIES)
def test_a_round_comes_to(finish, standings, comes_to):
    tally = rules.tally(rules.Finish(*finish), asked=set(ITEMS), items=ITEMS, standings=standings)
    assert (tally.total, tally.done, tally.missing) == comes_to


def test_a_new_rule_only_ever_asks_less_of_who_is_in_the_middle():
    rising = [rules.Finish(*one) for one in (("any", 1), ("any", 7), ("all", 0), ("mark", 1), ("mark", 100))]
    for number, rule in enumerate(rising):
        assert all(rules.kinder(rule, other) == min(rule, other, key=rising.index) for other in rising), number


class Walk:
    """Somebody on a course of three lessons with a question each, under some rule."""

    def __init__(self, **rule):
        self.questions = [question_item() for _ in range(3)]
        self.lessons = [lesson_of(one, number=n) for n, one in enumerate(self.questions, start=1)]
        self.identity = uuid4()
        self.course = self.compile(**rule)
        self.person = PersonFactory()
        self.enrolment = operations.enrol(person=self.person, course=self.course, now=BEFORE)

    def compile(self, **rule):
        made = course_of(outline_of(module_of(*self.lessons), id=self.identity, **rule))
        tasks.recount_rounds(course_id=made.pk)
        return made

    @property
    def round(self):
        return Round.objects.owned_by(self.person).get()

    def do(self, at, chosen="option-b"):
        who = {"learner": self.person, "course": self.course.identity, "client_id": uuid4(), "now": BEFORE}
        operations.answer_question(item=self.questions[at].id, chosen=[chosen], **who)
        operations.read_lesson(lesson=self.lessons[at].id, **who)


@pytest.fixture
def walk(db):
    return Walk


def test_any_two_lessons_finish_it_and_half_lessons_do_not(walk):
    learner = walk(finish="any", finish_needed=2)
    learner.do(2)
    assert (learner.round.required_done, learner.round.required_total, learner.round.completed_at) == (1, 2, None)
    learner.do(0)
    assert learner.round.completed_at


def test_a_lesson_that_counted_and_was_taken_out_still_counts(walk):
    learner = walk(finish="any", finish_needed=2)
    learner.do(0)
    del learner.lessons[0], learner.questions[0]
    learner.compile(finish="any", finish_needed=2)
    assert learner.round.required_done == 1
    learner.do(0)
    assert learner.round.completed_at


def test_a_pass_mark_waits_for_better_answers_and_the_best_counts(walk):
    learner = walk(finish="mark", finish_needed=60)
    for at in range(3):
        learner.do(at, "option-a")
    assert (learner.round.required_done, learner.round.marks_missing) == (6, 180)
    learner.do(0)
    learner.do(0, "option-a")
    assert (learner.round.marks_missing, learner.round.completed_at) == (80, None)
    learner.do(1)
    assert learner.round.completed_at


def test_a_question_that_becomes_one_without_a_mark_is_asked_for_none(walk):
    learner = walk(finish="mark", finish_needed=100)
    learner.questions[0] = text_item(id=learner.questions[0].id)
    learner.lessons[0] = replace(learner.lessons[0], items=(learner.questions[0],))
    learner.compile(finish="mark", finish_needed=100)
    learner.do(0, "In my own words")
    learner.do(1)
    learner.do(2)
    assert learner.round.completed_at


def test_staff_may_waive_a_pass_mark_with_name_and_reason(walk, client):
    learner = walk(finish="mark", finish_needed=60)
    for at in range(3):
        learner.do(at, "option-a")
    other, ruth = walk(), StaffRoleFactory(role=Role.TRAINER, person__display_name="Ruth")
    Enrolment.objects.unscoped(because="test").update(agency=ruth.agency)
    client.force_login(ruth.person)
    page = reverse("courses:desk_person", args=[learner.enrolment.uuid])
    assert "The pass mark of the course" in words(client.get(page))
    sent = {"item": learner.course.identity, "reason": "We talked it through"}
    assert (
        client.post(reverse("courses:desk_mark", args=[learner.enrolment.uuid]), {**sent, "reason": ""}).status_code
        == 422
    )
    assert not learner.round.completed_at
    client.post(reverse("courses:desk_mark", args=[learner.enrolment.uuid]), sent)
    assert learner.round.completed_at
    assert "The pass mark is marked as met by Ruth: We talked it through" in words(client.get(page))
    without = {**sent, "item": other.course.identity}
    assert client.post(reverse("courses:desk_mark", args=[other.enrolment.uuid]), without).status_code == 404


def test_a_corrected_key_brings_the_pass_mark_nearer(walk):
    learner = walk(finish="mark", finish_needed=60)
    for at, chosen in enumerate(("option-b", "option-a", "option-a")):
        learner.do(at, chosen)
    wrong = learner.questions[1]
    learner.questions[1].answer["right"] = ["option-a"]
    version = learner.compile(finish="mark", finish_needed=60).latest
    tasks.correct_answers(version_id=version.pk, item=str(wrong.id), question="", how="mark")
    assert learner.round.completed_at


def test_an_easier_rule_finishes_who_has_done_enough_and_a_harder_one_holds_nobody_up(walk):
    learner, course = walk(finish="all"), None
    learner.do(0)
    learner.compile(finish="any", finish_needed=1)
    assert learner.round.completed_at
    late = walk(finish="any", finish_needed=2)
    late.do(0)
    course = late.compile(finish="mark", finish_needed=100)
    assert CourseVersion.objects.get(latest_of=course).marks_needed == 300
    late.do(1, "option-a")
    assert late.round.completed_at


# --- As people see it ------------------------------------------------------------------------------------------------


def ruled(made, **said):
    """Give a written course a rule."""
    for name, value in said.items():
        setattr(made.page, name, value)
    made.page.save()
    made.compile()
    return made


SENTENCES = {
    "some": ({"finish": "any", "finish_needed": 2}, "You finish when any 2 of its 3 lessons are done.", "0 of 2"),
    "a mark": ({"finish": "mark", "finish_needed": 80}, "your answers come to 80 out of 100 or more", "0 of 3"),
    "every one": ({}, "You finish when every lesson is done.", "0 of 3"),
}


@pytest.mark.parametrize(("said", "sentence", "ring"), SENTENCES.values(), ids=SENTENCES)
def test_the_course_and_its_lessons_say_what_does_them(client, person, written, said, sentence, ring):
    made = ruled(written, **said)
    assert sentence in words(client.get(COURSE))
    operations.enrol(person=person, course=made.course, now=BEFORE)
    client.force_login(person)
    shown = words(client.get(COURSE))
    assert sentence in shown
    assert f"<b>{ring}</b>" in shown
    lesson = words(client.get(address(made.rich)))
    assert "Done when you've read it and answered its 3 questions." in lesson
    assert "Done when you've given an answer, whatever it is." in lesson


@pytest.mark.parametrize("lessons", [20, 200])
def test_a_save_costs_the_same_under_every_rule(client, person, long_course, lessons):
    made, pages = long_course(lessons)
    ruled(made, finish="any", finish_needed=15, in_order=True)
    operations.enrol(person=person, course=made.course, now=BEFORE)
    client.force_login(person)
    item = items(pages[0], "question")[0]
    action, fields = form_of(client.get(address(pages[0])), "answer", item)
    sent = {**fields, "choice": options(pages[0], item)["Not tonight"]}
    assert len(statements(lambda: client.post(action, sent))[1]) == 7


def test_an_editor_says_how_much_or_every_lesson(written):
    page = CoursePage.objects.get()
    for finish, needed in (("any", None), ("all", 3)):
        page.finish, page.finish_needed = finish, needed
        with pytest.raises(ValidationError, match="Say how many"):
            page.clean()
    page.finish, page.finish_needed = "mark", 80
    page.clean()
    assert Course.objects.get().latest.rule == rules.Finish()


def test_what_is_sent_from_a_lesson_that_is_not_open_changes_nothing_and_is_still_there(reading, written, learner):
    made = written
    item = items(made.hard, "question")[0]
    action, fields = form_to(reading.get(address(made.plain)), "/read/")
    ruled(made, in_order=True)
    for refused in (
        reading.post(action, fields),
        reading.post(f"/learn/{made.course.identity}/{item}/answer/", {"words": "A blue cup <b>"}),
    ):
        assert refused.status_code == 422
        assert "opens a little later" in words(refused)
    assert "A blue cup &lt;b&gt;" in refused.content.decode()
    assert Round.objects.owned_by(learner).get().required_done == 0
