"""Who has a place in a session, or waits for one."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from lms.common.crypto import EncryptedTextField
from lms.common.scope import ScopedQuerySet
from lms.webinars.models.parties import Party
from lms.webinars.models.sessions import Session


class BookingState(models.TextChoices):
    HELD = "held", "held"
    BOOKED = "booked", "booked"
    WAITING = "waiting", "on the waiting list"
    OFFERED = "offered", "offered a place"
    CANCELLED = "cancelled", "cancelled"
    EXPIRED = "expired", "offer ran out"
    DECLINED = "declined", "offer declined"
    ATTENDED = "attended", "was there"
    PARTIAL = "partial", "was there for part"
    ABSENT = "absent", "was not there"


ENDED_STATES = (BookingState.CANCELLED, BookingState.EXPIRED, BookingState.DECLINED)


SEATED_STATES = (BookingState.BOOKED, BookingState.ATTENDED, BookingState.PARTIAL, BookingState.ABSENT)


KEPT_STATES = (BookingState.HELD, BookingState.OFFERED)  # a place is taken for them, until a time
TAKING_STATES = (*SEATED_STATES, *KEPT_STATES)
AHEAD_STATES = (BookingState.BOOKED, BookingState.WAITING, *KEPT_STATES)  # nothing of it has begun


class BookingQuerySet(ScopedQuerySet):
    agency_path = "session__agency"

    def live(self) -> Self:
        """Bookings that are not over by cancelling, expiry or declining."""
        return self.exclude(state__in=ENDED_STATES)

    def seated(self) -> Self:
        """Bookings that hold a place: booked, or marked on the register since."""
        return self.filter(state__in=SEATED_STATES)

    def lapsed_at(self, now: datetime) -> Self:
        """Holds and offers that nobody answered in time."""
        return self.filter(state__in=KEPT_STATES, offer_expires_at__lte=now)

    def concerned(self) -> Self:
        """Whoever has to know that the date is another: booked, waiting, or offered a place. Nobody at a form."""
        at_a_form = Q(state=BookingState.HELD, queue_number=None)
        return self.filter(state__in=AHEAD_STATES).exclude(at_a_form)

    def queue(self) -> Self:
        """The waiting list, first come first."""
        return self.filter(state=BookingState.WAITING).order_by("queue_number", "pk")

    def with_people_ahead(self) -> Self:
        """Add ``ahead``: how many stand before each on its waiting list."""
        rows = Booking.objects.unscoped(because="only how many, not who").filter(state=BookingState.WAITING)
        before = rows.filter(session=OuterRef("session"), queue_number__lt=OuterRef("queue_number")).order_by()
        return self.annotate(ahead=Coalesce(Subquery(before.values("session").values(n=Count("pk"))), 0))


class Booking(models.Model):
    """A person's place in a session, or their wish for one. One live booking a person and session."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="bookings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bookings")
    state = models.CharField(max_length=10, choices=BookingState)
    queue_number = models.PositiveBigIntegerField(null=True, blank=True)
    offer_expires_at = models.DateTimeField(null=True, blank=True, help_text="Until when a place is kept or offered.")
    party = models.ForeignKey(Party, null=True, blank=True, on_delete=models.SET_NULL, related_name="bookings")
    instead_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="Given up for this one."
    )
    asked_again_at = models.DateTimeField(null=True, blank=True, help_text="The date moved by days; not answered yet.")
    access_needs = EncryptedTextField(blank=True, help_text="For the facilitator; emptied 30 days after.")
    booked_at = models.DateTimeField()
    said_how_it_was = models.BooleanField(default=False, help_text="Answers hang on nothing; this stops a second one.")

    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"], condition=~Q(state__in=ENDED_STATES), name="one_live_booking_each"
            ),
            models.CheckConstraint(condition=Q(state__in=BookingState.values), name="booking_state_known"),
            models.CheckConstraint(
                condition=~Q(state=BookingState.WAITING) | Q(queue_number__isnull=False), name="waiting_has_a_number"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=KEPT_STATES) | Q(offer_expires_at__isnull=False), name="kept_until_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "state"]),
            models.Index(fields=["offer_expires_at"], condition=Q(state__in=KEPT_STATES), name="kept_places"),
        ]

    def __str__(self) -> str:
        return f"booking {self.pk}: {self.state}"

    @property
    def reference(self) -> str:
        """A short word for talking about the booking; says nothing of the person."""
        return str(self.uuid)[:6].upper()

    @property
    def is_seated(self) -> bool:
        """Whether it holds a place."""
        return self.state in SEATED_STATES

    @property
    def is_waiting(self) -> bool:
        """Whether it stands on the waiting list."""
        return self.state == BookingState.WAITING

    @property
    def is_offered(self) -> bool:
        """Whether a place is offered, and waits for an answer."""
        return self.state == BookingState.OFFERED

    @property
    def is_held(self) -> bool:
        """Whether a place is kept, for a form to be filled in or for a second place to come free."""
        return self.state == BookingState.HELD

    @property
    def is_exchange(self) -> bool:
        """Whether the person has a place on another date, and gives it up when this one is theirs."""
        return self.instead_of is not None and self.instead_of.state == BookingState.BOOKED

    @property
    def is_asked_again(self) -> bool:
        """Whether its date has moved by days, and the person has not said yet that the new one suits."""
        return self.state in AHEAD_STATES and self.asked_again_at is not None

    def has_lapsed(self, now: datetime) -> bool:
        """Whether what was kept is kept no longer, swept up or not."""
        return self.state in KEPT_STATES and self.offer_expires_at is not None and self.offer_expires_at <= now


class BookingChange(models.Model):
    """History of a booking, append-only: a state never changes without one."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="changes")
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, choices=BookingState)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=60, blank=True, help_text="A fixed word, never free text.")

    def __str__(self) -> str:
        return f"{self.before or 'new'} to {self.after}"
