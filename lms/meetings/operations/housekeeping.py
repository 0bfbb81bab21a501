"""What the clock does: wake the worker for what is due, and forget."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from lms.common.tasks import enqueue
from lms.meetings import providers, rules, tasks
from lms.meetings.models import Presence, Room, Seat, WebhookEvent

_WHY = "the clock looks after all rooms"
LEFT_LYING = timedelta(minutes=2)  # a message not read by then was lost on the way to the worker
GIVE_UP = timedelta(days=1)
LOOKED_INTO = [name for name, adapter in providers.BY_NAME.items() if adapter.is_looked_into]


def wake(*, now: datetime) -> int:
    """Put off what is due: rooms to look after or into, providers to ask, messages left lying; return how many."""
    rooms = Room.objects.unscoped(because=_WHY)
    due = list(rooms.due(now).values_list("pk", flat=True))
    over = list(rooms.to_ask(now).values_list("pk", flat=True))
    on = rooms.to_look_into(now).filter(connection__provider__in=LOOKED_INTO)
    to_look_into = list(on.values_list("pk", flat=True))
    lying = WebhookEvent.objects.filter(processed_at=None, received_at__lte=now - LEFT_LYING)
    unread = list(lying.filter(received_at__gt=now - GIVE_UP).values_list("pk", flat=True))
    for pk in due:
        enqueue(tasks.look_after, room_id=pk)
    for pk in over:
        enqueue(tasks.ask_who_was_there, room_id=pk)
    for pk in to_look_into:
        enqueue(tasks.look_in, room_id=pk)
    for pk in unread:
        enqueue(tasks.take_in, event_id=pk)
    return len(due) + len(over) + len(to_look_into) + len(unread)


def forget_old_events(*, now: datetime) -> int:
    """Delete messages and comings and goings after 90 days, and after a week what was none of ours; return how many."""
    parked = Q(came_to__in=["parked", "nothing", "odd"], received_at__lte=now - rules.KEEP_PARKED)
    old = WebhookEvent.objects.filter(parked | Q(received_at__lte=now - rules.KEEP_EVENTS))
    events = old.delete()[0]
    old_rooms = Room.objects.unscoped(because=_WHY).filter(ends_at__lte=now - rules.KEEP_EVENTS)
    old_rooms.exclude(seen=[]).update(seen=[])
    rows = Presence.objects.unscoped(because=_WHY).filter(room__ends_at__lte=now - rules.KEEP_EVENTS)
    return int(events + rows.delete()[0])


def forget_sightings(*, person_id: int) -> None:
    """Take somebody out of what was seen of the rooms that they might go into."""
    seats = Seat.objects.owned_by(person_id).exclude(room__seen=[])
    with transaction.atomic():
        refs = dict(seats.values_list("room", "ref"))
        for room in Room.objects.unscoped(because=_WHY).select_for_update().filter(pk__in=refs).order_by("pk"):
            room.seen = [[at, [ref for ref in seen if ref != refs[room.pk]]] for at, seen in room.seen]
            room.save(update_fields=["seen"])
