"""What every test stands on."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from hypothesis import HealthCheck, settings

from lms.common import memo
from tests import database
from tests.canaries import canaries  # noqa: F401 - a fixture that every test has

# How long a busy machine takes says nothing of the code.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
DATABASE = {"db", "transactional_db", "live_server", "world"}


def meets_a_database(item: pytest.Item) -> bool:
    """Whether a test reads or writes rows."""
    return bool(item.get_closest_marker("django_db") or DATABASE & {*item.fixturenames})


def commits(item: pytest.Item) -> bool:
    """Whether a test really commits: the database is emptied after it."""
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction")) or bool(
        {"transactional_db", "live_server"} & {*item.fixturenames}
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run what really commits last. On the second database run what one could answer otherwise: the rest has its turn
    on SQLite.
    """
    items.sort(key=commits)
    if connection.vendor == "sqlite":
        return
    apart = {item for item in items if not meets_a_database(item) or item.get_closest_marker("once")}
    config.hook.pytest_deselected(items=[*apart])
    items[:] = [item for item in items if item not in apart]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """A migrated copy instead of fourteen seconds of migrations."""
    kept = ExitStack()
    with django_db_blocker.unblock():
        kept.enter_context(database.fresh())
    yield
    with django_db_blocker.unblock():
        kept.close()


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Rate limits live in the cache, the brand in the process: neither may leak from test to test."""
    cache.clear()
    memo.forget_all()
    yield
    cache.clear()


@pytest.fixture
def now() -> datetime:
    """A chosen, awkward moment: half an hour before UK clocks go forward."""
    return datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


@pytest.fixture
def at() -> Iterator[Callable[[datetime], None]]:
    """Stand at a chosen moment: for pages and the worker, which read the clock themselves. The last said holds."""
    with ExitStack() as travels:

        def go(moment: datetime) -> None:
            travels.enter_context(time_machine.travel(moment, tick=False))

        yield go
