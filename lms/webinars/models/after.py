"""What comes after a session: how it was, a recording, and questions with their answers."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from lms.common.crypto import EncryptedTextField
from lms.common.scope import ScopedQuerySet
from lms.webinars.models.sessions import Session


class Feedback(models.Model):
    """How a session was for somebody. Nothing leads from here to a person: no key, no time of day, no order.

    The key is random, all answers of a session are written anew in another order with each that comes in, and that
    somebody has answered is a mark on their booking without a time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="feedback")
    given_on = models.DateField()
    worth_it = models.PositiveSmallIntegerField(null=True, help_text="1 to 5; None: not said.")
    took_part = models.PositiveSmallIntegerField(null=True, help_text="1 to 5; None: not said.")
    can_use = models.PositiveSmallIntegerField(null=True, help_text="1 to 5; None: not said.")
    one_change = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(worth_it=None) | Q(worth_it__range=(1, 5)))
                & (Q(took_part=None) | Q(took_part__range=(1, 5)))
                & (Q(can_use=None) | Q(can_use__range=(1, 5))),
                name="feedback_on_the_scale",
            )
        ]

    def __str__(self) -> str:
        return f"feedback on {self.session_id}"


class Consent(models.TextChoices):
    WAITING = "waiting", "not asked yet"
    GIVEN = "given", "everyone in it agreed"
    REFUSED = "refused", "somebody did not agree"


class Audience(models.TextChoices):
    NOBODY = "nobody", "Nobody yet"
    BOOKED = "booked", "People who had a place"
    COURSE = "course", "People on a course"


class RecordingQuerySet(ScopedQuerySet):
    agency_path = "session__agency"

    def within_reach(self, now: datetime) -> Self:
        """Those that somebody may watch at ``now``: agreed to, shown to some, and not run out."""
        agreed = self.filter(consent=Consent.GIVEN, expires_at__gt=now)
        return agreed.exclude(audience=Audience.NOBODY)


class Recording(models.Model):
    """A recording of who presents, never of who takes part. Its address is read at the click and shown nowhere."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="recordings")
    title = models.CharField(max_length=100)
    address = EncryptedTextField()
    consent = models.CharField(max_length=8, choices=Consent, default=Consent.WAITING)
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.NOBODY)
    course = models.ForeignKey("cms.CoursePage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = RecordingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(consent__in=Consent.values), name="recording_consent_known"),
            models.CheckConstraint(
                condition=Q(consent=Consent.GIVEN) | Q(audience=Audience.NOBODY), name="nobody_sees_without_consent"
            ),
        ]
        indexes = [models.Index(fields=["expires_at"])]

    def __str__(self) -> str:
        return f"recording {self.pk}"

    def is_within_reach(self, now: datetime) -> bool:
        """Whether somebody may watch it at ``now``."""
        is_shown = self.consent == Consent.GIVEN and self.audience != Audience.NOBODY
        return is_shown and self.expires_at > now


class QuestionQuerySet(ScopedQuerySet):
    agency_path = "session__agency"
    owner_path = "asked_by"

    def waiting(self) -> Self:
        """Those that nobody has dealt with, oldest first."""
        return self.filter(settled_at=None).order_by("asked_at", "pk")

    def published(self) -> Self:
        """Those whose answer may be read by everybody with a place, in the order of the answers."""
        return self.filter(published_at__isnull=False).order_by("published_at", "pk")


class Question(models.Model):
    """A question to who runs a session. The asker's own words are read by staff only and are not kept long.

    What others read are ``said`` and ``answer``, which the facilitator writes.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="questions")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    words = EncryptedTextField(blank=True, help_text="As asked; emptied 30 days after the session.")
    asked_at = models.DateTimeField()
    said = models.CharField(max_length=300, blank=True, help_text="The question as others may read it.")
    answer = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When it was answered or put aside.")
    published_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None) | (~Q(said="") & ~Q(answer="")), name="published_is_said_and_answered"
            )
        ]
        indexes = [models.Index(fields=["session", "settled_at"])]

    def __str__(self) -> str:
        return f"question {self.pk}"

    @property
    def is_published(self) -> bool:
        """Whether others may read the answer."""
        return self.published_at is not None

    @property
    def is_settled(self) -> bool:
        """Whether somebody has dealt with it."""
        return self.settled_at is not None
