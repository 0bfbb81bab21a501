"""Groups of an agency on a course: with dates, places and a name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.courses.models import Cohort, Course, Enrolment
from lms.courses.operations import places
from lms.courses.operations.inviting import require_inviter


class NameTaken(DomainError):
    code = "courses.group_name_taken"
    message = "There's a group with this name on the course already. Choose another name."


def make_group(*, agency: Agency, course: Course, actor: User, now: datetime, **said: Any) -> Cohort:
    """Make a group. said: name, starts_on, ends_on, capacity. Raises NotYours or NameTaken."""
    require_inviter(actor, agency, course, None)
    group = Cohort(agency=agency, course=course, created_at=now, **said)
    with transaction.atomic():
        _save(group)
        _write_down("courses.group_made", group, actor, now)
    return group


def change_group(*, cohort: Cohort, said: Mapping[str, Any], actor: User, now: datetime) -> None:
    """Change a group: its last day holds for everybody in it, and new places go to those who wait longest.

    Nobody loses a place when there are fewer. The caller has read it within scope. Raises NotYours or NameTaken.
    """
    require_inviter(actor, cohort.agency, cohort.course, cohort)
    with transaction.atomic():
        group = places.lock([cohort.pk])[cohort.pk]
        moved = group.ends_on != said["ends_on"]
        for name, value in said.items():
            setattr(group, name, value)
        _save(group)
        if moved:
            theirs = Enrolment.objects.unscoped(because="the group was read within scope").filter(cohort=group)
            theirs.update(ends_on=group.ends_on)
        places.promote(group.pk, now=now)
        _write_down("courses.group_changed", group, actor, now)


def _save(group: Cohort) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as taken:
        raise NameTaken(course_id=group.course_id) from taken


def _write_down(action: str, group: Cohort, actor: User, now: datetime) -> None:
    target = f"cohort:{group.pk}"
    record(action=action, target=target, actor_id=actor.pk, agency_id=group.agency_id, now=now, course=group.course_id)
