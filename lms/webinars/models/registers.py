"""Who was there."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lms.common.scope import ScopedQuerySet
from lms.webinars.models.bookings import Booking
from lms.webinars.models.sessions import SessionPart


class Verdict(models.TextChoices):
    PRESENT = "present", "Here"
    PARTIAL = "partial", "Part"
    ABSENT = "absent", "Away"
    MADE_UP = "made_up", "Made up"


class AttendanceQuerySet(ScopedQuerySet):
    agency_path = "booking__session__agency"
    owner_path = "booking__person"


class Attendance(models.Model):
    """Whether a booked person was at one part, and who says so."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="attendance")
    part = models.ForeignKey(SessionPart, on_delete=models.CASCADE, related_name="attendance")
    verdict = models.CharField(max_length=8, choices=Verdict)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField()

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "part"], name="one_verdict_a_part"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="verdict_known"),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id}: {self.verdict}"


class Why(models.TextChoices):
    """Why a mark is another than it was: fixed words, because what staff think of a person is written nowhere."""

    MISTAKE = "mistake", "It was marked by mistake"
    TOLD_US = "told_us", "They told us afterwards"
    LATE_OR_EARLY = "late_or_early", "They came late or left early"
    CAUGHT_UP = "caught_up", "They have caught up since"


class AttendanceChange(models.Model):
    """History of a mark, append-only. ``why`` is empty for the first, and for what was put right on the day."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="attendance_changes")
    part = models.ForeignKey(SessionPart, on_delete=models.CASCADE, related_name="+")
    before = models.CharField(max_length=8, blank=True)
    after = models.CharField(max_length=8, choices=Verdict)
    why = models.CharField(max_length=15, choices=Why, blank=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)

    objects = AttendanceQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.before or 'new'} to {self.after}"


class SeenBy(models.TextChoices):
    ROOM = "room", "in the room"
    CODE = "code", "typed the code"


class Sighting(models.Model):
    """A sign that somebody was at a part: it proposes a mark, and staff decide. The only thing kept of it for good."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="sightings")
    part = models.ForeignKey(SessionPart, on_delete=models.CASCADE, related_name="+")
    by = models.CharField(max_length=4, choices=SeenBy)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="None where nobody counted them.")
    seen_at = models.DateTimeField()

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "part", "by"], name="one_sighting_a_sign"),
            models.CheckConstraint(condition=Q(by__in=SeenBy.values), name="sign_known"),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id}: {self.by}"
