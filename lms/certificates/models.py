"""Awards that others can check, and the pathway that leads to one of them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lms.common.crypto import EncryptedTextField
from lms.common.scope import ScopedQuerySet


class AwardKind(models.TextChoices):
    COMPLETION = "completion", "Completion of a course"
    ATTENDANCE = "attendance", "Attendance of a session"
    LEADER = "leader", "Group leader award"


class AwardState(models.TextChoices):
    ACTIVE = "active", "valid"
    SUSPENDED = "suspended", "suspended"
    EXPIRED = "expired", "expired"
    REPLACED = "replaced", "replaced"
    WITHDRAWN = "withdrawn", "withdrawn"


class Award(models.Model):
    """A certificate. What it says is frozen here when it is given; nothing later changes it.

    ``earned_by`` names the one thing it is given for (``round:7``, ``booking:12``): one award each, whoever asks.
    ``says``: ``{"minutes", "learned": [..], "signatories": [{"name", "role"}], "statement"}`` for the page and PDF.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=16, unique=True, help_text="Crockford base 32: 80 random bits, no dashes.")
    kind = models.CharField(max_length=10, choices=AwardKind)
    earned_by = models.CharField(max_length=40, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="awards"
    )
    agency = models.ForeignKey("agencies.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=100)
    name = models.CharField(max_length=80, help_text="As the holder writes it; empty once erased.")
    title = models.CharField(max_length=150)
    neutral_title = models.CharField(max_length=100)
    is_neutral = models.BooleanField(default=True, help_text="Which of the two titles it carries.")
    says = models.JSONField(default=dict)
    earned_on = models.DateField()
    issued_at = models.DateTimeField()
    valid_until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=AwardState, default=AwardState.ACTIVE)
    shows_name = models.BooleanField(default=False, help_text="Whether the public check shows the name.")
    pdf = models.CharField(max_length=120, blank=True, help_text="Path in private storage, once rendered.")
    pdf_sha256 = models.CharField(max_length=64, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pdf="") | ~Q(pdf_sha256=""), name="a_pdf_has_its_hash"),
        ]
        indexes = [models.Index(fields=["person", "issued_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"

    @property
    def public_title(self) -> str:
        """The title it carries: neutral unless the holder chose the full one."""
        return self.neutral_title if self.is_neutral else self.title


class AwardChange(models.Model):
    """History of an award's state, append-only. The reason is for the safeguarding lead only."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="changes")
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, choices=AwardState)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    reason = EncryptedTextField(blank=True)

    def __str__(self) -> str:
        return f"{self.before or 'new'} to {self.after}"


class Pathway(models.Model):
    """What leads to an assessed award: a page says it in words, requirements say it in rows."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=100)
    neutral_title = models.CharField(max_length=100)
    page = models.ForeignKey("cms.PlainPage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    valid_months = models.PositiveSmallIntegerField(default=24)

    def __str__(self) -> str:
        return self.title


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
    workshop = models.ForeignKey(
        "cms.WorkshopPage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    role = models.CharField(max_length=20, blank=True, help_text="Which staff role signs.")

    class Meta:
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint(fields=["pathway", "order"], name="one_requirement_a_place"),
            models.CheckConstraint(
                condition=~Q(kind="course") | Q(course__isnull=False), name="course_requirement_names_it"
            ),
        ]

    def __str__(self) -> str:
        return self.title


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
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
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
