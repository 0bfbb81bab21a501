"""Learning records. They outlive any edit, move, copy or deletion of a page: they point at compiled versions."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from lms.common.crypto import EncryptedTextField
from lms.common.scope import Scope, ScopedQuerySet
from lms.courses import rules


class OpenTo(models.TextChoices):
    EVERYONE = "everyone", "anybody with an account"
    VERIFIED = "verified", "verified adopters"
    INVITED = "invited", "by invitation of an agency"


class Course(models.Model):
    """A course as people enrol on it. Its words are pages in the CMS; this row stays when they are gone."""

    identity = models.UUIDField(unique=True, help_text="The course's own identity, kept through export and import.")
    page = models.OneToOneField("cms.CoursePage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    slug = models.SlugField(max_length=255, allow_unicode=True)
    title = models.CharField(max_length=255)
    neutral_title = models.CharField(max_length=100)
    open_to = models.CharField(max_length=10, choices=OpenTo, default=OpenTo.EVERYONE)
    is_open = models.BooleanField(default=True, help_text="Whether people may enrol now.")
    latest = models.OneToOneField(
        "CourseVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="latest_of"
    )

    def __str__(self) -> str:
        return self.title


class CourseVersion(models.Model):
    """What a course asked at one moment. Written once when a page is published, never changed.

    outline: ``{"modules": [{"id", "title", "slug", "summary", "skippable", "lessons": [{"id", "title", "slug",
    "path", "minutes", "content_note", "items": [{"id", "kind", "title", "required"}]}]}]}``, all ids UUID texts.
    The first item of a lesson is the reading of it, with the lesson's own id.
    items: ``{item id: {"lesson", "within", "kind", "title", "required"}}``, the same by id: a save reads one item
    and not the course. ``within`` is the title of its lesson.
    keys: ``{item id: {"kind", "right": [option ids], "feedback": {option id: text}, ...}}``; never sent to a browser.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    outline = models.JSONField()
    items = models.JSONField()
    keys = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of outline and keys: nothing changed, no new version.")
    minutes = models.PositiveIntegerField()
    lessons_total = models.PositiveIntegerField()
    required_total = models.PositiveIntegerField(help_text="How many items must be done.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"{self.course_id} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new version. Raises TypeError for one that exists."""
        if self.pk:
            raise TypeError("A course version is never changed.")
        super().save(*args, **kwargs)


class EnrolmentState(models.TextChoices):
    REQUESTED = "requested", "asked to join"
    INVITED = "invited", "invited"
    WAITING = "waiting", "waiting for a place"
    ACTIVE = "active", "learning"
    PAUSED = "paused", "paused"
    COMPLETED = "completed", "finished"
    LEFT = "left", "left"


LEARNING = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.COMPLETED)


class Enrolment(models.Model):
    """A person on a course. ``agency`` is the one through which they came, if any."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolments")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    agency = models.ForeignKey("agencies.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=EnrolmentState)
    created_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "course"], name="one_enrolment_a_course")]
        indexes = [models.Index(fields=["agency", "course", "state"])]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.course_id}: {self.state}"

    @property
    def is_learning(self) -> bool:
        """Whether the person may read and be counted: also when they have finished."""
        return self.state in LEARNING

    def change(self, after: EnrolmentState, *, now: datetime, actor_id: int | None) -> bool:
        """Bring the enrolment into the state ``after`` with a line of history; say whether this did it.

        Two at once: one does it. Raises ValueError for a change that is not allowed.
        """
        before = self.state
        if not rules.may_change(before, after):
            raise ValueError(f"{before} to {after}")
        as_read = Enrolment.objects.unscoped(because="changes the row that the caller may change").filter(
            pk=self.pk, state=before
        )
        did = as_read.update(state=after) == 1
        if did:
            EnrolmentChange.objects.create(enrolment=self, before=before, after=after, at=now, actor_id=actor_id)
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

    def complete(self, pk: int, *, now: datetime, version_id: int) -> bool:
        """Mark round ``pk`` completed if all that it requires is done, in one statement; say whether this did it."""
        ready = self.unfinished().filter(pk=pk, required_total__gt=0, required_done__gte=F("required_total"))
        return ready.update(completed_at=now, completed_version_id=version_id) == 1


class Round(models.Model):
    """One time through a course: pinned to the requirements of the version it began with.

    ``required_done`` is kept in the transaction of each item, so that finishing never walks the lessons. What is
    required is what the pinned version required and the latest one, ``counted_with``, still does.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(default=1)
    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="+")
    counted_with = models.ForeignKey(
        CourseVersion, on_delete=models.PROTECT, related_name="+", help_text="The latest version at the last count."
    )
    required_total = models.PositiveIntegerField()
    required_done = models.PositiveIntegerField(default=0)
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


class RoundRowQuerySet(ScopedQuerySet):
    """Rows that hang on a round."""

    agency_path = "round__enrolment__agency"
    owner_path = "round__enrolment__person"


class EventKind(models.TextChoices):
    OPENED = "opened", "opened"
    READ = "read", "read to the end"
    ANSWERED = "answered", "answered"
    SKIPPED = "skipped", "left out for now"
    FINISHED = "finished", "came to an ending"


class LearningEvent(models.Model):
    """A fact about learning, append-only. ``client_id`` makes a repeat of the same fact count once."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="events")
    client_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=EventKind)
    item = models.UUIDField()
    payload = EncryptedTextField(blank=True, help_text="What was chosen, as JSON; the person's own.")
    at = models.DateTimeField()

    objects = RoundRowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "client_id"], name="one_event_a_client_id")]

    def __str__(self) -> str:
        return f"{self.kind} {self.item}"


class ItemState(models.Model):
    """What the events of one item come to. Only ever goes forward: done stays done, the best score stays."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="items")
    item = models.UUIDField()
    lesson = models.UUIDField()
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    skipped = models.BooleanField(default=False)
    best_score = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Hundredths.")
    latest = EncryptedTextField(blank=True, help_text="The latest answer, as JSON; the person's own.")
    latest_at = models.DateTimeField(null=True, blank=True)

    objects = RoundRowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "item"], name="one_state_an_item")]

    def __str__(self) -> str:
        return f"{self.item} {'done' if self.done_at else 'open'}"


class ReflectionQuerySet(ScopedQuerySet):
    """Private writing. It belongs to no agency, so no scope of staff reaches any of it."""

    def within(self, scope: Scope) -> Self:
        """Raise TypeError: nobody reads another person's writing."""
        raise TypeError("Reflections are read by their owner only.")


class Reflection(models.Model):
    """Private writing: the owner's, encrypted, in no search, report, export of others or log.

    The prompt is copied, so that the words keep their meaning when the lesson changes.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reflections")
    course = models.ForeignKey(Course, null=True, on_delete=models.SET_NULL, related_name="+")
    item = models.UUIDField()
    field = models.PositiveSmallIntegerField(default=0, help_text="Which box of an action plan; 0 for a reflection.")
    lesson_title = models.CharField(max_length=255, blank=True)
    prompt = models.TextField()
    body = EncryptedTextField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "item", "field"], name="one_entry_a_prompt")]
        indexes = [models.Index(fields=["person", "updated_at"])]

    def __str__(self) -> str:
        return f"entry of {self.person_id}"
