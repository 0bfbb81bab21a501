"""Walking demo people through courses, with the operations that real people use."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from lms.accounts.models import User
from lms.courses import operations
from lms.courses.models import Course, CourseVersion, Enrolment, EnrolmentChange, EnrolmentState

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
        if item["kind"] == "question":
            chosen = keys[item["id"]]["right"]
            chosen = chosen if keys[item["id"]]["kind"] in {"multiple", "order"} else chosen[:1]
            operations.answer_question(
                learner=person,
                course=course.identity,
                item=UUID(item["id"]),
                chosen=chosen,
                client_id=_fact(person, item["id"]),
                now=now,
            )
    lesson_id = UUID(lesson["id"])
    fact = _fact(person, lesson["id"])
    operations.read_lesson(learner=person, course=course.identity, lesson=lesson_id, client_id=fact, now=now)


def _fact(person: User, item: str) -> UUID:
    """The same for the same person and item, so that loading twice counts once."""
    return uuid5(UUID(item), person.email)
