"""Zoom: an app of the agency's account (server to server). People are registrants under made-up addresses.

A registrant's address need not be anybody's. Ours are made of a reference that says nothing, at a domain that can
receive no mail, so that the provider never learns who an adopter is.
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from django.conf import settings

from lms.common import web
from lms.common.web import CallFailed, Trouble
from lms.meetings import tokens
from lms.meetings.providers.base import (
    Account,
    Given,
    Guest,
    Loose,
    Mark,
    Meeting,
    News,
    Recording,
    WebhookRefused,
    moment,
    read_json,
    text,
)

NOWHERE = "guest.invalid"  # a domain that is promised never to be anybody's
STALE = timedelta(minutes=5)
SCHEDULED, APPROVED_BY_US = 2, 1
GONE = (404,)  # a thing that is not there any more: fine when it was to be taken away
MOST_PAGES = 20
LONGEST_NAME = 64  # characters of a registrant's first name; a longer one is refused
CHALLENGE = "endpoint.url_validation"


class Zoom:
    """Rooms are made a week ahead, each person is registered beforehand and goes in with an address of their own."""

    lead: ClassVar[timedelta] = timedelta(days=7)
    needs_seats: ClassVar[bool] = True
    runs_out: ClassVar[bool] = True
    is_looked_into: ClassVar[bool] = False

    def __init__(self, account: Account) -> None:
        self.account = account
        self._pass: tuple[str, str] | None = None

    # --- Calls ------------------------------------------------------------------------------------
    def _signed_in(self) -> tuple[str, str]:
        """The token and where this account's rooms are, asked for once an adapter."""
        if self._pass is None:
            secrets = self.account.secrets
            pair = f"{secrets.get('client_id', '')}:{secrets.get('client_secret', '')}"
            said = web.call(
                "POST",
                f"{self.account.address.rstrip('/')}/oauth/token",
                hosts=settings.LMS_ROOM_HOSTS,
                headers={"Authorization": f"Basic {b64encode(pair.encode()).decode()}"},
                query={"grant_type": "account_credentials", "account_id": secrets.get("account_id", "")},
                fine=(400,),
            )
            if said.status == 400:  # how it says that the account or the secret is wrong
                raise CallFailed(Trouble.REFUSED, status=400)
            found = said.json()
            token, base = found.get("access_token"), found.get("api_url")
            if not isinstance(token, str) or not isinstance(base, str):
                raise CallFailed(Trouble.WRONG)
            self._pass = token, base.rstrip("/")
        return self._pass

    def _ask(
        self,
        method: str,
        path: str,
        *,
        sends: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        fine: tuple[int, ...] = (),
    ) -> dict[str, Any]:
        token, base = self._signed_in()
        headers = {"Authorization": f"Bearer {token}"}
        answer = web.call(
            method,
            f"{base}/v2{path}",
            hosts=settings.LMS_ROOM_HOSTS,
            headers=headers,
            sends=sends,
            query=query,
            fine=fine,
        )
        return {} if answer.status in fine else answer.json()

    def _pages(self, path: str, name: str, *, query: Mapping[str, str], fine: tuple[int, ...] = ()) -> list[Any]:
        """All of a list, page by page."""
        found: list[Any] = []
        further = ""
        for _ in range(MOST_PAGES):
            more = {"next_page_token": further} if further else {}
            page = self._ask("GET", path, query={**query, **more}, fine=fine)
            rows = page.get(name, [])
            found += rows if isinstance(rows, list) else []
            further = text(page.get("next_page_token"), longest=300)
            if not further:
                break
        return [one for one in found if isinstance(one, dict)]

    @property
    def _host(self) -> str:
        return quote(self.account.secrets.get("host", "me"), safe="@")

    def try_out(self) -> None:
        """Sign in and ask for the host."""
        self._ask("GET", f"/users/{self._host}")

    # --- Rooms ------------------------------------------------------------------------------------
    def ensure_room(self, meeting: Meeting) -> Given:
        """Make the meeting or bring its time up to date; one that somebody deleted there is made anew.

        One made by an attempt that was cut off is found again.
        """
        room = meeting.given.get("room") or self._made_before(meeting)
        if not room or not self._brought_up_to_date(room, meeting):
            made = self._ask("POST", f"/users/{self._host}/meetings", sends=_wanted(meeting))
            room = _number(made.get("id"))
        start = text(self._ask("GET", f"/meetings/{room}").get("start_url"), longest=2000)
        if not web.may_be_called(start, settings.LMS_ROOM_HOSTS):
            raise CallFailed(Trouble.WRONG)
        return {"room": room, "start": start}

    def _brought_up_to_date(self, room: str, meeting: Meeting) -> bool:
        try:
            self._ask("PATCH", f"/meetings/{room}", sends=_wanted(meeting))
        except CallFailed as fault:
            if fault.status not in GONE:
                raise
            return False
        return True

    def _made_before(self, meeting: Meeting) -> str:
        rows = self._pages(f"/users/{self._host}/meetings", "meetings", query={"type": "upcoming", "page_size": "300"})
        return next((_number(row.get("id")) for row in rows if row.get("agenda") == meeting.ref), "")

    def close_room(self, meeting: Meeting) -> None:
        """End it for everybody and take it away."""
        if room := meeting.given.get("room"):
            self._ask("PUT", f"/meetings/{room}/status", sends={"action": "end"}, fine=(400, 404))
            self._ask("DELETE", f"/meetings/{room}", fine=GONE)

    def add_participant(self, meeting: Meeting, guest: Guest) -> Given:
        """Register somebody under a made-up address, and let them in at once; the same address again is the same."""
        wanted = {"email": f"{guest.ref}@{NOWHERE}", "first_name": guest.name[:LONGEST_NAME], "auto_approve": True}
        made = self._ask("POST", f"/meetings/{meeting.given['room']}/registrants", sends=wanted)
        seat, way_in = text(made.get("registrant_id")), text(made.get("join_url"), longest=2000)
        if not seat or not web.may_be_called(way_in, settings.LMS_ROOM_HOSTS):
            raise CallFailed(Trouble.WRONG)
        return {"seat": seat, "way_in": way_in}

    def remove_participant(self, meeting: Meeting, guest: Guest) -> None:
        """Cancel the registration: the address given to this person opens nothing any more."""
        if (seat := guest.given.get("seat")) and (room := meeting.given.get("room")):
            self._ask("DELETE", f"/meetings/{room}/registrants/{quote(seat, safe='')}", fine=GONE)

    def join_url(self, meeting: Meeting, guest: Guest, *, now: datetime) -> str:
        """The address that was made for this person; the host's own for who runs it."""
        return meeting.given.get("start", "") if guest.moderates else guest.given.get("way_in", "")

    # --- Afterwards -------------------------------------------------------------------------------
    def attendance(self, meeting: Meeting) -> tuple[Mark, ...]:
        """The account's report of a meeting that is over: what its messages may have missed."""
        room = meeting.given.get("room", "")
        path = f"/report/meetings/{room}/participants"
        rows = self._pages(
            path, "participants", query={"page_size": "300", "include_fields": "registrant_id"}, fine=GONE
        )
        return tuple(
            Mark(
                text(row.get("user_id")),
                seat=text(row.get("registrant_id")),
                name=text(row.get("name")),
                joined_at=moment(row.get("join_time")),
                left_at=moment(row.get("leave_time")),
            )
            for row in rows
        )

    def present(self, meeting: Meeting) -> frozenset[str] | None:
        """Its messages tell of each coming, signed."""
        return None

    def recordings(self, meeting: Meeting) -> tuple[Recording, ...]:
        """Those of this meeting that are ready."""
        room = meeting.given.get("room", "")
        found = self._ask("GET", f"/meetings/{room}/recordings", fine=GONE)
        ref, address = text(found.get("uuid")), text(found.get("share_url"), longest=2000)
        minutes = found.get("duration")
        whole = minutes if isinstance(minutes, int) else 0
        return (Recording(ref, address, whole),) if ref and address else ()

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> dict[str, Any] | None:
        """Check the signature over the very bytes and that it is from now; answer its question whether we know it."""
        secret = self.account.secrets.get("webhook_secret", "")
        said_at = headers.get("X-Zm-Request-Timestamp", "")
        expected = "v0=" + tokens.mac(secret, f"v0:{said_at}:".encode() + body)
        fits = secret and tokens.same(expected, headers.get("X-Zm-Signature", ""))
        if not fits or not _is_fresh(said_at, now):
            raise WebhookRefused
        return _reply(body, secret)

    def loose(self, headers: Mapping[str, str], body: bytes) -> Loose | None:
        """Every word of its messages is signed."""
        return None

    def read_webhook(self, body: bytes) -> News | None:
        """Who came, who left, that it ended, that a recording is ready."""
        said = read_json(body)
        payload = said.get("payload") if isinstance(said, dict) else None
        thing = payload.get("object") if isinstance(payload, dict) else None
        if not isinstance(thing, dict):
            return None
        return _news(text(said.get("event")), thing)


