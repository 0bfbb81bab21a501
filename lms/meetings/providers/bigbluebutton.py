"""BigBlueButton: every call carries a SHA-256 over its name, its query and the shared secret; answers are XML."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode
from xml.etree.ElementTree import Element

from django.conf import settings

from lms.common import web, xml
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

BEARER = "Bearer "
TAKEN = "idNotUnique"
NO_SUCH_ROOM = ("notFound", "noRecordings")
WRONG_SECRET = ("checksumError",)


class BigBlueButton:
    """A server of one's own. A room lives from half an hour before until it is ended."""

    lead: ClassVar[timedelta] = timedelta(minutes=5)
    needs_seats: ClassVar[bool] = False
    runs_out: ClassVar[bool] = False
    is_looked_into: ClassVar[bool] = True

    def __init__(self, account: Account) -> None:
        self.account = account
        self.secret = account.secrets.get("secret", "")

    # --- Calls ------------------------------------------------------------------------------------
    def address_of(self, call: str, fields: Mapping[str, str]) -> str:
        """The address of one call, with its checksum."""
        query = urlencode(fields)
        checksum = hashlib.sha256(f"{call}{query}{self.secret}".encode()).hexdigest()
        base = self.account.address.rstrip("/")
        return f"{base}/api/{call}?{query}{'&' if query else ''}checksum={checksum}"

    def _ask(self, call: str, fields: Mapping[str, str], *, fine: tuple[str, ...] = ()) -> Element:
        answer = web.call("GET", self.address_of(call, fields), hosts=settings.LMS_ROOM_HOSTS, fine=(401,))
        try:
            found = xml.parse(answer.body)
        except xml.NotSound as odd:
            raise CallFailed(Trouble.WRONG) from odd
        key = found.findtext("messageKey") or ""
        if found.findtext("returncode") == "SUCCESS" or key in fine:
            return found
        raise CallFailed(Trouble.REFUSED if key in WRONG_SECRET else Trouble.WRONG)

    def try_out(self) -> None:
        """Ask which rooms there are, which needs the secret."""
        self._ask("getMeetings", {})

    # --- Rooms ------------------------------------------------------------------------------------
    def ensure_room(self, meeting: Meeting) -> Given:
        """Make the room. The same fields again change nothing there; with others the room that is there stays."""
        made = self._ask("create", self._wanted(meeting), fine=(TAKEN,))
        if made.findtext("messageKey") == TAKEN:
            made = self._ask("getMeetingInfo", {"meetingID": meeting.ref})
        created = text(made.findtext("createTime"))
        if not created:  # without it nobody could be let in
            raise CallFailed(Trouble.WRONG)
        return {"room": meeting.ref, "created": created}

    def _wanted(self, meeting: Meeting) -> dict[str, str]:
        minutes = str(int((meeting.closes_at - meeting.opens_at + self.lead).total_seconds() // 60))
        may_record = str(meeting.may_record).lower()
        return {
            "meetingID": meeting.ref,
            "name": meeting.title,
            "duration": minutes,
            "meetingExpireIfNoUserJoinedInMinutes": minutes,
            "meetingExpireWhenLastUserLeftInMinutes": minutes,  # who looks in early and leaves takes no room along
            "record": may_record,
            "allowStartStopRecording": may_record,
            "autoStartRecording": "false",
            "muteOnStart": "true",
            "lockSettingsHideUserList": "true",
            "meetingKeepEvents": "true",
            "meta_analytics-callback-url": meeting.callback,
            "meta_bbb-recording-ready-url": meeting.callback,
        }

    def close_room(self, meeting: Meeting) -> None:
        """End it for everybody."""
        self._ask("end", {"meetingID": meeting.ref}, fine=NO_SUCH_ROOM)

    def add_participant(self, meeting: Meeting, guest: Guest) -> Given:
        """Nobody is announced here: the way in is signed at the click."""
        return {}

    def remove_participant(self, meeting: Meeting, guest: Guest) -> None:
        """There is nothing to take away: without a click at our door there is no way in."""

    def join_url(self, meeting: Meeting, guest: Guest, *, now: datetime) -> str:
        """A signed way into this very room; one from an earlier room of the same name does not fit."""
        if not meeting.given.get("created"):
            return ""
        fields = {
            "meetingID": meeting.ref,
            "fullName": guest.name,
            "userID": guest.ref,
            "role": "MODERATOR" if guest.moderates else "VIEWER",
            "createTime": meeting.given["created"],
            "redirect": "true",
        }
        return self.address_of("join", fields)

    # --- Afterwards -------------------------------------------------------------------------------
    def attendance(self, meeting: Meeting) -> tuple[Mark, ...]:
        """The server keeps nothing to ask for: it tells once, after the end."""
        return ()

    def present(self, meeting: Meeting) -> frozenset[str] | None:
        """Who is in now, asked by us over our own line."""
        said = self._ask("getMeetingInfo", {"meetingID": meeting.ref}, fine=NO_SUCH_ROOM)
        if said.findtext("returncode") != "SUCCESS":
            return None
        return frozenset(text(one.findtext("userID")) for one in said.iter("attendee"))

    def recordings(self, meeting: Meeting) -> tuple[Recording, ...]:
        """Those of this room that are ready."""
        found = self._ask("getRecordings", {"meetingID": meeting.ref}, fine=NO_SUCH_ROOM)
        return tuple(filter(None, map(_recording, found.iter("recording"))))

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> dict[str, Any] | None:
        """The server signs a token with the secret; of a recording it signs what it says, too."""
        try:
            bearer = headers.get("Authorization", "")
            if bearer.startswith(BEARER):
                token = bearer.removeprefix(BEARER)
                tokens.opened(token, secret=self.secret, algorithm="HS512", now=now, needs=("exp",))
            else:
                tokens.opened(_signed_parameters(body), secret=self.secret, algorithm="HS256", now=now)
        except tokens.BadSignature as bad:
            raise WebhookRefused from bad
        return None

    def loose(self, headers: Mapping[str, str], body: bytes) -> Loose | None:
        """The account of a meeting: its token holds an end and nothing else, so the words could be anybody's."""
        if _signed_parameters(body):
            return None
        try:
            said = read_json(body)
        except ValueError:
            said = None
        room = text(said.get("meeting_id")) if isinstance(said, dict) else ""
        return Loose(room, headers.get("Authorization", ""))

    def read_webhook(self, body: bytes) -> News | None:
        """Who was there, or that a recording is ready."""
        if token := _signed_parameters(body):
            said = tokens.opened(token, secret=self.secret, algorithm="HS256", now=datetime.now(UTC))
            return News(room=text(said.get("meeting_id")), has_recording=True)
        return _attendance_of(read_json(body))


def _signed_parameters(body: bytes) -> str:
    return parse_qs(body.decode("utf-8", "replace")).get("signed_parameters", [""])[0]


def _attendance_of(said: Any) -> News | None:
    """Read the account of a meeting that is over."""
    if not isinstance(said, dict) or not isinstance(data := said.get("data"), dict):
        return None
    inside = text(said.get("internal_meeting_id"))
    people = [one for one in data.get("attendees", []) if isinstance(one, dict)]
    marks = [mark for person in people for mark in _marks(person, inside)]
    return News(room=text(said.get("meeting_id")), marks=tuple(marks), ended_at=moment(data.get("finish")))


def _marks(person: Mapping[str, Any], inside: str) -> list[Mark]:
    """One mark a time that somebody came: comings and goings are told apart, each in order."""
    ref = text(person.get("ext_user_id"))
    came = sorted(filter(None, map(moment, person.get("joins", []))))
    went = sorted(filter(None, map(moment, person.get("leaves", []))))
    marks = []
    for number, joined_at in enumerate(came):
        left_at = next((at for at in went if at >= joined_at), None)
        if left_at:
            went.remove(left_at)
        device = f"{inside}/{ref}/{number}"[:200]
        marks.append(Mark(device, ref=ref, name=text(person.get("name")), joined_at=joined_at, left_at=left_at))
    return marks


def _recording(found: Element) -> Recording | None:
    address, ref = found.findtext("playback/format/url"), found.findtext("recordID")
    if not address or not ref:
        return None
    start, end = (_from_millis(found.findtext(name)) for name in ("startTime", "endTime"))
    minutes = int((end - start).total_seconds() // 60) if start and end else 0
    return Recording(text(ref), address.strip()[:2000], minutes)


def _from_millis(said: str | None) -> datetime | None:
    said = (said or "").strip()
    return datetime.fromtimestamp(int(said) / 1000, tz=UTC) if said.isdecimal() and len(said) < 15 else None
