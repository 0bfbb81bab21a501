"""Answers that were begun: kept as they stand, to go on with them elsewhere, and never counted as given."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models.fields.json import KeyTransform

from lms.accounts.models import User
from lms.common.html import CONTROLS
from lms.courses import rules
from lms.courses.models import LEARNING, Draft, Enrolment
from lms.courses.operations.recording import AnswerTooLong
from lms.courses.operations.sitting import NotLearning, UnknownItem

BEGUN_AT_MOST = rules.LONGEST_ENTRY  # characters of all fields together


def keep_draft(*, learner: User, course: UUID, item: UUID, fields: Mapping[str, Sequence[str]], now: datetime) -> None:
    """Keep the form of a question as it stands; the newest one stays, and one with nothing in it is none.

    fields: the values of each field by its name. Raises AnswerTooLong, NotLearning or UnknownItem.
    """
    clean = {CONTROLS.sub("", name): [CONTROLS.sub("", value) for value in said] for name, said in fields.items()}
    filled = {name: values for name, values in clean.items() if any(values)}
    text = json.dumps(filled, ensure_ascii=False)
    if len(text) > BEGUN_AT_MOST:
        raise AnswerTooLong(item=item)
    with transaction.atomic():
        _require_question(learner, course, item)
        mine = Draft.objects.owned_by(learner).filter(item=item)
        if not filled:
            mine.filter(at__lte=now).delete()
        elif not mine.filter(at__gt=now).exists():
            mine.update_or_create(person=learner, item=item, defaults={"fields": text, "at": now})


def _require_question(learner: User, course: UUID, item: UUID) -> None:
    mine = Enrolment.objects.owned_by(learner).filter(course__identity=course, state__in=LEARNING)
    says = mine.annotate(says=KeyTransform(str(item), "course__latest__items")).values_list("says", flat=True)
    if not says:
        raise NotLearning
    if says[0] is None or says[0]["kind"] != "question":
        raise UnknownItem(item=item)


def forget_drafts(*, before: datetime) -> int:
    """Delete what was begun long ago and never given; return how many there were."""
    old = Draft.objects.unscoped(because="deletes what is over, shows nothing of it").filter(at__lt=before)
    return int(old.delete()[0])
