"""Adoption agencies, the adopters they vouch for, and the staff who work for them."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from lms.common.scope import ScopedQuerySet


class Agency(models.Model):
    """An adoption agency. How the site looks and whom to ring is set in the CMS, not here."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(unique=True)
    region = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class MembershipState(models.TextChoices):
    REQUESTED = "requested", "asked to be verified"
    VERIFIED = "verified", "verified adopter"
    DECLINED = "declined", "not verified"
    REVOKED = "revoked", "no longer verified"


class Membership(models.Model):
    """An agency knows this person as an adopter, or has been asked to say so. Verified ones may join live rooms."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    state = models.CharField(max_length=10, choices=MembershipState)
    requested_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "agency"], name="one_membership_an_agency"),
            models.CheckConstraint(condition=Q(state__in=MembershipState.values), name="membership_state_known"),
            models.CheckConstraint(
                condition=Q(state="requested") | Q(decided_at__isnull=False), name="membership_decision_has_time"
            ),
            models.CheckConstraint(condition=~Q(person=models.F("decided_by")), name="nobody_verifies_themselves"),
        ]
        indexes = [models.Index(fields=["agency", "state"])]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.agency_id}: {self.state}"


class Role(models.TextChoices):
    TRAINER = "trainer", "Trainer"
    COORDINATOR = "coordinator", "Coordinator"
    MANAGER = "manager", "Manager"
    SAFEGUARDING_LEAD = "safeguarding_lead", "Safeguarding lead"
    EDITOR = "editor", "Editor"
    ADMINISTRATOR = "administrator", "Administrator"


PLATFORM_ROLES = (Role.EDITOR, Role.ADMINISTRATOR)


class StaffRoleQuerySet(ScopedQuerySet):
    def live(self) -> Self:
        """Roles that were not taken away."""
        return self.filter(revoked_at=None)


class StaffRole(models.Model):
    """What a member of staff may do: in one agency, or on the whole platform for editors and administrators."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_roles")
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="staff")
    role = models.CharField(max_length=20, choices=Role)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = StaffRoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "agency", "role"], condition=Q(revoked_at=None), name="one_live_role_each"
            ),
            models.UniqueConstraint(
                fields=["person", "role"], condition=Q(revoked_at=None, agency=None), name="one_live_platform_role_each"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="staff_role_known"),
            models.CheckConstraint(
                condition=Q(role__in=PLATFORM_ROLES, agency=None)
                | (~Q(role__in=PLATFORM_ROLES) & Q(agency__isnull=False)),
                name="platform_roles_have_no_agency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.agency_id or 'the platform'}"


class InvitationQuerySet(ScopedQuerySet):
    owner_path = "accepted_by"

    def open_at(self, now: datetime) -> Self:
        """Invitations that can still be accepted."""
        return self.filter(accepted_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """An agency asks somebody in by e-mail: as an adopter, or as staff in one role. Binds one account, once.

    Only the hash of the secret in the letter is kept, so that nobody who reads this table can accept.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=20, choices=Role, blank=True, help_text="Empty: as an adopter.")
    address = models.EmailField()
    secret_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(role__in=PLATFORM_ROLES), name="no_invitation_to_a_platform_role"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("invited_at")), name="invitation_runs_out_later"
            ),
        ]
        indexes = [models.Index(fields=["agency", "invited_at"])]

    def __str__(self) -> str:
        return f"invitation {self.pk} of {self.agency_id}"
