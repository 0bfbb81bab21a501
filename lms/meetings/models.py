"""Accounts of agencies at providers, the rooms made there, who may go in, and who was seen inside."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.crypto import salted_hmac

from lms.common.crypto import EncryptedTextField
from lms.common.scope import ScopedQuerySet
from lms.meetings import rules


class ProviderName(models.TextChoices):
    BIGBLUEBUTTON = "bigbluebutton", "BigBlueButton"
    JITSI = "jitsi", "Jitsi"
    ZOOM = "zoom", "Zoom"


def words_in(kept: str) -> dict[str, str]:
    """Return the words that a locked field keeps; none where it is empty."""
    return dict(json.loads(kept)) if kept else {}


def as_kept(words: Mapping[str, str]) -> str:
    """Return words as a locked field keeps them."""
    return json.dumps(dict(words), sort_keys=True)


class ConnectionQuerySet(ScopedQuerySet):
    owner_path = "changed_by"

    def chosen(self) -> Self:
        """Those that new rooms are made with."""
        return self.filter(is_chosen=True)


class Connection(models.Model):
    """An agency's account at one provider. What opens it is locked, is never shown again and stands in no log."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.CASCADE, related_name="+")
    provider = models.CharField(max_length=15, choices=ProviderName)
    address = models.CharField(max_length=200)
    secrets = EncryptedTextField(help_text="A JSON object of words.")
    is_chosen = models.BooleanField(default=False, help_text="New rooms of the agency are made here.")
    may_record = models.BooleanField(default=False, help_text="Who runs a session may start a recording.")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()
    trial_asked_at = models.DateTimeField(null=True, blank=True)
    trial_ended_at = models.DateTimeField(null=True, blank=True)
    trial_trouble = models.CharField(max_length=10, blank=True, help_text="A fixed word; empty: it went well.")

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "provider"], name="one_connection_a_provider"),
            models.UniqueConstraint(fields=["agency"], condition=Q(is_chosen=True), name="one_chosen_connection"),
            models.CheckConstraint(condition=Q(provider__in=ProviderName.values), name="provider_known"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} of {self.agency_id}"

    @property
    def trial_is_under_way(self) -> bool:
        """Whether the worker was asked to try it and has not said how that went."""
        asked, ended = self.trial_asked_at, self.trial_ended_at
        return asked is not None and (ended is None or ended < asked)


class RoomState(models.TextChoices):
    WANTED = "wanted", "to be made"
    READY = "ready", "ready"
    CLOSING = "closing", "to be closed"
    CLOSED = "closed", "closed"


class RoomQuerySet(ScopedQuerySet):
    agency_path = "connection__agency"

    def due(self, now: datetime) -> Self:
        """Those that a worker has something to do for, and nobody is at."""
        ahead = Q(closes_at__gt=now)
        to_make = Q(state=RoomState.WANTED, make_from__lte=now) & ahead
        pending = Seat.objects.unscoped(because="only whether there is one").pending().filter(room=OuterRef("pk"))
        to_settle = Q(state=RoomState.READY) & ahead & (Q(renew_at__lte=now) | Exists(pending))
        to_close = Q(state=RoomState.CLOSING, closes_at__gt=now - rules.CLOSE_UNTIL)
        return self.filter(to_close | to_make | to_settle, next_try_at__lte=now)

    def claim(self, pk: int, *, now: datetime, until: datetime) -> bool:
        """Take one for a worker until then, and count the attempt; False if somebody else has it."""
        return self.due(now).filter(pk=pk).update(next_try_at=until, attempts=F("attempts") + 1) == 1

    def in_trouble(self, now: datetime) -> Self:
        """Those that could not be made though they should have been, and are still to come."""
        return self.filter(state__in=[RoomState.WANTED, RoomState.READY], closes_at__gt=now).exclude(trouble="")

    def to_look_into(self, now: datetime) -> Self:
        """Those that are on, where it is time to look again who is in."""
        on = self.filter(state=RoomState.READY, opens_at__lte=now, closes_at__gt=now)
        return on.filter(Q(looked_at=None) | Q(looked_at__lte=now - rules.LOOK_EVERY))

    def to_ask(self, now: datetime) -> Self:
        """Those that are over, and whose provider was not asked who was there."""
        over = self.filter(state=RoomState.READY, closes_at__lte=now - rules.ASK_AFTER)
        return over.filter(asked_at=None, next_try_at__lte=now)


