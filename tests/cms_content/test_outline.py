"""What a course asks, read from its live pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.models import LessonPage, ModulePage
from cms.outline import read_course
from tests.factories.cms import CoursePageFactory, LessonPageFactory, ModulePageFactory, SiteTree, question

pytestmark = pytest.mark.django_db


def block(kind, number, **value):
    return {
        "type": kind,
        "id": f"6f3d0c1e-9d3f-4c86-a7a7-{number:012d}",
        "value": {"key": "", "item_id": None, **value},
    }


def scenario():
    way = {"type": "item", "id": "w", "value": {"words": "Wait", "to": "end"}}
    car = {"name": "car", "text": "<p>Late.</p>", "choices": [way]}
    end = {"name": "end", "text": "<p>Home.</p>", "choices": []}
    cards = [{"type": "item", "id": str(n), "value": card} for n, card in enumerate((car, end))]
    return block("scenario", 3, title="In the car", start="car", cards=cards)


def notice(*inner):
    value = {"about": "a fight", "minutes": 1, "short": "<p>A fight.</p>", "body": list(inner)}
    return {"type": "notice", "id": "6f3d0c1e-9d3f-4c86-a7a7-000000000009", "value": value}


BOXES = [{"type": "item", "id": "b1", "value": "Who I ring:"}, {"type": "item", "id": "b2", "value": "When:"}]
EVERYTHING = [
    {"type": "text", "id": "t", "value": "<p>Words.</p>"},
    question("A1"),
    block("reflection", 1, prompt="What would you like your child to see?"),
    notice(question("A2"), block("action_plan", 2, title="My plan", boxes=BOXES)),
    scenario(),
]


@pytest.fixture
def course():
    return SiteTree().course(title="Telling the story", body=EVERYTHING)


def items_of(course):
    return [item for module in read_course(course).modules for lesson in module.lessons for item in lesson.items]


def test_items_come_in_reading_order_those_inside_notices_too(course):
    assert [item.kind for item in items_of(course)] == ["question", "reflection", "question", "plan", "scenario"]


def test_only_questions_are_asked_for(course):
    assert [item.required for item in items_of(course)] == [True, False, True, False, False]


def test_nothing_in_a_module_that_may_be_left_out_is_asked_for(course):
    ModulePage.objects.update(skippable=True)
    assert not any(item.required for item in items_of(course))


def test_a_question_carries_what_only_the_server_may_know(course):
    answer = items_of(course)[0].answer
    assert answer["options"] == ["A1-yes", "A1-no"]
    assert answer["right"] == ["A1-yes"]
    assert answer["feedback"] == {"A1-yes": "It opens a door.", "A1-no": "Often kindly meant."}


def test_an_order_question_is_right_in_the_order_it_was_written():
    steps = [{"type": "item", "id": n, "value": {"text": n, "right": False, "feedback": ""}} for n in "abc"]
    words = {"when_right": "That helps most.", "otherwise": "Try the feeling first."}
    course = SiteTree().course(body=[question(kind="order", options=steps, **words)])
    answer = items_of(course)[0].answer
    assert answer == {
        "kind": "order",
        "right": ["a", "b", "c"],
        "options": ["a", "b", "c"],
        "feedback": {},
        "words": {"a": "a", "b": "b", "c": "c"},
        **words,
    }


def test_scenarios_know_their_endings_and_plans_their_boxes(course):
    answers = {item.kind: item.answer for item in items_of(course)}
    assert answers["scenario"] == {"endings": ["end"]}
    assert answers["plan"] == {"boxes": ["Who I ring:", "When:"]}
    assert answers["reflection"] == {}


def test_titles_are_the_words_of_the_item(course):
    assert [item.title for item in items_of(course)][1:4:2] == ["What would you like your child to see?", "My plan"]


def test_a_lesson_says_where_it_is(course):
    lesson = read_course(course).modules[0].lessons[0]
    page = LessonPage.objects.get()
    assert lesson.path == page.url
    assert (lesson.id, lesson.slug, lesson.minutes) == (page.identity, page.slug, 6)


def test_what_is_not_published_is_not_there(course):
    LessonPageFactory(parent=ModulePage.objects.get(), live=False)
    LessonPageFactory(parent=ModulePageFactory(parent=course, live=False))
    assert [len(module.lessons) for module in read_course(course).modules] == [1]


def test_another_course_with_a_similar_place_in_the_tree_is_not_read(course):
    other = CoursePageFactory(parent=course.get_parent())
    assert read_course(other).modules == ()


@pytest.mark.parametrize("lessons", [20, 200])
def test_reading_costs_three_queries_however_long_the_course(lessons):
    course = SiteTree().course(lessons=lessons, body=EVERYTHING)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        outline = read_course(course)
    assert len(queries) == 3
    assert sum(len(module.lessons) for module in outline.modules) == lessons
