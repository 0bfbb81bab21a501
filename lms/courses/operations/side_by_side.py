"""Two people at one lesson: what one has read and watched counts for the other, who says so for themself.

Only reading and watching. What is answered, written, passed or run is each person's own.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lms.accounts.models import User
from lms.courses.models import Course, ItemState
from lms.courses.operations.recording import read_lesson
from lms.courses.operations.sitting import UnknownItem
from lms.courses.operations.watching import KINDS, read_transcript


def watched_in(*, learner: User, course: UUID, lesson: UUID) -> list[str]:
    """The ids of what ``learner`` has watched or heard in a lesson, or has read instead."""
    states = ItemState.objects.owned_by(learner).filter(lesson=lesson, round__enrolment__course__identity=course)
    done = states.exclude(done_at=None).exclude(item=lesson).filter(skipped=False)
    ids = {str(item) for item in done.values_list("item", flat=True)}
    if not ids:
        return []
    latest = Course.objects.select_related("latest").get(identity=course).latest
    says = latest.items if latest else {}
    return sorted(item for item in ids if says.get(item, {}).get("kind") in KINDS)


def read_beside(
    *, learner: User, course: UUID, lesson: UUID, watched: Sequence[str], client_id: UUID, now: datetime
) -> bool:
    """Keep that the learner read a lesson beside somebody, with what was watched in it.

    Say whether that finished the course. Raises NotLearning, NotOpenYet, or UnknownItem when the lesson is gone; what
    was watched and is gone is left out.
    """
    with transaction.atomic():
        for item in map(UUID, watched):
            with suppress(UnknownItem):
                read_transcript(learner=learner, course=course, item=item, client_id=client_id, now=now)
        return read_lesson(learner=learner, course=course, lesson=lesson, client_id=client_id, now=now)
