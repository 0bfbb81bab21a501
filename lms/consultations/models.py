"""Consultations: a worker's window, the times in it that can be booked, and the queue for now."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lms.common.crypto import EncryptedTextField
from lms.common.scope import ScopedQuerySet
from lms.consultations import rules
from lms.webinars import rules as saying


class Profession(models.TextChoices):
    SOCIAL_WORKER = "social_worker", "Social worker"
    EDUCATION = "education", "Education specialist"
    PUPIL_PREMIUM = "pupil_premium", "Pupil Premium Plus adviser"


class Way(models.TextChoices):
    PHONE = "phone", "By phone"
    VIDEO = "video", "By video"
    IN_PERSON = "in_person", "In person"


class Mode(models.TextChoices):
    TIMES = "times", "Times to book"
    QUEUE = "queue", "A queue, without booking"


class SurgeryState(models.TextChoices):
    OPEN = "open", "open"
    CANCELLED = "cancelled", "cancelled"


class SurgeryQuerySet(ScopedQuerySet):
    owner_path = "worker"

    def open_to(self, agency_ids: frozenset[int], *, now: datetime) -> Self:
        """Those of agencies that vouch for somebody, not over yet. Never loads the way in."""
        rows = self.unscoped(because="who offers a time is no adopter's data")
        here = rows.filter(agency__in=agency_ids, state=SurgeryState.OPEN, ends_at__gt=now)
        return here.defer("way_in").select_related("worker", "agency")


class Surgery(models.Model):
    """A window in which one worker talks to one family after another: at booked times, or from a queue.

    ``way_in`` is a phone number, a room link or a place. Only who has a time reads it, and only shortly before.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    profession = models.CharField(max_length=15, choices=Profession)
    mode = models.CharField(max_length=5, choices=Mode, default=Mode.TIMES)
    way = models.CharField(max_length=9, choices=Way)
    way_in = EncryptedTextField()
    zone = models.CharField(max_length=40, default="Europe/London")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(help_text="Of one time.")
    rest = models.PositiveSmallIntegerField(default=0, help_text="Minutes between two times.")
    notice = models.PositiveIntegerField(default=0, help_text="Minutes before a time at which it can last be booked.")
    most_each = models.PositiveSmallIntegerField(null=True, help_text="Times for one person in 28 days. None: any.")
    late_minutes = models.PositiveSmallIntegerField(default=0, help_text="How late the worker says they are.")
    takes_queue = models.BooleanField(default=False, help_text="Whether people can join the queue at this moment.")
    state = models.CharField(max_length=9, choices=SurgeryState, default=SurgeryState.OPEN)
    cancelled_reason = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    objects = SurgeryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "surgeries"
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="surgery_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(minutes__gte=rules.SHORTEST, minutes__lte=rules.LONGEST), name="surgery_times_have_a_length"
            ),
            models.CheckConstraint(condition=Q(state__in=SurgeryState.values), name="surgery_state_known"),
        ]
        indexes = [models.Index(fields=["agency", "starts_at"]), models.Index(fields=["worker", "starts_at"])]

    def __str__(self) -> str:
        return f"surgery {self.pk}"

    @property
    def is_queue(self) -> bool:
        """Whether people come without a time."""
        return self.mode == Mode.QUEUE

    @property
    def with_whom(self) -> str:
        """First name of the worker."""
        return saying.first_name(self.worker.display_name) if self.worker else "a colleague"

    @property
    def day(self) -> str:
        """Like "Thursday 12 March"."""
        return saying.said_date(saying.wall_time(self.starts_at, self.zone))

    @property
    def hours(self) -> str:
        """Like "6pm to 8pm"."""
        return saying.said_range(self.starts_at, self.ends_at, self.zone)


class SlotState(models.TextChoices):
    FREE = "free", "free"
    HELD = "held", "kept for a moment"
    BOOKED = "booked", "booked"
    DONE = "done", "took place"
    MISSED = "missed", "nobody came"
    CLOSED = "closed", "cancelled by us"


OWNED = (SlotState.BOOKED, SlotState.DONE, SlotState.MISSED, SlotState.CLOSED)


