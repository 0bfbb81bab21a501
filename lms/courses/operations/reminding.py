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
AT_ONCE = 1000  # letters in one transaction: others write in between


def remind(*, course: Course, scope: Scope, actor: User, now: datetime) -> int:
    """Write to the people in ``scope`` who have not begun ``course``; return to how many.

    Whoever wants no such letters gets none, and nobody a second one in the same week. Broken off, it is said again.
    """
    joined = Enrolment.objects.within(scope).filter(course=course, state=EnrolmentState.ACTIVE)
    waiting = joined.filter(created_at__lte=now - REST, person__is_active=True)
    idle = waiting.filter(rounds__number=1, rounds__last_lesson=None, rounds__completed_at=None)
    willing = idle.exclude(person__in=people_who_said("course_reminder", wanted=False))
    count = last = 0
    while part := list(willing.filter(pk__gt=last).select_related("person").order_by("pk")[:AT_ONCE]):
        with transaction.atomic():
            count += post_many([mail.reminder(one, now=now) for one in part], now=now)
        last = part[-1].pk
    record(action="courses.reminded", target=f"course:{course.pk}", actor_id=actor.pk, now=now, count=count)
    return count
