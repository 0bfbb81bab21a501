"""What leads to an assessed award, and who is how far."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lms.agencies.models import Role
from lms.certificates import rules, steps
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


class Purpose(models.TextChoices):
    FIRST = "first", "for the award"
    RENEWAL = "renewal", "to renew it"


class RequirementGroup(models.Model):
    """Steps that belong together: all, any or some of them are asked."""

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="groups")
    key = models.SlugField(help_text="What its file calls it.")
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.FIRST)
    order = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=120, blank=True)
    how = models.CharField(max_length=4, default=steps.How.ALL.value)
    needed = models.PositiveSmallIntegerField(default=0, help_text="How many, where some are asked.")
    in_order = models.BooleanField(default=False, help_text="Each step opens when the one before is done.")
    follows = models.BooleanField(default=False, help_text="Opens when the groups before it are done.")
    is_current = models.BooleanField(default=True, help_text="Off: only of those who began before.")

    class Meta:
        ordering = ("order", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "key"], condition=Q(is_current=True), name="one_current_group_a_key"
            ),
            models.CheckConstraint(condition=Q(how__in=[how.value for how in steps.How]), name="group_how_known"),
            models.CheckConstraint(condition=~Q(how="some") | Q(needed__gte=1), name="some_says_how_many"),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="group_purpose_known"),
        ]

    def __str__(self) -> str:
        return self.title or self.key


class RequirementKind(models.TextChoices):
    COURSE = "course", "course completed"
    SESSION = "session", "session attended"
    ENDORSEMENT = "endorse", "endorsed by the agency"
    DOCUMENT = "document", "check seen"
    LOG = "log", "practice written down"
    OBSERVATION = "observed", "co-led session observed"
    STATEMENT = "statement", "reflective statement"
    SUPERVISION = "supervised", "supervision"
    SIGN_OFF = "sign_off", "signed off by a member of staff"


# Those that somebody says yes or not yet to; and those of them that a staff role decides.
WORD_KINDS = (RequirementKind.ENDORSEMENT, RequirementKind.STATEMENT, RequirementKind.SIGN_OFF)
ROLE_KINDS = (RequirementKind.ENDORSEMENT, RequirementKind.SIGN_OFF)


class Requirement(models.Model):
    """One step of a pathway. What it asks never changes: a change ends it for newcomers and begins another one.

    needed: how many entries, observations, supervisions or signatures; of a session how many of its parts, where 0
    is as many as attending takes. pass_mark: per cent that the course asks in its scored check, for showing.
    """

    group = models.ForeignKey(RequirementGroup, on_delete=models.CASCADE, related_name="requirements")
    key = models.SlugField(help_text="What its file calls it.")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=RequirementKind)
    title = models.CharField(max_length=120)
    detail = models.CharField(max_length=250, blank=True)
    course = models.ForeignKey("courses.Course", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    workshop = models.ForeignKey("cms.WorkshopPage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    role = models.CharField(max_length=80, blank=True, help_text="Which staff roles may sign, with spaces between.")
    needed = models.PositiveSmallIntegerField(default=1)
    pass_mark = models.PositiveSmallIntegerField(null=True, blank=True)
    lasts_months = models.PositiveSmallIntegerField(null=True, blank=True, help_text="None: for good.")
    asked_from = models.DateTimeField(null=True, blank=True, help_text="None: from the first.")
    asked_until = models.DateTimeField(null=True, blank=True, help_text="Not of those who begin later.")

    class Meta:
        ordering = ("order", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "key"], condition=Q(asked_until=None), name="one_live_requirement_a_key"
            ),
            models.CheckConstraint(condition=Q(kind__in=RequirementKind.values), name="requirement_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind="course") | Q(course__isnull=False), name="course_requirement_names_it"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["sign_off", "endorse"]) | ~Q(role=""), name="sign_off_names_its_role"
            ),
            models.CheckConstraint(
                condition=Q(kind="session") | Q(needed__gte=1), name="requirement_asks_for_something"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def role_label(self) -> str:
        """Who says whether it is met, in words."""
        if self.kind == RequirementKind.STATEMENT:
            return "Assessor"
        return " or ".join(Role(role).label for role in self.roles).capitalize()

    @property
    def roles(self) -> tuple[str, ...]:
        """The staff roles that may sign."""
        return tuple(self.role.split())

    def is_asked_at(self, moment: datetime) -> bool:
        """Whether it is asked of somebody who begins at ``moment``."""
        begun = self.asked_from is None or self.asked_from <= moment
        return begun and (self.asked_until is None or moment < self.asked_until)

    @property
    def lasts(self) -> str:
        """How long it counts once done, in words; empty for good."""
        return rules.months(self.lasts_months) if self.lasts_months else ""


class RecordState(models.TextChoices):
    ACTIVE = "active", "under way"
    PAUSED = "paused", "paused"
    FULFILLED = "fulfilled", "done"
    WITHDRAWN = "withdrawn", "ended"


class PathwayRecord(models.Model):
    """A person on a pathway at an agency.

    asked_as_of: the moment whose requirements are asked. counts_from: what was done before it is no step of this
    record; set where an award is renewed. The assessor alone reads the statement, the supervisor keeps the dates.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="records")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pathways")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    link_worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.FIRST)
    state = models.CharField(max_length=10, choices=RecordState, default=RecordState.ACTIVE)
    started_at = models.DateTimeField()
    asked_as_of = models.DateTimeField(null=True, blank=True, help_text="None: when it began.")
    counts_from = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "person"],
                condition=Q(state__in=["active", "paused"]),
                name="one_live_record_a_pathway",
            ),
            models.CheckConstraint(condition=Q(state__in=RecordState.values), name="record_state_known"),
            models.CheckConstraint(condition=~Q(person=F("assessor")), name="nobody_assesses_themselves"),
            models.CheckConstraint(condition=~Q(person=F("supervisor")), name="nobody_supervises_themselves"),
        ]
        indexes = [models.Index(fields=["agency", "state"])]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.pathway_id}"

    @property
    def asks_at(self) -> datetime:
        """The moment whose requirements it asks."""
        return self.asked_as_of or self.started_at

    @property
    def is_live(self) -> bool:
        """Whether it is under way or resting."""
        return self.state in {RecordState.ACTIVE, RecordState.PAUSED}


