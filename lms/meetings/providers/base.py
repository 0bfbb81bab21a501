"""What a provider of rooms can do for us, whoever it is. Adapters know nothing of the database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol

Given = Mapping[str, str]  # what a provider told us of a room or of a person, kept locked


class WebhookRefused(Exception):
    """A message that did not come from the provider, or not now, or not as it was sent."""


@dataclass(frozen=True)
class Account:
    """Where an agency's rooms are, and what opens the door to them."""

    address: str
    secrets: Given


@dataclass(frozen=True)
class Meeting:
    """One room for one date. ``ref`` is ours and says nothing; ``callback``: where the provider may ring us."""

    ref: str
    title: str
    opens_at: datetime
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    callback: str = ""
    may_record: bool = False
    given: Given = field(default_factory=dict)


@dataclass(frozen=True)
class Guest:
    """One person in one room. ``ref`` is ours; ``name`` is what they chose to be called; never an address."""

    ref: str
    name: str
    moderates: bool = False
    given: Given = field(default_factory=dict)


@dataclass(frozen=True)
class Mark:
    """Somebody came in or left, on one device. ``ref``: ours, where the provider hands it back; ``seat``: its own."""

    device: str
    ref: str = ""
    seat: str = ""
    name: str = ""
    joined_at: datetime | None = None
    left_at: datetime | None = None


@dataclass(frozen=True)
class Loose:
    """A message that is signed without its words. ``room``: which it speaks of; ``shown``: the signature, used once."""

    room: str
    shown: str


@dataclass(frozen=True)
class News:
    """What a message of a provider says. ``room``: by the name that the provider has for it."""

    room: str
    marks: tuple[Mark, ...] = ()
    ended_at: datetime | None = None
    has_recording: bool = False


@dataclass(frozen=True)
class Recording:
    """A recording at the provider. ``address`` is for who looks after it, never for a page."""

    ref: str
    address: str
    minutes: int


class Provider(Protocol):
    """The whole interface. What calls a server raises CallFailed; what only reckons never does."""

    lead: ClassVar[timedelta]  # how long before it opens a room can be made
    needs_seats: ClassVar[bool]  # whether each person is announced beforehand
    runs_out: ClassVar[bool]  # whether what it gives for a room must be asked for again shortly before
    is_looked_into: ClassVar[bool]  # whether it is asked during a meeting who is there, as its messages are loose
    account: Account

    def try_out(self) -> None:
        """Ask for something harmless that needs the secrets."""

    def ensure_room(self, meeting: Meeting) -> Given:
        """Make the room, or bring it up to date; asked twice, there is one. Its own name for it is ``room``."""

    def close_room(self, meeting: Meeting) -> None:
        """Send everybody out and take the room away; fine if there is none."""

    def add_participant(self, meeting: Meeting, guest: Guest) -> Given:
        """Announce somebody; asked twice, once. Its own name for them is ``seat``."""

    def remove_participant(self, meeting: Meeting, guest: Guest) -> None:
        """Take somebody's way in away; fine if they have none."""

    def join_url(self, meeting: Meeting, guest: Guest, *, now: datetime) -> str:
        """Return the way in for one person at this moment, empty while there is none. Calls nobody."""

    def attendance(self, meeting: Meeting) -> tuple[Mark, ...]:
        """Ask who was there, after the end, where the provider keeps that."""

    def present(self, meeting: Meeting) -> frozenset[str] | None:
        """Ask who is in at this moment, by our references; None where the room is not there."""

    def recordings(self, meeting: Meeting) -> tuple[Recording, ...]:
        """Ask which recordings are ready."""

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> dict[str, Any] | None:
        """Raise WebhookRefused unless the provider sent this now. Return an answer where it asks for one."""

    def loose(self, headers: Mapping[str, str], body: bytes) -> Loose | None:
        """Say what a verified message rests on, where its words are not signed; None where they are."""

    def read_webhook(self, body: bytes) -> News | None:
        """Return what a message says, None for one that says nothing to us. Raises ValueError when it is unreadable."""


YEARS = range(2000, 2200)  # a clock outside them is wrong, and other zones would make it no date at all


def read_json(said: bytes | str) -> Any:
    """Read somebody else's JSON. Raises ValueError, also for what is nested without end."""
    try:
        return json.loads(said)
    except RecursionError as deep:
        raise ValueError from deep


def moment(said: object) -> datetime | None:
    """Read a moment as providers write it, with a zone; None for anything else."""
    if not isinstance(said, str):
        return None
    try:
        read = datetime.fromisoformat(said)
    except ValueError:
        return None
    return read if read.tzinfo and read.year in YEARS else None


def text(said: object, *, longest: int = 120) -> str:
    """A word of somebody else's as a short text without what a database cannot keep."""
    kept = str(said if said is not None else "").encode("utf-8", "replace").decode()
    return kept.replace("\x00", "")[:longest]
