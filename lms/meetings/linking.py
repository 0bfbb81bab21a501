"""Between the rows and the adapters: what an adapter is told of an account, a room and a person."""

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from lms.accounts.models import User
from lms.meetings import providers
from lms.meetings.models import Connection, Room, Seat, ref_of, words_in
from lms.meetings.providers.base import Account, Guest, Meeting, Provider


def adapter_of(connection: Connection) -> Provider:
    """The adapter for one agency's account."""
    return providers.adapter(connection.provider, Account(connection.address, words_in(connection.secrets)))


def hook_address(connection: Connection) -> str:
    """Where a provider rings us about this account."""
    return f"{settings.LMS_BASE_URL}{reverse('meetings:hook', args=[connection.uuid])}"


def word_for(room: str) -> str:
    """The word in the address that only the server with this room was given: it may speak of this one alone."""
    return salted_hmac("lms.meetings.hook", room, algorithm="sha256").hexdigest()[:32]


def meeting_of(room: Room) -> Meeting:
    """What a provider is told of a room."""
    return Meeting(
        ref=str(room.uuid),
        title=room.title,
        opens_at=room.opens_at,
        starts_at=room.starts_at,
        ends_at=room.ends_at,
        closes_at=room.closes_at,
        callback=f"{hook_address(room.connection)}?{urlencode({'word': word_for(str(room.uuid))})}",
        may_record=room.may_record and room.connection.may_record,
        given={"room": room.outside_id, **words_in(room.given)},  # a closed room keeps its name alone
    )


def guest_of(room: Room, person: User, *, moderates: bool, seat: Seat | None) -> Guest:
    """What a provider is told of a person: the name they chose and a reference."""
    given = words_in(seat.given) if seat else {}
    return Guest(ref_of(room, person.pk), person.display_name, moderates=moderates, given=given)


def way_in(room: Room, person: User, *, moderates: bool, now: datetime) -> str:
    """Return the address that leads ``person`` in at this moment; empty while there is none. Calls nobody."""
    provider = adapter_of(room.connection)
    seat = None
    if provider.needs_seats and not moderates:
        seat = Seat.objects.owned_by(person).filter(room=room).select_related("room").first()
    return provider.join_url(meeting_of(room), guest_of(room, person, moderates=moderates, seat=seat), now=now)
