"""The way into a room, for somebody whom the room of the house above has let in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from lms.accounts.models import User
from lms.common import web
from lms.common.web import Trouble
from lms.meetings import linking
from lms.meetings.models import Room, RoomState
from lms.meetings.tokens import BadSignature


@dataclass(frozen=True)
class WayIn:
    """Where to go, or why nowhere yet. ``trouble`` is a fixed word; empty while all goes as it should."""

    address: str = ""
    trouble: str = ""


def way_in(*, about: UUID, number: int, person: User, moderates: bool, now: datetime) -> WayIn:
    """Return the address that leads ``person`` in at this very moment. Calls nobody, and changes nothing."""
    rows = Room.objects.unscoped(because="the caller was let in").select_related("connection")
    room = rows.filter(about=about, number=number).first()
    if room is None or room.state in {RoomState.CLOSING, RoomState.CLOSED}:
        return WayIn()
    if room.state != RoomState.READY:
        return WayIn(trouble=room.trouble)
    try:
        address = linking.way_in(room, person, moderates=moderates, now=now)
    except BadSignature:
        return WayIn(trouble=Trouble.REFUSED)
    if address and not web.may_be_called(address, settings.LMS_ROOM_HOSTS):
        return WayIn(trouble=Trouble.FORBIDDEN)
    return WayIn(address, trouble="" if address else room.trouble)
