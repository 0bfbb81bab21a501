"""Awards that others can check."""

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Q

from lms.certificates import rules
from lms.common.crypto import EncryptedTextField
from lms.common.scope import ScopedQuerySet


class AwardKind(models.TextChoices):
    COMPLETION = "completion", "Completion of a course"
    ATTENDANCE = "attendance", "Attendance of a session"
    LEADER = "leader", "Group leader award"


class AwardState(models.TextChoices):
    STAGED = rules.State.STAGED.value, "being looked at by its agency"
    DECLINED = rules.State.DECLINED.value, "not given"
    WAITING = rules.State.WAITING.value, "waiting for its holder"
    ACTIVE = rules.State.ACTIVE.value, "valid"
    SUSPENDED = rules.State.SUSPENDED.value, "on hold"
    EXPIRED = rules.State.EXPIRED.value, "expired"
    REPLACED = rules.State.REPLACED.value, "replaced"
    WITHDRAWN = rules.State.WITHDRAWN.value, "withdrawn"


UNCLAIMED = (AwardState.STAGED, AwardState.DECLINED, AwardState.WAITING)  # known to nobody outside
MOST_ATTEMPTS = 5  # at making the PDF; counted in the row, because a worker that is killed counts nothing


_SAID_OF_IT = (
    *("code", "kind", "title", "neutral_title", "is_neutral", "issuer", "earned_on", "valid_until", "state", "says"),
    *("name", "shows_name", "answers_checks", "person_id"),
)


class AwardQuerySet(ScopedQuerySet):
    """Awards. What the public check may know of one is read with ``for_check``."""

    def for_listing(self) -> Self:
        """All that a list shows, newest first. The long parts stay in the database."""
        return self.defer("says", "qr").order_by("-issued_at", "-pk")

    def for_check(self, key: Q) -> "Award | None":
        """Find the award with this code, or this hash of a file of it, once its holder has claimed it; whoever asks."""
        rows = self.unscoped(because="the code or the file is the key, and the answer names nobody")
        found: Award | None = rows.filter(key).only(*_SAID_OF_IT).order_by().first()
        return None if found is None or found.state in UNCLAIMED else found

    def unmade(self) -> Self:
        """Claimed ones whose PDF is still to be made, and is worth another try."""
        return self.filter(state=AwardState.ACTIVE, pdf="", render_attempts__lt=MOST_ATTEMPTS)

    def given_up(self) -> Self:
        """Claimed ones whose PDF could not be made, however often it was tried."""
        return self.filter(state=AwardState.ACTIVE, pdf="", render_attempts__gte=MOST_ATTEMPTS)


class Award(models.Model):
    """A certificate. What it says is frozen here when it is earned and claimed; nothing later changes it.

    ``earned_by`` names the one thing it is given for (``round:7``, ``booking:12``): one award each, whoever asks.
    ``says``: ``{"minutes", "lessons", "learned": [..], "signatories": [{"name", "role"}], "statement", "colours"}``
    for page and PDF. ``learned`` would give away what a neutral title hides, so it is shown with the full one only.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=rules.CODE_LENGTH, unique=True, help_text="80 random bits, no dashes.")
    kind = models.CharField(max_length=10, choices=AwardKind)
    earned_by = models.CharField(max_length=40, unique=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaced_by"
    )
    renews = models.OneToOneField("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="renewed_by")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="awards")
    agency = models.ForeignKey("agencies.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=100)
    name = models.CharField(
        max_length=80, blank=True, help_text="As the holder writes it; empty before and once erased."
    )
    title = models.CharField(max_length=150)
    neutral_title = models.CharField(max_length=100)
    is_neutral = models.BooleanField(default=True, help_text="Which of the two titles it carries.")
    says = models.JSONField(default=dict)
    earned_on = models.DateField()
    issued_at = models.DateTimeField()
    valid_until = models.DateField(null=True, blank=True, help_text="The last day on which it holds.")
    state = models.CharField(max_length=10, choices=AwardState, default=AwardState.WAITING)
    shows_name = models.BooleanField(default=False, help_text="Whether the public check shows the name.")
    answers_checks = models.BooleanField(
        default=True, help_text="Off: the public check says only that its holder switched it off."
    )
    qr = models.TextField(blank=True, help_text="Width in modules, then the path that draws it.")
    pdf = models.CharField(max_length=120, blank=True, help_text="Path in private storage, once rendered.")
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    print_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the copy for a print shop.")
    render_attempts = models.PositiveSmallIntegerField(default=0)

    objects = AwardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pdf="") | ~Q(pdf_sha256=""), name="a_pdf_has_its_hash"),
            models.CheckConstraint(condition=Q(state__in=AwardState.values), name="award_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=[*UNCLAIMED, AwardState.WITHDRAWN]) | ~Q(name=""),
                name="a_claimed_award_has_a_name",
            ),
            models.CheckConstraint(
                condition=Q(answers_checks=True) | ~Q(kind=AwardKind.LEADER), name="a_leader_award_answers_checks"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "issued_at"]),
            models.Index(fields=["agency", "issued_at"]),
            models.Index(fields=["state", "valid_until"]),
            models.Index(fields=["pdf_sha256"]),
            models.Index(fields=["print_sha256"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def public_title(self) -> str:
        """The title it carries: neutral unless the holder chose the full one."""
        return self.neutral_title if self.is_neutral else self.title

    @property
    def shown_code(self) -> str:
        """The code as it is printed."""
        return rules.shown(self.code)

    @property
    def is_given_up(self) -> bool:
        """Whether making the PDF failed too often to go on by itself."""
        return not self.pdf and self.render_attempts >= MOST_ATTEMPTS

    def standing(self, today: date) -> rules.State:
        """How it stands on ``today``, its end date included."""
        return rules.standing(self.state, valid_until=self.valid_until, today=today)


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


class Lookup(models.Model):
    """How often the code of an award was checked on one day. Of who checked it nothing is kept."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="lookups")
    day = models.DateField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-day",)
        constraints = [models.UniqueConstraint(fields=["award", "day"], name="one_lookup_row_a_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"

    @classmethod
    def add(cls, *, award_id: int, day: date, count: int) -> None:
        """Add ``count`` looks at ``award_id``, in one statement."""
        with connection.cursor() as cursor:
            cursor.execute(_MORE_LOOKS, [day, count, award_id])


# The upsert that Django's own does not know: it replaces values, and cannot add to them. An award that is gone since
# takes its looks with it.
_MORE_LOOKS = (
    "INSERT INTO certificates_lookup (award_id, day, count) "
    "SELECT id, %s, %s FROM certificates_award WHERE id = %s "
    "ON CONFLICT (award_id, day) DO UPDATE SET count = certificates_lookup.count + excluded.count"
)
