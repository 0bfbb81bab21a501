"""How agencies bring people onto courses: groups with dates and places, and invitations by e-mail."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from lms.common.scope import ScopedQuerySet
from lms.courses.models.courses import Course


class Cohort(models.Model):
    """A named group of an agency on a course. Of its places, each is held by somebody who is on the course."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(max_length=80)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True, help_text="The last day for whoever has not finished.")
    capacity = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: as many as like.")
    created_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("agency", "course", Lower("name"), name="one_cohort_a_name"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="cohort_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CourseInvitationQuerySet(ScopedQuerySet):
    owner_path = "accepted_by"

    def unanswered(self) -> Self:
        """Invitations that were neither accepted nor taken back, whether or not they ran out."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def open_at(self, now: datetime) -> Self:
        """Invitations that can still be accepted."""
        return self.unanswered().filter(expires_at__gt=now)


class CourseInvitation(models.Model):
    """An agency invites an address to a course, whether or not anybody has an account with it.

    Whoever has proven that the address is theirs may join with it, once.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="invitations")
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations")
    address = models.EmailField(help_text="In lower case.")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = CourseInvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "course", "address"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="one_course_invitation_an_address",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="course_invitation_has_one_end"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("invited_at")), name="course_invitation_runs_out_later"
            ),
        ]
        indexes = [models.Index(fields=["address"])]

    def __str__(self) -> str:
        return f"invitation {self.pk} to {self.course_id}"
