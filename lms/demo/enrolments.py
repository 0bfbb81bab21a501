"""How people come onto courses: a group to come with a waiting list, an invitation, requests, and a pause."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from cms.models import CoursePage
from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.courses import operations as courses
from lms.courses import rules
from lms.courses.models import Course
from lms.demo import learning, people

NEWCOMER = f"newcomer@{people.HOST}"  # invited, and without an account: sign up with it to accept
ALSO_LISTED = f"also.new@{people.HOST}"  # comes with a list, and will wait: the group is full
INVITED = ("single", "hannah", "leader")
ASK = ("leader.past", "dads.two")
PLACES = 2


def make(*, agency: Agency, person: Callable[[str], User], now: datetime) -> None:
    """Make it with the operations that staff and learners use."""
    now -= timedelta(hours=2)
    _fill_group(Course.objects.get(slug="online-safety"), agency=agency, person=person, now=now)
    rested = Course.objects.get(slug="looking-after-you")
    learning.walk(person("leader.past"), rested, lessons=2, now=now - timedelta(days=20))
    courses.pause(person=person("leader.past"), course=rested, now=now)
    asked = _by_approval("trauma-and-the-brain", now=now)
    for address in ASK:
        courses.enrol(person=person(address), course=asked, now=now)


def _fill_group(course: Course, *, agency: Agency, person: Callable[[str], User], now: datetime) -> None:
    """Two have a place from its first day on, the third waits for one, and a newcomer has not answered yet."""
    today, staff = timezone.localdate(now), person("coordinator")
    group = courses.make_group(
        agency=agency,
        course=course,
        actor=staff,
        now=now,
        name="Tuesday evenings",
        starts_on=today + timedelta(days=9),
        ends_on=today + timedelta(days=79),
        capacity=PLACES,
    )
    addresses = [*(person(address).email for address in INVITED), NEWCOMER]
    courses.invite(course=course, agency=agency, addresses=addresses, cohort=group, actor=staff, now=now)
    for minute, address in enumerate(INVITED):
        courses.enrol(person=person(address), course=course, now=now + timedelta(minutes=minute))
    listed = "".join(f"{address},{group.name}\n" for address in (*addresses, ALSO_LISTED))
    lines = rules.lines_of(f"email,group\n{listed}")
    sent = courses.take_list(course=course, agency=agency, lines=lines, actor=staff, now=now)
    courses.confirm_list(people=sent, actor=staff, now=now)


def _by_approval(slug: str, *, now: datetime) -> Course:
    """Let a course ask the agency first, as its page then says."""
    page = CoursePage.objects.get(slug=slug)
    page.open_to = "approval"
    page.save_revision().publish()
    courses.compile_page(page, now=now)
    return Course.objects.get(slug=slug)
