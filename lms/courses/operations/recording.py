"""What a learner does: facts go in, and only add up. Every save is one transaction and holds the round's own row."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.common.html import CONTROLS
from lms.courses import rules
from lms.courses.models import EventKind
from lms.courses.operations.sitting import Deed, UnknownItem, place_of, record, require, sit_down

MOST_AT_ONCE = 30  # items in one content notice
NEVER_LEFT_OUT = frozenset({"bank", "workshop"})  # they stand in no notice


class NotAChoice(DomainError):
    code = "courses.not_a_choice"
    message = "That answer isn't one of the choices. Have another look at the question."


class AnswerTooLong(DomainError):
    code = "courses.answer_too_long"
    message = f"That's more than fits here ({rules.LONGEST_ANSWER:,} characters). Your words are still there."


class NothingChosen(DomainError):
    code = "courses.nothing_chosen"
    message = "Choose an answer first."


def read_lesson(*, learner: User, course: UUID, lesson: UUID, client_id: UUID, now: datetime) -> bool:
    """Keep that the learner has read a lesson to its end; say whether that finished the course.

    Raises NotLearning, UnknownItem.
    """
    with transaction.atomic():
        desk = sit_down(learner, course=course, items=[lesson])
        require(desk, lesson, kind="lesson")
        return record(desk, [Deed(lesson, EventKind.READ, client_id)], now=now, place="")


def answer_question(
    *, learner: User, course: UUID, item: UUID, chosen: Sequence[str], client_id: UUID, now: datetime
) -> int | None:
    """Keep an answer and return its score in hundredths, if it has any; whatever was answered, the question is done.

    chosen: option ids, for an ``order`` question all of them in the order given; ``option=half`` for each option of
    a ``match`` question; a ``text`` as it was typed.
    Raises NothingChosen, NotAChoice, AnswerTooLong, NotLearning or UnknownItem, and then nothing has changed.
    """
    if not chosen:
        raise NothingChosen(item=item)
    if max(map(len, chosen)) > rules.LONGEST_ANSWER:
        raise AnswerTooLong(item=item)
    with transaction.atomic():
        desk = sit_down(learner, course=course, items=[item])
        require(desk, item, kind="question")
        try:
            score = rules.score(desk.asked[item].key or {}, chosen)
        except rules.NotAnOption:
            raise NotAChoice(item=item) from None
        answer = json.dumps([CONTROLS.sub("", one) for one in chosen])
        deed = Deed(item, EventKind.ANSWERED, client_id, score=score, answer=answer)
        record(desk, [deed], now=now, place=place_of(item))
    return score


def end_scenario(*, learner: User, course: UUID, item: UUID, card: str, client_id: UUID, now: datetime) -> None:
    """Keep which ending of a scenario the learner came to. Raises NotAChoice, NotLearning, UnknownItem."""
    with transaction.atomic():
        desk = sit_down(learner, course=course, items=[item])
        require(desk, item, kind="scenario")
        if card not in (desk.asked[item].key or {}).get("endings", ()):
            raise NotAChoice(item=item)
        deed = Deed(item, EventKind.FINISHED, client_id, answer=json.dumps(card))
        record(desk, [deed], now=now, place=place_of(item))


def leave_out(*, learner: User, course: UUID, items: Sequence[UUID], client_id: UUID, now: datetime) -> None:
    """Leave a part out for now: everything in it counts as done. Raises NotLearning, UnknownItem."""
    chosen = list(dict.fromkeys(items))
    if not chosen or len(chosen) > MOST_AT_ONCE:
        raise UnknownItem
    with transaction.atomic():
        desk = sit_down(learner, course=course, items=chosen)
        if any(desk.asked[item].latest["kind"] in NEVER_LEFT_OUT for item in chosen):
            raise UnknownItem
        deeds = [Deed(item, EventKind.SKIPPED, client_id) for item in chosen]
        record(desk, deeds, now=now, place=place_of(chosen[-1]))


def keep_place(
    *, learner: User, course: UUID, lesson: UUID, place: str, share: int, client_id: UUID, now: datetime
) -> None:
    """Remember where the learner is, to carry on from there, and that the lesson was opened.

    place: the anchor of the part in view, at most 80 characters. share: hundredths of the lesson that lie before it.
    Raises NotLearning, UnknownItem.
    """
    with transaction.atomic():
        desk = sit_down(learner, course=course, items=[lesson])
        require(desk, lesson, kind="lesson")
        deed = Deed(lesson, EventKind.OPENED, client_id)
        record(desk, [deed], now=now, place=place[:80], share=min(max(share, 0), 100))
