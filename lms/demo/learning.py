"""Walking demo people through courses, with the operations that real people use."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from lms.accounts.models import User
from lms.courses import operations, rules
from lms.courses.models import Course, CourseVersion, Enrolment, EnrolmentChange, EnrolmentState, Try

BETWEEN_LESSONS = timedelta(minutes=12)


def invite(person: User, course: Course, *, now: datetime) -> None:
    """Invite a person to a course that is by invitation."""
    enrolment, is_new = Enrolment.objects.owned_by(person).get_or_create(
        person=person, course=course, defaults={"state": EnrolmentState.INVITED, "created_at": now}
    )
    if is_new:
        EnrolmentChange.objects.create(enrolment=enrolment, after=EnrolmentState.INVITED, at=now)


def walk(person: User, course: Course, *, lessons: int | None, now: datetime) -> None:
    """Enrol, and read the first ``lessons`` lessons (all, if None), answering each question on the way."""
    operations.enrol(person=person, course=course, now=now)
    version = CourseVersion.objects.get(latest_of=course)
    every = [lesson for module in version.outline["modules"] for lesson in module["lessons"]]
    for lesson in every[:lessons]:
        now += BETWEEN_LESSONS
        _lesson(person, course, lesson, version.keys, now)


def _lesson(person: User, course: Course, lesson: dict[str, Any], keys: dict[str, Any], now: datetime) -> None:
    for item in lesson["items"]:
        who: dict[str, Any] = {"learner": person, "course": course.identity, "item": UUID(item["id"]), "now": now}
        if item["kind"] == "question":
            chosen = _right(keys[item["id"]])
            operations.answer_question(chosen=chosen, client_id=_fact(person, item["id"]), **who)
        elif item["kind"] in {"video", "audio"}:
            operations.read_transcript(client_id=_fact(person, item["id"]), **who)
        elif item["kind"] == "bank":
            _pass(keys[item["id"]], client_id=_fact(person, item["id"]), **who)
    lesson_id = UUID(lesson["id"])
    fact = _fact(person, lesson["id"])
    operations.read_lesson(learner=person, course=course.identity, lesson=lesson_id, client_id=fact, now=now)


def _right(key: dict[str, Any]) -> list[str]:
    """An answer that is right; to what is neither right nor not, any answer."""
    if key["kind"] == "text":
        return ["I'd begin with the feeling."]
    if key["kind"] == "match":
        return [f"{option}={half}" for option, half in rules.halves(key).items()]
    return list(key["right"] if key["kind"] in {"multiple", "order"} else key["right"][:1] or key["options"][-1:])


def _pass(key: dict[str, Any], *, client_id: UUID, **who: Any) -> None:
    """Take a check and pass it; whoever has passed it has nothing left to do."""
    tries = Try.objects.owned_by(who["learner"]).filter(item=who["item"])
    if tries.filter(passed=True).exists():
        return
    number = operations.begin_try(**who)
    drawn = tries.get(number=number).drawn
    answers = {question: _in_a_check(key["questions"][question]) for question in drawn}
    operations.hand_in(number=number, answers=answers, as_it_is=False, client_id=client_id, **who)


def _in_a_check(key: dict[str, Any]) -> list[str]:
    right = _right(key)
    return [f"{option}={place}" for place, option in enumerate(right, start=1)] if key["kind"] == "order" else right


def _fact(person: User, item: str) -> UUID:
    """The same for the same person and item, so that loading twice counts once."""
    return uuid5(UUID(item), person.email)
