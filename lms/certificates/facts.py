"""What shows how far people are on a pathway: gathered in a fixed number of queries, however many people there are."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef

from lms.certificates.models import (
    WORD_KINDS,
    DocumentCheck,
    HandIn,
    LogEntry,
    Observation,
    PathwayRecord,
    Requirement,
    RequirementKind,
    SignOff,
    Statement,
    Supervision,
)
from lms.courses.models import CourseVersion, ItemState, MarkedByHand, Round
from lms.webinars.models import Attendance, Booking, BookingState, Verdict

BECAUSE = "the people are those of records that the caller may see"
THERE = (Verdict.PRESENT, Verdict.MADE_UP)
Pair = tuple[int, int]
T = TypeVar("T")


@dataclass(frozen=True)
class Facts:
    """By person and thing, or by record and requirement: when what happened, oldest first."""

    courses: dict[Pair, list[datetime]] = field(default_factory=dict)
    sessions: dict[Pair, list[datetime]] = field(default_factory=dict)
    parts: dict[Pair, list[datetime]] = field(default_factory=dict)
    words: dict[Pair, list[SignOff]] = field(default_factory=dict)
    hand_ins: dict[Pair, list[datetime]] = field(default_factory=dict)
    checks: dict[Pair, list[DocumentCheck]] = field(default_factory=dict)
    entries: dict[Pair, list[datetime]] = field(default_factory=dict)
    observations: dict[Pair, list[Observation]] = field(default_factory=dict)
    supervisions: dict[Pair, list[datetime]] = field(default_factory=dict)

    def moments(self, record: PathwayRecord, asked: Requirement) -> list[datetime]:
        """When what this step counts has happened."""
        own = (record.pk, asked.pk)
        match RequirementKind(asked.kind):
            case RequirementKind.COURSE:
                return self.courses.get((record.person_id, asked.course_id or 0), [])
            case RequirementKind.SESSION:
                found = self.parts if asked.needed else self.sessions
                return found.get((record.person_id, asked.workshop_id or 0), [])
            case RequirementKind.SUPERVISION:
                return self.supervisions.get((record.person_id, record.pathway_id), [])
            case RequirementKind.OBSERVATION:
                return [seen.noted_at for seen in self.observations.get(own, []) if seen.counts]
            case _:
                return self.entries.get(own, [])


def gather(records: Collection[PathwayRecord], asked: Iterable[Requirement]) -> Facts:
    """Read what there is of ``records`` for what is asked; of kinds that nobody asks nothing is read."""
    kinds = {requirement.kind for requirement in asked}
    read: dict[str, tuple[Collection[str], Callable[[Any], Any]]] = {
        "courses": ({RequirementKind.COURSE}, _courses),
        "sessions": ({RequirementKind.SESSION}, _sessions),
        "parts": ({RequirementKind.SESSION} if any(_counts_parts(r) for r in asked) else set(), _parts),
        "words": (WORD_KINDS, _words),
        "hand_ins": (WORD_KINDS, _hand_ins),
        "checks": ({RequirementKind.DOCUMENT}, _checks),
        "entries": ({RequirementKind.LOG}, _entries),
        "observations": ({RequirementKind.OBSERVATION}, _observations),
        "supervisions": ({RequirementKind.SUPERVISION}, _supervisions),
    }
    return Facts(**{name: gathered(records) for name, (of, gathered) in read.items() if kinds & set(of)})


def rest_on_packages_alone(*, person_id: int, courses: Collection[int]) -> bool:
    """Whether somebody finished these courses by what packages say themselves, and besides by reading only.

    What counts is what they did: a question that was added later, or that they left, says nothing of them. A package
    that staff marked as done has a person's word.
    """
    rounds = Round.objects.unscoped(because=BECAUSE).filter(
        enrolment__person=person_id, enrolment__course__in=courses, completed_at__isnull=False
    )
    versions = CourseVersion.objects.filter(pk__in=rounds.values("completed_version")).values_list("items", flat=True)
    kinds = {item: said["kind"] for items in versions for item, said in items.items() if said["required"]}
    by_hand = MarkedByHand.objects.unscoped(because=BECAUSE).filter(round=OuterRef("round"), item=OuterRef("item"))
    states = ItemState.objects.unscoped(because=BECAUSE).filter(
        ~Exists(by_hand), round__in=rounds, done_at__isnull=False
    )
    done = {kinds.get(str(item)) for item in states.values_list("item", flat=True)} - {None}
    return "package" in done and done <= {"package", "lesson"}


def _counts_parts(requirement: Requirement) -> bool:
    return requirement.kind == RequirementKind.SESSION and requirement.needed > 0


def _grouped(rows: Iterable[tuple[int, int | None, T]]) -> dict[Pair, list[T]]:
    found: defaultdict[Pair, list[T]] = defaultdict(list)
    for one, other, value in rows:
        if other is not None:
            found[one, other].append(value)
    return dict(found)


def _people(records: Iterable[PathwayRecord]) -> set[int]:
    return {record.person_id for record in records}


def _courses(records: Collection[PathwayRecord]) -> dict[Pair, list[datetime]]:
    rounds = Round.objects.unscoped(because=BECAUSE).filter(
        enrolment__person__in=_people(records), completed_at__isnull=False
    )
    ordered = rounds.order_by("completed_at")
    return _grouped(ordered.values_list("enrolment__person", "enrolment__course", "completed_at"))


def _sessions(records: Collection[PathwayRecord]) -> dict[Pair, list[datetime]]:
    bookings = Booking.objects.unscoped(because=BECAUSE).filter(
        person__in=_people(records), state=BookingState.ATTENDED
    )
    return _grouped(
        bookings.order_by("session__ends_at").values_list("person", "session__workshop", "session__ends_at")
    )


def _parts(records: Collection[PathwayRecord]) -> dict[Pair, list[datetime]]:
    rows = Attendance.objects.unscoped(because=BECAUSE).filter(booking__person__in=_people(records), verdict__in=THERE)
    return _grouped(
        rows.order_by("part__ends_at").values_list("booking__person", "booking__session__workshop", "part__ends_at")
    )


def _words(records: Collection[PathwayRecord]) -> dict[Pair, list[SignOff]]:
    rows = SignOff.objects.filter(record__in=records).select_related("signed_by").order_by("signed_at", "pk")
    return _grouped((row.record_id, row.requirement_id, row) for row in rows)


def _hand_ins(records: Collection[PathwayRecord]) -> dict[Pair, list[datetime]]:
    """When something was handed in; a statement is, when it is sent. What it says stays in the database."""
    rows = HandIn.objects.unscoped(because=BECAUSE).filter(record__in=records)
    sent = Statement.objects.unscoped(because=BECAUSE).filter(record__in=records, sent_at__isnull=False)
    both = rows.values_list("record", "requirement", "at").union(
        sent.values_list("record", "requirement", "sent_at"), all=True
    )
    return _grouped(sorted(both, key=lambda row: row[2]))


def _checks(records: Collection[PathwayRecord]) -> dict[Pair, list[DocumentCheck]]:
    rows = DocumentCheck.objects.unscoped(because=BECAUSE).filter(record__in=records).select_related("seen_by")
    return _grouped((row.record_id, row.requirement_id, row) for row in rows.order_by("noted_at"))


def _entries(records: Collection[PathwayRecord]) -> dict[Pair, list[datetime]]:
    rows = LogEntry.objects.unscoped(because="only that they were written, not what").filter(record__in=records)
    return _grouped(rows.order_by("created_at").values_list("record", "requirement", "created_at"))


def _observations(records: Collection[PathwayRecord]) -> dict[Pair, list[Observation]]:
    rows = Observation.objects.unscoped(because=BECAUSE).filter(record__in=records).select_related("observer")
    return _grouped((row.record_id, row.requirement_id, row) for row in rows)


def _supervisions(records: Collection[PathwayRecord]) -> dict[Pair, list[datetime]]:
    """By person and pathway: dates kept since the award count when it is renewed."""
    rows = Supervision.objects.unscoped(because=BECAUSE).filter(record__person__in=_people(records))
    found = rows.order_by("held_on").values_list("record__person", "record__pathway", "held_on")
    return _grouped((person, way, datetime.combine(day, time(12), UTC)) for person, way, day in found)
