"""What was begun, and what was done without a connection."""

from django.conf import settings
from django.db import models

from lms.common.crypto import EncryptedTextField
from lms.courses.models.writing import ReflectionQuerySet


class Draft(models.Model):
    """An answer that was begun and not given yet, as its form stood: to go on with it on another device."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    item = models.UUIDField()
    fields = EncryptedTextField(help_text="The fields of the form, as JSON; the person's own.")
    at = models.DateTimeField()

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "item"], name="one_draft_an_item")]
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"draft of {self.person_id}"


class Arrival(models.Model):
    """Something that was done without a connection has come in. ``fact`` is the id it was given on the phone."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    fact = models.UUIDField()
    at = models.DateTimeField()

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "fact"], name="one_arrival_a_fact")]

    def __str__(self) -> str:
        return f"{self.fact} of {self.person_id}"