class Room(models.Model):
    """One room for one date. What it is about is known above; the provider sees ``uuid`` and a neutral title only."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    about = models.UUIDField(help_text="What it is for, in the words of the room of the house above.")
    number = models.PositiveSmallIntegerField()
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="rooms")
    title = models.CharField(max_length=100)
    state = models.CharField(max_length=7, choices=RoomState, default=RoomState.WANTED)
    opens_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    may_record = models.BooleanField(default=False, help_text="People were told that it may be recorded.")
    make_from = models.DateTimeField()
    renew_at = models.DateTimeField(null=True, blank=True, help_text="When to ask again for what runs out.")
    outside_id = models.CharField(max_length=120, blank=True, help_text="What the provider calls it.")
    given = EncryptedTextField(blank=True, help_text="A JSON object of words from the provider.")
    version = models.PositiveIntegerField(default=0, help_text="Raised whenever it is wanted in another way.")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    trouble = models.CharField(max_length=10, blank=True, help_text="A fixed word: why the last try failed.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When the provider says it ended.")
    asked_at = models.DateTimeField(null=True, blank=True, help_text="When the provider was asked who was there.")
    looked_at = models.DateTimeField(null=True, blank=True, help_text="When a worker last meant to look who is in.")
    seen = models.JSONField(default=list, help_text="Pairs: a moment, and the references of who was in. For 90 days.")

    objects = RoomQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about", "number"], name="one_room_a_date"),
            models.CheckConstraint(condition=Q(state__in=RoomState.values), name="room_state_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="room_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["state", "next_try_at"]), models.Index(fields=["connection", "outside_id"])]

    def __str__(self) -> str:
        return f"room {self.pk}: {self.state}"

    @property
    def looks(self) -> list[rules.Look]:
        """Who was in at which moments, in order."""
        return [rules.Look(datetime.fromisoformat(at), frozenset(refs)) for at, refs in self.seen]


class SeatState(models.TextChoices):
    WANTED = "wanted", "to be announced"
    READY = "ready", "announced"
    LEAVING = "leaving", "to be taken back"
    GONE = "gone", "taken back"


class SeatQuerySet(ScopedQuerySet):
    agency_path = "room__connection__agency"

    def pending(self) -> Self:
        """Those that the provider has to be told of."""
        return self.filter(state__in=[SeatState.WANTED, SeatState.LEAVING])


def ref_of(room: Room, person_id: int) -> str:
    """Return what a provider knows a person by in one room: the same each time, elsewhere another."""
    return salted_hmac("lms.meetings.seat", f"{room.uuid}:{person_id}", algorithm="sha256").hexdigest()[:32]


class Seat(models.Model):
    """One person who may go into one room. ``ref`` is all that a provider learns of who they are, beside a name."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    ref = models.CharField(max_length=40)
    moderates = models.BooleanField(default=False)
    state = models.CharField(max_length=7, choices=SeatState, default=SeatState.WANTED)
    outside_id = models.CharField(max_length=120, blank=True)
    given = EncryptedTextField(blank=True, help_text="A JSON object of words from the provider.")

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "person"], name="one_seat_each"),
            models.CheckConstraint(condition=Q(state__in=SeatState.values), name="seat_state_known"),
        ]

    def __str__(self) -> str:
        return f"seat {self.pk}: {self.state}"


class WebhookEvent(models.Model):
    """A message of a provider as it came, locked. Kept 90 days; the same message twice is one row."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="events")
    key = models.CharField(max_length=64)
    body = EncryptedTextField()
    received_at = models.DateTimeField(db_index=True)
    processed_at = models.DateTimeField(null=True, blank=True)
    came_to = models.CharField(max_length=10, blank=True, help_text="A fixed word: counted, parked, nothing, odd.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "key"], name="one_event_once")]

    def __str__(self) -> str:
        return f"event {self.pk}: {self.came_to or 'new'}"


class PresenceQuerySet(ScopedQuerySet):
    agency_path = "room__connection__agency"

    def of_nobody_known(self) -> Self:
        """Those whom a provider knows by a name only, and whom staff have not sorted."""
        return self.filter(person=None, is_set_aside=False)


class Presence(models.Model):
    """Somebody was in a room on one device. Kept 90 days. ``name`` only while nobody knows whose it is."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="presences")
    device = models.CharField(max_length=200, help_text="What the provider calls one coming-in.")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    name = EncryptedTextField(blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    is_set_aside = models.BooleanField(default=False, help_text="Staff said that this is nobody on the register.")

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "device"], name="one_presence_a_device")]

    def __str__(self) -> str:
        return f"presence {self.pk}"
