"""What pages show of rooms: how they stand, which are in trouble, and who in them is known by a name only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lms.common.scope import Scope
from lms.meetings.models import Connection, Presence, Room, RoomState

# What to say to staff of each kind of trouble; the provider's name stands before it.
SAID = {
    "away": "can't be reached",
    "slow": "takes too long to answer",
    "busy": "is asked too much at the moment",
    "refused": "doesn't take our secret any more",
    "wrong": "answers with something we don't understand",
    "forbidden": "is at an address that this site may not talk to",
}


def in_words(trouble: str) -> str:
    """Like "can't be reached"; empty for none."""
    return SAID.get(trouble, "doesn't work") if trouble else ""


@dataclass(frozen=True)
class RoomRow:
    """How one room stands, for staff."""

    number: int
    provider: str
    is_ready: bool
    is_closed: bool
    trouble: str


def rooms_of(about: UUID) -> dict[int, RoomRow]:
    """How the rooms for something stand, by number: one query."""
    rows = Room.objects.unscoped(because="the caller was let in").filter(about=about).select_related("connection")
    return {room.number: _row(room) for room in rows.defer("given", "connection__secrets").order_by("number")}


def _row(room: Room) -> RoomRow:
    return RoomRow(
        number=room.number,
        provider=room.connection.get_provider_display(),
        is_ready=room.state == RoomState.READY,
        is_closed=room.state in {RoomState.CLOSING, RoomState.CLOSED},
        trouble=in_words(room.trouble),
    )


def in_trouble(scope: Scope, *, now: datetime) -> dict[UUID, str]:
    """What is wrong with rooms still to come, in words, by what they are for: one query."""
    rows = Room.objects.within(scope).in_trouble(now).select_related("connection").defer("given", "connection__secrets")
    return {
        room.about: f"{room.connection.get_provider_display()} {in_words(room.trouble)}."
        for room in rows.order_by("-starts_at")
    }


def guests(about: UUID, number: int) -> list[Presence]:
    """Who was in a room and is known by a name only, for staff to sort; one entry a coming-in."""
    rows = Presence.objects.unscoped(because="the caller was let in").of_nobody_known()
    found = rows.filter(room__about=about, room__number=number).select_related("room__connection")
    return list(found.defer("room__given", "room__connection__secrets").order_by("joined_at", "pk"))


def guest(about: UUID, number: int, pk: int) -> Presence | None:
    """One of them, or None if it is none of this room."""
    return next((presence for presence in guests(about, number) if presence.pk == pk), None)


def connections(agency_ids: Iterable[int]) -> dict[str, Connection]:
    """How agencies reach providers, by the provider's name; what opens them stays in the database."""
    rows = Connection.objects.within(Scope(frozenset(agency_ids)))
    return {connection.provider: connection for connection in rows.defer("secrets").order_by("pk")}
