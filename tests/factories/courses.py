"""Courses as they are compiled, and people on them. Outlines are made by hand: no page is needed to learn from one."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from cms.outline import Item, Lesson, Module, Outline
from lms.courses import operations
from lms.courses.models import (
    Cohort,
    Course,
    CourseInvitation,
    Enrolment,
    EnrolmentState,
    ListLine,
    PeopleList,
    Reflection,
    SelfCheck,
    Try,
)
from tests.factories.accounts import PersonFactory

BEFORE = datetime(2026, 3, 1, 19, 0, tzinfo=UTC)


def question_item(**said: Any) -> Item:
    """A question with two options, the second of them right."""
    key = {
        "kind": "single",
        "options": ["option-a", "option-b"],
        "right": ["option-b"],
        "feedback": {"option-a": "Many of us were taught this.", "option-b": "That leaves the door open."},
        "otherwise": "",
    }
    item = {"id": uuid.uuid4(), "kind": "question", "title": "What could you say?", "required": True, "answer": key}
    return Item(**{**item, **said})


def text_item(**said: Any) -> Item:
    """A question that is answered in a few words of one's own."""
    key = {"kind": "text", "options": [], "right": [], "feedback": {}, "words": {}, "otherwise": "Thank you."}
    item = {"id": uuid.uuid4(), "kind": "question", "title": "What would you say?", "required": True, "answer": key}
    return Item(**{**item, **said})


def reflection_item(**said: Any) -> Item:
    item = {"id": uuid.uuid4(), "kind": "reflection", "title": "What did you notice today?", "required": False}
    return Item(**{**item, **said})


def scenario_item(**said: Any) -> Item:
    item = {
        "id": uuid.uuid4(),
        "kind": "scenario",
        "title": "Not my real mum",
        "required": True,
        "answer": {"endings": ["calm", "later"]},
    }
    return Item(**{**item, **said})


def plan_item(**said: Any) -> Item:
    item = {
        "id": uuid.uuid4(),
        "kind": "plan",
        "title": "My plan",
        "required": False,
        "answer": {"boxes": ["Who I ring", "What I put by"]},
    }
    return Item(**{**item, **said})


def bank_item(questions: int = 3, **limits: Any) -> Item:
    """A bank of questions with two options each, the second of them right; a try shows two."""
    asked = {
        f"question-{n}": {
            "kind": "single",
            "prompt": f"What is true of {n}?",
            "options": [f"{n}-a", f"{n}-b"],
            "words": {f"{n}-a": "This", f"{n}-b": "That"},
            "right": [f"{n}-b"],
            "feedback": {f"{n}-a": "Many of us think so.", f"{n}-b": "That keeps people safe."},
            "otherwise": "",
        }
        for n in range(1, questions + 1)
    }
    key = {"show": 2, "pass_mark": 80, "attempts": None, "minutes": None, "questions": asked, **limits}
    return Item(id=uuid.uuid4(), kind="bank", title="Keeping people safe", required=True, answer=key)


def tried(person: Any, *, right: bool = False) -> Try:
    """A try that ``person`` has handed in, on a course of its own; with all answers right, or with none."""
    bank = bank_item()
    course = course_of(outline_of(module_of(lesson_of(bank)), slug=f"checked-{bank.id}"))
    operations.enrol(person=person, course=course, now=BEFORE)
    who = {"learner": person, "course": course.identity, "item": bank.id, "now": BEFORE}
    number = operations.begin_try(**who)
    drawn = Try.objects.owned_by(person).get(item=bank.id).drawn
    answers = {question: bank.answer["questions"][question]["options"][1:] for question in drawn} if right else {}
    operations.hand_in(number=number, answers=answers, as_it_is=True, client_id=uuid.uuid4(), **who)
    return Try.objects.owned_by(person).select_related("round__enrolment__course").get(item=bank.id)


