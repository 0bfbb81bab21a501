"""An agency's record store, and what was sent there."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lms.common.crypto import EncryptedTextField
from lms.common.scope import ScopedQuerySet
from lms.statements import rules


class StoreQuerySet(ScopedQuerySet):
    owner_path = "changed_by"

    def open(self) -> Self:
        """Those that are sent to."""
        return self.filter(is_on=True)


class Store(models.Model):
    """A record store that an agency has chosen. Its key is locked, is never shown again and stands in no log.

    seen: by source, the newest row at the last look. told: by source, the newest row that was put into a batch.
    Rows up to ``seen`` of the look before are told: whatever was being written then is there by now.
    """

    agency = models.OneToOneField("agencies.Agency", on_delete=models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=200)
    key = EncryptedTextField()
    secret = EncryptedTextField()
    is_on = models.BooleanField(default=False)
    seen = models.JSONField(default=dict)
    told = models.JSONField(default=dict)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()

    objects = StoreQuerySet.as_manager()

    def __str__(self) -> str:
        return f"record store of {self.agency_id}"


class BatchState(models.TextChoices):
    WAITING = "waiting", "to be sent"
    SENT = "sent", "sent"
    GIVEN_UP = "given_up", "given up"


STUCK = Q(state=BatchState.GIVEN_UP) | (Q(state=BatchState.WAITING) & ~Q(trouble=""))


class BatchQuerySet(ScopedQuerySet):
    agency_path = "store__agency"

    def due(self, now: datetime) -> Self:
        """Those that a worker should send, and nobody is at."""
        return self.filter(state=BatchState.WAITING, next_try_at__lte=now, store__is_on=True)

    def stuck(self) -> Self:
        """Those that were tried in vain: given up, or left alone for a while."""
        return self.filter(STUCK)

    def claim(self, pk: int, *, now: datetime) -> bool:
        """Take one for a worker, and count the attempt; False if somebody else has it."""
        later = now + rules.LEASE
        return self.due(now).filter(pk=pk).update(next_try_at=later, attempts=F("attempts") + 1) == 1


class Batch(models.Model):
    """Some statements that are sent together: rows of one source, from the first to the last. No words are kept."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="batches")
    source = models.CharField(max_length=12)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=BatchState, default=BatchState.WAITING)
    sent = models.PositiveIntegerField(default=0, help_text="Statements that the store has now.")
    refused = models.PositiveIntegerField(default=0, help_text="Statements that it would not take.")
    trouble = models.CharField(max_length=10, blank=True, help_text="A fixed word: why the last try failed.")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "source", "first"], name="one_batch_a_beginning"),
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="batch_state_known"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="batch_has_an_order"),
        ]
        indexes = [models.Index(fields=["state", "next_try_at"]), models.Index(fields=["store", "-id"])]

    def __str__(self) -> str:
        return f"{self.source} {self.first} to {self.last}: {self.state}"
