"""Two people of one household who want to come together."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from lms.accounts.models import User
from lms.common.scope import ScopedQuerySet
from lms.webinars.models.sessions import Session


class Policy(models.TextChoices):
    TOGETHER_ONLY = "together", "Only if there are two places"
    EITHER = "either", "One place is better than none"


class PartyQuerySet(ScopedQuerySet):
    """Who came as two. The owner is who asked for both; the partner is in it once they have said yes."""

    agency_path = "session__agency"
    owner_path = "made_by"

    def keeping(self) -> Self:
        """Those for whose second person a place is kept, or was until just now."""
        return self.filter(kept_until__isnull=False)

    def partners_of(self, person: User) -> list[int]:
        """The ids of people with whom ``person`` has come as two, whoever asked."""
        both = Q(made_by=person, partner__isnull=False) | Q(partner=person)
        rows = self.unscoped(because="only who belongs to one household").filter(both)
        pairs = rows.values_list("made_by", "partner")
        return sorted({one for pair in pairs for one in pair} - {person.pk})

    def lapsed_at(self, now: datetime) -> Self:
        """Those whose second place has waited long enough."""
        return self.filter(kept_until__lte=now)


class Party(models.Model):
    """A couple in one session: one asks for both, and the other says yes with an account of their own.

    ``kept_until``: a place is taken for the partner until then, without a booking yet. None: none is.
    ``passed_at``: a place was kept for the two of them once while a second was awaited, and went on to the next.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="parties")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="parties_made")
    partner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="parties_joined"
    )
    policy = models.CharField(max_length=8, choices=Policy)
    secret_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    kept_until = models.DateTimeField(null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.CheckConstraint(condition=Q(policy__in=Policy.values), name="party_policy_known"),
            models.CheckConstraint(
                condition=Q(kept_until=None) | Q(partner=None), name="nothing_is_kept_for_who_is_there"
            ),
            models.UniqueConstraint(
                fields=["secret_sha256"], condition=~Q(secret_sha256=""), name="one_party_a_secret"
            ),
        ]
        indexes = [
            models.Index(fields=["kept_until"], condition=Q(kept_until__isnull=False), name="kept_for_a_partner")
        ]

    def __str__(self) -> str:
        return f"party {self.pk}: {self.policy}"
