"""Letters about talks: orders that are written when they are sent. Subjects say when, never with whom or why."""

from datetime import datetime, timedelta

from lms.accounts.models import User
from lms.consultations.models import QueuePlace, Slot
from lms.outbox.operations import Order

KEPT_FOR = timedelta(hours=6)  # how long news of a queue that ended is worth telling


def _order(kind: str, slot: Slot, person: User, *, occasion: str, expires_at: datetime | None = None) -> Order:
    return Order(
        kind=f"consultation_{kind}",
        once=f"consultation_{kind}:{slot.pk}:{person.pk}:{occasion}",
        address=person.email,
        person_id=person.pk,
        about={"slot": slot.pk},
        expires_at=expires_at,
    )


def _whose(slot: Slot) -> User:
    """Whose time it is. Raises ValueError for one that is nobody's."""
    if slot.person is None:
        raise ValueError(f"slot {slot.pk} is nobody's")
    return slot.person


def _moment(at: datetime | None) -> str:
    return f"{at:%Y%m%dT%H%M%S%f}" if at else ""


def booked(slot: Slot, person: User, *, now: datetime) -> Order:
    """You have a time."""
    return _order("booked", slot, person, occasion=_moment(now), expires_at=slot.ends_at)


def given_up(slot: Slot, person: User, *, now: datetime) -> Order:
    """You have given a time up."""
    return _order("given_up", slot, person, occasion=_moment(now), expires_at=slot.ends_at)


def called_off(slot: Slot) -> Order:
    """We have to cancel it: why, and how to find another."""
    return _order("called_off", slot, _whose(slot), occasion="")


def late(slot: Slot, *, now: datetime) -> Order:
    """The worker runs late; the time itself does not move."""
    occasion = f"{_moment(now)}:{slot.surgery.late_minutes}"
    return _order("late", slot, _whose(slot), occasion=occasion, expires_at=slot.ends_at)


def ended(slot: Slot, person: User, *, now: datetime) -> Order:
    """The agency takes its word back, and the time with it."""
    return _order("ended", slot, person, occasion=_moment(now), expires_at=slot.ends_at)


def reminder(slot: Slot) -> Order:
    """It is tomorrow."""
    return _order("reminder", slot, _whose(slot), occasion=_moment(slot.booked_at), expires_at=slot.starts_at)


def queue_ended(place: QueuePlace) -> Order:
    """The queue ended before it was your turn."""
    return Order(
        kind="consultation_queue_ended",
        once=f"consultation_queue_ended:{place.pk}",
        address=place.person.email,
        person_id=place.person_id,
        about={"place": place.pk},
        expires_at=place.surgery.ends_at + KEPT_FOR,
    )
