"""The calendar of one person."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from lms.common.scope import Scope, ScopedQuerySet


class CalendarFeedQuerySet(ScopedQuerySet):
    """A person's own; no agency has a say in them."""

    def within(self, scope: Scope) -> Self:
        """None: staff have no business with anybody's calendar."""
        return self.none()

    def live(self) -> Self:
        """Those that still answer."""
        return self.filter(revoked_at=None)


class CalendarFeed(models.Model):
    """A secret address under which a person's calendar reads their bookings. Only its hash is here."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(revoked_at=None), name="one_live_feed_each")
        ]

    def __str__(self) -> str:
        return f"feed {self.pk}"
