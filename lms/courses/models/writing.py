"""Private writing."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models

from lms.common.crypto import EncryptedTextField
from lms.common.scope import Scope, ScopedQuerySet
from lms.courses.models.courses import Course


class ReflectionQuerySet(ScopedQuerySet):
    """Private writing. It belongs to no agency, so no scope of staff reaches any of it."""

    def within(self, scope: Scope) -> Self:
        """Raise TypeError: nobody reads another person's writing."""
        raise TypeError("Reflections are read by their owner only.")


class Reflection(models.Model):
    """Private writing: the owner's, encrypted, in no search, report, export of others or log.

    The prompt is copied, so that the words keep their meaning when the lesson changes.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reflections")
    course = models.ForeignKey(Course, null=True, on_delete=models.SET_NULL, related_name="+")
    item = models.UUIDField()
    field = models.PositiveSmallIntegerField(default=0, help_text="Which box of an action plan; 0 for a reflection.")
    lesson_title = models.CharField(max_length=255, blank=True)
    prompt = models.TextField()
    body = EncryptedTextField()
    writer = models.UUIDField(null=True, blank=True, help_text="The opened page, or the phone, that wrote last.")
    beside = EncryptedTextField(
        blank=True, help_text="What the owner wrote here elsewhere at the same time, as JSON; see rules.Words."
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "item", "field"], name="one_entry_a_prompt")]
        indexes = [models.Index(fields=["person", "updated_at"])]

    def __str__(self) -> str:
        return f"entry of {self.person_id}"
