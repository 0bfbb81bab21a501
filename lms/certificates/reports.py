"""What is read of certificates and pathways: for their holder, for who checks a code, for the desk."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, Min, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from lms.accounts.models import User
from lms.certificates.access import may_sign
from lms.certificates.models import (
    Award,
    AwardChange,
    PathwayRecord,
    RecordState,
    Requirement,
    RequirementKind,
    SignOff,
)
from lms.common.scope import Scope
from lms.courses.models import Round
from lms.webinars.models import Booking, BookingState

# --- Awards --------------------------------------------------------------------------------------------------------


def awards_of(person: User) -> QuerySet[Award]:
    """A person's certificates, newest first, with what replaced them."""
    rows: QuerySet[Award] = Award.objects.owned_by(person).for_listing()
    return rows.select_related("replaced_by").prefetch_related("lookups")


def awards_within(scope: Scope) -> QuerySet[Award]:
    """The certificates of an agency's people, newest first."""
    rows: QuerySet[Award] = Award.objects.within(scope).for_listing()
    return rows.select_related("person")


def changed_at(award: Award) -> datetime | None:
    """When the award came into its present state."""
    changes = AwardChange.objects.filter(award=award, after=award.state).order_by("-at")
    return changes.values_list("at", flat=True).first()


def given_up() -> int:
    """How many certificates could not be made; for who watches over the house."""
    return int(Award.objects.unscoped(because="only how many, not whose").given_up().count())


def rounds_without_award(*, most: int = 500) -> list[int]:
    """Completed rounds whose award was never given: the news of them was lost."""
    rows = Round.objects.unscoped(because="the nightly look for what was missed").filter(completed_at__isnull=False)
    return list(_without_award(rows, "round:").values_list("pk", flat=True)[:most])


def bookings_without_award(*, most: int = 500) -> list[int]:
    """Attended bookings whose award was never given."""
    rows = Booking.objects.unscoped(because="the nightly look for what was missed").filter(state=BookingState.ATTENDED)
    return list(_without_award(rows, "booking:").values_list("pk", flat=True)[:most])


def _without_award(rows: QuerySet[Any], prefix: str) -> QuerySet[Any]:
    key = Concat(Value(prefix), Cast("pk", CharField()))
    given = Award.objects.unscoped(because="whether there is one").filter(earned_by=OuterRef("key"))
    return rows.annotate(key=key).filter(~Exists(given)).order_by("pk")


# --- Pathways ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One requirement and how far somebody is with it. state: done, more, waiting or open."""

    requirement: Requirement
    state: str
    done_at: datetime | None = None
    comment: str = ""
    signed_by: str = ""


@dataclass(frozen=True)
class Progress:
    """A person on a pathway, step by step."""

    record: PathwayRecord
    steps: list[Step]

    @property
    def done(self) -> int:
        """How many steps are met."""
        return sum(step.state == "done" for step in self.steps)

    @property
    def total(self) -> int:
        """How many steps there are."""
        return len(self.steps)

    @property
    def current(self) -> Step | None:
        """The first step that the person can do something about; None when it is somebody else's turn."""
        return next((step for step in self.steps if step.state in {"more", "open"}), None)

    @property
    def with_staff(self) -> int:
        """How many steps wait for a member of staff."""
        return sum(step.state == "waiting" for step in self.steps)

    @property
    def more(self) -> int:
        """How many steps need one more thing from the person."""
        return sum(step.state == "more" for step in self.steps)

    @property
    def awaiting(self) -> list[Step]:
        """Steps that a member of staff may sign now."""
        return [s for s in self.steps if s.requirement.kind == RequirementKind.SIGN_OFF and s.state != "done"]

    @property
    def is_done(self) -> bool:
        """Whether every step is met; a pathway without steps is never done."""
        return bool(self.steps) and self.done == self.total


def records_of(person: User) -> QuerySet[PathwayRecord]:
    """A person's pathways, the latest first."""
    rows: QuerySet[PathwayRecord] = PathwayRecord.objects.owned_by(person)
    return rows.select_related("pathway__page", "agency", "link_worker").defer("pathway__page__body").order_by("-pk")


