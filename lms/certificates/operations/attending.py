"""Courses that ask for a live workshop learn here who has been to one: neither room knows the other."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max

from lms.courses import operations as courses
from lms.webinars.models import Booking, BookingState

BECAUSE = "news of a register, acted on by the system"


def tell_courses(*, people: Iterable[int] | None = None, now: datetime) -> int:
    """Count the sessions that people have been to in their courses; return how many were new there.

    people: their ids; everybody, where there are none.
    """
    asked = courses.workshops_in_courses()
    rows = Booking.objects.unscoped(because=BECAUSE).filter(state=BookingState.ATTENDED, session__workshop__in=asked)
    if people is not None:
        rows = rows.filter(person__in=people)
    been_to: defaultdict[int, dict[int, datetime]] = defaultdict(dict)
    last = rows.values_list("person", "session__workshop").annotate(last=Max("session__ends_at"))
    for person, workshop, ends_at in last if asked else ():
        been_to[person][workshop] = ends_at
    return sum(courses.count_attendance(person_id=person, been_to=of, now=now) for person, of in been_to.items())
