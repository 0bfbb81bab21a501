"""The worker's heartbeat: the only thing the ground floor remembers."""

from datetime import datetime, timedelta

from django.db import models


class Heartbeat(models.Model):
    """When the worker last did its minute's work. One row a worker name."""

    name = models.CharField(max_length=40, unique=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at:%H:%M:%S}"

    @classmethod
    def beat(cls, *, name: str, now: datetime) -> None:
        """Remember that the worker ``name`` is alive at ``now``."""
        cls.objects.update_or_create(name=name, defaults={"beat_at": now})

    @classmethod
    def silence(cls, *, name: str, now: datetime) -> timedelta | None:
        """How long ``name`` has been silent; None if it never spoke."""
        beat_at = cls.objects.filter(name=name).values_list("beat_at", flat=True).first()
        return None if beat_at is None else now - beat_at
