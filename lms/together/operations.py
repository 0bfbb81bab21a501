"""Saying that both are here, and the other's own word on it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models.fields.json import KeyTransform

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.courses.models import Course
from lms.courses.operations.side_by_side import read_beside, watched_in
from lms.partners.access import hold_link
from lms.partners.models import PartnerLink
from lms.together import rules
from lms.together.models import BothHere


class NothingWaits(DomainError):
    code = "together.nothing_waits"
    message = "That isn't waiting any more."


def say_both_here(*, person: User, course: UUID, lesson: UUID, client_id: UUID, now: datetime) -> tuple[bool, bool]:
    """Keep that ``person`` has read a lesson, and let their partner say the same for themself.

    Return whether that finished the course, and whether there is a partner to say so. Whether the partner is on the
    course, has read the lesson or has answered before makes no difference to what is returned.
    Raises what ``read_beside`` raises, and then nothing has changed.
    """
    with transaction.atomic():
        link = hold_link(person)
        first = BothHere.objects.owned_by(person).unanswered().filter(course__identity=course, lesson=lesson).first()
        watched = first.watched if first else []
        finished = read_beside(
            learner=person, course=course, lesson=lesson, watched=watched, client_id=client_id, now=now
        )
        if first:  # the partner has said the same: then this is the answer
            _answered(person, first, now)
        elif link:
            _pass_on(link, course, lesson, now)
    return finished, link is not None


def _pass_on(link: PartnerLink, course: UUID, lesson: UUID, now: datetime) -> None:
    """Let the partner answer, unless they were asked about this lesson lately."""
    mine = BothHere.objects.unscoped(because="what the person said themself").filter(link=link, lesson=lesson)
    known = mine.first()
    if known is not None and not rules.may_ask_again(known.answered_at, now=now):
        return
    said = Course.objects.annotate(says=KeyTransform(str(lesson), "latest__items")).only("pk").get(identity=course)
    fresh = {
        "course": said,
        "lesson_title": said.says["title"],
        "watched": watched_in(learner=link.person, course=course, lesson=lesson),
        "said_at": now,
        "answered_at": None,
    }
    BothHere.objects.unscoped(because="what the person says themself").update_or_create(
        link=link, lesson=lesson, defaults=fresh
    )


def say_yes(*, person: User, mark: UUID, now: datetime) -> bool:
    """Keep that ``person`` was there too, and say whether that finished the course.

    Raises NothingWaits, NotLearning (they have to be on the course themselves) or UnknownItem (the lesson is gone).
    """
    with transaction.atomic():
        held = _held(person, mark)
        finished = read_beside(
            learner=person,
            course=held.course.identity,
            lesson=held.lesson,
            watched=held.watched,
            client_id=held.uuid,
            now=now,
        )
        _answered(person, held, now)
    return finished


def say_no(*, person: User, mark: UUID, now: datetime) -> None:
    """Take a lesson off the list. Nothing is kept of it for ``person``, and who said it is not told."""
    with transaction.atomic():
        _answered(person, _held(person, mark), now)


def _held(person: User, mark: UUID) -> BothHere:
    hold_link(person)
    waiting = BothHere.objects.owned_by(person).unanswered().filter(uuid=mark)
    held: BothHere | None = waiting.select_related("course").first()
    if held is None:
        raise NothingWaits(mark=mark)
    return held


def _answered(person: User, held: BothHere, now: datetime) -> None:
    BothHere.objects.owned_by(person).filter(pk=held.pk).update(answered_at=now)


def course_of(*, person: User, mark: UUID) -> Course:
    """The course of a lesson that waits for ``person``. Raises NothingWaits."""
    found = BothHere.objects.owned_by(person).filter(uuid=mark).select_related("course").first()
    if found is None:
        raise NothingWaits(mark=mark)
    course: Course = found.course
    return course


def forget_old(*, now: datetime) -> int:
    """Delete what has waited too long, or was answered so long ago; return how many."""
    rows = BothHere.objects.unscoped(because="by the clock").filter(said_at__lt=now - rules.WAITS)
    return int(rows.delete()[0])
