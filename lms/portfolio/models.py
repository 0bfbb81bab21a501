"""Papers that are made for their owner alone, entries shown to one person, and days set for a plan."""

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from lms.agencies.models import Agency
from lms.common.crypto import EncryptedTextField
from lms.common.scope import Scope, ScopedQuerySet
from lms.courses.models import Course, Reflection

MOST_ATTEMPTS = 3


class PaperKind(models.TextChoices):
    WORKBOOK = "workbook", "workbook"
    RECORD = "record", "learning record"


class Form(models.TextChoices):
    PDF = "pdf", "PDF"
    WORD = "docx", "Word"


class OwnedQuerySet(ScopedQuerySet):
    """What belongs to a person and to no agency: no scope of staff reaches any of it."""

    def within(self, scope: Scope) -> Self:
        """Raise TypeError: nobody reads another person's papers."""
        raise TypeError(f"{self.model.__name__} is read by its owner only.")


class PaperQuerySet(OwnedQuerySet):
    def unmade(self) -> Self:
        """Those whose file is still to be made, and is worth another try."""
        return self.filter(file="", attempts__lt=MOST_ATTEMPTS)


class Paper(models.Model):
    """A file that somebody asked for. Its words are gathered when it is made, and the file is deleted after a day.

    chosen: of a learning record ``{"courses": [ids], "hours": bool, "awards": [uuids], "notes": [uuids]}``.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=8, choices=PaperKind)
    form = models.CharField(max_length=4, choices=Form)
    course = models.ForeignKey(Course, null=True, on_delete=models.CASCADE, related_name="+")
    chosen = models.JSONField(default=dict)
    file = models.CharField(max_length=120, blank=True, help_text="Path in private storage, once made.")
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()

    objects = PaperQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["asked_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name="paper_kind_known"),
            models.CheckConstraint(condition=Q(form__in=Form.values), name="paper_form_known"),
            models.CheckConstraint(
                condition=Q(kind="workbook", course__isnull=False) | Q(kind="record", course__isnull=True),
                name="a_workbook_is_of_a_course",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_given_up(self) -> bool:
        """Whether it could not be made, however often it was tried."""
        return not self.file and self.attempts >= MOST_ATTEMPTS

    @property
    def file_name(self) -> str:
        """What the file is called on the owner's own device: nothing that says what it is about."""
        return f"{'my-workbook' if self.kind == PaperKind.WORKBOOK else 'my-learning-record'}.{self.form}"


class SharedEntry(models.Model):
    """A copy of one entry for one named person. Deleted when it is withdrawn, or when the entry itself is."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shared_entries")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="entries_to_read")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(Reflection, on_delete=models.CASCADE, related_name="+")
    course_title = models.CharField(max_length=255, blank=True)
    lesson_title = models.CharField(max_length=255, blank=True)
    prompt = models.TextField()
    body = EncryptedTextField()
    shared_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "reader"], name="one_copy_of_an_entry_a_reader"),
            models.CheckConstraint(condition=~Q(person=models.F("reader")), name="nobody_shares_with_themselves"),
        ]
        indexes = [models.Index(fields=["reader", "shared_at"])]

    def __str__(self) -> str:
        return f"shared entry {self.pk}"


class PlanDayQuerySet(OwnedQuerySet):
    def due(self, today: date) -> Self:
        """Days that have come, of which their owner wanted to be reminded and was not yet."""
        return self.filter(on__lte=today, by_letter=True, reminded_at=None)


class PlanDay(models.Model):
    """The day that somebody set for one line of their action plan."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="plan_days")
    entry = models.OneToOneField(Reflection, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    by_letter = models.BooleanField(default=False, help_text="Whether a short letter is wanted on that day.")
    reminded_at = models.DateTimeField(null=True)

    objects = PlanDayQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["on"], condition=Q(by_letter=True, reminded_at=None), name="plan_days_to_come")]

    def __str__(self) -> str:
        return f"plan day {self.pk}"
