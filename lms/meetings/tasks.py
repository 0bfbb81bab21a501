"""What the worker does with providers. Each may be called twice; no transaction is open while anybody is called."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from lms.common.tasks import enqueue
from lms.common.web import CallFailed, Trouble
from lms.meetings import counting, linking, rules
from lms.meetings.models import (
    Connection,
    Presence,
    Room,
    RoomState,
    Seat,
    SeatState,
    WebhookEvent,
    as_kept,
)
from lms.meetings.providers.base import Given, Mark, News, Provider
from lms.meetings.signals import recordings_found
from lms.meetings.tokens import BadSignature

_WHY = "work of the system"
NOT_TAKEN = (400, 409, 422)  # how a provider says that it will not have this one person
PARKED = "parked"  # what is told of a meeting that we do not know


def _room(pk: int) -> Room:
    room: Room = Room.objects.unscoped(because=_WHY).select_related("connection").get(pk=pk)
    return room


# --- Rooms and who may go in ----------------------------------------------------------------------
def look_after(*, room_id: int) -> str:
    """Make, renew or close a room and tell the provider of people; return what happened, for the task log."""
    now = timezone.now()
    if not Room.objects.unscoped(because=_WHY).claim(room_id, now=now, until=now + rules.LEASE):
        return "nothing to do"
    room = _room(room_id)
    provider = linking.adapter_of(room.connection)
    try:
        if room.state == RoomState.CLOSING:
            provider.close_room(linking.meeting_of(room))
            return _settle(room, state=RoomState.CLOSED, given="")
        if room.state == RoomState.WANTED or (room.renew_at and room.renew_at <= now):
            _make(room, provider, now)
        _settle_seats(room, provider)
    except CallFailed as fault:
        return _after_fault(room, fault, now)
    return _settle(room, state=RoomState.READY)


def _make(room: Room, provider: Provider, now: datetime) -> None:
    """Keep what the provider gave, and let in who is announced already: whoever is not yet keeps nobody else out.

    If the date moved meanwhile, the row says WANTED again and it is done anew.
    """
    given = provider.ensure_room(linking.meeting_of(room))
    if room.outside_id not in {"", given.get("room", "")}:  # another than before: nobody is announced there
        Seat.objects.unscoped(because=_WHY).filter(room=room, state=SeatState.READY).update(state=SeatState.WANTED)
    renew_at = room.opens_at - rules.RENEW_BEFORE
    room.given, room.outside_id = as_kept(given), given.get("room", "")
    room.renew_at = renew_at if provider.runs_out and renew_at > now else None
    rows = Room.objects.unscoped(because=_WHY).filter(pk=room.pk)
    rows.update(given=room.given, outside_id=room.outside_id, renew_at=room.renew_at)
    rows.filter(version=room.version).update(state=RoomState.READY)


def _settle_seats(room: Room, provider: Provider) -> None:
    """Announce who is expected and take back who is not, one at a time: what is done stays done.

    One whom the provider does not take is passed over until all others are settled, and then the fault is raised.
    """
    rows = Seat.objects.unscoped(because=_WHY)
    not_taken = None
    for seat in rows.pending().filter(room=room).select_related("person").order_by("-state", "pk"):
        try:
            _settle_seat(seat, room, provider)
        except CallFailed as fault:
            if fault.status not in NOT_TAKEN:
                raise
            not_taken = fault
    if not_taken:
        raise not_taken


def _settle_seat(seat: Seat, room: Room, provider: Provider) -> None:
    meeting = linking.meeting_of(room)
    guest = linking.guest_of(room, seat.person, moderates=seat.moderates, seat=seat)
    given: Given = {}
    if seat.state == SeatState.LEAVING:
        provider.remove_participant(meeting, guest)
    elif not seat.moderates:
        given = provider.add_participant(meeting, guest)
    after = SeatState.GONE if seat.state == SeatState.LEAVING else SeatState.READY
    Seat.objects.unscoped(because=_WHY).filter(pk=seat.pk, state=seat.state).update(
        state=after, given=as_kept(given), outside_id=given.get("seat", "")
    )


def _settle(room: Room, *, state: RoomState, **also: str) -> str:
    """Note that all went well, unless the room is wanted in another way since."""
    rows = Room.objects.unscoped(because=_WHY).filter(pk=room.pk, version=room.version)
    fresh = {"attempts": 0, "trouble": "", "next_try_at": timezone.now(), "state": state, **also}
    if not rows.update(**fresh):
        Room.objects.unscoped(because=_WHY).filter(pk=room.pk).update(next_try_at=timezone.now())
        return "wanted anew"
    return str(state)


def _after_fault(room: Room, fault: CallFailed, now: datetime) -> str:
    again = now + rules.wait_after(room.attempts, asked=fault.wait)
    Room.objects.unscoped(because=_WHY).filter(pk=room.pk).update(trouble=fault.trouble, next_try_at=again)
    return str(fault.trouble)


def try_out(*, connection_id: int) -> str:
    """See whether an account works, and keep the answer for who asked."""
    connection = Connection.objects.unscoped(because=_WHY).get(pk=connection_id)
    trouble = ""
    try:
        linking.adapter_of(connection).try_out()
    except CallFailed as fault:
        trouble = str(fault.trouble)
    Connection.objects.unscoped(because=_WHY).filter(pk=connection_id).update(
        trial_ended_at=timezone.now(), trial_trouble=trouble
    )
    return trouble or "well"


# --- Who was there --------------------------------------------------------------------------------
def take_in(*, event_id: int) -> str:
    """Read one message of a provider and count anew; return what it came to, which is kept beside it."""
    event = WebhookEvent.objects.select_related("connection").get(pk=event_id)
    return "taken in before" if event.processed_at else _read(event)


def match_parked(*, since: datetime) -> int:
    """Read again what was told since then of meetings that we did not know; return how many we know now."""
    parked = WebhookEvent.objects.filter(came_to=PARKED, received_at__gt=since).select_related("connection")
    return sum(_read(event) != PARKED for event in parked.order_by("pk"))


def _read(event: WebhookEvent) -> str:
    try:
        news = linking.adapter_of(event.connection).read_webhook(event.body.encode())
    except (ValueError, TypeError, AttributeError, KeyError, BadSignature):
        return _put_by(event, "odd")
    if news is None:
        return _put_by(event, "nothing")
    rooms = Room.objects.unscoped(because=_WHY).filter(connection=event.connection)
    room = rooms.filter(outside_id=news.room).exclude(outside_id="").first()
    if room is None:
        return _put_by(event, PARKED)
    _take_in(room, news, now=event.received_at)
    if news.has_recording:
        enqueue(fetch_recordings, room_id=room.pk, event_id=event.pk)
    return _put_by(event, "counted")


def _put_by(event: WebhookEvent, came_to: str) -> str:
    WebhookEvent.objects.filter(pk=event.pk).update(processed_at=timezone.now(), came_to=came_to)
    return came_to


def _take_in(room: Room, news: News, *, now: datetime) -> None:
    with transaction.atomic():
        counting.note(room, news.marks, ended_at=news.ended_at)
        if news.ended_at:  # the last end counts, in whatever order they are told
            rows = Room.objects.unscoped(because=_WHY).filter(pk=room.pk)
            rows.exclude(ended_at__gte=news.ended_at).update(ended_at=news.ended_at)
        counting.count(room_id=room.pk, now=now)


def ask_who_was_there(*, room_id: int) -> str:
    """Ask the provider once, after the end: its messages may have been missed."""
    now = timezone.now()
    room = _room(room_id)
    try:
        marks: tuple[Mark, ...] = linking.adapter_of(room.connection).attendance(linking.meeting_of(room))
    except CallFailed as fault:
        if fault.trouble == Trouble.BUSY or now < room.closes_at + timedelta(days=1):
            return _after_fault(room, fault, now)
        marks = ()
    rows = Room.objects.unscoped(because=_WHY).filter(pk=room_id)
    rows.update(asked_at=now, state=RoomState.CLOSED, trouble="", given="")
    if Presence.objects.unscoped(because=_WHY).filter(room=room).exists():
        marks = tuple(mark for mark in marks if mark.seat)  # nobody who is known by a name only is told of twice
    if marks or room.seen:
        _take_in(room, News(room=room.outside_id, marks=marks), now=now)
    return f"{len(marks)} marks"


def look_in(*, room_id: int) -> str:
    """Ask a provider whose messages are loose who is in at this moment, and keep the answer beside the room."""
    now = timezone.now()
    rows = Room.objects.unscoped(because=_WHY)
    if not rows.to_look_into(now).filter(pk=room_id).update(looked_at=now):
        return "nothing to do"
    room = _room(room_id)
    try:
        present = linking.adapter_of(room.connection).present(linking.meeting_of(room))
    except CallFailed as fault:
        return str(fault.trouble)
    if present is None:
        return "not there"
    with transaction.atomic():
        held = rows.select_for_update().get(pk=room_id)
        held.seen.append([now.isoformat(), sorted(present)])
        held.save(update_fields=["seen"])
    return f"{len(present)} in"


def fetch_recordings(*, room_id: int, event_id: int) -> str:
    """Ask for the recordings of a room and tell who wants to know.

    While the provider is in trouble the message that told of them counts as unread: the clock brings it again, for a
    day, and it is asked as seldom as it wants.
    """
    now, room = timezone.now(), _room(room_id)
    if room.next_try_at > now:
        return _unread(event_id, "later")
    try:
        found = linking.adapter_of(room.connection).recordings(linking.meeting_of(room))
    except CallFailed as fault:
        return _unread(event_id, _after_fault(room, fault, now))
    if found:
        with transaction.atomic():
            recordings_found.send(sender=Room, about=room.about, number=room.number, recordings=found, now=now)
    return f"{len(found)} recordings"


def _unread(event_id: int, why: str) -> str:
    WebhookEvent.objects.filter(pk=event_id).update(processed_at=None)
    return why
