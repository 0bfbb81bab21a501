"""What happened to each item of a course, and what it comes to."""

from django.db import models

from lms.common.crypto import EncryptedTextField
from lms.courses.models.enrolments import Round, RoundRowQuerySet


class EventKind(models.TextChoices):
    OPENED = "opened", "opened"
    READ = "read", "read to the end"
    ANSWERED = "answered", "answered"
    TRIED = "tried", "tried, and not passed yet"
    PASSED = "passed", "passed"
    SKIPPED = "skipped", "left out for now"
    FINISHED = "finished", "came to an ending"
    WATCHED = "watched", "watched, or read instead"
    ATTENDED = "attended", "been at a live session"
    MARKED = "marked", "marked as done by staff"


class LearningEvent(models.Model):
    """A fact about learning, append-only. ``client_id`` makes a repeat of the same fact count once."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="events")
    client_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=EventKind)
    item = models.UUIDField()
    payload = EncryptedTextField(blank=True, help_text="What was chosen, as JSON; the person's own.")
    at = models.DateTimeField()

    objects = RoundRowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "client_id"], name="one_event_a_client_id")]

    def __str__(self) -> str:
        return f"{self.kind} {self.item}"


class ItemState(models.Model):
    """What the events of one item come to. Only ever goes forward: done stays done, the best score stays."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="items")
    item = models.UUIDField()
    lesson = models.UUIDField()
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    skipped = models.BooleanField(default=False)
    best_score = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Hundredths.")
    latest = EncryptedTextField(blank=True, help_text="The latest answer, as JSON; the person's own.")
    latest_at = models.DateTimeField(null=True, blank=True)
    watched = models.JSONField(
        default=dict, blank=True, help_text="Of a video: the seconds that were watched, and the last of them."
    )

    objects = RoundRowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "item"], name="one_state_an_item")]

    def __str__(self) -> str:
        return f"{self.item} {'done' if self.done_at else 'open'}"


class MarkedByHand(models.Model):
    """An item that a member of staff marked as done for somebody, with their name and their reason, for both to see."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="marked")
    item = models.UUIDField()
    reason = models.CharField(max_length=200)
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField()

    objects = RoundRowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "item"], name="one_mark_by_hand_an_item")]

    def __str__(self) -> str:
        return f"{self.item} by {self.by_id}"
