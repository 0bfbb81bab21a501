"""Providers of rooms: one small interface, one adapter each."""

from collections.abc import Mapping

from lms.meetings.providers.base import Account, Provider
from lms.meetings.providers.bigbluebutton import BigBlueButton
from lms.meetings.providers.jitsi import Jitsi
from lms.meetings.providers.zoom import Zoom

BY_NAME: Mapping[str, type[BigBlueButton] | type[Jitsi] | type[Zoom]] = {
    "bigbluebutton": BigBlueButton,
    "jitsi": Jitsi,
    "zoom": Zoom,
}


def adapter(name: str, account: Account) -> Provider:
    """Return the adapter called ``name`` for one agency's account. Raises KeyError for an unknown one."""
    return BY_NAME[name](account)
