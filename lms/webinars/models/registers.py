"""Who was there."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lms.webinars.models.bookings import Booking
from lms.webinars.models.sessions import SessionPart


class Verdict(models.TextChoices):
    PRESENT = "present", "Here"
    PARTIAL = "partial", "Part"
    ABSENT = "absent", "Away"
    MADE_UP = "made_up", "Made up"


class Attendance(models.Model):
    """Whether a booked person was at one part, and who says so."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="attendance")
    part = models.ForeignKey(SessionPart, on_delete=models.CASCADE, related_name="attendance")
    verdict = models.CharField(max_length=8, choices=Verdict)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "part"], name="one_verdict_a_part"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="verdict_known"),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id}: {self.verdict}"
