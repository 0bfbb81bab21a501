"""People in a room whom the provider knows by a name only: staff say who they are."""

from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.meetings import counting
from lms.meetings.models import Presence


class GuestGone(DomainError):
    code = "meetings.guest_gone"
    message = "Somebody has sorted this already. Look at the register again."


def sort_guest(*, presence: Presence, person: User, actor: User, now: datetime) -> None:
    """Say that a guest known by name is ``person``, and count anew. Raises GuestGone if that was said before."""
    with transaction.atomic():
        _change(presence, person=person, name="")
        counting.count(room_id=presence.room_id, now=now)
        _note("sorted", presence, actor=actor, now=now)


def set_guest_aside(*, presence: Presence, actor: User, now: datetime) -> None:
    """Say that a guest is nobody on the register; their name is forgotten. Raises GuestGone as above."""
    with transaction.atomic():
        _change(presence, is_set_aside=True, name="")
        _note("set_aside", presence, actor=actor, now=now)


def _change(presence: Presence, **fields: object) -> None:
    rows = Presence.objects.unscoped(because="the caller was let in").of_nobody_known().filter(pk=presence.pk)
    if not rows.update(**fields):
        raise GuestGone(presence_id=presence.pk)


def _note(deed: str, presence: Presence, *, actor: User, now: datetime) -> None:
    record(
        action=f"guest.{deed}",
        target=f"presence:{presence.pk}",
        actor_id=actor.pk,
        now=now,
        agency_id=presence.room.connection.agency_id,
    )
