"""Every e-mail as a row before it is sent: written in the transaction of what it tells of, kept until delivered."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from lms.outbox import rules


class State(models.TextChoices):
    QUEUED = "queued", "waiting to be sent"
    SENDING = "sending", "being sent"
    SENT = "sent", "sent"
    FAILED = "failed", "given up"
    UNSURE = "unsure", "perhaps sent: the line was lost before the answer"
    SUPPRESSED = "suppressed", "not sent: no longer of use"


NEEDS_SOMEBODY = (State.FAILED, State.UNSURE)
NOBODY = "erased@invalid.example"


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

    def stuck(self) -> Self:
        """Those that nobody but a person can help, oldest first."""
        return self.filter(state__in=NEEDS_SOMEBODY).order_by("created_at", "pk")


class Message(models.Model):
    """One e-mail to one person. The address and the person's id are copied: erasing a person leaves no link.

    ``about`` holds the ids that a letter is written from when it is sent; until then it has no words.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    once = models.CharField(max_length=120, unique=True, help_text="Kind, thing and occasion: sent at most once.")
    person_id = models.BigIntegerField(null=True)
    address = models.EmailField()
    about = models.JSONField(default=dict)
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
    handed_at = models.DateTimeField(null=True, help_text="When its words began to go to the mail server.")
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=60, blank=True, help_text="A short code, never the server's words.")

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "not_before"]),
            models.Index(fields=["person_id"], name="message_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state_known"),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(state=State.SENT), name="message_sent_has_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class AddressWarning(models.Model):
    """What a mail server told us later of an address: nothing reaches it, or its owner called a letter spam.

    No foreign key, like the letters. Letters go on being sent to it.
    """

    address = models.EmailField(unique=True, help_text="In lower case.")
    person_id = models.BigIntegerField(null=True, db_index=True)
    status = models.CharField(max_length=12, help_text='Like "5.1.1", or "complaint".')
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"address {self.pk}: {self.status}"

    @property
    def is_dead(self) -> bool:
        """Whether nothing reaches it."""
        return rules.is_dead(self.status)


class LetterChoiceQuerySet(models.QuerySet["LetterChoice"]):
    def of(self, person_id: int) -> dict[str, bool]:
        """What one person said, by kind. A kind that is not in it comes as it comes to everybody."""
        return dict(self.filter(person_id=person_id).values_list("kind", "wanted"))

    def say(self, person_id: int, wanted: dict[str, bool]) -> None:
        """Keep what one person says now of some kinds."""
        rows = [LetterChoice(person_id=person_id, kind=kind, wanted=yes) for kind, yes in wanted.items()]
        keys = ["person_id", "kind"]
        self.bulk_create(rows, update_conflicts=True, unique_fields=keys, update_fields=["wanted"])


class LetterChoice(models.Model):
    """Whether somebody wants one kind of letter, where they have said so. No foreign key, like the letters."""

    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    wanted = models.BooleanField()

    objects = LetterChoiceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "kind"], name="one_choice_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {'yes' if self.wanted else 'no'}"
