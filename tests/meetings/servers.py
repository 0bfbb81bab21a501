"""Providers of the suite's own, on this machine: strict about signatures, and slow, wrong or away when told so."""

import hashlib
import hmac
import json
from itertools import count
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt

from tests.servers import Server

SECRET = "a shared secret of the suite, as long as a signature of this kind wants it to be"


# --- BigBlueButton --------------------------------------------------------------------------------
class BigBlueButtonServer(Server):
    """Checks each checksum over the bytes of the query as they came."""

    def __init__(self):
        super().__init__()
        self.rooms, self.recordings, self._clock = {}, [], count(1_773_000_000_000)
        self.inside = []
        self.address = f"{self.url}/bigbluebutton"
        self.calls_known = {
            "getMeetings": self._rooms,
            "create": self._create,
            "getMeetingInfo": self._info,
            "join": self._join,
            "end": self._end,
            "getRecordings": self._recordings,
        }

    def well(self, method, path, headers, body):
        parts = urlsplit(path)
        call = parts.path.rsplit("/", 1)[-1]
        if not self.fits(path):
            return self._xml("FAILED", key="checksumError", status=401)
        return self.calls_known[call](dict(parse_qsl(parts.query)))

    @staticmethod
    def fits(path):
        """Whether the checksum of a call is right."""
        parts = urlsplit(path)
        query, _, checksum = parts.query.rpartition("checksum=")
        call = parts.path.rsplit("/", 1)[-1]
        return checksum == hashlib.sha256(f"{call}{query.rstrip('&')}{SECRET}".encode()).hexdigest()

    @staticmethod
    def _xml(code, *, key="", inside="", status=200):
        said = f"<response><returncode>{code}</returncode><messageKey>{key}</messageKey>{inside}</response>"
        return status, said.encode(), {}

    def _rooms(self, fields):
        return self._xml("SUCCESS")

    def _create(self, fields):
        wanted = {name: value for name, value in fields.items() if name != "checksum"}
        room = self.rooms.setdefault(fields["meetingID"], {"wanted": wanted, "created": next(self._clock)})
        if room["wanted"] != wanted:
            return self._xml("FAILED", key="idNotUnique")
        return self._xml("SUCCESS", inside=f"<createTime>{room['created']}</createTime>")

    def _info(self, fields):
        if fields["meetingID"] not in self.rooms:
            return self._xml("FAILED", key="notFound")
        created = self.rooms[fields["meetingID"]]["created"]
        people = "".join(f"<attendee><userID>{ref}</userID><role>VIEWER</role></attendee>" for ref in self.inside)
        return self._xml("SUCCESS", inside=f"<createTime>{created}</createTime><attendees>{people}</attendees>")

    def _join(self, fields):
        room = self.rooms.get(fields["meetingID"])
        fits = room and str(room["created"]) == fields["createTime"]
        return self._xml("SUCCESS") if fits else self._xml("FAILED", key="mismatchCreateTimeParam")

    def _end(self, fields):
        known = self.rooms.pop(fields["meetingID"], None)
        return self._xml("SUCCESS") if known else self._xml("FAILED", key="notFound")

    def _recordings(self, fields):
        rows = "".join(
            f"<recording><recordID>{ref}</recordID><startTime>1773343800000</startTime><endTime>1773349200000</endTime>"
            f"<playback><format><url>{address}</url></format></playback></recording>"
            for ref, address in self.recordings
        )
        return self._xml("SUCCESS", inside=f"<recordings>{rows}</recordings>")


def attendance_of(room, people, *, finish):
    """What the server tells when a meeting is over. people: (our reference, name, joins, leaves)."""
    attendees = [
        {"ext_user_id": ref, "name": name, "moderator": False, "joins": joins, "leaves": leaves}
        for ref, name, joins, leaves in people
    ]
    data = {"duration": 1, "start": finish, "finish": finish, "attendees": attendees}
    return json.dumps({"meeting_id": room, "internal_meeting_id": "inside-1", "data": data}).encode()


def bearer(*, until, secret=SECRET, algorithm="HS512"):
    """How that server shows who it is."""
    return {"HTTP_AUTHORIZATION": f"Bearer {jwt.encode({'exp': int(until.timestamp())}, secret, algorithm=algorithm)}"}


# --- Zoom -----------------------------------------------------------------------------------------
ZOOM_SECRETS = {
    "account_id": "account-1",
    "client_id": "client-1",
    "client_secret": "client-secret-canary",
    "webhook_secret": "webhook-secret-canary",
    "host": "rooms@agency.example",
}


