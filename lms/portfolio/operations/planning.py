"""A day for a line of one's action plan, and a short letter on that day."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.courses.models import Reflection
from lms.outbox.operations import Order, post_many
from lms.portfolio.models import PlanDay
from lms.portfolio.operations.sharing import NoSuchEntry

FURTHEST = timedelta(days=366)
NOT_BEFORE_HOUR = 8  # of the day, here
AT_ONCE = 500


class NotThatDay(DomainError):
    code = "portfolio.not_that_day"
    message = "Choose a day from today on, within a year."


def set_day(*, owner: User, note: UUID, on: date, by_letter: bool, now: datetime) -> None:
    """Set the day for one line of an action plan, and whether a letter is wanted. Raises NoSuchEntry or NotThatDay."""
    if not timedelta(0) <= on - timezone.localdate(now) <= FURTHEST:
        raise NotThatDay
    with transaction.atomic():
        said = {"on": on, "by_letter": by_letter, "reminded_at": None, "person": owner}
        PlanDay.objects.owned_by(owner).update_or_create(entry=_line(owner, note), defaults=said)


def forget_day(*, owner: User, note: UUID) -> None:
    """Take the day away again. Raises NoSuchEntry."""
    PlanDay.objects.owned_by(owner).filter(entry=_line(owner, note)).delete()


def _line(owner: User, note: UUID) -> Reflection:
    """A line of an action plan: a note on one of its boxes, which are counted from 1."""
    line: Reflection | None = Reflection.objects.owned_by(owner).filter(uuid=note, field__gt=0).first()
    if line is None:
        raise NoSuchEntry(note=note)
    return line


def remind(*, now: datetime) -> int:
    """Write to those whose day has come, once, not before the morning; return to how many."""
    if timezone.localtime(now).hour < NOT_BEFORE_HOUR:
        return 0
    rows = PlanDay.objects.unscoped(because="letters to the owners themselves")
    with transaction.atomic():
        due = list(rows.due(timezone.localdate(now)).annotate(address=F("person__email"))[:AT_ONCE])
        orders = [
            Order("plan_day", f"plan_day:{day.pk}:{day.on}", day.address, day.person_id, {"day": day.pk}) for day in due
        ]
        post_many(orders, now=now)
        rows.filter(pk__in=[day.pk for day in due]).update(reminded_at=now)
    return len(due)
