"""Links between two people, and asks for one. No scope of staff reaches either."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from lms.common.scope import Scope, ScopedQuerySet


class OwnersOnly(ScopedQuerySet):
    """Rows that belong to no agency."""

    def within(self, scope: Scope) -> Self:
        """Raise TypeError: who is linked with whom is nothing that staff read."""
        raise TypeError("Links are read by the two people only.")


class LinkQuerySet(OwnersOnly):
    """Links, seen from one side."""

    def between(self, *people: Any) -> Self:
        """Both halves of whatever links any of these people have."""
        rows = self.unscoped(because="a link is ended whole")
        return rows.filter(Q(person__in=people) | Q(partner__in=people))


class PartnerLink(models.Model):
    """One half of a link between two people: each has a half of their own, which points at the other.

    Each is once a ``person`` and once a ``partner``, so nobody can have two links, whichever side they are on.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    partner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("partner")), name="nobody_is_linked_with_themselves")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} with {self.partner_id}"


class Way(models.TextChoices):
    LETTER = "letter", "by e-mail"
    CODE = "code", "by a code"


class AskQuerySet(OwnersOnly):
    """Asks for a link."""

    owner_path = "asked_by"

    def open_at(self, now: datetime) -> Self:
        """Those that can be answered; to who asked, one that was declined looks the same."""
        return self.filter(expires_at__gt=now)

    def silenced_at(self, since: datetime) -> Self:
        """Those that were declined after then."""
        return self.filter(declined_at__gt=since)


def key_for(way: Way, said: str) -> str:
    """What is kept of an address or a code: enough to know it again, and nothing to write to or to read out."""
    return salted_hmac(f"partners.{way}", said, algorithm="sha256").hexdigest()


class PartnerAsk(models.Model):
    """Somebody asks to be linked: with whoever has an address, or whoever types a code. Neither is kept, only a key."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=6, choices=Way)
    key = models.CharField(max_length=64, db_index=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    declined_at = models.DateTimeField(null=True, blank=True, help_text="Not shown to who asked.")

    objects = AskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(way__in=Way.values), name="way_to_a_partner_known"),
            models.UniqueConstraint(fields=["asked_by", "key"], name="one_ask_a_partner"),
        ]
        indexes = [models.Index(fields=["expires_at"])]

    def __str__(self) -> str:
        return f"ask {self.pk} {self.get_way_display()}"
