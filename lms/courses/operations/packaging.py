"""Packages in a course: whether a learner may open one, where it is, and that it is done."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from lms.accounts.models import User
from lms.courses import outlines
from lms.courses.models import LEARNING, Course, Enrolment, EventKind
from lms.courses.operations.sitting import Deed, UnknownItem, place_of, record, require, sit_down


def require_package(*, learner: User, course: UUID, item: UUID, package: UUID) -> datetime:
    """Return when the learner's time through the course began.

    Raises NotLearning or UnknownItem unless ``learner`` is on the course and this item of it is that package.
    """
    with transaction.atomic():
        desk = sit_down(learner, course=course, items=[item])
        require(desk, item, kind="package")
        if (desk.asked[item].key or {}).get("package") != str(package):
            raise UnknownItem(item=item)
        return desk.round.started_at


def holds_package(*, learner: User, course: UUID, item: UUID) -> bool:
    """Whether ``learner`` is on the course, and the course still holds the item. One query, nothing held."""
    rows = Enrolment.objects.owned_by(learner).filter(course__identity=course, state__in=LEARNING)
    return rows.filter(course__latest__items__has_key=str(item)).exists()


def finish_package(*, learner: User, course: UUID, item: UUID, client_id: UUID, now: datetime) -> bool:
    """Keep that a package is done, and say whether that finished the course. Raises NotLearning, UnknownItem."""
    with transaction.atomic():
        desk = sit_down(learner, course=course, items=[item], was_open=True)
        require(desk, item, kind="package")
        return record(desk, [Deed(item, EventKind.FINISHED, client_id)], now=now, place=place_of(item))


def page_of_item(*, course: UUID, item: UUID) -> str:
    """Where an item stands on its lesson's page. Raises UnknownItem where it is in no lesson any more."""
    latest = Course.objects.select_related("latest").get(identity=course).latest
    says = (latest.items if latest else {}).get(str(item))
    if latest is None or says is None:
        raise UnknownItem(item=item)
    line = next(one for one in outlines.of([latest])[latest.pk].lessons if one["id"] == says["lesson"])
    return f"{line['path']}#{place_of(item)}"
