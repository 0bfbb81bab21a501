"""When a workshop happens, where, and who runs it."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Case, F, Q, Value, When

from lms.common.crypto import EncryptedTextField
from lms.common.scope import ScopedQuerySet
from lms.webinars import rules
from lms.webinars.models.series import Series


class SessionKind(models.TextChoices):
    WORKSHOP = "workshop", "workshop"
    GROUP = "group", "support group"
    LICENSED = "licensed", "licensed programme"


class SessionState(models.TextChoices):
    DRAFT = "draft", "not published"
    PUBLISHED = "published", "open"
    CANCELLED = "cancelled", "cancelled"
    ENDED = "ended", "over"
    PROPOSED = "proposed", "proposed"
    DECLINED = "declined", "not taken up"


# What nobody but the desk, and who proposed it, knows of.
UNSEEN_STATES = (SessionState.DRAFT, SessionState.PROPOSED, SessionState.DECLINED)


class Where(models.TextChoices):
    ONLINE = "online", "Online"
    VENUE = "venue", "In person"


class RoomBy(models.TextChoices):
    LINK = "link", "A link of our own"
    AGENCY = "agency", "A room made for this session"


class SessionQuerySet(ScopedQuerySet):
    """Sessions. What is public of them is read with ``listed_at``; people's rows stay scoped."""

    def listed_at(self, now: datetime) -> Self:
        """Published ones that have not ended: what everybody may see. Never loads the way in or the venue."""
        rows = self.unscoped(because="what a public list shows is no person's data")
        upcoming = rows.filter(state=SessionState.PUBLISHED, ends_at__gt=now)
        return upcoming.without_the_way_in().order_by("starts_at", "pk")

    def seen(self) -> Self:
        """Those that have been published at some time: what has a page of its own."""
        return self.exclude(state__in=UNSEEN_STATES)

    def without_the_way_in(self) -> Self:
        """Leave the room's address, the venue and the word on a proposal in the database."""
        return self.defer("room_address", "venue", "decision_note")

    def lock(self, pk: int) -> "Session":
        """Read one session and hold it until the transaction ends: for deeds that must happen one at a time."""
        rows = self.unscoped(because="the caller was let in").select_for_update(no_key=True)  # bookings refer to it
        session: Session = rows.get(pk=pk)
        return session

    def lock_all(self, pks: Iterable[int]) -> "dict[int, Session]":
        """Read and hold several, always in the same order: two people who need the same two never wait in a ring."""
        rows = self.unscoped(because="the caller was let in").select_for_update(no_key=True)
        return {session.pk: session for session in rows.filter(pk__in=set(pks)).order_by("pk")}

    def claim_place(self, pk: int, *, count: int = 1) -> bool:
        """Take a place (or ``count``, or none of them) if so many are left, in one statement; say whether it was done.

        The limit is what staff have said, not how many more they have let in.
        """
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [count, pk, SessionState.PUBLISHED, count])
            return cursor.rowcount == 1

    def next_in_line(self, pk: int, *, only_if_full: bool = False) -> int | None:
        """Give out the next number of the waiting list, in one statement, and hold the session.

        only_if_full: None, and nothing has changed, unless every place is taken and the list has no end.
        """
        with connection.cursor() as cursor:
            cursor.execute(_NEXT_IN_LINE, [pk, not only_if_full, SessionState.PUBLISHED])
            row = cursor.fetchone()
        return None if row is None else int(row[0])

    def release_place(self, pk: int) -> None:
        """Give a place back; where more people were let in than there are places, it is one fewer of them."""
        rows = self.unscoped(because="a release reads nothing").filter(pk=pk, places_taken__gt=0)
        fewer = Case(When(places_over__gt=0, then=F("places_over") - 1), default=0)
        rows.update(places_taken=F("places_taken") - 1, places_over=fewer)

    def let_in(self, pk: int) -> None:
        """Take a place whether or not one is left: a member of staff has decided. The caller holds the session."""
        rows = self.unscoped(because="a claim reads nothing").filter(pk=pk)
        full = Q(capacity__isnull=False, places_taken__gte=F("capacity"))
        more = Case(When(full, then=F("places_over") + 1), default=0)
        rows.update(places_taken=F("places_taken") + 1, places_over=more)


