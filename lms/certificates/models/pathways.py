"""What leads to an assessed award, and who is how far."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lms.agencies.models import Role
from lms.certificates import rules
from lms.common.crypto import EncryptedTextField
from lms.common.scope import ScopedQuerySet


class Pathway(models.Model):
    """What leads to an assessed award: a page says it in words, requirements say it in rows."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=100)
    neutral_title = models.CharField(max_length=100)
    page = models.ForeignKey("cms.PlainPage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    valid_months = models.PositiveSmallIntegerField(default=24)

    def __str__(self) -> str:
        return self.title

    @property
    def validity(self) -> str:
        """How long its award holds, in words."""
        return rules.months(self.valid_months)


class RequirementKind(models.TextChoices):
    COURSE = "course", "course completed"
    SESSION = "session", "session attended"
    SIGN_OFF = "sign_off", "signed off by a member of staff"


class Requirement(models.Model):
    """One step of a pathway."""

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="requirements")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=RequirementKind)
    title = models.CharField(max_length=120)
    detail = models.CharField(max_length=250, blank=True)
    course = models.ForeignKey("courses.Course", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    workshop = models.ForeignKey("cms.WorkshopPage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    role = models.CharField(max_length=20, blank=True, help_text="Which staff role signs.")

    class Meta:
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint(fields=["pathway", "order"], name="one_requirement_a_place"),
            models.CheckConstraint(
                condition=~Q(kind="course") | Q(course__isnull=False), name="course_requirement_names_it"
            ),
            models.CheckConstraint(condition=~Q(kind="sign_off") | ~Q(role=""), name="sign_off_names_its_role"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def role_label(self) -> str:
        """Who signs, in words."""
        return Role(self.role).label if self.role else ""


class RecordState(models.TextChoices):
    ACTIVE = "active", "under way"
    PAUSED = "paused", "paused"
    FULFILLED = "fulfilled", "done"
    WITHDRAWN = "withdrawn", "ended"


class PathwayRecord(models.Model):
    """A person on a pathway, endorsed by their agency."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="records")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pathways")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    link_worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=10, choices=RecordState, default=RecordState.ACTIVE)
    started_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "person"],
                condition=Q(state__in=["active", "paused"]),
                name="one_live_record_a_pathway",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.pathway_id}"


class SignOff(models.Model):
    """A member of staff says a requirement is met, or not yet. Nobody signs off themselves."""

    record = models.ForeignKey(PathwayRecord, on_delete=models.CASCADE, related_name="sign_offs")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    signed_at = models.DateTimeField()
    is_met = models.BooleanField()
    comment = EncryptedTextField(blank=True, help_text="Kind words to the candidate.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("candidate")), name="nobody_signs_off_themselves"
            ),
            models.UniqueConstraint(
                fields=["record", "requirement"], condition=Q(is_met=True), name="met_once_a_requirement"
            ),
        ]

    def __str__(self) -> str:
        return f"{'met' if self.is_met else 'not yet'}: {self.requirement_id}"