class OfRecordQuerySet(ScopedQuerySet):
    """Rows that hang on somebody's record."""

    agency_path = "record__agency"
    owner_path = "record__person"


class RecordChange(models.Model):
    """History of a record, append-only: a state never changes without one."""

    record = models.ForeignKey(PathwayRecord, on_delete=models.CASCADE, related_name="changes")
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, choices=RecordState)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=60, blank=True, help_text="A fixed word, never free text.")

    objects = OfRecordQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.before or 'new'} to {self.after}"


class Transfer(models.Model):
    """One agency asks to hand somebody on to another. It happens when they say yes, and only then."""

    record = models.ForeignKey(PathwayRecord, on_delete=models.CASCADE, related_name="transfers")
    to_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    is_agreed = models.BooleanField(default=False)

    objects = OfRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(answered_at=None), name="one_open_transfer_a_record"
            ),
            models.CheckConstraint(
                condition=Q(is_agreed=False) | Q(answered_at__isnull=False), name="nobody_is_moved_unasked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} to {self.to_agency_id}"


class TieKind(models.TextChoices):
    PARTNER = "partner", "my partner"
    HOUSEHOLD = "household", "somebody I live with"
    CO_LEADER = "co_leader", "somebody I lead with"


class TieQuerySet(ScopedQuerySet):
    """Who is close to whom. Staff see none of it: it only keeps people from signing for each other."""

    def of(self, person_id: int) -> Self:
        """Ties of one person, whoever declared them."""
        rows = self.unscoped(because="only which two people must not sign for each other")
        return rows.filter(Q(person=person_id) | Q(other=person_id))


class Tie(models.Model):
    """Two people who must not sign for each other, as one of them has said."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ties")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=TieKind)
    declared_at = models.DateTimeField()

    objects = TieQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "other"], name="one_tie_a_pair"),
            models.CheckConstraint(condition=~Q(person=F("other")), name="nobody_is_tied_to_themselves"),
            models.CheckConstraint(condition=Q(kind__in=TieKind.values), name="tie_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} and {self.other_id}"
