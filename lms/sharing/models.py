"""Courses that came from elsewhere, from the upload to the drafts."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lms.common.scope import ScopedQuerySet

MOST_ATTEMPTS = 3
KEPT = timedelta(days=30)  # an upload that nobody confirms


class ArrivalState(models.TextChoices):
    LOOKING = "looking", "being looked at"
    READY = "ready", "waiting for your word"
    WRITING = "writing", "being written"
    DONE = "done", "here, as drafts"
    REFUSED = "refused", "refused"
    DROPPED = "dropped", "put aside"


AT_WORK = (ArrivalState.LOOKING, ArrivalState.WRITING)


class ArrivalQuerySet(ScopedQuerySet):
    owner_path = "brought_by"

    def claim(self, pk: int, state: str) -> bool:
        """Count a try of the worker at what is in ``state``; False when it is not, or was tried often enough."""
        waiting = self.filter(pk=pk, state=state, attempts__lt=MOST_ATTEMPTS)
        return waiting.update(attempts=F("attempts") + 1) == 1

    def move(self, pk: int, before: str, after: str, **fields: Any) -> bool:
        """Bring one from state to state; say whether this did it."""
        return self.filter(pk=pk, state=before).update(state=after, **fields) == 1

    def forgotten(self, now: datetime) -> Self:
        """Those that nobody has said a word to for a long time."""
        return self.filter(state=ArrivalState.READY, brought_at__lt=now - KEPT)


class Arrival(models.Model):
    """An archive of a course that somebody brought in.

    foreseen: ``{"title", "slug", "identity", "known_as", "steps": [{"kind", "title", "path", "deed"}], "left": [..],
    "apart": [..]}``: what would be done, and in the end what was. refusal: lines of file, number and reason.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=8, choices=ArrivalState, default=ArrivalState.LOOKING)
    name = models.CharField(max_length=150, help_text="Of the file, as it was uploaded.")
    upload = models.CharField(max_length=200, help_text="The zip, in private storage.")
    sha256 = models.CharField(max_length=64)
    foreseen = models.JSONField(default=dict)
    refusal = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    waits_for_scanner = models.BooleanField(default=False)
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    brought_at = models.DateTimeField()
    agency = models.ForeignKey(
        "agencies.Agency",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Whose its packages will be.",
    )
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=ArrivalState.values), name="arrival_state_known")]
        indexes = [models.Index(fields=["state", "brought_at"])]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"

    @property
    def is_at_work(self) -> bool:
        """Whether the worker has something to do for it."""
        return self.state in AT_WORK
