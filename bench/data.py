"""What is measured on: a catalogue of 24, courses of 20 and 200 lessons, learners who are signed in, sessions to book.

Run in a process of its own (``python -m bench.data FILE``) with the settings of the site; writes what the scenarios
need to know as JSON.
"""

import json
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import django

from bench import everybody
from bench.saved import writing

LEARNERS = 120
RACERS = 200
SAVES = 18  # saves of the kind that each learner can do once, in one round
PLACES = 30
ROUNDS = 3
CATALOGUE = 24
WRITTEN = {"neutral_title": "A course", "summary": "Measured.", "review_by": date(2099, 1, 1)}
CSRF = "c" * 32  # a cookie and a form field that say the same: what a browser would send


def main(target: Path) -> None:
    """Fill an empty database and say what is in it."""
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from lms.agencies.models import Agency

    call_command("migrate", verbosity=0)
    call_command("load_workshops", "fixtures/workshops", stdout=sys.stderr)
    now = timezone.now()
    courses = {str(size): _course(size) for size in (20, 200)}
    _fill_catalogue()
    learners = _learners(now)
    facts: dict[str, Any] = {"cookies": [_cookie(person) for person in learners], "csrf": CSRF}
    facts["courses"] = {size: _enrolled(slug, learners, now) for size, slug in courses.items()}
    facts["writing"] = writing(learners, now)
    facts["sessions"] = _sessions(now, count=ROUNDS, places=LEARNERS * 2)
    facts["races"] = _sessions(now, count=ROUNDS + 1, places=PLACES)
    racers = _verified("racer", RACERS, now)
    facts["racers"] = [_cookie(person) for person in racers]
    _enrol(racers, courses["20"], now)
    agency = Agency.objects.get(slug="measured")
    everybody.fill(list(courses.values()), agency=agency, now=now)
    facts["desk"] = _desk(agency, now)
    _bare_races()
    facts["bare"], facts["code"] = _bare_page(), made_out(learners[0], number=1, now=now).code
    target.write_text(json.dumps(facts))


def _anew(raw: Any) -> Any:
    """The same words as items of their own: without the identities of the page they come from."""
    if isinstance(raw, list):
        return [_anew(each) for each in raw]
    if isinstance(raw, dict):
        return {name: None if name == "item_id" else _anew(value) for name, value in raw.items()}
    return raw


