"""Started by the clock: what publishing and saving keep in step is checked once a night."""

from datetime import timedelta

from django.utils import timezone

from cms.models import CoursePage
from lms.common.tasks import Job
from lms.courses import operations, tasks

KEEP_DRAFTS = timedelta(days=90)
KEEP_INVITATIONS = timedelta(days=30)  # after they ran out
KEEP_LISTS = timedelta(days=14)  # with the addresses in them: long enough to look at what became of each line


def check_versions() -> str:
    """Compile every course whose pages say something else than its newest version; close those without a page."""
    now = timezone.now()
    new = [operations.compile_page(page, now=now) for page in CoursePage.objects.all()]
    operations.close_course(page_id=None)
    return f"{sum(version is not None for version in new)} new versions"


def check_rounds() -> str:
    """Count the rounds that no task has counted, and complete those that ought to be complete."""
    return f"counted {tasks.recount_overdue(now=timezone.now())}"


def forget_invitations() -> str:
    """Delete invitations whose time was over a month ago, with the addresses in them."""
    return f"forgot {operations.forget_old_invitations(before=timezone.now() - KEEP_INVITATIONS)}"


def forget_lists() -> str:
    """Delete lists of people that were done, or sent and left, two weeks ago."""
    return f"forgot {operations.forget_lists(before=timezone.now() - KEEP_LISTS)}"


def wake_lists() -> str:
    """Go on with lists of people that a killed worker left."""
    return f"woken for {operations.wake_lists(now=timezone.now())}"


def forget_drafts() -> str:
    """Delete answers that were begun months ago and never given."""
    return f"forgot {operations.forget_drafts(before=timezone.now() - KEEP_DRAFTS)}"


def end_overdue() -> str:
    """Take those off their courses whose last day is over."""
    return f"ended {operations.end_overdue(now=timezone.now())}"


def fill_places() -> str:
    """Give places to who waits for them where nobody did when they became free."""
    return f"filled {operations.fill_places(now=timezone.now())}"


def begin_due() -> str:
    """Let those begin whose group has come to its first day."""
    return f"began {operations.begin_due(now=timezone.now())}"


JOBS = [
    Job("courses.check_versions", "lms.courses.jobs.check_versions", minutes=24 * 60),
    Job("courses.check_rounds", "lms.courses.jobs.check_rounds", minutes=24 * 60),
    Job("courses.forget_invitations", "lms.courses.jobs.forget_invitations", minutes=24 * 60),
    Job("courses.forget_lists", "lms.courses.jobs.forget_lists", minutes=24 * 60),
    Job("courses.wake_lists", "lms.courses.jobs.wake_lists", minutes=5),
    Job("courses.forget_drafts", "lms.courses.jobs.forget_drafts", minutes=24 * 60),
    Job("courses.end_overdue", "lms.courses.jobs.end_overdue", minutes=60),
    Job("courses.fill_places", "lms.courses.jobs.fill_places", minutes=60),
    Job("courses.begin_due", "lms.courses.jobs.begin_due", minutes=10),
]
