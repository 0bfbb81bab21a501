"""Every e-mail as a row before it is sent: written in the transaction of what it tells of, kept until delivered."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    QUEUED = "queued", "waiting to be sent"
    SENDING = "sending", "being sent"
    SENT = "sent", "sent"
    FAILED = "failed", "given up"
    SUPPRESSED = "suppressed", "not sent: too late to be of use"


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> Self:
        """Queued ones whose time has come, and ones whose sender has vanished."""
        waiting = Q(state=State.QUEUED, not_before__lte=now)
        abandoned = Q(state=State.SENDING, leased_until__lt=now)
        return self.filter(waiting | abandoned).order_by("not_before", "pk")

    def claim(self, pk: int, *, now: datetime, until: datetime) -> bool:
        """Become the one who sends message ``pk``, in one statement; say whether it worked."""
        mine = self.due(now).filter(pk=pk).order_by()
        return mine.update(state=State.SENDING, leased_until=until, attempts=models.F("attempts") + 1) == 1


class Message(models.Model):
    """One e-mail to one person. The address and the person's id are copied: erasing a person leaves no link."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    once = models.CharField(max_length=120, unique=True, help_text="Kind, thing and occasion: sent at most once.")
    person_id = models.BigIntegerField(null=True)
    address = models.EmailField()
    subject = models.CharField(max_length=150)
    text = models.TextField()
    html = models.TextField(blank=True)
    calendar = models.TextField(blank=True, help_text="An iCalendar file, if one goes with it.")
    calendar_method = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, help_text="After this it would only confuse.")
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=60, blank=True, help_text="A short code, never the server's words.")

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "not_before"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state_known"),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(state=State.SENT), name="message_sent_has_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
