"""Making a pathway what its file says, without taking from anybody what they have.

What a step asks never changes: one that asks something else from now on ends for newcomers, and a new one begins for
them. Who is on the way already is asked what they were asked when they began.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from cms.models import PlainPage, WorkshopPage
from lms.audit.operations import record as audit
from lms.certificates.definitions import GroupPlan, PathwayPlan, StepPlan, Unfit
from lms.certificates.models import Pathway, Requirement, RequirementGroup, RequirementKind
from lms.courses.models import Course

RULE = ("purpose", "how", "needed", "in_order", "follows")
ASKS = ("kind", "course_id", "workshop_id", "role", "needed", "pass_mark", "lasts_months")


@dataclass
class Fitted:
    """How many steps began, ended, and stayed."""

    pathway: Pathway
    begun: int = 0
    ended: int = 0
    kept: int = 0


def fit(*, plan: PathwayPlan, actor_id: int | None, now: datetime) -> Fitted:
    """Make the pathway of this slug ask what ``plan`` says of who begins from now on; the same again changes nothing.

    Raises Unfit where a course or a workshop is not there, and then nothing has changed.
    """
    with transaction.atomic():
        wanted = {
            "title": plan.title,
            "neutral_title": plan.neutral_title,
            "valid_months": plan.valid_months,
            "page": PlainPage.objects.filter(slug=plan.page).first() if plan.page else None,
        }
        pathway, is_new = Pathway.objects.update_or_create(slug=plan.slug, defaults=wanted)
        fitted = Fitted(pathway)
        _Fitting(fitted, since=None if is_new else now, now=now).all_of(plan)
        if fitted.begun or fitted.ended:
            deed = {"begun": fitted.begun, "ended": fitted.ended}
            audit(action="pathway.changed", target=f"pathway:{pathway.pk}", actor_id=actor_id, now=now, **deed)
    return fitted


class _Fitting:
    def __init__(self, fitted: Fitted, *, since: datetime | None, now: datetime) -> None:
        self.fitted = fitted
        self.since = since
        self.now = now

    def all_of(self, plan: PathwayPlan) -> None:
        kept = [self._group(group, order).pk for order, group in enumerate(plan.groups, start=1)]
        for gone in self.fitted.pathway.groups.filter(is_current=True).exclude(pk__in=kept):
            self._close(gone)

    def _group(self, plan: GroupPlan, order: int) -> RequirementGroup:
        rule = {name: getattr(plan, name) for name in RULE}
        group = self.fitted.pathway.groups.filter(key=plan.key, is_current=True).first()
        if group and any(getattr(group, name) != value for name, value in rule.items()):
            self._close(group)
            group = None
        if group is None:
            group = RequirementGroup(pathway=self.fitted.pathway, key=plan.key, **rule)
        group.title, group.order = plan.title, order
        group.save()
        kept = [self._step(group, step, place).pk for place, step in enumerate(plan.steps, start=1)]
        self._end(group, keep=kept)
        return group

    def _close(self, group: RequirementGroup) -> None:
        group.is_current = False
        group.save(update_fields=["is_current"])
        self._end(group, keep=[])

    def _end(self, group: RequirementGroup, *, keep: list[int]) -> None:
        live = Requirement.objects.filter(group=group, asked_until=None).exclude(pk__in=keep)
        self.fitted.ended += live.update(asked_until=self.now)

    def _step(self, group: RequirementGroup, plan: StepPlan, place: int) -> Requirement:
        asks = _asks(plan)
        found = Requirement.objects.filter(group=group, key=plan.key, asked_until=None).first()
        if found and any(getattr(found, name) != value for name, value in asks.items()):
            self._end(group, keep=list(group.requirements.exclude(pk=found.pk).values_list("pk", flat=True)))
            found = None
        self.fitted.kept += found is not None
        self.fitted.begun += found is None
        step = found or Requirement(group=group, key=plan.key, asked_from=self.since, **asks)
        step.title, step.detail, step.order = plan.title, plan.detail, place
        step.save()
        return step


def _asks(plan: StepPlan) -> dict[str, Any]:
    """What a step asks, as its row says it."""
    course = _find(Course, plan.course, plan.key) if plan.kind == RequirementKind.COURSE else None
    workshop = _find(WorkshopPage, plan.workshop, plan.key) if plan.kind == RequirementKind.SESSION else None
    same = {name: getattr(plan, name) for name in ("kind", "role", "needed", "pass_mark", "lasts_months")}
    return {**same, "course_id": course, "workshop_id": workshop}


def _find(model: Any, slug: str, key: str) -> int:
    found = model.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if found is None:
        raise Unfit(f'{key} names "{slug}", and there is no such {model._meta.verbose_name}')
    return int(found)
