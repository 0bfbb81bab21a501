"""Who looked at, or took, a list of people: written down for each agency in it."""

from datetime import datetime

from lms.accounts.models import User
from lms.audit.operations import record as audit
from lms.common.scope import Scope


def note_listing(*, actor: User, scope: Scope, kind: str, now: datetime) -> None:
    """Write down that somebody had the list of leaders. kind: page, csv or xlsx."""
    _note("pathway.leaders_listed", actor=actor, scope=scope, kind=kind, now=now)


def note_export(*, actor: User, scope: Scope, kind: str, now: datetime) -> None:
    """Write down that somebody took the list of who is where."""
    _note("pathway.exported", actor=actor, scope=scope, kind=kind, now=now)


def _note(action: str, *, actor: User, scope: Scope, kind: str, now: datetime) -> None:
    for agency_id in sorted(scope.agency_ids):
        target = f"agency:{agency_id}"
        audit(action=action, target=target, actor_id=actor.pk, agency_id=agency_id, now=now, kind=kind)
