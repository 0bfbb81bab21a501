"""Whether this installation can do its work, part by part, for who watches over it."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from lms.common.jobs import WORKER
from lms.common.memo import Memo
from lms.common.models import Heartbeat


def _answers(_now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _plan_is_empty() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


_migrated = Memo(_plan_is_empty, seconds=10)  # it reads every migration file


def _is_migrated(_now: datetime) -> bool:
    return _migrated.get()


def _worker_beats(now: datetime) -> bool:
    silence = Heartbeat.silence(name=WORKER, now=now)
    return silence is not None and silence <= settings.LMS_HEARTBEAT_STALE


PARTS: tuple[tuple[str, Callable[[datetime], bool]], ...] = (
    ("database does not answer", _answers),
    ("migrations are not applied", _is_migrated),
    ("worker is silent", _worker_beats),
)


def what_is_wrong(*, now: datetime) -> list[str]:
    """Return a line for each part that is not as it should be; a part that cannot be asked is one."""
    wrong: list[str] = []
    for line, is_right in PARTS:
        try:
            right = is_right(now)
        except DatabaseError:
            right = False
        if not right:
            wrong.append(line)
    return wrong
