"""Live workshops in a course: done by whoever has been to a session, as the room above tells."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from lms.courses import counting
from lms.courses.models import LEARNING, Course, EventKind, ItemState, Round

BECAUSE = "a register says that the person was there"
_THERE = UUID("6e1cbb0c-98f0-4a2b-9a9e-0d1f1f5bb0a7")


def workshops_in_courses() -> set[int]:
    """The pages of all workshops that some course asks for, also one that takes nobody new."""
    keys = Course.objects.filter(latest__isnull=False).values_list("latest__keys", flat=True)
    return {key["workshop"] for one in keys for key in one.values() if key.get("workshop")}


def count_attendance(*, person_id: int, been_to: Mapping[int, datetime], now: datetime) -> int:
    """Count workshops that somebody has been to in their courses; return how many were new.

    been_to: when the last session of each ended, by the workshop's page. For a first round it counts whenever it was;
    for a later one, if it was since that round began. Once counted it stays.
    """
    mine = Round.objects.unscoped(because=BECAUSE).current()
    mine = mine.filter(enrolment__person=person_id, enrolment__state__in=LEARNING)
    rounds = mine.select_related("enrolment__course__latest").defer("enrolment__course__latest__outline")
    return sum(_count(round_, been_to, now) for round_ in rounds)


def _count(round_: Round, been_to: Mapping[int, datetime], now: datetime) -> int:
    latest = round_.enrolment.course.latest
    asked = {item: key["workshop"] for item, key in (latest.keys if latest else {}).items() if key.get("workshop")}
    there = {item for item, page in asked.items() if page in been_to and _is_for(round_, been_to[page])}
    states = ItemState.objects.unscoped(because=BECAUSE).filter(round=round_, item__in=there, done_at__isnull=False)
    new = there - {str(item) for item in states.values_list("item", flat=True)}
    for item in sorted(new):
        with transaction.atomic():
            counting.add_fact(round_, item=UUID(item), kind=EventKind.ATTENDED, fact=uuid5(_THERE, item), now=now)
    return len(new)


def _is_for(round_: Round, at: datetime) -> bool:
    return round_.number == 1 or at >= round_.started_at
