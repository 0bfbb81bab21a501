"""How far people are on their pathways: each step, whose turn it is, and since when."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import chain

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from lms.accounts.models import User
from lms.certificates import steps
from lms.certificates.assessing import may_act
from lms.certificates.facts import Facts, gather, rest_on_packages_alone
from lms.certificates.models import (
    WORD_KINDS,
    Award,
    DocumentCheck,
    Observation,
    PathwayRecord,
    RecordState,
    Requirement,
    RequirementGroup,
    RequirementKind,
    SignOff,
)
from lms.certificates.steps import Outcome, Turn, Word
from lms.common.scope import Scope


@dataclass(frozen=True)
class Step:
    """One requirement and how far somebody is with it. state: a word of ``steps.Turn``."""

    record: PathwayRecord
    requirement: Requirement
    outcome: Outcome
    today: date
    words: list[SignOff] = field(default_factory=list)
    checks: list[DocumentCheck] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)

    @property
    def state(self) -> str:
        """Whose turn it is."""
        return str(self.outcome.turn)

    @property
    def done_at(self) -> datetime | None:
        """When it was met."""
        return self.outcome.done_at

    @property
    def last_word(self) -> SignOff | None:
        """What was last said of it."""
        return self.words[-1] if self.words else None

    @property
    def comment(self) -> str:
        """The kind words that came with it."""
        return self.last_word.comment if self.last_word else ""

    @property
    def signed_by(self) -> str:
        """Who signed: all of those who said yes, or who said that something is to come."""
        met = [word for word in self.words if word.is_met] if self.state == Turn.DONE else self.words[-1:]
        return " and ".join(word.signed_by.display_name for word in met if word.signed_by)

    @property
    def waits_for(self) -> str:
        """Whom it waits for, in words to the candidate."""
        named = {RequirementKind.STATEMENT: (self.record.assessor, "your assessor")}
        person, what = named.get(RequirementKind(self.requirement.kind), (None, ""))
        if person:
            return f"{person.display_name}, {what}"
        role = self.requirement.role_label.lower() or "coordinator"
        return f"a {role} at {self.record.agency.name}"

    @property
    def since(self) -> str:
        """Since when it waits, in words."""
        at = self.outcome.since
        return steps.said_since(timezone.localdate(at), today=self.today) if at else ""

    def is_stuck(self, now: datetime) -> bool:
        """Whether it has waited for one person for long."""
        return self.state in {Turn.WAITING, Turn.MORE} and steps.is_stuck(self.outcome.since, now=now)


@dataclass(frozen=True)
class GroupOfSteps:
    """Steps that belong together, and how many of them are asked."""

    group: RequirementGroup
    steps: list[Step]

    @property
    def asked(self) -> int:
        """How many are asked."""
        return steps.asked_of(self.group.how, self.group.needed, total=len(self.steps))

    @property
    def done(self) -> int:
        """How many of those are done."""
        return min(sum(step.state == Turn.DONE for step in self.steps), self.asked)


@dataclass(frozen=True)
class Progress:
    """A person on a pathway, group by group and step by step."""

    record: PathwayRecord
    groups: list[GroupOfSteps]
    is_as_today: bool = True  # whether somebody who begins today is asked the same

    @cached_property
    def steps(self) -> list[Step]:
        """All steps in order."""
        return list(chain.from_iterable(group.steps for group in self.groups))

    @property
    def done(self) -> int:
        """How many steps are met."""
        return sum(group.done for group in self.groups)

    @property
    def total(self) -> int:
        """How many steps are asked."""
        return sum(group.asked for group in self.groups)

    @property
    def current(self) -> Step | None:
        """The first step that the person can do something about; None when it is somebody else's turn."""
        return next((step for step in self.steps if step.state in {Turn.MORE, Turn.OPEN}), None)

    @property
    def waiting(self) -> list[Step]:
        """Steps that wait for a member of staff, the longest wait first."""
        found = [step for step in self.steps if step.state == Turn.WAITING]
        return sorted(found, key=lambda step: step.outcome.since or self.record.started_at)

    @property
    def with_staff(self) -> int:
        """How many steps wait for a member of staff."""
        return len(self.waiting)

    @property
    def more(self) -> int:
        """How many steps need one more thing from the person."""
        return sum(step.state == Turn.MORE for step in self.steps)

    @property
    def is_done(self) -> bool:
        """Whether enough steps are met; a pathway without steps is never done."""
        return bool(self.steps) and self.done == self.total

    @property
    def is_free(self) -> bool:
        """Whether the steps can be done in any order."""
        return not any(one.group.in_order or one.group.follows for one in self.groups)

    def stuck(self, now: datetime) -> list[Step]:
        """Steps that have waited for one person for long."""
        return [step for step in self.steps if step.is_stuck(now)] if self.record.state == RecordState.ACTIVE else []


