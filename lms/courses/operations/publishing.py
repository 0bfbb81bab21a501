"""Publishing a change of a course: what it changes for people in the middle of it, and what is decided about them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.models import Page, Revision

from cms.models import CoursePage
from cms.outline import read_course
from lms.accounts.models import User
from lms.audit.operations import record
from lms.courses import rules
from lms.courses.models import Added, Course, CourseVersion, ItemState, PublishingChoice, Round
from lms.courses.operations.compiling import compiled

BELOW = {"coursepage": 0, "modulepage": 1, "lessonpage": 2}  # steps of the tree from a page up to its course


@dataclass(frozen=True)
class Ahead:
    """What publishing a page would change. learners: in the middle of the course; answered: by item."""

    course: Course
    changes: rules.Changes
    before: rules.Items
    after: rules.Items
    learners: int
    answered: Mapping[str, int]

    @property
    def wants_deciding(self) -> bool:
        """Whether it changes anything for anybody."""
        return self.changes.matter and (self.learners > 0 or any(self.answered.values()))


def is_of_a_course(page: Page) -> bool:
    """Whether a page is a course or a part of one."""
    return page.specific_class._meta.model_name in BELOW


def course_page_of(page: Page) -> CoursePage | None:
    """The page of the course that a page is a part of; None for any other page."""
    steps = BELOW.get(page.specific_class._meta.model_name)
    if steps is None:
        return None
    path: str = page.path
    found: CoursePage | None = CoursePage.objects.filter(path=path[: len(path) - steps * Page.steplen]).first()
    return found


def look_ahead(draft: Page) -> Ahead | None:
    """Say what publishing ``draft`` would change; None where nobody has learnt from its course yet."""
    page = course_page_of(draft)
    course = Course.objects.select_related("latest").filter(page=page).first() if page and page.live else None
    if page is None or course is None or course.latest is None:
        return None
    after = compiled(read_course(page, instead=draft))
    latest = course.latest
    changes = rules.compare(latest.items, after.items, keys_before=latest.keys, keys_after=after.keys)
    return Ahead(
        course=course,
        changes=changes,
        before=latest.items,
        after=after.items,
        learners=_under_way(course),
        answered=_answered(one.item for one in changes.corrected),
    )


def _under_way(course: Course) -> int:
    rounds = Round.objects.unscoped(because="an editor sees how many, and nothing of whom").current().unfinished()
    return rounds.filter(enrolment__course=course, enrolment__state__in=("active", "paused")).count()


def _answered(items: Iterable[str]) -> dict[str, int]:
    states = ItemState.objects.unscoped(because="an editor sees how many answered, and nothing of whom or what")
    return {item: states.filter(item=item, latest_at__isnull=False).count() for item in dict.fromkeys(items)}


def publish_change(
    *, revision: Revision, course: Course, added: str, corrected: list[dict[str, Any]], actor: User, now: datetime
) -> None:
    """Publish a revision with what its editor decided; the version that comes of it carries the decision out.

    added: one of ``Added``. corrected: as ``PublishingChoice`` keeps it.
    """
    with transaction.atomic():
        _decide(course, added=added, corrected=corrected, actor=actor, now=now)
        for one in corrected:
            record(
                action="courses.key_corrected",
                target=f"course:{course.pk}",
                actor_id=actor.pk,
                now=now,
                item=one["item"],
                how=one["how"],
            )
        revision.publish(user=actor)


def keep_for_now(*, draft: Page, actor: User, now: datetime) -> None:
    """Decide for an editor who is not asked, because approving publishes: what is added asks nobody for anything.

    People in the middle of the course stay on what they began with, and marks stay as they are.
    """
    ahead = look_ahead(draft) if is_of_a_course(draft) else None
    if ahead is None or not ahead.wants_deciding:
        return
    with transaction.atomic():
        _decide(ahead.course, added=Added.KEEP.value, corrected=[], actor=actor, now=now)


def _decide(course: Course, *, added: str, corrected: list[dict[str, Any]], actor: User, now: datetime) -> None:
    """Write the decision down, instead of one that no version has carried out."""
    PublishingChoice.objects.filter(course=course, version=None).delete()
    choice = PublishingChoice.objects.create(
        course=course, added=added, corrected=corrected, decided_by_id=actor.pk, decided_at=now
    )
    record(
        action="courses.change_decided",
        target=f"course:{course.pk}",
        actor_id=actor.pk,
        now=now,
        choice=choice.pk,
        added=added,
    )


def versions_of(course: Course) -> list[CourseVersion]:
    """Return the versions of a course, the newest first, without their long texts."""
    versions = CourseVersion.objects.filter(course=course).select_related("choice")
    return list(versions.defer("outline", "items", "keys").order_by("-number"))
