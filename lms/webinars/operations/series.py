"""Sessions of one series after they were made: one is changed or called off alone, or with those that follow it."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta

from django.db import transaction

from lms.accounts.models import User
from lms.webinars.models import Session, SessionState
from lms.webinars.operations.editing import edit_session
from lms.webinars.operations.plans import PartPlan, SessionPlan, plan_of
from lms.webinars.operations.stopping import cancel_sessions

OPEN_STATES = (SessionState.DRAFT, SessionState.PUBLISHED)
BY_DATE = ("parts", "closes", "cancel_deadline")  # what is not the same for each session of a series
EVERYWHERE = tuple(one.name for one in fields(SessionPlan) if one.name not in BY_DATE)


def following(session: Session, *, now: datetime) -> list[Session]:
    """Those of its series after ``session`` that are still to come and not called off, in order."""
    if session.series_id is None:
        return []
    rows = Session.objects.unscoped(because="the caller was let in to the one, and a series is of one agency")
    later = rows.filter(series=session.series_id, series_position__gt=session.series_position, starts_at__gt=now)
    told = later.filter(state__in=OPEN_STATES).order_by("series_position").select_related("workshop", "agency")
    return list(told.prefetch_related("parts", "facilitators"))


def following_plans(
    session: Session, plan: SessionPlan, *, now: datetime, which: Mapping[datetime, bool] | None = None
) -> list[tuple[Session, SessionPlan]]:
    """Return what ``plan`` for ``session`` makes of each that follows it: only what it changes, so that what was
    changed in one of them alone stays.

    which: for wall times that happen twice, whether the second is meant.
    """
    before = plan_of(session)
    return [(later, carry(before, plan, plan_of(later), which or {})) for later in following(session, now=now)]


def carry(before: SessionPlan, after: SessionPlan, later: SessionPlan, which: Mapping[datetime, bool]) -> SessionPlan:
    """Return ``later`` with what is different between ``before`` and ``after``; dates move by as much as they did."""
    changed = {name: getattr(after, name) for name in EVERYWHERE if getattr(before, name) != getattr(after, name)}
    parts = later.parts if before.parts == after.parts else _moved(before, after, later)
    parts = tuple(replace(part, second=which.get(part.local_start, part.second)) for part in parts)
    days = parts[0].local_start.date() - after.parts[0].local_start.date()
    for name in ("closes", "cancel_deadline"):
        moment = getattr(after, name)
        if getattr(before, name) != moment or before.parts != after.parts:
            changed[name] = moment and moment + days
    return replace(later, parts=parts, **changed)


def _moved(before: SessionPlan, after: SessionPlan, later: SessionPlan) -> tuple[PartPlan, ...]:
    if not len(before.parts) == len(after.parts) == len(later.parts):
        days = later.parts[0].local_start.date() - before.parts[0].local_start.date()
        return tuple(replace(part, local_start=part.local_start + days, second=None) for part in after.parts)
    each = zip(before.parts, after.parts, later.parts, strict=True)
    return tuple(_moved_as(was, is_now, part) for was, is_now, part in each)


def _moved_as(was: PartPlan, is_now: PartPlan, part: PartPlan) -> PartPlan:
    """Move a date by as many days as another moved, and to its hour if that is another."""
    days: timedelta = is_now.local_start.date() - was.local_start.date()
    at = part.local_start.time() if was.local_start.time() == is_now.local_start.time() else is_now.local_start.time()
    start = datetime.combine(part.local_start.date() + days, at)
    minutes = part.minutes if was.minutes == is_now.minutes else is_now.minutes
    return PartPlan(start, minutes, second=part.second if start == part.local_start else None)


def edit_following(
    *, session: Session, plan: SessionPlan, actor: User, now: datetime, which: Mapping[datetime, bool] | None = None
) -> list[Session]:
    """Change ``session`` as the plan says, and those that follow it in its series in the same way; return them all.

    Raises what ``edit_session`` does, and then nothing has changed in any of them.
    """
    with transaction.atomic():
        plans = [(session, plan), *following_plans(session, plan, now=now, which=which)]
        return [edit_session(session=one, plan=wanted, actor=actor, now=now) for one, wanted in plans]


def cancel_following(*, session: Session, actor: User, reason: str, now: datetime) -> list[Session]:
    """Call ``session`` off and those that follow it in its series. Raises SessionOver for one that has ended."""
    rows = [session, *following(session, now=now)]
    return cancel_sessions(sessions=rows, actor=actor, reason=reason, now=now)
