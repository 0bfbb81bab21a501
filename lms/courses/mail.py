"""Letters about courses. None names a course: the mailbox may be shared, and what it is about is said after sign-in."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format

from lms.accounts.models import User
from lms.courses.models import CourseInvitation, Enrolment, EnrolmentState
from lms.outbox.operations import Letter, Order


def words(subject: str, *says: str, button: str, path: str) -> dict[str, object]:
    """What the plain letter says. path: where its button leads."""
    return {"subject": subject, "says": says, "button": button, "link": f"{settings.LMS_BASE_URL}{path}"}


def _letter(person: User, occasion: str, context: dict[str, object]) -> Letter:
    return Letter(
        kind="course",
        once=f"course.{occasion}",
        address=person.email,
        person_id=person.pk,
        template="note",
        context=context,
    )


def _about_a_place(enrolment: Enrolment, occasion: str, now: datetime, *says: str) -> Letter:
    context = words("About a course", *says, button="See your courses", path=reverse("courses:mine"))
    return _letter(enrolment.person, f"{occasion}:{enrolment.pk}:{now.timestamp():.0f}", context)


def place_free(enrolment: Enrolment, *, now: datetime) -> Letter:
    """Somebody who waited has a place now."""
    says = "You waited for a place on a course. There's one for you now."
    return _about_a_place(enrolment, "place", now, says, *_begins(enrolment))


def first_day(enrolment: Enrolment, *, now: datetime) -> Letter:
    """The group has come to its first day."""
    return _about_a_place(enrolment, "first_day", now, "Your course begins today. It's open for you, at your own pace.")


def _begins(enrolment: Enrolment) -> list[str]:
    """When somebody begins who has a place in a group that is still to come."""
    day = enrolment.cohort.starts_on if enrolment.cohort and not enrolment.is_learning else None
    return [f"It opens for you on {date_format(day, 'j F Y')}, and we'll write that day."] if day else []


def let_in(enrolment: Enrolment, *, now: datetime) -> Letter:
    """The agency said yes: there is a place, or one will be kept when there is."""
    if enrolment.state == EnrolmentState.COMING:
        says = "You asked to join a course. A place is kept for you."
        return _about_a_place(enrolment, "let_in", now, says, *_begins(enrolment))
    if enrolment.is_learning:
        return _about_a_place(enrolment, "let_in", now, "You asked to join a course. You can begin now.")
    return _about_a_place(
        enrolment,
        "let_in",
        now,
        "You asked to join a course. The group is full at the moment, so you're on the waiting list.",
        "We'll write when there's a place. There's nothing you need to do.",
    )


def not_let_in(enrolment: Enrolment, *, now: datetime) -> Letter:
    """The agency said no; why is said after sign-in."""
    return _about_a_place(
        enrolment,
        "not_let_in",
        now,
        "You asked to join a course. Your agency has answered: it isn't possible just now.",
    )


def time_over(enrolment: Enrolment, *, now: datetime) -> Letter:
    """The last day on a course is over."""
    return _about_a_place(
        enrolment,
        "time_over",
        now,
        "The time for one of your courses is over. What you did and what you wrote is kept.",
        "If you'd like to go on, ask your agency for more time.",
    )


def somebody_asked(enrolment: Enrolment, *, staff: User, now: datetime) -> Letter:
    """Tell a member of staff that somebody asks to join; who it is is only said at the desk. At most one a day."""
    says = "Somebody has asked to join a course. You can see who, and answer, at the desk."
    context = words("A request is waiting for you", says, button="Open the desk", path=reverse("courses:desk_requests"))
    return _letter(staff, f"asked:{enrolment.agency_id}:{staff.pk}:{now:%Y%m%d}", context)


def invitation(row: CourseInvitation) -> Order:
    """Ask an address in. It is written when it is sent, and not at all when it was taken back before."""
    return Order(
        kind="course_invitation",
        once=f"course_invitation:{row.pk}",
        address=row.address,
        person_id=None,
        about={"invitation": row.pk},
        expires_at=row.expires_at,
    )


def reminder(enrolment: Enrolment, *, now: datetime) -> Order:
    """A place on a course waits. At most one in a week for each course."""
    year, week, _ = now.isocalendar()
    return Order(
        kind="course_reminder",
        once=f"course_reminder:{enrolment.pk}:{year}-{week}",
        address=enrolment.person.email,
        person_id=enrolment.person_id,
        about={"enrolment": enrolment.pk},
    )
