"""What staff wrote to the people on a register, and who got it."""

from typing import Self

from django.conf import settings
from django.db import models

from lms.common.scope import ScopedQuerySet
from lms.webinars.models.bookings import Booking
from lms.webinars.models.sessions import Session


class RegisterNoteQuerySet(ScopedQuerySet):
    agency_path = "session__agency"
    owner_path = "copies__booking__person"

    def newest(self) -> Self:
        """The last one first."""
        return self.order_by("-sent_at", "-pk")


class RegisterNote(models.Model):
    """A message to everybody with a place in a session: a letter to each, none of which names another."""

    uuid = models.UUIDField(unique=True, editable=False, help_text="Made with the preview, so that it goes out once.")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="notes")
    words = models.TextField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField()

    objects = RegisterNoteQuerySet.as_manager()

    def __str__(self) -> str:
        return f"note {self.pk}"


class RegisterNoteCopy(models.Model):
    """That one person was sent it."""

    note = models.ForeignKey(RegisterNote, on_delete=models.CASCADE, related_name="copies")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "booking"], name="one_copy_each")]

    def __str__(self) -> str:
        return f"{self.note_id} to {self.booking_id}"
