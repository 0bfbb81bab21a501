"""What packages ask for, in words; and what they have said of one person, for staff: never the words behind it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch

from lms.accounts.models import User
from lms.packages import asking, rules
from lms.packages.models import Attempt, Package, PartState, Version
from lms.packages.operations.standing import CLAIMED, claimed, end_of

MINUTE = 60  # seconds
_KEPT = ("attempt", "part", *CLAIMED, "seconds", "sitting_seconds", "is_finished", "updated_at")


@dataclass(frozen=True)
class PartReported:
    """What one part has said. score and progress: hundredths. minutes: as it counts them. ended: by its own word."""

    title: str
    says: str
    score: int | None
    progress: int | None
    minutes: int
    ended: bool
    at: datetime | None


@dataclass(frozen=True)
class Reported:
    """One attempt, with its parts in order."""

    attempt: Attempt
    parts: list[PartReported]


def reported(*, person: User, course: UUID) -> list[Reported]:
    """Return all attempts of ``person`` in ``course``, the latest first; the caller may see this person. Two queries.

    A bookmark, an answer or anything else that may quote the learner is not even read.
    """
    states = Prefetch("states", PartState.objects.only(*_KEPT))
    rows = Attempt.objects.unscoped(because="the caller has read the enrolment within its scope")
    theirs = rows.filter(person=person, course=course).order_by("-begun_at", "-pk")
    found = theirs.select_related("version__package").prefetch_related(states)
    return [Reported(attempt, _parts(attempt)) for attempt in found]


def asked_for(version: Version, package: Package) -> list[str]:
    """Say to a trainer what a version asks of its order and its end: what is done of that here, and what isn't."""
    parts = version.parts
    order = asking.of_order(parts, in_order=version.in_order)
    end = asking.of_end(parts, version.groups, action=end_of(package))
    return [*order, *end, *(asking.BEYOND[name] for name in version.manifest.get("beyond", []))]


def when_over(version: Version, package: Package) -> str:
    """Say to a learner what of several parts has to be done."""
    return " ".join(asking.of_end(version.parts, version.groups, action=end_of(package)))


def _parts(attempt: Attempt) -> list[PartReported]:
    told = {state.part: state for state in attempt.states.all()}
    return [_part(part["title"] or part["id"], told.get(part["id"])) for part in attempt.version.parts]


def _part(title: str, state: PartState | None) -> PartReported:
    if state is None:
        return PartReported(title, "", None, None, 0, ended=False, at=None)
    claim = claimed(state)
    return PartReported(
        title,
        rules.said_in_a_word(claim),
        score=state.score,
        progress=state.progress,
        minutes=rules.added(state.seconds, state.sitting_seconds) // MINUTE,
        ended=state.is_finished,
        at=state.updated_at,
    )