def lesson_of(*items: Item, number: int = 1, **said: Any) -> Lesson:
    """A lesson of six minutes."""
    lesson = {
        "id": uuid.uuid4(),
        "title": f"Lesson {number}",
        "slug": f"lesson-{number}",
        "path": f"/courses/telling/part/lesson-{number}/",
        "minutes": 6,
        "content_note": "",
        "items": items,
    }
    return Lesson(**{**lesson, **said})


def module_of(*lessons: Lesson, **said: Any) -> Module:
    module = {
        "id": uuid.uuid4(),
        "title": "The part",
        "slug": "part",
        "summary": "",
        "skippable": False,
        "lessons": lessons,
    }
    return Module(**{**module, **said})


def outline_of(*modules: Module, **said: Any) -> Outline:
    outline = {
        "id": uuid.uuid4(),
        "page_id": None,
        "slug": "telling",
        "title": "Telling their story",
        "neutral_title": "Family stories",
        "open_to": "everyone",
        "modules": modules,
    }
    return Outline(**{**outline, **said})


def plain_outline(*, lessons: int = 2, questions: int = 1, **said: Any) -> Outline:
    """A course of one module whose lessons each hold ``questions`` questions."""
    made = [lesson_of(*(question_item() for _ in range(questions)), number=n) for n in range(1, lessons + 1)]
    return outline_of(module_of(*made), **said)


def course_of(outline: Outline, *, now: datetime = BEFORE) -> Course:
    """Compile ``outline`` and return its course."""
    operations.compile_outline(outline, now=now)
    return Course.objects.get(identity=outline.id)


class EnrolmentFactory(DjangoModelFactory):
    """Somebody's place on a course, in whatever state, without a round."""

    class Meta:
        model = Enrolment

    person = factory.SubFactory(PersonFactory)
    course = factory.LazyFunction(lambda: course_of(plain_outline()))
    state = EnrolmentState.ACTIVE
    created_at = BEFORE


class CohortFactory(DjangoModelFactory):
    """A group of an agency, with as many places as people like."""

    class Meta:
        model = Cohort

    name = factory.Sequence(lambda n: f"Evenings {n}")
    created_at = BEFORE


class CourseInvitationFactory(DjangoModelFactory):
    """An invitation that nobody has answered yet."""

    class Meta:
        model = CourseInvitation

    address = factory.Sequence(lambda n: f"invited{n}.canary@example.org")
    invited_at = BEFORE
    expires_at = datetime(2099, 1, 1, tzinfo=UTC)


class PeopleListFactory(DjangoModelFactory):
    """A list of one address, which nobody has said yes to yet."""

    class Meta:
        model = PeopleList
        skip_postgeneration_save = True

    state = "ready"
    sent_at = BEFORE
    touched_at = BEFORE

    @factory.post_generation
    def with_a_line(self, create: bool, *_: Any, **__: Any) -> None:
        """The address of somebody who may come."""
        ListLine.objects.create(people=self, number=2, address=f"listed{self.pk}.canary@example.org", outcome="new")


class SelfCheckFactory(DjangoModelFactory):
    """What somebody answered for themselves."""

    class Meta:
        model = SelfCheck

    person = factory.SubFactory(PersonFactory)
    client_id = factory.LazyFunction(uuid.uuid4)
    answers = factory.Sequence(
        lambda n: json.dumps([{"key": "S1", "words": f"canary-self-check-{n}", "answer": "not-yet", "leads_to": []}])
    )
    answered_at = BEFORE


class ReflectionFactory(DjangoModelFactory):
    """A private note with a sentence that nobody else may ever see."""

    class Meta:
        model = Reflection

    person = factory.SubFactory(PersonFactory)
    item = factory.LazyFunction(uuid.uuid4)
    prompt = "What did you notice today?"
    body = factory.Sequence(lambda n: f"canary-reflection-{n} she laughed at the bus stop")
    lesson_title = "Whose story?"
    created_at = BEFORE
    updated_at = BEFORE
