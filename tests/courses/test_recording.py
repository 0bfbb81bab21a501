"""What a learner does is kept as facts that only add up."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.courses import operations
from lms.courses.models import Enrolment, EnrolmentChange, ItemState, LearningEvent, Round
from lms.courses.signals import course_completed
from tests.factories.accounts import PersonFactory
from tests.factories.courses import (
    BEFORE,
    course_of,
    lesson_of,
    module_of,
    outline_of,
    plain_outline,
    question_item,
    reflection_item,
    scenario_item,
)

pytestmark = pytest.mark.django_db


class Walk:
    """A person on a course of one part, and what they can do there."""

    def __init__(self, *lessons):
        self.lessons = lessons
        self.outline = outline_of(module_of(*lessons))
        self.course = course_of(self.outline)
        self.person = PersonFactory()
        operations.enrol(person=self.person, course=self.course, now=BEFORE)

    def _who(self, now, client_id):
        return {
            "learner": self.person,
            "course": self.course.identity,
            "client_id": client_id or uuid4(),
            "now": now,
        }

    def read(self, lesson, *, now=BEFORE, client_id=None):
        operations.read_lesson(lesson=lesson.id, **self._who(now, client_id))

    def answer(self, item, *chosen, now=BEFORE, client_id=None):
        return operations.answer_question(item=item.id, chosen=list(chosen), **self._who(now, client_id))

    def leave_out(self, *items, now=BEFORE, client_id=None):
        operations.leave_out(items=[item.id for item in items], **self._who(now, client_id))

    def end(self, item, card, *, now=BEFORE, client_id=None):
        operations.end_scenario(item=item.id, card=card, **self._who(now, client_id))

    def keep_place(self, lesson, place, *, share=0, now=BEFORE, client_id=None):
        operations.keep_place(lesson=lesson.id, place=place, share=share, **self._who(now, client_id))

    @property
    def round(self):
        return Round.objects.owned_by(self.person).get()

    def state(self, item):
        return ItemState.objects.owned_by(self.person).get(item=item.id)

    @property
    def events(self):
        return LearningEvent.objects.owned_by(self.person)


@pytest.fixture
def question():
    return question_item()


@pytest.fixture
def walk(question):
    return Walk(lesson_of(question, scenario_item(), reflection_item()), lesson_of(number=2))


def test_reading_a_lesson_counts(walk, now):
    walk.read(walk.lessons[0], now=now)
    assert walk.round.required_done == 1
    assert walk.round.last_seen_at == now
    assert walk.state(walk.lessons[0]).done_at == now


def test_any_answer_counts_and_the_score_is_the_servers(walk, question):
    assert walk.answer(question, "option-a") == 0
    assert walk.answer(question, "option-b") == 100
    state = walk.state(question)
    assert (walk.round.required_done, state.best_score, json.loads(state.latest)) == (1, 100, ["option-b"])


def test_a_later_answer_never_takes_the_best_score_back(walk, question, now):
    walk.answer(question, "option-b", now=now)
    walk.answer(question, "option-a", now=now + timedelta(minutes=1))
    state = walk.state(question)
    assert (state.best_score, json.loads(state.latest)) == (100, ["option-a"])


def test_the_same_form_sent_twice_is_one_fact(walk, question):
    same = uuid4()
    walk.answer(question, "option-a", client_id=same)
    walk.answer(question, "option-a", client_id=same)
    assert walk.events.count() == 1
    assert walk.round.required_done == 1


def test_another_answer_after_going_back_is_another_fact(walk, question):
    same = uuid4()
    walk.answer(question, "option-a", client_id=same)
    walk.answer(question, "option-b", client_id=same)
    assert walk.events.count() == 2


@pytest.mark.parametrize(
    "chosen", [["option-z"], ["option-a", "option-b"], ["NaN"], ["' OR 1=1"], ["<script>"], ["🌻" * 300]]
)
def test_what_is_no_choice_is_refused_and_nothing_is_kept(walk, question, chosen):
    with pytest.raises(operations.NotAChoice):
        walk.answer(question, *chosen)
    assert not walk.events.exists()
    assert walk.round.required_done == 0


def test_an_empty_answer_asks_for_one(walk, question):
    with pytest.raises(operations.NothingChosen):
        walk.answer(question)


def test_another_questions_option_is_no_choice(walk):
    other = question_item(answer={"kind": "single", "options": ["x", "y"], "right": ["x"], "feedback": {}})
    walk = Walk(lesson_of(question_item(), other))
    with pytest.raises(operations.NotAChoice):
        walk.answer(walk.lessons[0].items[0], "x")


def test_an_item_of_another_course_is_unknown(walk):
    elsewhere = question_item()
    course_of(outline_of(module_of(lesson_of(elsewhere))))
    with pytest.raises(operations.UnknownItem):
        walk.answer(elsewhere, "option-a")


def test_an_item_of_another_kind_is_unknown(walk, question):
    with pytest.raises(operations.UnknownItem):
        walk.answer(walk.lessons[0], "option-a")
    with pytest.raises(operations.UnknownItem):
        walk.read(question)


def test_who_is_not_on_the_course_saves_nothing(question):
    walk = Walk(lesson_of(question))
    walk.person = PersonFactory()
    with pytest.raises(operations.NotLearning):
        walk.answer(question, "option-a")
    assert not LearningEvent.objects.unscoped(because="the test looks for anybody's").exists()


def test_a_scenario_counts_at_any_of_its_endings(walk):
    scenario = walk.lessons[0].items[1]
    walk.end(scenario, "later")
    assert walk.state(scenario).done_at == BEFORE
    assert walk.round.required_done == 1


@pytest.mark.parametrize("card", ["", "car", "calm' --", "x" * 10_000])
def test_a_card_that_is_no_ending_ends_nothing(walk, card):
    with pytest.raises(operations.NotAChoice):
        walk.end(walk.lessons[0].items[1], card)


def test_leaving_a_part_out_counts_as_done(walk, question):
    scenario = walk.lessons[0].items[1]
    walk.leave_out(question, scenario)
    assert walk.round.required_done == 2
    assert walk.state(question).skipped


def test_what_was_left_out_can_be_done_later_and_counts_once(walk, question):
    walk.leave_out(question)
    walk.answer(question, "option-b")
    assert not walk.state(question).skipped
    assert walk.round.required_done == 1


def test_leaving_out_everything_at_once_is_not_a_part(walk):
    with pytest.raises(operations.UnknownItem):
        operations.leave_out(
            learner=walk.person,
            course=walk.course.identity,
            items=[uuid4() for _ in range(31)],
            client_id=uuid4(),
            now=BEFORE,
        )


def test_the_place_in_view_is_remembered_and_done_is_not_claimed(walk, now):
    walk.keep_place(walk.lessons[1], "part-3", share=40, now=now)
    where = (walk.round.last_lesson, walk.round.last_place, walk.round.last_share)
    assert where == (walk.lessons[1].id, "part-3", 40)
    assert walk.state(walk.lessons[1]).done_at is None
    assert walk.round.required_done == 0


def test_optional_things_are_kept_and_not_counted(now):
    optional = question_item(required=False)
    walk = Walk(lesson_of(optional))
    walk.answer(optional, "option-a")
    assert walk.state(optional).done_at
    assert (walk.round.required_done, walk.round.required_total) == (0, 1)


@pytest.fixture
def heard():
    """What the rooms above are told."""
    news = []

    def listen(sender, **said):
        news.append((said["round_id"], said["now"], connection.in_atomic_block))

    course_completed.connect(listen)
    yield news
    course_completed.disconnect(listen)


def test_finishing_is_an_event_with_a_date_and_a_version(heard, now):
    walk = Walk(lesson_of(), lesson_of(number=2))
    walk.read(walk.lessons[0])
    assert walk.round.completed_at is None
    walk.read(walk.lessons[1], now=now)
    assert (walk.round.completed_at, walk.round.completed_version) == (now, walk.course.latest)
    assert Enrolment.objects.owned_by(walk.person).get().state == "completed"
    changes = EnrolmentChange.objects.owned_by(walk.person).order_by("pk").values_list("before", "after", "at")
    assert list(changes) == [("", "active", BEFORE), ("active", "completed", now)]
    assert heard == [(walk.round.pk, now, True)]


def test_a_course_is_finished_once_whatever_is_done_after(heard, now):
    walk = Walk(lesson_of(question_item()))
    for _ in range(3):
        walk.read(walk.lessons[0], now=now)
        walk.answer(walk.lessons[0].items[0], "option-a", now=now)
        now += timedelta(days=1)
    assert len(heard) == 1
    assert walk.round.completed_at == now - timedelta(days=3)
    assert walk.round.required_done == walk.round.required_total == 2


def test_if_the_certificate_cannot_be_made_nothing_is_finished(now):
    walk = Walk(lesson_of())

    def refuse(sender, **said):
        raise RuntimeError("no paper")

    course_completed.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            walk.read(walk.lessons[0], now=now)
    finally:
        course_completed.disconnect(refuse)
    assert walk.round.completed_at is None
    assert walk.round.required_done == 0
    assert not walk.events.exists()


def test_a_course_that_requires_nothing_never_finishes_by_itself(heard):
    hard = lesson_of(question_item())
    outline = outline_of(module_of(hard, skippable=True))
    course, person = course_of(outline), PersonFactory()
    operations.enrol(person=person, course=course, now=BEFORE)
    operations.read_lesson(learner=person, course=course.identity, lesson=hard.id, client_id=uuid4(), now=BEFORE)
    assert heard == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_order_and_any_repeats_of_what_was_done_come_to_the_same(data):
    question, scenario = question_item(), scenario_item()
    walks = [Walk(lesson_of(question, scenario, number=1)) for _ in range(1)]
    lesson = walks[0].lessons[0]
    deeds = [
        lambda walk, at: walk.read(lesson, now=at),
        lambda walk, at: walk.answer(question, "option-a", now=at),
        lambda walk, at: walk.answer(question, "option-b", now=at),
        lambda walk, at: walk.leave_out(question, scenario, now=at),
        lambda walk, at: walk.end(scenario, "calm", now=at),
        lambda walk, at: walk.keep_place(lesson, "part-1", now=at),
    ]
    timed = [(deed, BEFORE + timedelta(minutes=n)) for n, deed in enumerate(deeds)]
    outcomes = set()
    for order in (timed, data.draw(st.permutations(timed + timed))):
        walk = walks[0]
        walk.person = PersonFactory()
        operations.enrol(person=walk.person, course=walk.course, now=BEFORE)
        for deed, at in order:
            deed(walk, at)
        kept = ("item", "opened_at", "done_at", "skipped", "best_score", "latest", "latest_at")
        states = ItemState.objects.owned_by(walk.person).order_by("item").values_list(*kept)
        outcomes.add((walk.round.required_done, walk.round.required_total, tuple(states)))
    assert len(outcomes) == 1


def queries_of(captured):
    """The statements themselves; what only begins and ends a transaction is not one."""
    return [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]


@pytest.mark.parametrize("lessons", [20, 200])
def test_a_save_costs_the_same_however_long_the_course(lessons, django_assert_max_num_queries):
    outline = plain_outline(lessons=lessons)
    course, person = course_of(outline), PersonFactory()
    operations.enrol(person=person, course=course, now=BEFORE)
    item = outline.modules[0].lessons[5].items[0]
    with django_assert_max_num_queries(20) as captured:
        operations.answer_question(
            learner=person, course=course.identity, item=item.id, chosen=["option-b"], client_id=uuid4(), now=BEFORE
        )
    assert len(queries_of(captured)) == 5
    assert not any('"outline"' in sql for sql in queries_of(captured))


@pytest.mark.parametrize("lessons", [20, 200])
def test_the_save_that_finishes_costs_the_same_however_long_the_course(lessons, django_assert_max_num_queries):
    outline = plain_outline(lessons=lessons, questions=0)
    course, person = course_of(outline), PersonFactory()
    operations.enrol(person=person, course=course, now=BEFORE)
    *before, last = outline.modules[0].lessons
    who = {"learner": person, "course": course.identity, "client_id": uuid4(), "now": BEFORE}
    for lesson in before:
        operations.read_lesson(lesson=lesson.id, **who)
    with django_assert_max_num_queries(20) as captured:
        operations.read_lesson(lesson=last.id, **who)
    assert Round.objects.owned_by(person).get().completed_at
    own = [sql for sql in queries_of(captured) if '"courses_' in sql]
    assert len(own) == 8  # three more than any save: the round, the enrolment and its history
