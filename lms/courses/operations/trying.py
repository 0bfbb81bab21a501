"""Tries at a bank of questions: begun, saved as they go, handed in. The best is kept, and passing is what counts."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random, SystemRandom
from typing import Any
from uuid import UUID

from django.db import transaction

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.courses import rules
from lms.courses.models import EventKind, Try
from lms.courses.operations.recording import NotAChoice
from lms.courses.operations.sitting import Deed, Desk, UnknownItem, place_of, record, require, sit_down

Answers = Mapping[str, Sequence[str]]
KIND = "bank"


class NoTryLeft(DomainError):
    code = "courses.no_try_left"
    message = "You've used all the tries there are for this check. Your trainer can give you another."


class TimeIsUp(DomainError):
    code = "courses.time_is_up"
    message = "The time for this try is up. What you'd answered by then is kept: hand it in when you're ready."


class QuestionsGone(DomainError):
    code = "courses.questions_gone"
    message = "These questions have been replaced since you began. Begin again: this try doesn't count."


class Unanswered(DomainError):
    code = "courses.unanswered"
    message = "Some questions have no answer yet. Your answers are saved: answer the rest, or hand them in as they are."


def begin_try(*, learner: User, course: UUID, item: UUID, now: datetime, luck: Random | None = None) -> int:
    """Draw questions for a try and return its number; with one under way already, that one's.

    luck: what draws. Raises NoTryLeft, NotLearning, UnknownItem or NotOpenYet. What was begun may always be ended.
    """
    with transaction.atomic():
        desk, bank = _at_bank(learner, course, item, was_open=False)
        tries = list(_tries(desk, item).order_by("number").values_list("number", "handed_in_at"))
        if tries and tries[-1][1] is None:
            return int(tries[-1][0])
        allowed = bank["attempts"] and bank["attempts"] + desk.round.enrolment.extra_tries
        if allowed and len(tries) >= allowed:
            raise NoTryLeft(item=item)
        number = len(tries) + 1
        extra = desk.round.enrolment.extra_time
        Try.objects.create(
            round=desk.round,
            item=item,
            number=number,
            drawn=rules.draw(list(bank["questions"]), show=bank["show"], luck=luck or SystemRandom()),
            begun_at=now,
            ends_at=rules.ends_at(now, minutes=bank["minutes"], extra=extra),
        )
    return number


def _at_bank(learner: User, course: UUID, item: UUID, *, was_open: bool = True) -> tuple[Desk, dict[str, Any]]:
    desk = sit_down(learner, course=course, items=[item], was_open=was_open)
    require(desk, item, kind=KIND)
    return desk, desk.asked[item].key or {}


def _tries(desk: Desk, item: UUID) -> Any:
    return Try.objects.unscoped(because="the round was read as the learner's own").filter(round=desk.round, item=item)


def save_try(
    *,
    learner: User,
    course: UUID,
    item: UUID,
    number: int,
    answers: Answers,
    now: datetime,
    written_at: datetime | None = None,
) -> None:
    """Keep the answers of a try under way as they are; of one handed in, nothing changes.

    now: when we hear of them, which is what a limit of time goes by. written_at: when they were given, if that was
    before; what was written down here since stays. Raises TimeIsUp, NotAChoice, NotLearning or UnknownItem, and then
    nothing has changed.
    """
    with transaction.atomic():
        desk, bank = _at_bank(learner, course, item)
        one = _one(desk, item, number)
        if one.handed_in_at is None:
            if rules.is_over(one.ends_at, now):
                raise TimeIsUp(item=item)
            _keep(one, bank, answers, at=written_at or now)


def _one(desk: Desk, item: UUID, number: int) -> Try:
    found: Try | None = _tries(desk, item).filter(number=number).first()
    if found is None:
        raise UnknownItem(item=item)
    return found


def _keep(one: Try, bank: dict[str, Any], answers: Answers, *, at: datetime) -> None:
    kept = {question: list(chosen) for question, chosen in answers.items() if chosen and question in bank["questions"]}
    for question, chosen in kept.items():
        try:
            rules.check_answer(bank["questions"][question], chosen)
        except rules.NotAnOption:
            raise NotAChoice from None
    if not answers.keys() <= set(one.drawn):
        raise NotAChoice
    before, latest = answers_of(one), max(at, one.answers_at or at)
    if at < latest:
        kept = {**kept, **before}
    else:  # a page that does not know of a choice takes none away: nothing can be unchosen there
        kept = {**{id_: chosen for id_, chosen in before.items() if _stays(bank, id_)}, **kept}
    one.answers, one.answers_at = json.dumps(kept), latest
    one.save(update_fields=["answers", "answers_at"])


def _stays(bank: dict[str, Any], question: str) -> bool:
    """Whether a form cannot say that the answer to a question was taken back."""
    return question in bank["questions"] and bank["questions"][question]["kind"] not in rules.TAKEN_BACK


def hand_in(
    *,
    learner: User,
    course: UUID,
    item: UUID,
    number: int,
    answers: Answers,
    as_it_is: bool,
    client_id: UUID,
    now: datetime,
) -> None:
    """Mark a try and keep what it came to; passing does the item. Handed in twice, it is marked once.

    as_it_is: also with questions that have no answer. When the time is up, what was saved in time is marked.
    Raises Unanswered when the answers are kept and nothing else, QuestionsGone when none of the questions is there
    any more and the try is dropped, NotAChoice, NotLearning or UnknownItem.
    """
    with transaction.atomic():
        desk, bank = _at_bank(learner, course, item)
        one = _one(desk, item, number)
        if one.handed_in_at is not None:
            return
        is_over = rules.is_over(one.ends_at, now)
        if not is_over:
            _keep(one, bank, answers, at=now)
        refusal = _refusal(one, bank, as_it_is=as_it_is or is_over)
        if refusal is QuestionsGone:
            one.delete()
        elif refusal is None:
            _mark(desk, one, bank, client_id=client_id, now=now)
    if refusal:
        raise refusal(item=item)


def _refusal(one: Try, bank: dict[str, Any], *, as_it_is: bool) -> type[DomainError] | None:
    asked = [question for question in one.drawn if question in bank["questions"]]
    if not asked:
        return QuestionsGone
    missing = set(asked) - answers_of(one).keys()
    return Unanswered if missing and not as_it_is else None


def answers_of(one: Try) -> dict[str, list[str]]:
    """Return the answers of a try as they were saved last, by question."""
    return dict(json.loads(one.answers)) if one.answers else {}


def _mark(desk: Desk, one: Try, bank: dict[str, Any], *, client_id: UUID, now: datetime) -> None:
    result = rules.mark(bank["questions"], one.drawn, answers_of(one))
    one.asked, one.right, one.passed = result.asked, result.right, result.passes(bank["pass_mark"])
    one.handed_in_at, one.marked_with_id = now, desk.latest_id
    one.save(update_fields=["asked", "right", "passed", "handed_in_at", "marked_with"])
    kind = EventKind.PASSED if one.passed else EventKind.TRIED
    deed = Deed(one.item, kind, client_id, score=result.score, answer=json.dumps({"try": one.number}))
    record(desk, [deed], now=now, place=place_of(one.item))
