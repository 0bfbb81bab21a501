"""Which rooms there are to be, and who is expected in them. The worker makes it so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from lms.common.tasks import enqueue
from lms.meetings import providers, tasks
from lms.meetings.models import Connection, Room, RoomQuerySet, RoomState, Seat, SeatState, ref_of

_WHY = "the caller was let in"
_LIVE = (RoomState.WANTED, RoomState.READY)


@dataclass(frozen=True)
class Wanted:
    """A room for one date. ``title``: what the provider shows, a neutral one. may_record: as people were told."""

    about: UUID
    number: int
    title: str
    opens_at: datetime
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    may_record: bool = False


def is_connected(agency_ids: Iterable[int]) -> bool:
    """Whether rooms can be made for any of these agencies."""
    return Connection.objects.unscoped(because=_WHY).chosen().filter(agency__in=list(agency_ids)).exists()


def lets_record(agency_ids: Iterable[int]) -> bool:
    """Whether any of these agencies lets who runs a session record."""
    chosen = Connection.objects.unscoped(because=_WHY).chosen()
    return chosen.filter(agency__in=list(agency_ids), may_record=True).exists()


def plan_room(*, agency_id: int, wanted: Wanted, now: datetime) -> Room | None:
    """Have a room for a date, or move the one there is; None for an agency without a provider. Asked twice, once."""
    facts = {name: fact for name, fact in vars(wanted).items() if name not in {"about", "number"}}
    with transaction.atomic():
        rows = Room.objects.unscoped(because=_WHY).select_related("connection")
        room: Room | None = rows.filter(about=wanted.about, number=wanted.number).first()
        if room is None:
            chosen = Connection.objects.unscoped(because=_WHY).chosen().filter(agency=agency_id).first()
            return _new_room(chosen, wanted, facts, now) if chosen else None
        same = room.state in _LIVE and all(getattr(room, name) == fact for name, fact in facts.items())
        if not same:
            for name, fact in facts.items():
                setattr(room, name, fact)
            _want_anew(room, now, **facts)
    return room


def _new_room(connection: Connection, wanted: Wanted, facts: Mapping[str, object], now: datetime) -> Room:
    rows = Room.objects.unscoped(because="two who plan the same room at once find one")
    fresh = {"connection": connection, "make_from": _make_from(connection, wanted.opens_at), "next_try_at": now}
    room: Room = rows.get_or_create(about=wanted.about, number=wanted.number, defaults={**facts, **fresh})[0]
    if room.make_from <= now:
        enqueue(tasks.look_after, room_id=room.pk)
    return room


def _make_from(connection: Connection, opens_at: datetime) -> datetime:
    return opens_at - providers.BY_NAME[connection.provider].lead


def _want_anew(room: Room, now: datetime, **facts: object) -> None:
    room.state = RoomState.WANTED
    make_from = _make_from(room.connection, room.opens_at)
    fresh = {"state": room.state, "make_from": make_from, "next_try_at": now, "attempts": 0, "asked_at": None}
    rows = Room.objects.unscoped(because=_WHY).filter(pk=room.pk)
    rows.update(**facts, **fresh, version=F("version") + 1)
    if make_from <= now:
        enqueue(tasks.look_after, room_id=room.pk)


def make_again(*, about: UUID, number: int, now: datetime) -> bool:
    """Have a room made once more, when it failed or somebody ended it; say whether there is one to make."""
    with transaction.atomic():
        rows = Room.objects.unscoped(because=_WHY).select_related("connection")
        room = rows.filter(about=about, number=number, closes_at__gt=now).first()
        if room is None:
            return False
        _want_anew(room, now)
    return True


def expect(*, room: Room, people: Mapping[int, bool]) -> None:
    """Say who may go in, by person id, and whether they run it; who is not named is taken back."""
    with transaction.atomic():
        rows = Seat.objects.unscoped(because=_WHY).filter(room=room)
        there = {seat.person_id: seat for seat in rows.select_for_update()}
        new = [
            Seat(room=room, person_id=pk, ref=ref_of(room, pk), moderates=moderates)
            for pk, moderates in people.items()
            if pk not in there
        ]
        Seat.objects.bulk_create(new, ignore_conflicts=True)
        back = [pk for pk in people if pk in there and _is_another(there[pk], moderates=people[pk])]
        for pk in back:
            rows.filter(person=pk).update(state=SeatState.WANTED, moderates=people[pk])
        gone = rows.exclude(person__in=people).filter(state__in=[SeatState.WANTED, SeatState.READY])
        changed = len(new) + len(back) + gone.update(state=SeatState.LEAVING)
        if changed and room.state == RoomState.READY:
            enqueue(tasks.look_after, room_id=room.pk)


def _is_another(seat: Seat, *, moderates: bool) -> bool:
    """Whether the provider has to be told of somebody anew."""
    return seat.state in {SeatState.LEAVING, SeatState.GONE} or seat.moderates != moderates


def withdraw(*, about: UUID, now: datetime) -> int:
    """Close the rooms for something that will not be; return how many there were."""
    rooms = Room.objects.unscoped(because=_WHY).filter(about=about, state__in=_LIVE, closes_at__gt=now)
    return _close(rooms, now)


def drop_rooms_without(*, abouts: Iterable[UUID], now: datetime) -> int:
    """Close the rooms still to come that are for none of these; return how many."""
    rooms = Room.objects.unscoped(because=_WHY).filter(state__in=_LIVE, closes_at__gt=now + timedelta(minutes=1))
    return _close(rooms.exclude(about__in=list(abouts)), now)


def _close(rooms: RoomQuerySet, now: datetime) -> int:
    with transaction.atomic():
        keys = list(rooms.values_list("pk", flat=True))
        live = Room.objects.unscoped(because=_WHY).filter(pk__in=keys)
        live.update(state=RoomState.CLOSING, next_try_at=now, trouble="", version=F("version") + 1)
        for pk in keys:
            enqueue(tasks.look_after, room_id=pk)
    return len(keys)
