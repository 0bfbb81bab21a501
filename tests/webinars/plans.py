"""What staff type, as a plan."""

from datetime import datetime

from lms.agencies.models import Role
from lms.webinars.operations import PartPlan, SessionPlan
from tests.factories.agencies import StaffRoleFactory
from tests.factories.webinars import ROOM

START = datetime(2026, 3, 12, 19, 30)  # noqa: DTZ001 - a wall time


def plan(*starts, facilitator, minutes=90, **fields):
    """A plan with parts at wall times, online in a room that is allowed."""
    parts = tuple(PartPlan(start, minutes) for start in (starts or (START,)))
    wanted = {"title": "Staying in touch", "room_address": ROOM, "capacity": 12, **fields}
    return SessionPlan(parts=parts, facilitator_ids=frozenset({facilitator.pk}), **wanted)


def plan_of(session, **changes):
    """A plan that keeps a session as it is but for ``changes``, and a trainer of its agency who runs it."""
    actor = StaffRoleFactory(agency=session.agency, role=Role.TRAINER).person
    parts = tuple(PartPlan(datetime.fromisoformat(part.local_start), part.minutes) for part in session.parts.all())
    kept = {
        name: getattr(session, name)
        for name in ("title", "neutral_title", "zone", "where", "region", "venue", "capacity")
    }
    fields = {"parts": parts, "facilitator_ids": frozenset({actor.pk}), **kept, **changes}
    return SessionPlan(**fields), actor
