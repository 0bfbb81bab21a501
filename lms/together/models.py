"""Lessons that one of two linked people says they both read. They hang on the link, and are gone with it."""

import uuid
from typing import Self

from django.db import models

from lms.common.scope import Scope, ScopedQuerySet


class BothHereQuerySet(ScopedQuerySet):
    """What somebody's partner has said. It is the partner's to answer, and no scope of staff reaches it."""

    owner_path = "link__partner"

    def within(self, scope: Scope) -> Self:
        """Raise TypeError: who reads with whom is nothing that staff read."""
        raise TypeError("What two people read together is read by them only.")

    def unanswered(self) -> Self:
        """Those that wait for a yes or a no."""
        return self.filter(answered_at=None)


class BothHere(models.Model):
    """One of two says that both read a lesson: ``link`` is the half of who says so, and points at who is to answer.

    What was answered, and how, is not shown to who said it; kept is only that there is no more to answer.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    link = models.ForeignKey("partners.PartnerLink", on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="+")
    lesson = models.UUIDField()
    lesson_title = models.CharField(max_length=255)
    watched = models.JSONField(default=list, help_text="Ids of the videos in it that who says so has watched or read.")
    said_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = BothHereQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "both here"
        constraints = [models.UniqueConstraint(fields=["link", "lesson"], name="one_word_a_lesson")]
        indexes = [models.Index(fields=["said_at"])]

    def __str__(self) -> str:
        return f"both at {self.lesson}"
