"""While a worker talks to people: who came, who did not, and being late."""

from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.consultations import mail
from lms.consultations.models import Slot, SlotState, Surgery
from lms.outbox.operations import post

LATEST = 120  # minutes that can be said


class NotYet(DomainError):
    code = "consultations.not_yet"
    message = "That time hasn't begun yet."


def settle(*, slot: Slot, actor: User, came: bool, now: datetime) -> None:
    """Say whether the family of a booked time came; it may be said anew. Raises NotYet before the start."""
    if slot.starts_at > now:
        raise NotYet(slot_id=slot.pk)
    with transaction.atomic():
        rows = Slot.objects.unscoped(because="the caller was let in").filter(pk=slot.pk)
        told = rows.filter(state__in=[SlotState.BOOKED, SlotState.DONE, SlotState.MISSED])
        state = SlotState.DONE if came else SlotState.MISSED
        if told.exclude(state=state).update(state=state):
            _write_down(state.value, f"slot:{slot.pk}", slot.surgery, actor=actor, now=now)


def say_late(*, surgery: Surgery, minutes: int, actor: User, now: datetime) -> int:
    """Tell everybody whose time is still to come today that the worker is late; no time moves. Return how many.

    Said anew, people hear the new number. Zero: on time again; nobody is written to.
    """
    with transaction.atomic():
        rows = Surgery.objects.unscoped(because="the caller was let in").filter(pk=surgery.pk)
        if not rows.exclude(late_minutes=minutes).update(late_minutes=minutes):
            return 0
        surgery.late_minutes = minutes
        _write_down("late", f"surgery:{surgery.pk}", surgery, actor=actor, now=now)
        return _tell(surgery, now) if minutes else 0


def _tell(surgery: Surgery, now: datetime) -> int:
    rows = Slot.objects.unscoped(because="each hears it by themselves").filter(surgery=surgery, starts_at__gt=now)
    waiting = list(rows.filter(state=SlotState.BOOKED).select_related("person").defer("reason"))
    for slot in waiting:
        slot.surgery = surgery
        post(mail.late(slot, now=now), now=now)
    return len(waiting)


def _write_down(deed: str, target: str, surgery: Surgery, *, actor: User, now: datetime) -> None:
    record(action=f"consultation.{deed}", target=target, actor_id=actor.pk, now=now, agency_id=surgery.agency_id)
