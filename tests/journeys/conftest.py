"""Chromium, and a Hearth to walk through."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.site import Site, begin_as_a_newcomer, running
from tests.journeys.walk import Walk

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A data folder as a newcomer's first start leaves it: made by the first who needs it, the others wait."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    data = shared / "first-start"
    with (shared / "first-start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not data.exists():
            begin_as_a_newcomer(shared / "first-start-making").rename(data)
    return data


@pytest.fixture(scope="module")
def site(first_start: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running Hearth of this module's own."""
    data = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(first_start, data)
    with running(data) as running_site:
        yield running_site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def walk(browser: Browser, site: Site) -> Iterator[Callable[..., Walk]]:
    """Start walks; each is closed and checked at the end."""
    walks: list[Walk] = []

    def begin(name: str, **kind: Any) -> Walk:
        walks.append(Walk(browser, site, name=name, **kind))
        return walks[-1]

    yield begin
    for each in walks:
        each.close()