class SlotQuerySet(ScopedQuerySet):
    agency_path = "surgery__agency"

    def free_at(self, now: datetime) -> Self:
        """Free ones that can still be booked; one whose keeping has run out is free, whether or not a job has run.

        Asks the row alone: a join would become a subquery in a claim, and PostgreSQL does not ask that again of a row
        that somebody else has just changed.
        """
        lapsed = Q(state=SlotState.HELD, held_until__lte=now)
        return self.filter(Q(state=SlotState.FREE) | lapsed, book_until__gte=now)

    def lapsed(self, now: datetime) -> Self:
        """Kept ones whose time to fill in the form is over."""
        return self.filter(state=SlotState.HELD, held_until__lte=now)

    def claim(self, pk: int, *, person_id: int, now: datetime) -> bool:
        """Keep one for somebody, in one statement; say whether it was free."""
        mine = self.free_at(now).filter(pk=pk)
        until = now + rules.HOLD
        return mine.update(state=SlotState.HELD, person_id=person_id, held_until=until, reason="") == 1

    def let_go(self, *, to: SlotState = SlotState.FREE) -> int:
        """Make them free again, or closed, with nothing left of who had them."""
        return self.update(state=to, person=None, held_until=None, booked_at=None, reason="")


class Slot(models.Model):
    """One time that can be booked. Two that are taken of one worker never overlap, rest included: the database
    refuses it (an exclusion constraint on PostgreSQL, triggers on SQLite).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    surgery = models.ForeignKey(Surgery, on_delete=models.CASCADE, related_name="slots")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    busy_until = models.DateTimeField(help_text="The end, and the rest after it.")
    book_until = models.DateTimeField(help_text="The last moment at which it can be booked.")
    state = models.CharField(max_length=6, choices=SlotState, default=SlotState.FREE)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="consultations"
    )
    held_until = models.DateTimeField(null=True)
    booked_at = models.DateTimeField(null=True)
    reason = EncryptedTextField(blank=True, help_text="For the worker alone; emptied a week after.")

    objects = SlotQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["surgery", "starts_at"], name="one_time_once"),
            models.UniqueConstraint(fields=["person"], condition=Q(state="held"), name="one_time_kept_each"),
            models.CheckConstraint(condition=Q(state__in=SlotState.values), name="slot_state_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(busy_until__gte=F("ends_at")), name="rest_follows_the_time"),
            models.CheckConstraint(condition=~Q(state="free") | Q(person=None), name="a_free_time_is_nobodys"),
            models.CheckConstraint(condition=~Q(state="held") | Q(held_until__isnull=False), name="kept_until_when"),
        ]
        indexes = [models.Index(fields=["person", "state"]), models.Index(fields=["state", "starts_at"])]

    def __str__(self) -> str:
        return f"slot {self.pk}: {self.state}"

    @property
    def day(self) -> str:
        """Like "Thursday 12 March"."""
        return saying.said_date(saying.wall_time(self.starts_at, self.surgery.zone))

    @property
    def start(self) -> str:
        """Like "6:30pm"."""
        return saying.said_time(saying.wall_time(self.starts_at, self.surgery.zone))

    @property
    def hours(self) -> str:
        """Like "6:30pm to 7pm"."""
        return saying.said_range(self.starts_at, self.ends_at, self.surgery.zone)

    def door_at(self, now: datetime) -> bool:
        """Whether who booked it may read the way in."""
        return rules.door_is_open(self.starts_at, self.ends_at, now=now)


class Standing(models.TextChoices):
    WAITING = "waiting", "waiting"
    CALLED = "called", "being talked to"
    DONE = "done", "took place"
    MISSED = "missed", "did not answer"
    LEFT = "left", "left the queue"
    CLOSED = "closed", "the queue ended"


IN_QUEUE = (Standing.WAITING, Standing.CALLED)


class PlaceQuerySet(ScopedQuerySet):
    agency_path = "surgery__agency"

    def waiting(self) -> Self:
        """Who waits, first come first."""
        return self.filter(state=Standing.WAITING).order_by("number")


class QueuePlace(models.Model):
    """Somebody's place in the queue of a surgery. The first who came is the next who is called."""

    surgery = models.ForeignKey(Surgery, on_delete=models.CASCADE, related_name="queue")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="places_in_consultation_queues"
    )
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=Standing, default=Standing.WAITING)
    reason = EncryptedTextField(blank=True, help_text="For the worker alone; emptied a week after.")
    joined_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["surgery", "number"], name="one_number_each_in_a_queue"),
            models.UniqueConstraint(
                fields=["surgery", "person"], condition=Q(state__in=["waiting", "called"]), name="one_place_in_a_queue"
            ),
            models.UniqueConstraint(fields=["surgery"], condition=Q(state="called"), name="one_talk_at_a_time"),
            models.CheckConstraint(condition=Q(state__in=Standing.values), name="queue_state_known"),
        ]

    def __str__(self) -> str:
        return f"place {self.number}: {self.state}"
