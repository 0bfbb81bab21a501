"""Lists of people to bring onto a course, from the upload to what became of each line."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q

from lms.common.scope import ScopedQuerySet
from lms.courses.models.courses import Course


class ListState(models.TextChoices):
    LOOKING = "looking", "being looked through"
    READY = "ready", "waiting for your word"
    DOING = "doing", "being done"
    DONE = "done", "done"


AT_WORK = (ListState.LOOKING, ListState.DOING)


class Outcome(models.TextChoices):
    """What a line comes to: before the list is done what it would, afterwards what it did."""

    FAULT = "fault", "needs a look"
    NEW = "new", "to invite"
    ASKED = "asked", "to let in"
    HERE = "here", "already there"
    TWICE = "twice", "counted once"
    DONE = "done", "done"
    WAITS = "waits", "waiting list"
    REFUSED = "refused", "refused"


TO_DO = (Outcome.NEW, Outcome.ASKED)


class PeopleListQuerySet(ScopedQuerySet):
    owner_path = "sent_by"

    def move(self, pk: int, before: str, after: str, **fields: Any) -> bool:
        """Bring one from state to state; say whether this did it."""
        return self.filter(pk=pk, state=before).update(state=after, **fields) == 1

    def at_work(self) -> Self:
        """Those that the worker has something to do for."""
        return self.filter(state__in=AT_WORK)


class PeopleList(models.Model):
    """A list that a member of staff sent in. The file itself is never kept: only its addresses and groups, for a while.

    touched_at: when something of it was done last, so that what a killed worker left is seen.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="lists")
    state = models.CharField(max_length=7, choices=ListState, default=ListState.LOOKING)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    touched_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PeopleListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ListState.values), name="people_list_state_known"),
            models.CheckConstraint(
                condition=Q(state=ListState.DONE, ended_at__isnull=False)
                | (~Q(state=ListState.DONE) & Q(ended_at=None)),
                name="people_list_ends_when_done",
            ),
        ]
        indexes = [models.Index(fields=["agency", "course", "-id"])]

    def __str__(self) -> str:
        return f"list {self.pk}: {self.state}"

    @property
    def is_at_work(self) -> bool:
        """Whether the worker has something to do for it."""
        return self.state in AT_WORK


class ListLineQuerySet(ScopedQuerySet):
    agency_path = "people__agency"
    owner_path = "people__sent_by"

    def counted(self) -> dict[str, int]:
        """How many lines come to what; "" for those that were not looked at yet."""
        return dict(self.order_by().values_list("outcome").annotate(count=Count("pk")))


class ListLine(models.Model):
    """One line of a list. number: in the file. is_done: whether the worker has been through it since the yes."""

    people = models.ForeignKey(PeopleList, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    address = models.CharField(max_length=255, help_text="In lower case, as it was typed.")
    group = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=7, choices=Outcome, blank=True)
    says = models.CharField(max_length=200, blank=True)
    is_done = models.BooleanField(default=False)

    objects = ListLineQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["people", "number"], name="one_list_line_a_number")]

    def __str__(self) -> str:
        return f"line {self.number} of list {self.people_id}"
