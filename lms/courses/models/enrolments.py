"""People on courses, and each time they go through one."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from lms.common.scope import ScopedQuerySet
from lms.courses import rules
from lms.courses.models.arranging import Cohort
from lms.courses.models.courses import Course, CourseVersion, Finish


class EnrolmentState(models.TextChoices):
    REQUESTED = "requested", "asked to join"
    INVITED = "invited", "invited"
    WAITING = "waiting", "waiting for a place"
    COMING = "coming", "has a place, not begun yet"
    ACTIVE = "active", "learning"
    PAUSED = "paused", "paused"
    COMPLETED = "completed", "finished"
    LEFT = "left", "left"


LEARNING = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.COMPLETED)
HOLDING = (*LEARNING, EnrolmentState.COMING)  # of those who hold a place in their group


class EnrolmentQuerySet(ScopedQuerySet):
    """People on courses."""

    def learning(self) -> Self:
        """Those who may read and are counted, the finished among them."""
        return self.filter(state__in=LEARNING)


class Enrolment(models.Model):
    """A person on a course. ``agency`` is the one through which they came, if any."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolments")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    agency = models.ForeignKey("agencies.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=EnrolmentState)
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.PROTECT, related_name="enrolments")
    waiting_since = models.DateTimeField(null=True, blank=True, help_text="The place in the waiting list.")
    ends_on = models.DateField(null=True, blank=True, help_text="The last day, for whoever has not finished by then.")
    extra_time = models.PositiveSmallIntegerField(default=0, help_text="Per cent more time in a check with a limit.")
    extra_tries = models.PositiveSmallIntegerField(default=0, help_text="More tries than a check with a limit gives.")
    created_at = models.DateTimeField()

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "course"], name="one_enrolment_a_course")]
        indexes = [
            models.Index(fields=["agency", "-id"]),
            models.Index(fields=["agency", "state", "-id"]),
            models.Index(fields=["agency", "course", "-id"]),
            models.Index(fields=["agency", "course", "state", "-id"]),
            models.Index(fields=["cohort", "state", "waiting_since"]),
            models.Index(fields=["ends_on"], condition=Q(state__in=("active", "paused")), name="enrolments_that_end"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.course_id}: {self.state}"

    @property
    def is_learning(self) -> bool:
        """Whether the person may read and be counted: also when they have finished."""
        return self.state in LEARNING

    def change(self, after: EnrolmentState, *, now: datetime, actor_id: int | None, reason: str = "") -> bool:
        """Bring the enrolment into the state ``after`` with a line of history; say whether this did it.

        reason: for the person to read.

        Two at once: one does it. Raises ValueError for a change that is not allowed.
        """
        before = self.state
        if not rules.may_change(before, after):
            raise ValueError(f"{before} to {after}")
        as_read = Enrolment.objects.unscoped(because="changes the row that the caller may change").filter(
            pk=self.pk, state=before
        )
        waiting_since = now if after == EnrolmentState.WAITING else None
        did = as_read.update(state=after, waiting_since=waiting_since) == 1
        if did:
            EnrolmentChange.objects.create(
                enrolment=self, before=before, after=after, at=now, actor_id=actor_id, reason=reason
            )
        self.state = after
        return did


class EnrolmentRowQuerySet(ScopedQuerySet):
    """Rows that hang on an enrolment: read within the enrolment's agency or by its person."""

    agency_path = "enrolment__agency"
    owner_path = "enrolment__person"


class EnrolmentChange(models.Model):
    """History of an enrolment's state, append-only."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="changes")
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, choices=EnrolmentState)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = EnrolmentRowQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.before or 'new'} to {self.after}"


class RoundQuerySet(EnrolmentRowQuerySet):
    """Times through a course."""

    def current(self) -> Self:
        """The last round of each enrolment."""
        later = Round.objects.unscoped(because="compares rounds of the same enrolment, shows nothing of them")
        return self.exclude(Exists(later.filter(enrolment=OuterRef("enrolment"), number__gt=OuterRef("number"))))

    def unfinished(self) -> Self:
        """Rounds that have not come to their completion."""
        return self.filter(completed_at=None)

    def ready(self) -> Self:
        """Rounds in which all is done that they must come to."""
        return self.filter(required_total__gt=0, required_done__gte=F("required_total"), marks_missing=0)

    def complete(self, pk: int, *, now: datetime, version_id: int) -> bool:
        """Mark round ``pk`` completed if all that it requires is done, in one statement; say whether this did it."""
        ready = self.unfinished().ready().filter(pk=pk)
        return ready.update(completed_at=now, completed_version_id=version_id) == 1


class Round(models.Model):
    """One time through a course: pinned to the requirements of the version it began with.

    ``required_done`` is kept in the transaction of each item, so that finishing never walks the lessons. What is
    required is what the pinned version required and the latest one, ``counted_with``, still does. The course's rule
    is the one it began with, or one that came since and asks less.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(default=1)
    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="+")
    counted_with = models.ForeignKey(
        CourseVersion, on_delete=models.PROTECT, related_name="+", help_text="The latest version at the last count."
    )
    finish = models.CharField(max_length=4, choices=Finish, default=Finish.ALL)
    finish_needed = models.PositiveSmallIntegerField(default=0)
    required_total = models.PositiveIntegerField()
    required_done = models.PositiveIntegerField(default=0)
    marks_missing = models.PositiveIntegerField(default=0, help_text="Hundredths still to come to the pass mark.")
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    last_lesson = models.UUIDField(null=True, blank=True)
    last_place = models.CharField(max_length=80, blank=True, help_text="The block that was in view.")
    last_share = models.PositiveSmallIntegerField(default=0, help_text="Hundredths of that lesson before that block.")
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_version = models.ForeignKey(
        CourseVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "number"], name="one_round_a_number"),
            models.CheckConstraint(condition=Q(required_done__lte=F("required_total")), name="done_within_total"),
            models.CheckConstraint(
                condition=Q(completed_at=None, completed_version=None)
                | Q(completed_at__isnull=False, completed_version__isnull=False),
                name="completion_has_date_and_version",
            ),
        ]

    def __str__(self) -> str:
        return f"round {self.number} of {self.enrolment_id}"

    @property
    def rule(self) -> rules.Finish:
        """When this round is finished."""
        return rules.Finish(self.finish, self.finish_needed)


class RoundRowQuerySet(ScopedQuerySet):
    """Rows that hang on a round."""

    agency_path = "round__enrolment__agency"
    owner_path = "round__enrolment__person"
