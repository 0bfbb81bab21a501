"""What a form for a session begins with, when there is one already."""

from typing import Any

from lms.webinars import operations
from lms.webinars.forms.planning import LINES
from lms.webinars.models import Session


def typed_of(session: Session) -> dict[str, Any]:
    """What a form for ``session`` begins with. The room's address is not shown again."""
    return terms_of(session) | _dates_of(session) | _booking_times(session)


def terms_of(session: Session) -> dict[str, Any]:
    """What a form for another like ``session`` begins with: all but its dates, its room and who is coming."""
    same = ("kind", "zone", "where", "venue", "room_by", "capacity", "waiting_list_cap", "captions", "babies_welcome",
            "only_for", "may_be_recorded", *LINES)  # fmt: skip
    people = {row.person_id: row.role for row in session.facilitators.all()}
    return {
        **{name: getattr(session, name) for name in same},
        "workshop": session.workshop_id,
        "facilitators": [str(pk) for pk in people],
        **{f"role_{pk}": role for pk, role in people.items()},
        "offer_hours": session.offer_minutes and session.offer_minutes // 60,
        "household": session.household_limit is not None,
    }


def _dates_of(session: Session) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    for number, part in enumerate(operations.plan_of(session).parts, start=1):
        which = "" if part.second is None else "second" if part.second else "first"
        typed |= {f"date_{number}": part.local_start.date(), f"time_{number}": part.local_start.time()}
        typed |= {f"minutes_{number}": part.minutes, f"second_{number}": which}
    return typed


def _booking_times(session: Session) -> dict[str, Any]:
    plan = operations.plan_of(session)
    moments = {"opens": plan.opens, "closes": plan.closes, "cancel": plan.cancel_deadline}
    known = {name: at for name, at in moments.items() if at}
    return {f"{name}_date": at.date() for name, at in known.items()} | {
        f"{name}_time": at.time() for name, at in known.items()
    }
