"""How questions are answered, counted without people. Small numbers are not shown: they would say who."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from lms.common.scope import Scope
from lms.courses import rules
from lms.courses.models import Course, CourseVersion, Enrolment, EnrolmentState, ItemState, Round, Try

FEWEST = 5
STEP = 5  # totals are given down to the next five, so that nobody can be worked out by taking one from the other
EACH = 250  # people whose answers are counted: so many who finished, and so many who have not, the latest to join
HAVE_NOT = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.LEFT)


@dataclass(frozen=True)
class Count:
    """One option and how many chose it; None where they are too few to show."""

    words: str
    right: bool
    chosen: int | None


@dataclass(frozen=True)
class Tally:
    """One question. answered: about how many; None where they are too few to show anything."""

    prompt: str
    within: str
    answered: int | None
    right: int | None
    counts: tuple[Count, ...]


def _shown(count: int) -> int | None:
    return count if count >= FEWEST else None


def _about(count: int) -> int | None:
    return count - count % STEP if count >= FEWEST else None


@dataclass(frozen=True)
class Tallies:
    """The questions of a course. is_all: whether everybody is counted who has begun; else the latest to join."""

    rows: list[Tally]
    is_all: bool


def tallies(scope: Scope, course: Course, version: CourseVersion) -> Tallies:
    """Count the answers of the people in ``scope`` to each question of ``version``.

    Four queries, by indexes and for so many people at most: answers are locked, so each is opened to be counted.
    """
    finished, others = _people(scope, course)
    answers = _answers(scope, (*finished, *others))
    tries = _tries(scope, (*finished, *others))
    found = []
    for item, said in version.items.items():
        key = version.keys.get(item, {})
        if said["kind"] == "question" and key.get("kind") != "text":
            found.append(_tally(said["title"], said["within"], key, answers.get(item, [])))
        elif said["kind"] == "bank":
            given = tries.get(item, {})
            found += [_tally(q["prompt"], said["within"], q, given.get(id_, [])) for id_, q in key["questions"].items()]
    return Tallies(found, is_all=max(len(finished), len(others)) < EACH)


def _people(scope: Scope, course: Course) -> tuple[list[int], list[int]]:
    """Whose answers are counted: enrolments of who has finished, and of who has begun and not finished."""
    rows = Enrolment.objects.within(scope).filter(course=course).order_by("-pk").values_list("pk", flat=True)
    rounds = Round.objects.unscoped(because="of enrolments that are read within scope")
    begun = Exists(rounds.filter(enrolment=OuterRef("pk"), last_lesson__isnull=False))
    finished = rows.filter(state=EnrolmentState.COMPLETED)
    return list(finished[:EACH]), list(rows.filter(begun, state__in=HAVE_NOT)[:EACH])


def _answers(scope: Scope, enrolments: Sequence[int]) -> dict[str, list[list[str]]]:
    states = ItemState.objects.within(scope).filter(round__enrolment__in=enrolments, latest_at__isnull=False)
    found: dict[str, list[list[str]]] = {}
    for item, latest in states.values_list("item", "latest"):
        answer = json.loads(latest)
        found.setdefault(str(item), []).append(answer if isinstance(answer, list) else [])
    return found


def _tries(scope: Scope, enrolments: Sequence[int]) -> dict[str, dict[str, list[list[str]]]]:
    first = Try.objects.within(scope).filter(round__enrolment__in=enrolments, handed_in_at__isnull=False, number=1)
    found: dict[str, dict[str, list[list[str]]]] = {}
    for item, answers in first.values_list("item", "answers"):
        for question, chosen in json.loads(answers or "{}").items():
            found.setdefault(str(item), {}).setdefault(question, []).append(chosen)
    return found


def _tally(prompt: str, within: str, key: Mapping[str, Any], answers: list[list[str]]) -> Tally:
    right = _shown(sum(_is_right(key, answer) for answer in answers)) if key.get("right") else None
    counts = _counts(key, answers) if len(answers) >= FEWEST else ()
    return Tally(prompt, within, _about(len(answers)), right if len(answers) >= FEWEST else None, tuple(counts))


def _is_right(key: Mapping[str, Any], answer: list[str]) -> bool:
    if key["kind"] == "order" and not any("=" in one for one in answer):
        return answer == key["right"]
    return rules.is_right(key, answer)


def _counts(key: Mapping[str, Any], answers: Iterable[list[str]]) -> list[Count]:
    if key["kind"] in rules.IN_PAIRS:
        return []
    chosen = Counter(option for answer in answers for option in answer)
    words = key.get("words", {})
    return [Count(words.get(id_, ""), id_ in key["right"], _shown(chosen[id_])) for id_ in key["options"]]
