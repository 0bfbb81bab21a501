"""Answers between rooms that do not know each other: which courses somebody is on."""

from typing import Any

from django.dispatch import receiver

from lms.accounts.models import User
from lms.courses.models import LEARNING, Enrolment
from lms.webinars.signals import asking_about_course


@receiver(asking_about_course, dispatch_uid="lms.dashboard.receivers.courses")
def courses_of(person: User, **_: Any) -> list[int]:
    """Pages of the courses that ``person`` is on, or has finished."""
    rows = Enrolment.objects.owned_by(person).filter(state__in=LEARNING, course__page__isnull=False)
    return list(rows.values_list("course__page_id", flat=True))
