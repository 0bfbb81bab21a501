"""A booking moves from state to state in one statement, and never without a line in its history."""

from datetime import datetime

from lms.audit.operations import record
from lms.webinars.models import Booking, BookingChange, BookingState


def begin(booking: Booking, *, actor_id: int | None, now: datetime, reason: str) -> None:
    """Keep a new booking, with the first line of its history. Raises IntegrityError where the person has a live one."""
    booking.save(force_insert=True)
    write_down(booking, before="", actor_id=actor_id, now=now, reason=reason)


def write_down(booking: Booking, *, before: str, actor_id: int | None, now: datetime, reason: str) -> None:
    """Keep that ``booking`` is now in its state, in its own history and in the audit record."""
    BookingChange.objects.create(
        booking=booking, before=before, after=booking.state, at=now, actor_id=actor_id, reason=reason
    )
    record(
        action=f"booking.{booking.state}",
        target=f"booking:{booking.pk}",
        actor_id=actor_id,
        now=now,
        agency_id=booking.session.agency_id,
        session=booking.session_id,
        reason=reason,
    )


def move(
    booking: Booking, *, to: BookingState, actor_id: int | None, now: datetime, reason: str, **also: object
) -> bool:
    """Move ``booking`` on, with further fields; False, and nothing changed, if somebody moved it first."""
    before = booking.state
    rows = Booking.objects.unscoped(because="the caller was let in").filter(pk=booking.pk, state=before)
    if rows.update(state=to, **also) != 1:
        return False
    for name, value in {"state": to, **also}.items():
        setattr(booking, name, value)
    write_down(booking, before=before, actor_id=actor_id, now=now, reason=reason)
    return True