def _course(lessons: int) -> str:
    """A course of ``lessons`` lessons, each with the words of a real one."""
    from wagtail.models import Page

    from cms.models import CataloguePage, CoursePage, LessonPage, ModulePage

    real = LessonPage.objects.filter(title="Whose story?").get()
    page = CoursePage(title=f"A course of {lessons}", slug=f"bench-{lessons}", **WRITTEN)
    CataloguePage.objects.get().add_child(instance=page)
    page.save_revision().publish()
    for part in range(lessons // 10):
        module = ModulePage(title=f"Part {part + 1}", slug=f"part-{part + 1}")
        page.add_child(instance=module)
        for number in range(10):
            values = {name: getattr(real, name) for name in ("summary", "minutes", "sources", "nation", "review_by")}
            module.add_child(
                instance=LessonPage(
                    title=f"Lesson {number + 1}",
                    slug=f"lesson-{number + 1}",
                    body=json.dumps(_anew(list(real.body.raw_data))),
                    **values,
                )
            )
    Page.objects.get(pk=page.pk).specific.save_revision().publish()
    return page.slug


def _fill_catalogue() -> None:
    from cms.models import CataloguePage, CoursePage, WorkshopPage

    parent = CataloguePage.objects.get()
    missing = CATALOGUE - CoursePage.objects.live().count() - WorkshopPage.objects.live().count()
    for number in range(max(missing, 0)):
        page = CoursePage(title=f"Filler {number}", **WRITTEN)
        parent.add_child(instance=page)


def _learners(now: datetime) -> list[Any]:
    from lms.agencies.models import Agency

    Agency.objects.create(name="Measured Agency", slug="measured")
    return _verified("learner", LEARNERS, now)


def _verified(name: str, count: int, now: datetime) -> list[Any]:
    """So many people whom the agency knows."""
    from lms.accounts.models import User
    from lms.agencies import operations
    from lms.agencies.models import Agency

    agency = Agency.objects.get(slug="measured")
    people = [User(email=f"{name}{n}@hearth.example", display_name=f"{name} {n}", password="!") for n in range(count)]
    User.objects.bulk_create(people)
    for person in people:
        membership = operations.request_membership(person=person, agency=agency, now=now)
        operations.verify(membership=membership, actor=None, now=now)
    return people


def _cookie(person: Any) -> str:
    """Sign a person in, as a browser that came back would be."""
    from django.test import Client

    browser = Client()
    browser.force_login(person)
    return f"sessionid={browser.cookies['sessionid'].value}; csrftoken={CSRF}"


def _desk(agency: Any, now: datetime) -> dict[str, Any]:
    """A coordinator who is signed in, and a place far down their list. The database knows its new rows."""
    from django.db import connection

    from lms.accounts.models import User
    from lms.agencies.models import Role
    from lms.agencies.operations import grant_role
    from lms.courses.models import Enrolment

    person = User.objects.create_user("coordinator@many.hearth.example", display_name="Measured")
    grant_role(person=person, role=Role.COORDINATOR, agency=agency, actor=None, now=now)
    if connection.vendor == "postgresql":
        connection.cursor().execute("ANALYZE")
    newest = Enrolment.objects.unscoped(because="measured").order_by("-pk")[:1].get()
    return {"cookie": _cookie(person), "before": newest.pk - everybody.ENROLMENTS // 2}


def _enrol(people: list[Any], slug: str, now: datetime) -> None:
    from lms.courses import operations
    from lms.courses.models import Course

    course = Course.objects.get(slug=slug)
    for person in people:
        operations.enrol(person=person, course=course, now=now)


def _enrolled(slug: str, learners: list[Any], now: datetime) -> dict[str, Any]:
    """Bring everybody onto the course; half of them lack only the last lesson."""
    from lms.courses.models import Course, ItemState, Round

    course = Course.objects.get(slug=slug)
    lessons = [lesson for module in course.latest.outline["modules"] for lesson in module["lessons"]]
    _enrol(learners, slug, now)
    rounds = list(
        Round.objects.unscoped(because="measured").filter(enrolment__course=course).order_by("enrolment__person")
    )
    nearly, last = rounds[LEARNERS // 2 :], lessons[-1]["id"]
    for each in nearly:
        done = [
            ItemState(round=each, item=item, lesson=lesson["id"], opened_at=now, done_at=now)
            for lesson in lessons
            for item in (entry["id"] for entry in lesson["items"] if entry["required"])
            if item != last
        ]
        ItemState.objects.bulk_create(done)
        each.required_done = each.required_total - 1
        each.save(update_fields=["required_done"])
    first = lessons[0]
    question = next((item["id"] for item in first["items"] if item["kind"] == "question"), "")
    options = course.latest.keys.get(question, {}).get("options", [""])
    return {
        "identity": str(course.identity),
        "path": f"/courses/{slug}/",
        "lesson": first["path"],
        "lessons": [lesson["id"] for lesson in lessons],
        "question": question,
        "option": options[0],
    }


def _sessions(now: datetime, *, count: int, places: int) -> list[str]:
    from cms.models import WorkshopPage
    from lms.agencies.models import Agency
    from lms.webinars.models import Session, SessionPart, SessionState

    made = []
    for number in range(count):
        starts, ends = now + timedelta(days=9 + number), now + timedelta(days=9 + number, hours=2)
        session = Session.objects.create(
            workshop=WorkshopPage.objects.first(),
            title="Measured",
            agency=Agency.objects.get(slug="measured"),
            state=SessionState.PUBLISHED,
            starts_at=starts,
            ends_at=ends,
            booking_closes_at=starts,
            capacity=places,
            created_at=now,
        )
        wall = starts.strftime("%Y-%m-%dT%H:%M")
        SessionPart.objects.create(
            session=session, number=1, local_start=wall, minutes=120, starts_at=starts, ends_at=ends
        )
        made.append(str(session.uuid))
    return made


def _bare_races() -> None:
    from bench.floor.models import BareRace

    BareRace.objects.bulk_create(BareRace(pk=number + 1, places=PLACES) for number in range(ROUNDS + 1))


def _bare_page() -> str:
    from bench.floor.models import BarePage
    from cms.models import HomePage

    HomePage.objects.get().add_child(instance=BarePage(title="Bare", slug="bare"))
    return "/bare/"


def made_out(person: Any, *, number: int, now: datetime) -> Any:
    """Give somebody the certificate of this number and have it made."""
    from lms.certificates import operations
    from lms.certificates.models import AwardKind
    from lms.certificates.operations import Earned

    earned = Earned(
        earned_by=f"measured:{number}",
        kind=AwardKind.COMPLETION,
        person=person,
        agency=None,
        title="A measured course",
        neutral_title="A course",
        earned_on=now.date(),
        says={
            "minutes": 120,
            "lessons": 20,
            "version": 1,
            "learned": ["One thing"],
            "signatories": [],
            "statement": "Measured.",
        },
    )
    award = operations.issue(earned=earned, now=now)
    return operations.claim(award=award, holder=person, name="Measured Person", is_neutral=True, now=now)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
