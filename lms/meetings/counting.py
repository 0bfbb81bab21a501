"""Who was in a room for how long, from what the provider told in whatever order and how often soever."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from lms.meetings import rules
from lms.meetings.models import Presence, Room, Seat
from lms.meetings.providers.base import Mark
from lms.meetings.signals import stays_counted

_WHY = "work of the system"
LONGEST_DEVICE = 170  # characters, which leaves room for a person's number


def note(room: Room, marks: Iterable[Mark], *, ended_at: datetime | None = None) -> None:
    """Keep comings and goings: a leaving may be told before the coming, and either more than once.

    What our own looks into the room belie is left out.
    """
    known, looks = _Seats(room), room.looks
    for mark in marks:
        if not mark.device:
            continue
        said = rules.Span(mark.joined_at, mark.left_at)
        if mark.ref in known.by_ref and rules.is_belied(mark.ref, said, looks, ended_at=ended_at or room.closes_at):
            continue
        person_id = known.person(mark)
        name = "" if person_id else mark.name
        device = _device(mark, person_id)
        fresh = Presence(room=room, device=device, person_id=person_id, name=name)
        Presence.objects.bulk_create([fresh], ignore_conflicts=True)
        told = {field: at for field, at in vars(said).items() if at}
        if told:
            Presence.objects.unscoped(because=_WHY).filter(room=room, device=device).update(**told)


def _device(mark: Mark, person_id: int | None) -> str:
    """What stands for one coming-in. A meeting that begins again may number people anew: nobody becomes another."""
    return f"{mark.device[:LONGEST_DEVICE]}/{person_id}" if person_id else mark.device[:LONGEST_DEVICE]


class _Seats:
    """Whose a mark is: by our own reference, or by the provider's."""

    def __init__(self, room: Room) -> None:
        rows = Seat.objects.unscoped(because=_WHY).filter(room=room).values_list("ref", "outside_id", "person_id")
        self.by_ref, self.by_seat = {}, {}
        for ref, outside_id, person_id in rows:
            self.by_ref[ref] = person_id
            if outside_id:
                self.by_seat[outside_id] = person_id

    def person(self, mark: Mark) -> int | None:
        """The person, or None for somebody who is known by a name only."""
        return self.by_ref.get(mark.ref) or self.by_seat.get(mark.seat)


def count(*, room_id: int, now: datetime) -> dict[int, int]:
    """Count anew how long each known person was in, and tell. Call it in a transaction: one counts at a time."""
    rooms = Room.objects.unscoped(because=_WHY).select_for_update()
    room = rooms.get(pk=room_id)
    spans: defaultdict[int, list[rules.Span]] = defaultdict(list)
    rows = Presence.objects.unscoped(because=_WHY).filter(room=room, person__isnull=False)
    for person_id, joined_at, left_at in rows.values_list("person_id", "joined_at", "left_at"):
        spans[person_id].append(rules.Span(joined_at, left_at))
    for ref, person_id in _Seats(room).by_ref.items() if room.seen else ():
        if seen := rules.spans_seen(ref, room.looks):
            spans[person_id] += seen
    dates = {"starts_at": room.starts_at, "ends_at": room.ends_at, "ended_at": room.ended_at}
    minutes = {person_id: rules.minutes_in(theirs, **dates) for person_id, theirs in spans.items()}
    if minutes:
        stays_counted.send(sender=Room, about=room.about, number=room.number, minutes=minutes, now=now)
    return minutes
