"""A small course of the demo's own. Any three of its four lessons finish it, and one is done by a live evening."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from cms.courseformat import drafting, tree
from cms.courseformat.checking import check
from cms.courseformat.directory import look_up
from cms.courseformat.problems import Problems
from cms.models import CoursePage
from lms.accounts.models import User
from lms.certificates import operations as certificates
from lms.courses import operations as courses
from lms.courses.models import Course
from lms.demo import learning

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "demo" / "finding-company"


def make(*, person: Callable[[str], User], now: datetime) -> None:
    """Put it on the site, with two on it: Hannah has been to the evening, Tomasz has only read about it."""
    course = _published(now)
    weeks_ago = now - timedelta(weeks=8)
    for address in ("hannah", "single"):
        learning.walk(person(address), course, lessons=2, now=weeks_ago)
    certificates.tell_courses(people=[person("hannah").pk, person("single").pk], now=now)


def _published(now: datetime) -> Course:
    problems = Problems()
    library = tree.read(FOLDER, problems)
    check(library, look_up(), problems)
    if problems:
        raise ValueError([str(problem) for problem in problems.in_order()])
    drafting.bring_in(library)
    for part in CoursePage.objects.get(slug=FOLDER.name).get_descendants(inclusive=True).order_by("path"):
        part.get_latest_revision().publish()
    courses.compile_page(CoursePage.objects.get(slug=FOLDER.name), now=now)
    return Course.objects.get(slug=FOLDER.name)
