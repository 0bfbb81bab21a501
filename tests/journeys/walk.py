"""One person's walk through the site, in a browser of their own, and what every page on it must be."""

import contextlib
import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, Response, expect

from tests.journeys.site import PASSWORD, ROOT, Site

SCREENS = ROOT / "var" / "journeys"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
AXE = Axe()
expect.set_options(timeout=15_000)  # milliseconds; a busy machine is slow, and what never comes is still missed
WORDS_OUT_OF_DATES = """[...document.querySelectorAll("time > *")]
  .filter(word => word.getBoundingClientRect().width > word.parentElement.clientWidth).map(word => word.innerText)"""


def _pattern(said: str) -> str:
    """Any space, either apostrophe, and a colon that something for the ear only may stand before."""
    return r"\s+".join(map(re.escape, said.split())).replace("'", "['\u2019]").replace(":", r"\s*:")


def words(said: str) -> re.Pattern[str]:
    """Find these words, however the lines are broken and whichever apostrophe stands there."""
    return re.compile(_pattern(said))


def whole(said: str) -> re.Pattern[str]:
    """Find what is called exactly this; "It begins so ..." finds what goes on."""
    begins = said.removesuffix(" ...")
    end = r"( \(if you like\))?\s*$" if begins == said else ""
    return re.compile(r"^\s*" + _pattern(begins) + end)


class Walk:
    """One person's walk: their own browser, and what every page of it must be."""

    def __init__(
        self, browser: Browser, site: Site, *, name: str, javascript: bool = True, phone: bool = False, **kind: Any
    ) -> None:
        self.site, self.name, self.javascript = site, name, javascript
        self.size = PHONE if phone else DESK
        self.context: BrowserContext = browser.new_context(
            base_url=site.url,
            viewport=self.size,
            java_script_enabled=javascript,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/London",
            **kind,
        )
        self.context.set_default_timeout(15_000)
        self.faults: list[str] = []
        self.context.on("request", self._watch)
        self.context.on("response", self._count)
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda fault: self.faults.append(f"script: {fault.error}"))
        self.page: Page = self.context.new_page()

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, self.site.content, "data:", "blob:", "about:")):
            self.faults.append(f"called outside: {request.url}")

    def _count(self, answer: Response) -> None:
        if answer.status >= 500:
            self.faults.append(f"broke: {answer.status} {answer.url}")

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and "Content Security Policy" in said.text:
            self.faults.append(f"content policy: {said.text}")

    def go(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def press(self, name: str) -> None:
        """Press the one button of this name."""
        self.page.get_by_role("button", name=whole(name)).click()

    def follow(self, name: str) -> None:
        """Follow the one link of this name."""
        self.page.get_by_role("link", name=whole(name)).click()

    def type(self, label: str, typed: str) -> None:
        """Type into the field of this label."""
        self.page.get_by_label(whole(label)).fill(typed)

    def reads(self, *lines: str) -> None:
        """See all of these words on the page."""
        for said in lines:
            expect(self.page.get_by_role("main")).to_contain_text(words(said))

    def reads_not(self, *lines: str) -> None:
        for said in lines:
            expect(self.page.get_by_role("main")).not_to_contain_text(words(said))

    def arrives_at(self, heading: str) -> None:
        """See the page's main heading."""
        expect(self.page.get_by_role("heading", level=1, name=whole(heading))).to_be_visible()

    def arrives_at_part(self, heading: str) -> None:
        """See a heading of the page without scrolling to it."""
        expect(self.page.get_by_role("heading", name=whole(heading))).to_be_in_viewport()

    def sign_in(self, name: str) -> Page:
        """Sign in as a demo person, by password."""
        self.go("/accounts/login/")
        if not self.page.get_by_label("Password").is_visible():
            self.page.get_by_text("Use a password").click()
        self.page.get_by_label("Email").last.fill(f"{name}@hearth.example")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        expect(self.page.get_by_role("link", name="My learning").first).to_be_attached()
        return self.page

    # --- What every page must be ----------------------------------------------------------------------
    def see(self, what: str) -> None:
        """Keep pictures of the page, on a phone by day and at a desk in the evening; it must fit everywhere, and axe
        find nothing.
        """
        self.page.wait_for_load_state()  # a click comes back as soon as the next page begins
        other = PHONE if self.size == DESK else DESK
        for scheme, sizes in (("light", (other, self.size)), ("dark", (self.size, other))):
            self.page.emulate_media(color_scheme=scheme)
            for size in sizes:
                self.page.set_viewport_size(size)
                self.fits(what)
                if (size == PHONE) == (scheme == "light"):
                    self.picture(f"{what}-{size['width']}-{scheme}", whole_page=True)
            self.is_accessible(what)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(NARROW)
        self.fits(what)
        self.page.set_viewport_size(self.size)

    def picture(self, what: str, *, whole_page: bool = False) -> None:
        """Keep one picture, once colours that fade into each other have come to rest."""
        path = SCREENS / f"{self.name}-{what}.jpg"
        try:
            self.page.screenshot(path=path, full_page=whole_page, animations="disabled", quality=70)
        except Error:  # Chromium never answers when the page shows itself anew while it is drawn
            self.page.wait_for_load_state()
            self.page.screenshot(path=path, full_page=whole_page, animations="disabled", quality=70)

    def fits(self, what: str) -> None:
        """Nothing makes the page scroll sideways, and no time stands out of its box."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{what} scrolls sideways by {wide} px at {self.page.viewport_size}"
        assert self.page.evaluate(WORDS_OUT_OF_DATES) == [], f"{what}: a date is too long for its house"

    def is_accessible(self, what: str) -> None:
        if self.javascript:
            self.page.evaluate("Promise.allSettled(document.getAnimations().map(it => it.finished))")
            found = AXE.run(self.page)
            assert found.violations_count == 0, f"{what}: {found.generate_report()}"

    def close(self) -> None:
        """End the walk, with a picture of where it ended: what one wants to see when it ended too early."""
        with contextlib.suppress(Error):  # nothing is judged by it, and the page may be on its way elsewhere
            self.picture("last", whole_page=True)
        self.context.close()
        assert not self.faults, f"{self.name}: {self.faults[:5]}"