def _is_fresh(said_at: str, now: datetime) -> bool:
    if not (said_at.isascii() and said_at.isdigit() and len(said_at) < 12):
        return False
    return abs(now - datetime.fromtimestamp(int(said_at), tz=UTC)) <= STALE


def _reply(body: bytes, secret: str) -> dict[str, Any] | None:
    try:
        said = read_json(body)
    except ValueError as odd:
        raise WebhookRefused from odd
    if not isinstance(said, dict) or said.get("event") != CHALLENGE:
        return None
    payload = said.get("payload")
    plain = text(payload.get("plainToken") if isinstance(payload, dict) else "")
    return {"plainToken": plain, "encryptedToken": tokens.mac(secret, plain.encode())}


def _news(event: str, thing: Mapping[str, Any]) -> News | None:
    room = text(thing.get("id"))
    if event == "meeting.ended":
        return News(room=room, ended_at=moment(thing.get("end_time")))
    if event == "recording.completed":
        return News(room=room, has_recording=True)
    person = thing.get("participant")
    if event not in {"meeting.participant_joined", "meeting.participant_left"} or not isinstance(person, dict):
        return None
    if person.get("id") and person.get("id") == thing.get("host_id"):  # who runs it, under the account's own name
        return None
    mark = Mark(
        text(person.get("user_id")),
        seat=text(person.get("registrant_id")),
        name=text(person.get("user_name")),
        joined_at=moment(person.get("join_time")),
        left_at=moment(person.get("leave_time")),
    )
    return News(room=room, marks=(mark,))


def _number(said: object) -> str:
    """A meeting's number. Raises CallFailed for anything that is none: it becomes part of addresses."""
    if not isinstance(said, int) or isinstance(said, bool):
        raise CallFailed(Trouble.WRONG)
    return str(said)


def _wanted(meeting: Meeting) -> dict[str, Any]:
    """What a meeting is to be. Registration is approved by us alone: otherwise its public page lets anybody in."""
    minutes = int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)
    settings = {
        "approval_type": APPROVED_BY_US,
        "registration_type": 1,
        "registrants_email_notification": False,
        "registrants_confirmation_email": False,
        "join_before_host": False,
        "waiting_room": True,
        "mute_upon_entry": True,
        "auto_recording": "none",
        "allow_multiple_devices": True,
    }
    return {
        "topic": meeting.title,
        "agenda": meeting.ref,
        "type": SCHEDULED,
        "start_time": f"{meeting.starts_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "duration": minutes,
        "timezone": "UTC",
        "settings": settings,
    }
