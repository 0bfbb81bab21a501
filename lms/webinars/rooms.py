"""What the desk is told of rooms made for sessions."""

from dataclasses import dataclass
from datetime import datetime

from lms.common.scope import Scope
from lms.meetings import reports as meetings
from lms.webinars.models import Session, SessionQuerySet


@dataclass(frozen=True)
class Trouble:
    """A session whose room could not be made so far, and why, like "BigBlueButton can't be reached."."""

    session: Session
    said: str


def in_trouble(rows: SessionQuerySet, scope: Scope, *, now: datetime) -> list[Trouble]:
    """Those of ``rows`` whose room staff should look at, soonest first: one query where all is well, else three."""
    said = meetings.in_trouble(scope, now=now)
    if not said:
        return []
    found = rows.filter(uuid__in=said).without_the_way_in().prefetch_related("parts").order_by("starts_at", "pk")
    return [Trouble(session, said[session.uuid]) for session in found]
