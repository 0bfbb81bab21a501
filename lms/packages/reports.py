"""What packages have said of one person on one course, for staff: what it comes to, never the words behind it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch

from lms.accounts.models import User
from lms.packages import rules
from lms.packages.models import Attempt, PartState
from lms.packages.operations.standing import CLAIMED, claimed

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
