"""What the ground floor remembers: when the worker last spoke, and how often somebody tried something."""

from datetime import datetime, timedelta

from django.db import connection, models


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


class TallyQuerySet(models.QuerySet["Tally"]):
    def take(self, key: str, *, most: int, now: datetime, until: datetime) -> bool:
        """Count one try; say whether it is among the first ``most`` of its window, which ends at ``until``.

        One statement, which the database does for one caller at a time: it begins the window, or begins it again,
        or counts on, as far as is needed to know that it is too much.
        """
        times = [connection.ops.adapt_datetimefield_value(moment) for moment in (until, now, now)]
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [key, times[0], times[1], most, times[2]])
            return bool(cursor.fetchone()[0] <= most)


class Tally(models.Model):
    """How often one somebody tried one thing in the current window. The key is a hash: it names nobody."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    objects = TallyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at:%H:%M:%S}"

    @classmethod
    def is_spent(cls, key: str, *, most: int, now: datetime) -> bool:
        """Whether ``most`` tries of the current window are taken. Asked at each request of some pages, so it is
        written by hand: making the same statement from lookups takes eight times as long as running it.
        """
        with connection.cursor() as cursor:
            cursor.execute(_SPENT, [key, most, connection.ops.adapt_datetimefield_value(now)])
            return cursor.fetchone() is not None


_TAKE = """
INSERT INTO common_tally (key, count, ends_at) VALUES (%s, 1, %s)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN common_tally.ends_at <= %s THEN 1
               WHEN common_tally.count > %s THEN common_tally.count ELSE common_tally.count + 1 END,
  ends_at = CASE WHEN common_tally.ends_at <= %s THEN excluded.ends_at ELSE common_tally.ends_at END
RETURNING count
"""
_SPENT = "SELECT 1 FROM common_tally WHERE key = %s AND count >= %s AND ends_at > %s"
