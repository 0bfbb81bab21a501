"""So many enrolments as a large region has: people of an agency on two courses, in all states, some in groups."""

from datetime import datetime
from itertools import islice
from typing import Any

ENROLMENTS = 100_000
AT_ONCE = 5_000  # rows written at a time
FIRST = ("Priya", "Tom", "Aisha", "Owen", "Zoë", "Grace", "Callum", "Nia", "Rhys", "Hannah", "Iona", "Siân", "Élodie")
LAST = ("Sharma", "Reid", "Khan", "Bell", "Fraser", "Evans", "Okafor", "Murphy", "Ahmed", "Walker", "Price", "Novak")
# Of a thousand, so many are in each state; the few are what an index must find among the many.
OF_A_THOUSAND = (("completed", 520), ("active", 380), ("left", 70), ("paused", 25), ("waiting", 4), ("requested", 1))


def fill(slugs: list[str], *, agency: Any, now: datetime, count: int = ENROLMENTS) -> None:
    """Put ``count`` people of ``agency`` on the courses, with a round each where they have begun."""
    from lms.accounts.models import User
    from lms.courses.models import Course

    courses = list(Course.objects.filter(slug__in=slugs).select_related("latest").order_by("slug"))
    people = (
        User(email=f"{FIRST[n % 13].lower()}.{n}@many.hearth.example", display_name=_name(n), password="!")
        for n in range(count)
    )
    begun = 0
    while batch := list(islice(people, AT_ONCE)):
        _enrol(User.objects.bulk_create(batch), courses, agency, begun, now)
        begun += len(batch)


def _name(n: int) -> str:
    return f"{FIRST[n % 13]} {LAST[n // 13 % 12]} {n:x}"


def _state(n: int) -> str:
    place = n * 617 % 1000  # stirred, so that neighbours differ
    for state, many in OF_A_THOUSAND:
        if place < many:
            return state
        place -= many
    return "active"


def _enrol(people: list[Any], courses: list[Any], agency: Any, begun: int, now: datetime) -> None:
    from lms.courses.models import LEARNING, Enrolment, Round

    rows = Enrolment.objects.unscoped(because="measured").bulk_create(
        Enrolment(
            person=person,
            course=courses[n % len(courses)],
            agency=agency,
            state=_state(n),
            created_at=now,
            waiting_since=now if _state(n) == "waiting" else None,
        )
        for n, person in enumerate(people, start=begun)
    )
    Round.objects.unscoped(because="measured").bulk_create(
        Round(
            enrolment=row,
            version=row.course.latest,
            counted_with=row.course.latest,
            required_total=row.course.latest.required_total,
            required_done=row.pk % max(row.course.latest.required_total, 1),
            started_at=now,
            last_seen_at=now,
        )
        for row in rows
        if row.state in LEARNING
    )