# By hand, because everybody after the same places waits for these two: making them from lookups takes longest.
_CLAIM = """
UPDATE webinars_session SET places_taken = places_taken + %s
WHERE id = %s AND state = %s AND (capacity IS NULL OR places_taken <= capacity - %s)
"""
_NEXT_IN_LINE = """
UPDATE webinars_session SET queue_last = queue_last + 1
WHERE id = %s AND (%s OR (state = %s AND places_taken >= capacity AND waiting_list_cap IS NULL))
RETURNING queue_last
"""


class Session(models.Model):
    """A bookable occurrence of a workshop, with one or more dated parts and one booking for all of them.

    ``venue`` and ``room_address`` are for people with a confirmed booking only: encrypted, in no list.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workshop = models.ForeignKey("cms.WorkshopPage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=150)
    neutral_title = models.CharField(max_length=100, default="Online appointment")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=SessionKind, default=SessionKind.WORKSHOP)
    state = models.CharField(max_length=10, choices=SessionState, default=SessionState.DRAFT)
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="sessions")
    series_position = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Its place in the series.")
    zone = models.CharField(max_length=40, default="Europe/London")
    starts_at = models.DateTimeField(help_text="UTC, of the first part.")
    ends_at = models.DateTimeField(help_text="UTC, of the last part.")
    where = models.CharField(max_length=6, choices=Where, default=Where.ONLINE)
    region = models.CharField(max_length=80, blank=True, help_text="Public, like 'Calder valley'. Never the venue.")
    venue = EncryptedTextField(blank=True)
    room_by = models.CharField(max_length=6, choices=RoomBy, default=RoomBy.LINK)
    room_address = EncryptedTextField(blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True, help_text="None: no limit.")
    places_taken = models.PositiveIntegerField(default=0, help_text="Booked, offered and kept.")
    places_over = models.PositiveIntegerField(default=0, help_text="How many more than there are places.")
    booking_opens_at = models.DateTimeField(null=True, blank=True)
    booking_closes_at = models.DateTimeField()
    cancel_deadline_at = models.DateTimeField(null=True, blank=True, help_text="Later is late. None: the start.")
    waiting_list_cap = models.PositiveIntegerField(null=True, blank=True, help_text="None: no cap. 0: no list.")
    queue_last = models.PositiveBigIntegerField(default=0, help_text="The last number given out on the waiting list.")
    offer_minutes = models.PositiveIntegerField(null=True, blank=True, help_text="None: the usual time to answer.")
    household_limit = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Places. None: no limit.")
    eligibility = models.CharField(max_length=200, blank=True, help_text="Public: who it is for.")
    only_for = models.CharField(
        max_length=60, blank=True, help_text="The circle whose people alone can book. Empty: every verified adopter."
    )
    publisher = models.CharField(max_length=120, blank=True, help_text="Of a licensed programme.")
    licence_holder = models.CharField(max_length=120, blank=True, help_text="Who may run the programme.")
    facilitator_credential = models.CharField(max_length=150, blank=True, help_text="What the licence asks of them.")
    languages = models.CharField(max_length=100, blank=True)
    captions = models.BooleanField(default=False)
    interpreter = models.CharField(max_length=80, blank=True)
    babies_welcome = models.BooleanField(default=False)
    camera = models.CharField(max_length=120, default="Camera on or off, as you like.")
    may_be_recorded = models.BooleanField(default=False, help_text="Who leads it may record their own part.")
    cancelled_reason = models.CharField(max_length=200, blank=True)
    calendar_sequence = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposed_sessions"
    )
    decision_note = EncryptedTextField(blank=True, help_text="Why a proposal was not taken up; for who proposed it.")

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(places_taken__lte=F("capacity") + F("places_over")),
                name="never_more_places_than_there_are",
            ),
            models.CheckConstraint(
                condition=Q(places_over=0) | Q(places_taken=F("capacity") + F("places_over"), capacity__isnull=False),
                name="over_only_as_far_as_people_are_there",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(state__in=SessionState.values), name="session_state_known"),
            models.CheckConstraint(
                condition=Q(household_limit=None) | Q(household_limit__gte=1), name="household_has_a_place"
            ),
            models.CheckConstraint(
                condition=Q(series=None) | Q(series_position__isnull=False), name="occurrence_has_a_position"
            ),
            models.UniqueConstraint(
                fields=["series", "series_position"],
                condition=Q(series__isnull=False),
                name="one_occurrence_a_position",
            ),
        ]
        indexes = [models.Index(fields=["state", "starts_at"]), models.Index(fields=["agency", "starts_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def places_left(self) -> int | None:
        """How many places are free; None when there is no limit."""
        return None if self.capacity is None else max(self.capacity - self.places_taken, 0)

    def over_by(self) -> int:
        """How many more have a place than ``capacity`` says, after it was changed: to be kept with it."""
        return 0 if self.capacity is None else max(self.places_taken - self.capacity, 0)

    @property
    def local_start(self) -> datetime:
        """When it begins by the clocks of its zone, without the zone: for showing."""
        return rules.wall_time(self.starts_at, self.zone)

    @property
    def day(self) -> str:
        """Like "Thursday 12 March"."""
        return rules.said_date(self.local_start)

    @property
    def begins(self) -> str:
        """Like "7:30pm": needs no parts."""
        return rules.said_time(self.local_start)

    @property
    def hours(self) -> str:
        """Like "7:30pm to 9pm", of the first part."""
        first = self.parts.all()[0]
        return rules.said_range(first.starts_at, first.ends_at, self.zone)

    @property
    def said_of_recording(self) -> str:
        """Whether it is recorded, in words for who comes."""
        return rules.said_of_recording(may_be=self.may_be_recorded)

    @property
    def timetable(self) -> rules.Timetable:
        """When it takes bookings."""
        return rules.Timetable(self.starts_at, self.booking_opens_at, self.booking_closes_at)

    def door_at(self, now: datetime) -> rules.Door:
        """Whether a place can be booked at ``now``."""
        return rules.door(self.state, self.timetable, places_left=self.places_left, now=now)

    def room_at(self, now: datetime, *, opens_before: timedelta | None = None) -> rules.Room:
        """How the way into the room stands at ``now``; ``opens_before`` None: as for booked people."""
        dates = [(part.starts_at, part.ends_at) for part in self.parts.all()]
        before = settings.LMS_JOIN_OPENS_BEFORE if opens_before is None else opens_before
        return rules.room(dates, before=before, after=settings.LMS_JOIN_CLOSES_AFTER, now=now)


class SessionPart(models.Model):
    """One dated part. The local time is what the trainer meant; UTC follows from it and the zone."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    local_start = models.CharField(max_length=16, help_text="Wall time, like 2027-03-28T10:00.")
    minutes = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        indexes = [models.Index(fields=["starts_at"])]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="one_part_a_number"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="part_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"part {self.number}"

    @property
    def day(self) -> str:
        """Like "Thursday 12 March"."""
        return rules.said_date(rules.wall_time(self.starts_at, self.session.zone))

    @property
    def hours(self) -> str:
        """Like "7:30pm to 9pm"."""
        return rules.said_range(self.starts_at, self.ends_at, self.session.zone)


class FacilitatorRole(models.TextChoices):
    LEAD = "lead", "leads"
    CO_FACILITATOR = "co", "leads with them"
    HOST = "host", "hosts the room"
    OBSERVER = "observer", "observes"


LEADING_ROLES = (FacilitatorRole.LEAD, FacilitatorRole.CO_FACILITATOR)


class FacilitatorQuerySet(models.QuerySet["Facilitator"]):
    def leads_first(self) -> Self:
        """In the order in which people are named: by role, then as they were put down."""
        order = [When(role=role, then=Value(place)) for place, role in enumerate(FacilitatorRole.values)]
        return self.order_by(Case(*order), "pk")


class Facilitator(models.Model):
    """Who runs a session, and as what. They see its register and enter the room early."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="facilitators")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=8, choices=FacilitatorRole, default=FacilitatorRole.LEAD)

    objects = FacilitatorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="one_facilitator_once"),
            models.CheckConstraint(condition=Q(role__in=FacilitatorRole.values), name="facilitator_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"

    @property
    def moderates(self) -> bool:
        """Whether they let people into the room, mute them and end it: all but who only observes."""
        return self.role != FacilitatorRole.OBSERVER
