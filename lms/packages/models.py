"""Packages, the versions that were uploaded of them, and what each learner has done in one."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from lms.common.crypto import EncryptedTextField
from lms.common.scope import Scope, ScopedQuerySet
from lms.packages.rollup import WHOLE


class Policy(models.TextChoices):
    """What makes a part of a package done."""

    COMPLETE = "complete", "It says that it's over, and not that it was failed"
    ENDED = "ended", "It says that it's over, passed or not"
    PASSED = "passed", "It says that it's passed"
    SCORE = "score", "It reaches the mark below"
    OPENED = "opened", "It has been opened"


class OnReplace(models.TextChoices):
    """What happens to learners in the middle of a package when a new version comes."""

    KEEP = "keep", "They finish the version they began"
    RESUME = "resume", "They carry on in the new one, where they were"
    AGAIN = "again", "They start the new one from the beginning"


class PackageQuerySet(ScopedQuerySet):
    owner_path = "created_by"

    def ready(self) -> Self:
        """Those with a version that can be started."""
        return self.filter(latest__isnull=False)


class Package(models.Model):
    """Something made elsewhere that a lesson can hold. Its files are in its versions."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=150)
    policy = models.CharField(max_length=8, choices=Policy, default=Policy.COMPLETE)
    pass_mark = models.PositiveSmallIntegerField(default=80, help_text="Hundredths, where the mark counts.")
    on_replace = models.CharField(max_length=6, choices=OnReplace, default=OnReplace.KEEP)
    latest = models.ForeignKey("Version", null=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    objects = PackageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(policy__in=Policy.values), name="package_policy_known"),
            models.CheckConstraint(condition=Q(pass_mark__lte=100), name="package_mark_is_hundredths"),
        ]

    def __str__(self) -> str:
        return self.title


class VersionState(models.TextChoices):
    WAITING = "waiting", "being unpacked"
    READY = "ready", "ready"
    REFUSED = "refused", "refused"


class Version(models.Model):
    """One upload of a package. Once it is ready, nothing of it changes.

    manifest: what ``manifest.Manifest`` holds, as plain data. folder: in private storage.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=VersionState, default=VersionState.WAITING)
    refusal = models.CharField(max_length=300, blank=True)
    upload = models.CharField(max_length=200, help_text="The zip, in private storage.")
    sha256 = models.CharField(max_length=64)
    folder = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes, unpacked.")
    manifest = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="At unpacking; counted before the work.")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["package", "number"], name="one_package_version_a_number"),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="package_version_state_known"),
            models.CheckConstraint(condition=~Q(state="ready") | ~Q(folder=""), name="a_ready_version_has_files"),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def standard(self) -> str:
        """Which SCORM: "1.2" or "2004"."""
        return str(self.manifest["standard"])

    @property
    def parts(self) -> list[dict[str, Any]]:
        """What can be started, in order."""
        return list(self.manifest["parts"])

    @property
    def groups(self) -> list[dict[str, Any]]:
        """How its parts belong together, the whole first; nothing of what was brought in before that was read."""
        return list(self.manifest.get("groups", []))

    @property
    def in_order(self) -> set[str]:
        """The groups of which the parts open one after the other."""
        found = {group["id"] for group in self.groups if group["in_order"]}
        return found | {WHOLE} if self.manifest.get("in_order") else found  # as it was kept before

    def part(self, part_id: str) -> dict[str, Any] | None:
        """The part of this name, if there is one."""
        return next((part for part in self.parts if part["id"] == part_id), None)


class AttemptQuerySet(ScopedQuerySet):
    def within(self, scope: Scope) -> Self:
        """Attempts at packages of the agencies in ``scope``."""
        return self._said_so().filter(version__package__agency__in=scope.agency_ids)


class Attempt(models.Model):
    """A learner in a package, as one item of one course. ``launch`` is the window that may write at this moment."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="package_attempts")
    course = models.UUIDField(help_text="Identity of the course.")
    item = models.UUIDField(help_text="Identity of the item in it.")
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, help_text="When there was nothing more to do in it.")
    closed_at = models.DateTimeField(null=True, help_text="Replaced by a later attempt.")
    launch = models.UUIDField(null=True)
    launched_at = models.DateTimeField(null=True)
    frame_opened_at = models.DateTimeField(null=True, help_text="When the frame of this launch was asked for: once.")
    part = models.CharField(max_length=200, blank=True, help_text="Where they were last.")

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "item"], condition=Q(closed_at=None), name="one_open_attempt_an_item"
            )
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk}"

    @property
    def is_review(self) -> bool:
        """Whether its window was opened when it was over: then it is for looking, and nothing is written any more."""
        return bool(self.done_at and self.launched_at and self.launched_at > self.done_at)


class PartState(models.Model):
    """What one part has told of one learner: the last full state, and what all its claims come to.

    ``state`` is the data model as JSON; it may quote what somebody typed, so it is encrypted. ``seconds``: of the
    sittings before; ``sitting_seconds``: of the one that is going on, as last told.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="states")
    part = models.CharField(max_length=200)
    state = EncryptedTextField(blank=True)
    is_complete = models.BooleanField(default=False)
    is_passed = models.BooleanField(null=True)
    score = models.PositiveSmallIntegerField(null=True, help_text="Hundredths, the best.")
    progress = models.PositiveSmallIntegerField(null=True, help_text="Hundredths, the most.")
    seconds = models.PositiveIntegerField(default=0)
    sitting_seconds = models.PositiveIntegerField(default=0)
    is_suspended = models.BooleanField(default=False)
    launch = models.UUIDField(null=True)
    sequence = models.PositiveIntegerField(default=0, help_text="Of the last commit of this launch.")
    is_finished = models.BooleanField(default=False, help_text="Whether this launch said that it is over.")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "part"], name="one_state_a_part")]

    def __str__(self) -> str:
        return f"{self.part} of attempt {self.attempt_id}"
