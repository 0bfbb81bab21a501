"""Sessions that were planned together."""

import uuid

from django.conf import settings
from django.db import models

from lms.common.scope import ScopedQuerySet


class Series(models.Model):
    """Sessions that one plan made, each a row of its own that can be changed or called off alone.

    The rule is kept to be read, never to be run again: a change to one session is not undone by it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=120, help_text="In words, like 'Every week on Tuesday'.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.rule
