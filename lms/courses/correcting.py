"""Marking anew what was answered before a key was put right. Marks only go up, and what was passed stays passed."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from lms.courses import counting, rules
from lms.courses.models import Corrected, CourseVersion, EventKind, ItemState, Round, Try

ALL = "a corrected key concerns everybody who answered"
AT_ONCE = 200


def correct_question(version: CourseVersion, *, item: str, how: str, now: datetime) -> int:
    """Give each answer to a question what it is worth by the keys of ``version``; return how many went up.

    Where they count towards a pass mark, their rounds are counted anew.
    """
    key = version.keys.get(item)
    if key is None or how == Corrected.KEEP:
        return 0
    states = ItemState.objects.unscoped(because=ALL).filter(item=item).exclude(latest_at=None)
    raised = [state for state in states.iterator(chunk_size=AT_ONCE) if _raise(state, key, how)]
    ItemState.objects.unscoped(because=ALL).bulk_update(raised, ["best_score"], batch_size=AT_ONCE)
    _count_anew({state.round_id for state in raised}, now)
    return len(raised)


def _count_anew(rounds: set[int], now: datetime) -> None:
    marked = Round.objects.unscoped(because=ALL).unfinished().filter(pk__in=rounds, finish=rules.MARK)
    for pk in marked.values_list("pk", flat=True):
        counting.count_alone(pk, now=now)


def _raise(state: ItemState, key: Mapping[str, Any], how: str) -> bool:
    """Put a better mark on a state, unsaved; say whether there was one."""
    worth = rules.FULL_MARKS if how == Corrected.GIVE else _worth(key, json.loads(state.latest or "[]"))
    if worth is None or worth <= (state.best_score or 0):
        return False
    state.best_score = worth
    return True


def _worth(key: Mapping[str, Any], answer: list[str]) -> int | None:
    try:
        return rules.score(key, answer)
    except rules.NotAnOption:
        return None  # an option of it has been taken out since


def correct_tries(version: CourseVersion, *, item: str, question: str, how: str, now: datetime) -> int:
    """Mark the tries in which a question of a bank was drawn by its new key; return how many went up."""
    key = version.keys.get(item)
    if key is None or question not in key["questions"] or how == Corrected.KEEP:
        return 0
    tries = Try.objects.unscoped(because=ALL).filter(item=item).exclude(handed_in_at=None)
    drawn = [pk for pk, ids in tries.values_list("pk", "drawn") if question in ids]
    return sum(_mark_again(pk, version, key, question, how, now) for pk in drawn)


def _mark_again(
    pk: int, version: CourseVersion, key: Mapping[str, Any], question: str, how: str, now: datetime
) -> bool:
    with transaction.atomic():
        tries = Try.objects.unscoped(because=ALL).select_related("round__enrolment__course", "marked_with")
        one = tries.select_for_update(of=("self",)).get(pk=pk)
        before = dict(one.marked_with.keys[str(one.item)]["questions"]) if one.marked_with else {}
        result = rules.mark(
            {**before, question: key["questions"][question]},
            one.drawn,
            json.loads(one.answers or "{}"),
            given=frozenset({question} if how == Corrected.GIVE else ()),
        )
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
