"""What the press is asked for besides the certificate itself: a file for a print shop, a look at a design."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models

from lms.certificates.models.awards import MOST_ATTEMPTS, Award, AwardKind
from lms.common.scope import ScopedQuerySet


class PressWorkQuerySet(ScopedQuerySet):
    def unmade(self) -> Self:
        """What is still to be made and worth another try."""
        return self.filter(pdf="", render_attempts__lt=MOST_ATTEMPTS)


class PressWork(models.Model):
    """One file that was asked for. It can be made again at any time, so it is not kept for long."""

    asked_at = models.DateTimeField()
    pdf = models.CharField(max_length=120, blank=True, help_text="Path in private storage, once made.")
    render_attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def is_given_up(self) -> bool:
        """Whether making it failed too often."""
        return not self.pdf and self.render_attempts >= MOST_ATTEMPTS


class PrintCopyQuerySet(PressWorkQuerySet):
    owner_path, agency_path = "award__person", "award__agency"


class PrintCopy(PressWork):
    """An award's certificate as PDF/A, for a print shop."""

    award = models.OneToOneField(Award, on_delete=models.CASCADE, related_name="print_copy")

    objects = PrintCopyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"print copy of {self.award_id}"


class DesignPreviewQuerySet(PressWorkQuerySet):
    owner_path = "asked_by"


class DesignPreview(PressWork):
    """How certificates of one kind would look with a design that somebody is at, on a made-up person's paper.

    ``digest`` is of all that stands on it: the same look is drawn once.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=AwardKind)
    issuer = models.CharField(max_length=100)
    says = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    objects = DesignPreviewQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asked_by", "digest"], name="one_preview_a_look")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
