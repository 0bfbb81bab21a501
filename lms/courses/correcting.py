"""Marking anew what was answered before a key was put right. Marks only go up, and what was passed stays passed."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.db.models.fields.json import KeyTransform

from lms.courses import counting, rules
from lms.courses.models import Corrected, CourseVersion, EventKind, ItemState, PublishingChoice, Round, Try

ALL = "a corrected key concerns everybody who answered"


def answered(*, item: str, of_bank: bool, after: int, most: int) -> list[int]:
    """Return the keys of the rows that hold answers to an item, in order: tries at a bank, or states of a question."""
    states = ItemState.objects.unscoped(because=ALL).exclude(latest_at=None)
    tries = Try.objects.unscoped(because=ALL).exclude(handed_in_at=None)
    rows = (tries if of_bank else states).filter(item=item, pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:most])


# --- Questions by themselves ----------------------------------------------------------------------------------------


def correct_question(version: CourseVersion, *, item: str, how: str, states: Sequence[int], now: datetime) -> int:
    """Give each of these answers to a question what it is worth by the keys of ``version``; return how many went up.

    Where they count towards a pass mark, their rounds are counted anew.
    """
    key = version.keys.get(item)
    if key is None or how == Corrected.KEEP:
        return 0
    rows = ItemState.objects.unscoped(because=ALL).filter(pk__in=states)
    by_worth: defaultdict[int, list[ItemState]] = defaultdict(list)
    for state in rows:
        worth = rules.FULL_MARKS if how == Corrected.GIVE else _worth(key, json.loads(state.latest or "[]"))
        if worth is not None and worth > (state.best_score or 0):
            by_worth[worth].append(state)
    raised = sum(_raise(worth, better) for worth, better in by_worth.items())
    _count_anew({state.round_id for better in by_worth.values() for state in better}, now)
    return raised


def _raise(worth: int, states: Sequence[ItemState]) -> int:
    """Put a better mark on states; who has answered better still meanwhile keeps theirs."""
    rows = ItemState.objects.unscoped(because=ALL).filter(pk__in=[state.pk for state in states])
    return rows.filter(Q(best_score=None) | Q(best_score__lt=worth)).update(best_score=worth)


def _count_anew(rounds: set[int], now: datetime) -> None:
    marked = Round.objects.unscoped(because=ALL).unfinished().filter(pk__in=rounds, finish=rules.MARK)
    for pk in marked.values_list("pk", flat=True):
        counting.count_alone(pk, now=now)


def _worth(key: Mapping[str, Any], answer: list[str]) -> int | None:
    try:
        return rules.score(key, answer)
    except rules.NotAnOption:
        return None  # an option of it has been taken out since


# --- Questions of a bank --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Correction:
    """A question of a bank that was put right. number: of the version that did it."""

    number: int
    question: str
    how: str
    key: Mapping[str, Any]


def correct_tries(
    version: CourseVersion, *, item: str, question: str, how: str, tries: Sequence[int], now: datetime
) -> int:
    """Mark those of these tries anew in which a question was drawn that was put right; return how many went up.

    Each is marked with all that was put right in the bank since it was handed in: what one correction brought, the
    next one does not take.
    """
    key = version.keys.get(item)
    if key is None or question not in key["questions"] or how == Corrected.KEEP:
        return 0
    this = Correction(version.number, question, how, key["questions"][question])
    corrections = [this, *_corrections(version, item)]
    rows = Try.objects.unscoped(because=ALL).filter(pk__in=tries).values_list("pk", "drawn")
    drawn = [pk for pk, ids in rows if question in ids]
    return sum(_mark_again(pk, version, key, question, corrections, now) for pk in drawn)


def _corrections(version: CourseVersion, item: str) -> list[Correction]:
    """All that was put right in a bank, in any version."""
    choices = PublishingChoice.objects.filter(course=version.course_id).exclude(version=None)
    made = [(of, one) for of, many in choices.values_list("version_id", "corrected") for one in many]
    made = [(of, one) for of, one in made if one["item"] == item and one["question"] and one["how"] != Corrected.KEEP]
    versions = CourseVersion.objects.filter(pk__in={of for of, _ in made}).annotate(key=KeyTransform(item, "keys"))
    said = {pk: (number, key) for pk, number, key in versions.values_list("pk", "number", "key")}
    return [
        Correction(said[of][0], one["question"], one["how"], said[of][1]["questions"][one["question"]])
        for of, one in made
    ]


def _mark_again(
    pk: int,
    version: CourseVersion,
    key: Mapping[str, Any],
    question: str,
    corrections: Sequence[Correction],
    now: datetime,
) -> bool:
    with transaction.atomic():
        tries = Try.objects.unscoped(because=ALL).select_related("round__enrolment__course", "marked_with")
        one = tries.select_for_update(of=("self",)).get(pk=pk)
        result = _result(one, corrections)
        if result.right <= one.right:
            return False
        was_passed, one.right, one.asked = one.passed, result.right, max(one.asked, result.asked)
        one.passed = was_passed or result.passes(key["pass_mark"])
        one.save(update_fields=["right", "asked", "passed"])
        if one.passed and not was_passed:
            fact = uuid5(UUID(int=one.pk), f"{version.pk}:{question}")
            kind = EventKind.PASSED
            counting.add_fact(one.round, item=one.item, kind=kind, fact=fact, score=result.score, now=now)
    return True


def _result(one: Try, corrections: Sequence[Correction]) -> rules.Result:
    """Mark a try with the keys it was marked with, or with any that came since where that is better for it."""
    before = dict(one.marked_with.keys[str(one.item)]["questions"]) if one.marked_with else {}
    since = [made for made in corrections if one.marked_with is None or made.number > one.marked_with.number]
    also: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for made in since:
        if made.how == Corrected.MARK_AGAIN:
            also[made.question].append(made.key)
    return rules.mark(
        {**{made.question: made.key for made in since}, **before},
        one.drawn,
        json.loads(one.answers or "{}"),
        given={made.question for made in since if made.how == Corrected.GIVE},
        also=also,
    )