def records_of(person: User) -> QuerySet[PathwayRecord]:
    """A person's pathways, the latest first."""
    rows: QuerySet[PathwayRecord] = PathwayRecord.objects.owned_by(person)
    return _with_names(rows).order_by("-started_at", "-pk")


def records_within(scope: Scope) -> QuerySet[PathwayRecord]:
    """Who is on a pathway in the agencies of ``scope``: those under way first."""
    rows: QuerySet[PathwayRecord] = PathwayRecord.objects.within(scope)
    return _with_names(rows).order_by("state", "started_at", "pk")


def _with_names(rows: QuerySet[PathwayRecord]) -> QuerySet[PathwayRecord]:
    return rows.select_related("pathway__page", "person", "agency", "link_worker", "assessor", "supervisor").defer(
        "pathway__page__body"
    )


def groups_of(pathways: Iterable[int]) -> dict[int, list[RequirementGroup]]:
    """Return the groups of each pathway with all that was ever asked in them, in two queries."""
    wanted = Requirement.objects.select_related("course__page", "workshop").defer(
        "course__page__body", "workshop__body"
    )
    found: defaultdict[int, list[RequirementGroup]] = defaultdict(list)
    rows = RequirementGroup.objects.filter(pathway__in=set(pathways))
    for group in rows.prefetch_related(Prefetch("requirements", queryset=wanted)):
        found[group.pathway_id].append(group)
    return found


def _asked(group: RequirementGroup, moment: datetime) -> list[Requirement]:
    """What of a group is asked of somebody who began at ``moment``."""
    return [one for one in group.requirements.all() if one.is_asked_at(moment)]


def progress_of(records: Iterable[PathwayRecord], *, now: datetime) -> list[Progress]:
    """How far each record is at ``now``, in a fixed number of queries however many there are."""
    records = list(records)
    groups = groups_of(record.pathway_id for record in records)
    every = [one for row in groups.values() for group in row for one in group.requirements.all()]
    facts = gather(records, every)
    today = timezone.localdate(now)
    return [_progress(record, groups[record.pathway_id], facts, today) for record in records]


def _progress(record: PathwayRecord, groups: list[RequirementGroup], facts: Facts, today: date) -> Progress:
    asked = [(group, _asked(group, record.asks_at)) for group in groups if group.purpose == record.purpose]
    asked = [(group, row) for group, row in asked if row]
    found = [
        steps.Group(
            steps.How(group.how),
            group.needed,
            group.in_order,
            group.follows,
            tuple(_outcome(record, one, facts, today) for one in row),
        )
        for group, row in asked
    ]
    settled = steps.arranged(found, begun=record.started_at)
    return Progress(
        record,
        [
            GroupOfSteps(group, [_step(record, one, out, facts, today) for one, out in zip(row, outcomes, strict=True)])
            for (group, row), outcomes in zip(asked, settled, strict=True)
        ],
        is_as_today=_asks_what_is_asked_today(asked, groups, record.purpose),
    )


