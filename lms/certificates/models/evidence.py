"""What shows that a step of a pathway is met. Who may read which of it is said here."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lms.accounts.models import User
from lms.certificates.models.pathways import OfRecordQuerySet, PathwayRecord, Requirement
from lms.common.crypto import EncryptedTextField
from lms.common.scope import Scope


class SignOff(models.Model):
    """A member of staff says a requirement is met, or not yet. Nobody signs off themselves.

    place: which of the signatures asked for; where two are asked, two different people give them.
    """

    record = models.ForeignKey(PathwayRecord, on_delete=models.CASCADE, related_name="sign_offs")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    signed_at = models.DateTimeField()
    is_met = models.BooleanField()
    place = models.PositiveSmallIntegerField(default=1)
    signed_as = models.CharField(max_length=40, blank=True, help_text="In which role, in words.")
    comment = EncryptedTextField(blank=True, help_text="Kind words to the candidate.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("candidate")), name="nobody_signs_off_themselves"
            ),
            models.UniqueConstraint(
                fields=["record", "requirement", "place"], condition=Q(is_met=True), name="met_once_a_place"
            ),
            models.UniqueConstraint(
                fields=["record", "requirement", "signed_by"],
                condition=Q(is_met=True, signed_by__isnull=False),
                name="two_signatures_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{'met' if self.is_met else 'not yet'}: {self.requirement_id}"


class HandIn(models.Model):
    """The candidate says that they are ready for somebody to look, or to look again."""

    record = models.ForeignKey(PathwayRecord, on_delete=models.CASCADE, related_name="hand_ins")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfRecordQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.requirement_id} handed in"


class CheckLevel(models.TextChoices):
    BASIC = "basic", "Basic"
    STANDARD = "standard", "Standard"
    ENHANCED = "enhanced", "Enhanced"
    BARRED = "barred", "Enhanced, with the barred lists"
    NONE = "none", "No check is needed for this role"


class DocumentCheck(models.Model):
    """Somebody has seen a background check: level, date, role, review. Never its number, a copy or its content."""

    record = models.ForeignKey(PathwayRecord, on_delete=models.CASCADE, related_name="checks")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=10, choices=CheckLevel)
    covers = models.CharField(max_length=80, help_text="The role it covers.")
    seen_on = models.DateField()
    review_on = models.DateField(help_text="The last day on which it counts.")
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    noted_at = models.DateTimeField()

    objects = OfRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=CheckLevel.values), name="check_level_known"),
            models.CheckConstraint(condition=Q(review_on__gt=F("seen_on")), name="check_is_reviewed_later"),
        ]

    def __str__(self) -> str:
        return f"{self.level}, seen {self.seen_on}"


class PrivateQuerySet(OfRecordQuerySet):
    """What a candidate writes for themselves: no scope of staff reaches any of it."""

    def within(self, scope: Scope) -> Self:
        """Raise TypeError: an agency does not read what its candidates write."""
        raise TypeError("This is read by who wrote it, and by who they gave it to.")


class LogEntryQuerySet(PrivateQuerySet):
    def shared_with(self, reader: User) -> Self:
        """Entries that were given to ``reader`` and not taken back."""
        return self.unscoped(because="each was given to this reader by who wrote it").filter(shared_with=reader)


class LogEntry(models.Model):
    """A note of practice. Its writer's alone, unless they give it to their assessor; gone when they delete it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    record = models.ForeignKey(PathwayRecord, on_delete=models.CASCADE, related_name="entries")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    happened_on = models.DateField()
    body = EncryptedTextField()
    shared_with = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = LogEntryQuerySet.as_manager()

    class Meta:
        ordering = ("-happened_on", "-pk")

    def __str__(self) -> str:
        return f"entry {self.pk}"


class StatementQuerySet(PrivateQuerySet):
    def sent_to(self, reader: User) -> Self:
        """Statements that were sent to ``reader``."""
        rows = self.unscoped(because="each was sent to this reader by who wrote it")
        return rows.filter(assessor=reader, sent_at__isnull=False)


class Statement(models.Model):
    """A reflective statement: a draft is its writer's alone; once sent, their assessor's too, and nobody else's."""

    record = models.ForeignKey(PathwayRecord, on_delete=models.CASCADE, related_name="statements")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    body = EncryptedTextField()
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    updated_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "requirement"], name="one_statement_a_step")]

    def __str__(self) -> str:
        return f"statement {self.pk}"


class Observation(models.Model):
    """What somebody saw when a candidate co-led a session: ten points in the order of ``steps.POINTS``."""

    record = models.ForeignKey(PathwayRecord, on_delete=models.CASCADE, related_name="observations")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey("webinars.Session", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    observed_on = models.DateField()
    observer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    points = models.JSONField(help_text="Ten of met, nearly, not_yet.")
    counts = models.BooleanField(help_text="Whether no point is to come yet.")
    comment = EncryptedTextField(blank=True, help_text="Kind words to the candidate.")
    noted_at = models.DateTimeField()

    objects = OfRecordQuerySet.as_manager()

    class Meta:
        ordering = ("observed_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["record", "session"], condition=Q(session__isnull=False), name="one_observation_a_session"
            )
        ]

    def __str__(self) -> str:
        return f"observed on {self.observed_on}"


class Supervision(models.Model):
    """A date on which a leader, or somebody becoming one, had supervision. What was said is written nowhere."""

    record = models.ForeignKey(PathwayRecord, on_delete=models.CASCADE, related_name="supervisions")
    held_on = models.DateField()
    supervisor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    noted_at = models.DateTimeField()

    objects = OfRecordQuerySet.as_manager()

    class Meta:
        ordering = ("-held_on", "-pk")
        constraints = [models.UniqueConstraint(fields=["record", "held_on"], name="one_supervision_a_day")]

    def __str__(self) -> str:
        return f"supervised on {self.held_on}"
