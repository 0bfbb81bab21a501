"""Publishing a change of a course: what it changes for people in the middle of it, and what is decided about them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from wagtail.models import Page, Revision

from cms.models import CoursePage
from cms.outline import read_course
from lms.accounts.models import User
from lms.audit.operations import record
from lms.courses import rules
from lms.courses.models import Added, Course, CourseVersion, ItemState, PublishingChoice, Round, RoundQuerySet
from lms.courses.operations.compiling import compiled, titles_of, under_way

BELOW = {"coursepage": 0, "modulepage": 1, "lessonpage": 2}  # steps of the tree from a page up to its course


@dataclass(frozen=True)
class Ahead:
    """What publishing a page would change. learners: in the middle of the course; answered: by item.

    turns: each rule of the course that becomes another, with whom it touches, in words. goes_live_at: the day and hour
    it is planned for; none if it goes out at once.
    """

    course: Course
    changes: rules.Changes
    turns: list[tuple[str, str]]
    before: rules.Items
    after: rules.Items
    learners: int
    answered: Mapping[str, int]
    goes_live_at: datetime | None

    @property
    def wants_deciding(self) -> bool:
        """Whether it changes anything for anybody; planned for a day, whether it may for who is there by then."""
        return self.changes.matter and (bool(self.goes_live_at) or self.learners > 0 or any(self.answered.values()))

    @property
    def wants_looking(self) -> bool:
        """Whether its editor should see it beforehand: there is something to decide, or a rule becomes another."""
        return self.wants_deciding or (bool(self.turns) and (bool(self.goes_live_at) or self.learners > 0))


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


def look_ahead(draft: Page, *, now: datetime) -> Ahead | None:
    """Say what publishing ``draft`` would change; None where nobody has learnt from its course yet."""
    page = course_page_of(draft)
    course = Course.objects.select_related("latest").filter(page=page).first() if page and page.live else None
    if page is None or course is None or course.latest is None:
        return None
    after = compiled(read_course(page, instead=draft))
    latest = course.latest
    changes = rules.compare(latest.items, after.items, keys_before=latest.keys, keys_after=after.keys)
    terms = rules.Terms(after.finish, after.lessons_total, after.in_order, titles_of(after.after))
    rounds = Round.objects.unscoped(because="an editor sees how many, and nothing of whom")
    by_rule = learners_by_rule(rounds, course)
    return Ahead(
        course=course,
        changes=changes,
        turns=turns_with_whom(latest.terms, terms, by_rule),
        before=latest.items,
        after=after.items,
        learners=sum(by_rule.values()),
        answered=_answered(one.item for one in changes.corrected),
        goes_live_at=_ahead_of(draft, now),
    )


def _ahead_of(draft: Page, now: datetime) -> datetime | None:
    planned: datetime | None = draft.go_live_at
    return planned if planned and planned > now else None


def learners_by_rule(rounds: RoundQuerySet, course: Course) -> dict[rules.Finish, int]:
    """Return how many of ``rounds`` are in the middle of a course, by the rule that each goes by; one query."""
    learning = rounds.current().unfinished().filter(enrolment__course=course, enrolment__state__in=("active", "paused"))
    rows = learning.values_list("finish", "finish_needed").annotate(count=Count("pk")).order_by()
    return {rules.Finish(kind, needed): count for kind, needed, count in rows}


def turns_with_whom(
    before: rules.Terms, after: rules.Terms, by_rule: Mapping[rules.Finish, int]
) -> list[tuple[str, str]]:
    """Say which rules of a course became others, each with whom it touches. by_rule: people in the middle of it."""
    learners = sum(by_rule.values())
    eased = sum(
        count for rule, count in by_rule.items() if rule != after.finish and rules.kinder(rule, after.finish) != rule
    )
    found = rules.turns(before, after)
    return [(turn.words, rules.touched(turn, learners=learners, eased=eased)) for turn in found]


def _answered(items: Iterable[str]) -> dict[str, int]:
    states = ItemState.objects.unscoped(because="an editor sees how many answered, and nothing of whom or what")
    return {item: states.filter(item=item, latest_at__isnull=False).count() for item in dict.fromkeys(items)}


def publish_change(
    *, revision: Revision, course: Course, added: str, corrected: list[dict[str, Any]], actor: User, now: datetime
) -> None:
    """Publish a revision with what its editor decided; the version that comes of it carries the decision out.

    One that is planned for a day is published on that day, and the decision waits with it.
    added: one of ``Added``. corrected: as ``PublishingChoice`` keeps it.
    """
    with transaction.atomic():
        _decide(course, revision, added=added, corrected=corrected, actor=actor, now=now)
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


def keep_for_now(*, revision: Revision, actor: User, now: datetime) -> None:
    """Decide for an editor who is not asked, because approving publishes: what is added asks nobody for anything.

    People in the middle of the course stay on what they began with, and marks stay as they are.
    """
    draft = revision.as_object()
    ahead = look_ahead(draft, now=now) if is_of_a_course(draft) else None
    if ahead is None or not ahead.wants_deciding:
        return
    with transaction.atomic():
        _decide(ahead.course, revision, added=Added.KEEP.value, corrected=[], actor=actor, now=now)


def _decide(
    course: Course, revision: Revision, *, added: str, corrected: list[dict[str, Any]], actor: User, now: datetime
) -> None:
    """Write the decision down, instead of one that no version has carried out."""
    is_planned = _ahead_of(revision.as_object(), now) is not None
    stale = Q(waits_for=revision.pk) if is_planned else Q(waits_for=revision.pk) | Q(waits_for=None)
    PublishingChoice.objects.filter(stale, course=course, version=None).delete()
    choice = PublishingChoice.objects.create(
        course=course,
        added=added,
        corrected=corrected,
        waits_for=revision.pk if is_planned else None,
        decided_by_id=actor.pk,
        decided_at=now,
    )
    record(
        action="courses.change_decided",
        target=f"course:{course.pk}",
        actor_id=actor.pk,
        now=now,
        choice=choice.pk,
        added=added,
    )


def plan_of(revision: Revision) -> PublishingChoice | None:
    """What was decided for a revision that is planned for a day; None where nothing was."""
    return PublishingChoice.objects.filter(waits_for=revision.pk).first()


def carry_out_plan(revision: Revision) -> None:
    """The revision is public now: what was decided for its day holds, instead of anything that no version took up."""
    plan = plan_of(revision)
    if plan:
        with transaction.atomic():
            under_way(plan.course).delete()
            PublishingChoice.objects.filter(pk=plan.pk).update(waits_for=None)


def versions_of(course: Course) -> list[CourseVersion]:
    """Return the versions of a course, the newest first, without their long texts."""
    versions = CourseVersion.objects.filter(course=course).select_related("choice")
    return list(versions.defer("outline", "items", "keys").order_by("-number"))
