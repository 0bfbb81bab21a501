"""Reminding those who joined a course and have not begun: kindly, and at most once a week."""

from datetime import datetime, timedelta

from django.db import transaction

from lms.accounts.models import User
from lms.audit.operations import record
from lms.common.scope import Scope
from lms.courses import mail
from lms.courses.models import Course, Enrolment, EnrolmentState
from lms.outbox.operations import people_who_said, post_many

REST = timedelta(days=7)  # after joining, before anybody is reminded
MOST = 1000  # letters in one go


def remind(*, course: Course, scope: Scope, actor: User, now: datetime) -> int:
    """Write to the people in ``scope`` who have not begun ``course``; return to how many.

    Whoever wants no such letters gets none, and nobody a second one in the same week.
    """
    joined = Enrolment.objects.within(scope).filter(course=course, state=EnrolmentState.ACTIVE)
    waiting = joined.filter(created_at__lte=now - REST, person__is_active=True)
    idle = waiting.filter(rounds__number=1, rounds__last_lesson=None, rounds__completed_at=None)
    willing = idle.exclude(person__in=people_who_said("course_reminder", wanted=False))
    orders = [mail.reminder(one, now=now) for one in willing.select_related("person").order_by("pk")[:MOST]]
    with transaction.atomic():
        post_many(orders, now=now)
        target = f"course:{course.pk}"
        record(action="courses.reminded", target=target, actor_id=actor.pk, now=now, count=len(orders))
    return len(orders)