class ZoomServer(Server):
    """Signs in apps, holds meetings and registrants."""

    def __init__(self):
        super().__init__()
        self.meetings, self.registrants, self.report, self._ids = {}, {}, [], count(86_753_090_001)
        self.address = self.url

    def well(self, method, path, headers, body):
        parts = urlsplit(path)
        sent = json.loads(body) if body else {}
        if parts.path == "/oauth/token":
            return self._sign_in(headers, parse_qs(parts.query))
        if headers.get("Authorization") != "Bearer pass-1":
            return self._json(401, {"code": 124})
        steps = [step for step in parts.path.split("/") if step][1:]
        return self._serve(method, steps, dict(parse_qsl(parts.query)), sent)

    @staticmethod
    def _json(status, said):
        return status, json.dumps(said).encode(), {"Content-Type": "application/json"}

    def _sign_in(self, headers, query):
        basic = "Basic Y2xpZW50LTE6Y2xpZW50LXNlY3JldC1jYW5hcnk="
        if headers.get("Authorization") != basic or query.get("account_id") != ["account-1"]:
            return self._json(400, {"reason": "Invalid client_id or client_secret"})
        return self._json(200, {"access_token": "pass-1", "api_url": self.url})

    def _serve(self, method, steps, query, sent):
        match [method, *steps]:
            case ["GET", "users", _]:
                return self._json(200, {"id": "host-1"})
            case ["GET", "users", _, "meetings"]:
                rows = [{"id": pk, "agenda": one["agenda"]} for pk, one in self.meetings.items()]
                return self._json(200, {"meetings": rows, "next_page_token": ""})
            case ["POST", "users", _, "meetings"]:
                pk = next(self._ids)
                self.meetings[pk] = sent
                return self._json(201, {"id": pk, "start_url": f"{self.url}/s/{pk}?zak=first"})
            case [_, "meetings", pk, *rest] if int(pk) in self.meetings:
                return self._meeting(method, int(pk), rest, sent)
            case ["GET", "report", "meetings", _, "participants"]:
                return self._page(query)
        return self._json(404, {"code": 3001})

    def _meeting(self, method, pk, rest, sent):
        match [method, *rest]:
            case ["PATCH"]:
                self.meetings[pk] |= sent
                return 204, b"", {}
            case ["GET"]:
                return self._json(200, {"id": pk, "start_url": f"{self.url}/s/{pk}?zak=fresh"})
            case ["DELETE"]:
                del self.meetings[pk]
                return 204, b"", {}
            case ["PUT", "status"]:
                return 204, b"", {}
            case ["POST", "registrants"]:
                return self._register(pk, sent)
            case ["DELETE", "registrants", seat]:
                found = self.registrants.pop(seat, None)
                return (204, b"", {}) if found else self._json(404, {"code": 3001})
            case ["GET", "recordings"]:
                said = {"uuid": "rec-1", "share_url": f"{self.url}/rec/1", "duration": 90}
                return self._json(200, {**said, "start_time": "2026-03-12T19:30:00Z"})
        return self._json(404, {"code": 3001})

    def _register(self, pk, sent):
        assert sent["auto_approve"] is True
        if len(sent["first_name"]) > 64 or "refused" in sent["first_name"]:
            return self._json(400, {"code": 300})
        seat = hashlib.sha256(sent["email"].encode()).hexdigest()[:20]
        self.registrants[seat] = sent
        return self._json(201, {"registrant_id": seat, "join_url": f"{self.url}/w/{pk}?tk={seat}"})

    def _page(self, query):
        first = int(query.get("next_page_token") or 0)
        further = str(first + 2) if len(self.report) > first + 2 else ""
        return self._json(200, {"participants": self.report[first : first + 2], "next_page_token": further})


def signed(body: bytes, *, at, secret=ZOOM_SECRETS["webhook_secret"]):
    """The headers that Zoom sends with a message."""
    said_at = str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), b"v0:" + said_at.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"HTTP_X_ZM_REQUEST_TIMESTAMP": said_at, "HTTP_X_ZM_SIGNATURE": f"v0={mac}"}


def told(event, meeting, person=None, **more):
    """A message of Zoom's."""
    thing = {"id": str(meeting), "uuid": "u1", "host_id": "host-1", **more}
    if person:
        thing["participant"] = person
    return json.dumps({"event": event, "event_ts": 1, "payload": {"account_id": "a", "object": thing}}).encode()