def records_within(scope: Scope) -> QuerySet[PathwayRecord]:
    """Everybody on a pathway in these agencies, who is under way first."""
    rows: QuerySet[PathwayRecord] = PathwayRecord.objects.within(scope)
    return rows.select_related("pathway", "person", "agency", "link_worker").order_by("state", "started_at", "pk")


def progress_of(records: Iterable[PathwayRecord]) -> list[Progress]:
    """How far each record is, in four queries however many there are."""
    records = list(records)
    facts = _facts_about(records)
    asked: defaultdict[int, list[Requirement]] = defaultdict(list)
    wanted = Requirement.objects.filter(pathway__in={record.pathway_id for record in records})
    for requirement in wanted.select_related("course__page", "workshop").defer("course__page__body", "workshop__body"):
        asked[requirement.pathway_id].append(requirement)
    return [Progress(record, [facts.step(record, r) for r in asked[record.pathway_id]]) for record in records]


def is_done(record: PathwayRecord) -> bool:
    """Whether every step of this record is met."""
    return progress_of([record])[0].is_done


@dataclass(frozen=True)
class _Facts:
    """When who completed which course and attended which workshop, and the latest word on each signed step."""

    courses: dict[tuple[int, int], datetime]
    workshops: dict[tuple[int, int], datetime]
    sign_offs: dict[tuple[int, int], SignOff]

    def step(self, record: PathwayRecord, requirement: Requirement) -> Step:
        if requirement.kind == RequirementKind.SIGN_OFF:
            return self._signed(record, requirement)
        found = self.courses if requirement.kind == RequirementKind.COURSE else self.workshops
        thing = requirement.course_id if requirement.kind == RequirementKind.COURSE else requirement.workshop_id
        done_at = found.get((record.person_id, thing or 0))
        return Step(requirement, "done" if done_at else "open", done_at)

    def _signed(self, record: PathwayRecord, requirement: Requirement) -> Step:
        word = self.sign_offs.get((record.pk, requirement.pk))
        if word is None:
            return Step(requirement, "waiting")
        by = word.signed_by.display_name if word.signed_by else ""
        return Step(requirement, "done" if word.is_met else "more", word.signed_at, word.comment, by)


def _facts_about(records: list[PathwayRecord]) -> _Facts:
    people = {record.person_id for record in records}
    because = "the people are those of records that the caller may see"
    completed = Round.objects.unscoped(because=because).filter(enrolment__person__in=people, completed_at__isnull=False)
    attended = Booking.objects.unscoped(because=because).filter(person__in=people, state=BookingState.ATTENDED)
    words = SignOff.objects.filter(record__in=records).select_related("signed_by").order_by("is_met", "signed_at")
    return _Facts(
        courses=_firsts(completed, "enrolment__person", "enrolment__course", "completed_at"),
        workshops=_firsts(attended, "person", "session__workshop", "session__ends_at"),
        sign_offs={(word.record_id, word.requirement_id): word for word in words},
    )


def _firsts(rows: QuerySet[Any], person: str, thing: str, moment: str) -> dict[tuple[int, int], datetime]:
    """When each person first did each thing."""
    found = rows.order_by().values_list(person, thing).annotate(first=Min(moment))
    return {(person_id, thing_id): first for person_id, thing_id, first in found if thing_id}


def steps_to_sign(progress: Progress, user: User) -> list[Step]:
    """The steps of one record that ``user`` may sign now."""
    if progress.record.state != RecordState.ACTIVE:
        return []
    return [step for step in progress.awaiting if may_sign(user, step.requirement, progress.record)]


def unfulfilled_records() -> list[int]:
    """Records under way, for the nightly look."""
    rows = PathwayRecord.objects.unscoped(because="the nightly look for what was missed")
    return list(rows.filter(state=RecordState.ACTIVE).order_by("pk").values_list("pk", flat=True))


def award_of(record: PathwayRecord) -> Award | None:
    """The award that ended this pathway, for its own holder or the desk."""
    rows = Award.objects.unscoped(because="the caller may see the record that it ended")
    award: Award | None = rows.filter(earned_by=f"pathway:{record.pk}").defer("says", "qr").first()
    return award
