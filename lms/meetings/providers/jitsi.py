"""Jitsi Meet with signed tokens (a server of one's own, or 8x8's): nothing is asked of it, everything is signed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings

from lms.common import web
from lms.common.web import CallFailed, Trouble
from lms.meetings import rules, tokens
from lms.meetings.providers.base import Account, Given, Guest, Loose, Mark, Meeting, News, Recording, WebhookRefused

KEPT = ("recording", "livestreaming", "transcription")  # nobody records here: the form for it does not ask


class Jitsi:
    """A room is there when the first person with a token for it comes in; it tells nobody who did."""

    lead: ClassVar[timedelta] = timedelta(days=7)
    needs_seats: ClassVar[bool] = False
    runs_out: ClassVar[bool] = False
    is_looked_into: ClassVar[bool] = False

    def __init__(self, account: Account) -> None:
        self.account = account

    def try_out(self) -> None:
        """See that there is a server. Whether it takes our tokens shows at the first click only."""
        answer = web.call("GET", f"{self.account.address.rstrip('/')}/", hosts=settings.LMS_ROOM_HOSTS)
        if not answer.body:
            raise CallFailed(Trouble.WRONG)

    def ensure_room(self, meeting: Meeting) -> Given:
        """Rooms need no making: they have a name that nobody guesses."""
        return {"room": meeting.ref}

    def close_room(self, meeting: Meeting) -> None:
        """It is empty when the last token has run out and the last person has left."""

    def add_participant(self, meeting: Meeting, guest: Guest) -> Given:
        """Nobody is announced here."""
        return {}

    def remove_participant(self, meeting: Meeting, guest: Guest) -> None:
        """There is nothing to take away: tokens are made at the click and live five minutes."""

    def join_url(self, meeting: Meeting, guest: Guest, *, now: datetime) -> str:
        """A token for this very room and person; good from when the room opens, and for five minutes from now."""
        if not meeting.given.get("room"):
            return ""
        until = min(now + rules.LINK_LIVES, meeting.closes_at)
        secrets = self.account.secrets
        subject = secrets.get("subject") or str(urlsplit(self.account.address).hostname)
        claims = {
            "aud": "jitsi",
            "iss": secrets.get("app_id", ""),
            "sub": subject,
            "room": meeting.given["room"],
            "nbf": int(meeting.opens_at.timestamp()),
            "exp": int(until.timestamp()),
            "context": {
                "user": {"id": guest.ref, "name": guest.name, **_standing(moderates=guest.moderates)},
                "features": dict.fromkeys(KEPT, "false"),
            },
        }
        token = tokens.signed(claims, secret=secrets.get("secret", ""), kid=secrets.get("kid", ""))
        return f"{self.account.address.rstrip('/')}/{meeting.given['room']}?jwt={token}"

    def attendance(self, meeting: Meeting) -> tuple[Mark, ...]:
        """It keeps none."""
        return ()

    def present(self, meeting: Meeting) -> frozenset[str] | None:
        """It cannot be asked."""
        return None

    def recordings(self, meeting: Meeting) -> tuple[Recording, ...]:
        """It keeps none for us."""
        return ()

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> dict[str, Any] | None:
        """It sends none, so whatever comes is not from it."""
        raise WebhookRefused

    def loose(self, headers: Mapping[str, str], body: bytes) -> Loose | None:
        """It sends none."""
        return None

    def read_webhook(self, body: bytes) -> News | None:
        """It sends none."""
        return None


def _standing(*, moderates: bool) -> dict[str, str]:
    """What somebody is in the room, in both words that are read: 8x8 asks for one, a server of one's own the other.

    A server of one's own reads it only with ``token_affiliation`` on and the automatic owner off; without them
    whoever comes in first moderates.
    """
    if moderates:
        return {"moderator": "true", "affiliation": "owner"}
    return {"moderator": "false", "affiliation": "member"}
