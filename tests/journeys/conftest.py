"""Chromium, and a Hearth to walk through."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.journeys.site import PASSWORD, ROOT, Site, prepared, running

SCREENS = ROOT / "var" / "journeys"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as a newcomer's first start leaves it."""
    return prepared(tmp_path_factory.mktemp("first-start") / "data")


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


class Walk:
    """One person's walk: their own browser, and what every page of it must be."""

    def __init__(self, browser: Browser, site: Site, *, name: str, javascript: bool = True, phone: bool = False) -> None:
        self.site, self.name = site, name
        self.context: BrowserContext = browser.new_context(
            base_url=site.url, viewport=PHONE if phone else DESK, java_script_enabled=javascript, reduced_motion="reduce"
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.javascript = javascript
        self.strays: list[str] = []
        self.page.on("request", self._watch)
        self.page.on("console", lambda message: self._hear(message.type, message.text))

    def _watch(self, request) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:", "about:")):
            self.strays.append(request.url)

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error" and "Content Security Policy" in text:
            self.strays.append(text)

    def go(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def sign_in(self, address: str) -> Page:
        """Sign in as a demo person, by password."""
        self.go("/accounts/login/")
        if not self.page.get_by_label("Password").is_visible():
            self.page.get_by_text("Use a password").click()
        self.page.get_by_label("Email").first.fill(address)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        return self.page

    def see(self, what: str) -> None:
        """Keep pictures of the page by day and evening, on a phone and a desk; axe must find nothing."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            for width, size in (("390", PHONE), ("1280", DESK)):
                self.page.set_viewport_size(size)
                self.page.screenshot(path=SCREENS / f"{self.name}-{what}-{width}-{scheme}.png", full_page=True)
                wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth") if self.javascript else 0
                assert wide <= 0, f"{what} scrolls sideways by {wide} px at {width} px"
            if self.javascript:
                self.is_accessible(what)
        self.page.emulate_media(color_scheme="light")

    def is_accessible(self, what: str) -> None:
        found = Axe().run(self.page)
        assert found.violations_count == 0, f"{what}: {found.generate_report()}"

    def close(self) -> None:
        self.context.close()
        assert not self.strays, f"{self.name} called outside or broke the content policy: {self.strays[:3]}"


@pytest.fixture
def walk(browser: Browser, site: Site) -> Iterator:
    """Start walks; each is closed and checked at the end."""
    walks: list[Walk] = []

    def begin(name: str, **kind) -> Walk:
        walks.append(Walk(browser, site, name=name, **kind))
        return walks[-1]

    yield begin
    for each in walks:
        each.close()
