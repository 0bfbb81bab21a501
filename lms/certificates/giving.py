"""What is read for giving certificates at the desk."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from lms.certificates.models import Award, AwardState
from lms.common.scope import Scope
from lms.webinars.models import Booking, BookingState, Session


@dataclass(frozen=True)
class RegisterProgress:
    """How far the certificates of one session are: how many people were there, and what became of theirs."""

    there: int
    ready: int
    being_made: int
    waiting: int
    staged: int
    stopped: int

    @property
    def missing(self) -> int:
        """How many have none yet."""
        return self.there - self.ready - self.being_made - self.waiting - self.staged - self.stopped

    @property
    def is_under_way(self) -> bool:
        """Whether the worker still has something to do."""
        return self.missing > 0 or self.being_made > 0

    @property
    def settled(self) -> int:
        """How many need nothing more from the worker."""
        return self.there - self.missing - self.being_made


def register_progress(session: Session) -> RegisterProgress:
    """Count what became of the certificates of a session; two queries."""
    rows = Booking.objects.unscoped(because="the caller may open this register")
    there = rows.filter(session=session, state=BookingState.ATTENDED).values_list("pk", flat=True)
    keys = [f"booking:{pk}" for pk in there]
    awards = Award.objects.unscoped(because="how many, of a register that the caller may open")
    found = Counter(_stage(*row) for row in awards.filter(earned_by__in=keys).values_list("state", "pdf"))
    return RegisterProgress(len(keys), **{stage: found[stage] for stage in STAGES})


STAGES = ("ready", "being_made", "waiting", "staged", "stopped")
_STAGE_OF = {AwardState.STAGED: "staged", AwardState.WAITING: "waiting", AwardState.REPLACED: "ready"}
_STOPPED = {AwardState.DECLINED, AwardState.SUSPENDED, AwardState.WITHDRAWN}


def _stage(state: str, pdf: str) -> str:
    if state in _STOPPED:
        return "stopped"
    return _STAGE_OF.get(AwardState(state)) or ("ready" if pdf else "being_made")


def staged_within(scope: Scope, *also: str) -> QuerySet[Award]:
    """Certificates that wait for a look in these agencies, the oldest first; those in the states ``also`` too."""
    rows: QuerySet[Award] = Award.objects.within(scope).filter(state__in=[AwardState.STAGED, *also])
    return rows.select_related("person").defer("says", "qr").order_by("issued_at", "pk")


def uuids(typed: Iterable[str]) -> list[UUID]:
    """Return those of ``typed`` that are one at all."""
    found = []
    for one in typed:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found
