"""An append-only record of who did what to what, in ids. No text that a person wrote is ever in it."""

from typing import Any

from django.db import models


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries are written once and sealed once; nothing changes or deletes them through the programme."""

    def update(self, **kwargs: Any) -> int:
        """Raise TypeError: the record is append-only."""
        raise TypeError("An audit entry is never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Raise TypeError: the record is append-only."""
        raise TypeError("An audit entry is never deleted.")

    def put_into_chain(self, pk: int, *, number: int, seal: str) -> None:
        """Seal one entry that is not sealed yet: the one change an entry knows."""
        super(EntryQuerySet, self.filter(pk=pk, number=None)).update(number=number, seal=seal)

    def unsealed(self) -> models.QuerySet["Entry"]:
        """Entries that are not yet part of the chain, oldest first."""
        return self.filter(number=None).order_by("pk")

    def chain(self) -> models.QuerySet["Entry"]:
        """Sealed entries in the order of the chain."""
        return self.exclude(number=None).order_by("number")


class Entry(models.Model):
    """One deed. Written in the transaction of the deed, put into the hash chain a minute later.

    Sealing apart keeps deeds from waiting for each other: a chain written inside the transaction would
    let only one deed commit at a time.
    """

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True, help_text="None: the system itself.")
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=60, help_text="Kind and id, like booking:42.")
    agency_id = models.BigIntegerField(null=True)
    ids = models.JSONField(default=dict, help_text="Further ids and fixed words. Never free text.")
    number = models.PositiveBigIntegerField(null=True, unique=True, help_text="Place in the chain.")
    seal = models.CharField(max_length=64, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["target", "at"]), models.Index(fields=["agency_id", "at"])]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.action} {self.target}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new entry. Raises TypeError for one that exists: the record is append-only."""
        if self.pk:
            raise TypeError("An audit entry is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raise TypeError: the record is append-only."""
        raise TypeError("An audit entry is never deleted.")


class Head(models.Model):
    """The end of the chain, in one row: whoever seals holds it, and a tail that was cut off no longer fits it."""

    number = models.PositiveBigIntegerField(default=0)
    seal = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_head_of_the_chain")]

    def __str__(self) -> str:
        return f"{self.number} {self.seal[:8]}"
