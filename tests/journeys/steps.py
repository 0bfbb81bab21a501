"""Parts of walks that several people take."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.journeys.site import wait_until
from tests.journeys.walk import Walk, whole, words

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Date:
    """A live session: the path of its page, the path of its page at the desk, and how people say when it is."""

    path: str
    desk: str
    day: str


def path_of(walk: Walk) -> str:
    """Return where the walk is, without query and anchor."""
    return urlsplit(walk.page.url).path


def schedule(trainer: Walk, workshop: str, *, minutes_ahead: int, places: int, place: dict[str, str]) -> Date:
    """Plan a session at the desk, look at its dates in words, keep it and publish it. place: the labels to fill in."""
    starts = datetime.now(LONDON) + timedelta(minutes=minutes_ahead)
    trainer.go("/desk/")
    trainer.follow("Plan a session")
    page = trainer.page
    page.get_by_label(whole("Workshop")).select_option(label=workshop)
    trainer.type("Date 1", f"{starts:%Y-%m-%d}")
    trainer.type("Starts at", f"{starts:%H:%M}")
    trainer.type("Minutes", "60")
    page.get_by_label(whole("In person" if "Venue" in place else "Online")).check()
    for label, typed in place.items():
        trainer.type(label, typed)
    trainer.type("Places", str(places))
    trainer.press("See the dates")
    day = f"{starts:%A} {starts.day} {starts:%B}"
    expect(page.get_by_role("region", name="Are these the right dates?")).to_contain_text(f"{day} {starts.year}")
    trainer.press("Keep as a draft")
    trainer.reads("Nobody can see it until you publish it", "Nobody is booked yet")
    trainer.press("Publish")
    trainer.reads("Published. Verified adopters can book it now.", "Nobody is booked.")
    desk = path_of(trainer)
    return Date(path=desk.removeprefix("/desk"), desk=desk, day=day)


def book(adopter: Walk, date: Date, *, help_wanted: str = "") -> None:
    """Book a place from the page of a date."""
    adopter.go(date.path)
    adopter.follow("Book this one ...")
    adopter.type("What would help you take part?", help_wanted)
    adopter.press("Book my place")
    adopter.reads("You're booked for")


def way_in(walk: Walk, date: Date) -> tuple[int, str]:
    """Ask for the way into the room without going there; return status and where it leads."""
    answer = walk.context.request.get(f"{date.path}join/", max_redirects=0)
    return answer.status, answer.headers.get("location", "")


def mark(trainer: Walk, date: Date, who: str, verdict: str) -> None:
    """Mark one person on the register."""
    trainer.go(date.desk)
    person = trainer.page.get_by_role("group", name=words(f"Attendance for {who}"))
    person.get_by_label(whole(verdict)).check()
    trainer.press("Save the register")
    trainer.reads("The register is saved.")


def claim_certificate(walk: Walk, title: str, *, name: str = "Priya Raman-Ellis") -> str:
    """Have somebody's first certificate made once it has come, in this name; look at it, and return its code."""

    def has_come() -> bool:
        walk.go("/my/certificates/")
        return walk.page.get_by_role("article", name=title).is_visible()

    wait_until(has_come, 60)
    walk.page.get_by_role("article", name=title).get_by_role("link", name=whole("Make this certificate")).click()
    walk.arrives_at("Make your certificate")
    walk.type("How should your name be written?", name)
    walk.press("Make my certificate")
    expect(walk.page.get_by_role("link", name=whole("Download PDF"))).to_be_visible(timeout=90_000)
    public = walk.page.get_by_role("link", name=whole("See what others see")).get_attribute("href")
    return public.strip("/").split("/")[-1]


def download(walk: Walk) -> bytes:
    """Download the certificate that is open."""
    with walk.page.expect_download() as coming:
        walk.follow("Download PDF")
    return coming.value.path().read_bytes()