def _asks_what_is_asked_today(
    asked: list[tuple[RequirementGroup, list[Requirement]]], groups: list[RequirementGroup], purpose: str
) -> bool:
    mine = {one.pk for _, row in asked for one in row}
    every = (one for group in groups if group.purpose == purpose for one in group.requirements.all())
    return mine == {one.pk for one in every if one.asked_until is None}


def _step(record: PathwayRecord, asked: Requirement, outcome: Outcome, facts: Facts, today: date) -> Step:
    key = (record.pk, asked.pk)
    return Step(
        record,
        asked,
        outcome,
        today,
        words=facts.words.get(key, []),
        checks=facts.checks.get(key, []),
        observations=facts.observations.get(key, []),
    )


def _outcome(record: PathwayRecord, asked: Requirement, facts: Facts, today: date) -> Outcome:
    key = (record.pk, asked.pk)
    if asked.kind in WORD_KINDS:
        first = Turn.OPEN if asked.kind == RequirementKind.STATEMENT else Turn.WAITING
        said = [Word(word.is_met, word.signed_at) for word in facts.words.get(key, [])]
        handed_in = facts.hand_ins.get(key, [None])[-1]
        return steps.by_words(said, needed=asked.needed, handed_in=handed_in, turn=first)
    if asked.kind == RequirementKind.DOCUMENT:
        seen = [(check.noted_at, check.review_on) for check in facts.checks.get(key, [])]
        return steps.by_check(seen, today=today)
    moments = [at for at in facts.moments(record, asked) if _counts(at, record)]
    return steps.by_count(moments, needed=max(asked.needed, 1), lasts_months=asked.lasts_months, today=today)


def _counts(at: datetime, record: PathwayRecord) -> bool:
    return record.counts_from is None or timezone.localdate(at) > record.counts_from


def is_done(record: PathwayRecord, *, now: datetime) -> bool:
    """Whether every step of this record is met at ``now``, and not all of them by the word of packages alone."""
    found = progress_of([record], now=now)[0]
    return found.is_done and not is_held_back(found)


def is_held_back(found: Progress) -> bool:
    """Whether every step is met, and all of them by courses whose packages alone say so: no award rests on that."""
    met = [step.requirement for step in found.steps if step.state == Turn.DONE]
    if not found.is_done or any(asked.kind != RequirementKind.COURSE for asked in met):
        return False
    courses = {asked.course_id or 0 for asked in met}
    return rest_on_packages_alone(person_id=found.record.person_id, courses=courses)


def steps_for(progress: Progress, user: User) -> list[Step]:
    """The steps of one record with which ``user`` may do something now."""
    if progress.record.state != RecordState.ACTIVE:
        return []
    closed = {Turn.DONE, Turn.SHUT, Turn.SPARE}
    return [s for s in progress.steps if s.state not in closed and may_act(user, s.requirement, progress.record)]


def steps_to_sign(progress: Progress, user: User) -> list[Step]:
    """The steps of one record that wait for ``user``."""
    return [step for step in steps_for(progress, user) if step.state == Turn.WAITING]


def unfulfilled_records() -> list[int]:
    """Records under way, for the nightly look."""
    rows = PathwayRecord.objects.unscoped(because="the nightly look for what was missed")
    return list(rows.filter(state=RecordState.ACTIVE).order_by("pk").values_list("pk", flat=True))


def award_of(record: PathwayRecord) -> Award | None:
    """The award that ended this pathway, for its own holder or the desk."""
    rows = Award.objects.unscoped(because="the caller may see the record that it ended")
    award: Award | None = rows.filter(earned_by=f"pathway:{record.pk}").defer("says", "qr").first()
    return award


def describe(pathway_id: int, *, purpose: str, moment: datetime) -> list[tuple[RequirementGroup, list[Requirement]]]:
    """What is asked of somebody who begins at ``moment``, group by group: for reading."""
    rows = [group for group in groups_of([pathway_id])[pathway_id] if group.purpose == purpose]
    asked = [(group, _asked(group, moment)) for group in rows]
    return [(group, found) for group, found in asked if found]
