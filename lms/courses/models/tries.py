"""Tries at a bank of questions."""

from typing import Self

from django.db import models
from django.db.models import Q

from lms.common.crypto import EncryptedTextField
from lms.courses.models.courses import CourseVersion
from lms.courses.models.enrolments import Round, RoundRowQuerySet


class TryQuerySet(RoundRowQuerySet):
    """Tries at banks."""

    def under_way(self) -> Self:
        """Begun and not handed in."""
        return self.filter(handed_in_at=None)


class Try(models.Model):
    """One go at a bank: the questions that were drawn for it, the answers as they were saved, and what they came to.

    Nobody but the learner reads the answers. ``marked_with`` is the version whose keys they were marked with.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="tries")
    item = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    drawn = models.JSONField(help_text="The ids of the questions, in the order they are shown.")
    answers = EncryptedTextField(blank=True, help_text="By question, as JSON; the person's own.")
    answers_at = models.DateTimeField(null=True, blank=True, help_text="When the answers were written down last.")
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True, help_text="When the time is up; empty without a limit.")
    handed_in_at = models.DateTimeField(null=True, blank=True)
    asked = models.PositiveSmallIntegerField(default=0, help_text="How many questions counted.")
    right = models.PositiveSmallIntegerField(default=0)
    passed = models.BooleanField(default=False)
    marked_with = models.ForeignKey(CourseVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = TryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "item", "number"], name="one_try_a_number"),
            models.UniqueConstraint(
                fields=["round", "item"], condition=Q(handed_in_at=None), name="one_try_under_way_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(handed_in_at=None, marked_with=None, asked=0, right=0, passed=False)
                | Q(handed_in_at__isnull=False, marked_with__isnull=False),
                name="what_is_handed_in_is_marked",
            ),
            models.CheckConstraint(condition=Q(right__lte=models.F("asked")), name="right_within_asked"),
        ]

    def __str__(self) -> str:
        return f"try {self.number} at {self.item}"
