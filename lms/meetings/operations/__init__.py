"""What is done with rooms at providers. Nothing here calls a provider: the worker does."""

from lms.meetings.operations.connections import (
    AddressRefused,
    NotConnected,
    ask_for_trial,
    choose_provider,
    save_connection,
)
from lms.meetings.operations.entering import WayIn, way_in
from lms.meetings.operations.guests import GuestGone, set_guest_aside, sort_guest
from lms.meetings.operations.housekeeping import forget_old_events, forget_sightings, wake
from lms.meetings.operations.messages import NotFromProvider, receive
from lms.meetings.operations.rooms import (
    Wanted,
    drop_rooms_without,
    expect,
    is_connected,
    lets_record,
    make_again,
    plan_room,
    withdraw,
)

__all__ = [
    "AddressRefused",
    "GuestGone",
    "NotConnected",
    "NotFromProvider",
    "Wanted",
    "WayIn",
    "ask_for_trial",
    "choose_provider",
    "drop_rooms_without",
    "expect",
    "forget_old_events",
    "forget_sightings",
    "is_connected",
    "lets_record",
    "make_again",
    "plan_room",
    "receive",
    "save_connection",
    "set_guest_aside",
    "sort_guest",
    "wake",
    "way_in",
    "withdraw",
]
