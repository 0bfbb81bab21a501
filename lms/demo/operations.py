"""Making the demo: people, dates, learning, a pathway and awards, through the operations that real people use."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.db import transaction

from cms.models import PlainPage, WorkshopPage
from lms.accounts.models import User
from lms.agencies import operations as agencies
from lms.agencies.models import Agency
from lms.certificates import operations as certificates
from lms.certificates import reports
from lms.certificates.models import Award, Pathway, Requirement, RequirementGroup, RequirementKind
from lms.certificates.operations import pathways
from lms.certificates.rules import Deed
from lms.courses.models import Course
from lms.demo import dates, learning, people, series, talks
from lms.demo.dates import DemoSession
from lms.demo.people import DemoPerson
from lms.webinars import operations as webinars
from lms.webinars.models import Booking, Session, SessionKind, Where

LONDON = ZoneInfo("Europe/London")
Say = Callable[[str], object]


def person(address: str) -> User:
    """Return a demo person."""
    return User.objects.get(email=f"{address}@{people.HOST}")


def is_loaded() -> bool:
    """Whether the demo is there already."""
    return User.objects.filter(email=people.LEARNERS[0].email).exists()


def load(*, now: datetime, say: Say) -> None:
    """Make everything, or nothing."""
    with transaction.atomic():
        say("people and agencies")
        make_people(now)
        say("live sessions")
        make_sessions(now)
        say("talks with a worker")
        talks.make(agency=Agency.objects.get(slug="fellside"), person=person, now=now)
        say("learning")
        make_learning(now)
        say("the group leaders' pathway")
        make_pathway(now)
        say("certificates")
        make_awards(now)


def make_people(now: datetime) -> None:
    """Make agencies, staff and learners."""
    for demo_agency in people.AGENCIES:
        Agency.objects.get_or_create(slug=demo_agency.slug, name=demo_agency.name, region=demo_agency.region)
    for demo in (*people.STAFF, *people.LEARNERS):
        user = User.objects.create_user(
            demo.email, people.PASSWORD, display_name=demo.name, certificate_name=demo.certificate_name
        )
        EmailAddress.objects.create(user=user, email=demo.email, verified=True, primary=True)
        _settle(user, demo, now)


def _settle(user: User, demo: DemoPerson, now: datetime) -> None:
    for role, slug in demo.roles:
        agency = Agency.objects.filter(slug=slug).first()
        agencies.grant_role(person=user, role=role, agency=agency, actor=None, now=now)
    if slug := demo.verified_by or demo.asks:
        agency = Agency.objects.get(slug=slug)
        membership = agencies.request_membership(person=user, agency=agency, now=now - timedelta(days=1))
        if demo.verified_by:
            agencies.verify(membership=membership, actor=None, now=now)


# --- Live sessions -------------------------------------------------------------------------------------------------


def make_sessions(now: datetime) -> None:
    """Schedule and publish all dates, with their bookings, and mark the register of the one that is over."""
    number = count(1)
    for demo in dates.SESSIONS:
        _session(demo, number=next(number), now=now)
    long_ago = now + timedelta(days=dates.PAST.days - 10)
    series.make(person=person, now=now)
    past = _session(dates.PAST, number=next(number), now=now, said_at=long_ago)
    rows = Booking.objects.unscoped(because="the demo's own register").filter(session=past)
    marks = {row.pk: dates.WERE_THERE[row.person.email.split("@")[0]] for row in rows.select_related("person")}
    part = past.parts.get()
    there = {row.person_id: dates.MINUTES_THERE for row in rows if marks[row.pk] == "present"}
    webinars.note_stays(about=past.uuid, number=part.number, minutes=there, now=part.ends_at)
    webinars.mark_attendance(session=past, part=part, marks=marks, actor=person(dates.PAST.runs), now=part.ends_at)


def _session(demo: DemoSession, *, number: int, now: datetime, said_at: datetime | None = None) -> Session:
    said_at = said_at or now
    actor = person(demo.runs)
    agency = Agency.objects.get(slug=demo.agency)
    plan = _plan(demo, number=number, now=now, actor=actor)
    session = webinars.schedule_session(plan=plan, agency=agency, actor=actor, now=said_at)
    session = webinars.publish_session(session=session, actor=actor, now=said_at)
    for address in demo.booked:
        webinars.book(session=session, adopter=person(address), now=said_at)
    session.refresh_from_db()
    for address in demo.waiting:
        webinars.join_waiting_list(session=session, adopter=person(address), now=said_at)
    if demo.cancelled:
        webinars.cancel_session(session=session, actor=actor, reason=demo.cancelled, now=said_at)
    return session


def _plan(demo: DemoSession, *, number: int, now: datetime, actor: User) -> webinars.SessionPlan:
    workshop = WorkshopPage.objects.get(slug=demo.workshop)
    day = now.astimezone(LONDON).date() + timedelta(days=demo.days)
    first = datetime.combine(day, time.fromisoformat(demo.at))
    minutes = demo.minutes or workshop.minutes
    parts = tuple(webinars.PartPlan(first + timedelta(weeks=week), minutes) for week in range(demo.weeks))
    return webinars.SessionPlan(
        parts=parts,
        facilitator_ids=frozenset({actor.pk}),
        workshop=workshop,
        title=demo.title,
        kind=SessionKind(demo.kind),
        where=Where.VENUE if demo.venue else Where.ONLINE,
        eligibility=demo.eligibility,
        publisher=demo.publisher,
        licence_holder=demo.licence_holder,
        region=demo.region,
        venue=demo.venue,
        room_address=None if demo.venue else dates.ROOM.format(number=number),
        capacity=demo.capacity,
        captions=demo.captions,
        interpreter=demo.interpreter,
        babies_welcome=demo.babies_welcome,
    )


# --- Learning ------------------------------------------------------------------------------------------------------


def make_learning(now: datetime) -> None:
    """Let people be in the middle of courses, and one at the end of one."""
    weeks_ago = now - timedelta(days=40)
    for address, slug, lessons in (
        ("adopter", "therapeutic-parenting", 4),
        ("partner", "online-safety", 2),
        ("hannah", "trauma-and-the-brain", 9),
        ("single", "looking-after-you", None),
        ("dads", "telling-the-story", 1),
    ):
        learning.walk(person(address), Course.objects.get(slug=slug), lessons=lessons, now=weeks_ago)


def make_pathway(now: datetime) -> None:
    """Make the group leaders' pathway; one person is in the middle of it, one came to its end two years ago."""
    course = Course.objects.get(slug="group-leader-pathway")
    pathway = _pathway(course)
    _on_pathway("leader", pathway, course, lessons=5, now=now - timedelta(days=30))
    _on_pathway("leader.past", pathway, course, lessons=None, now=now - timedelta(days=800))
    _finish_pathway("leader.past", pathway, now=now - timedelta(days=780))
    _on_pathway("leader.ready", pathway, course, lessons=None, now=now - timedelta(days=140))
    _finish_pathway("leader.ready", pathway, now=now - timedelta(days=120))
    series.propose(person=person, now=now)


def _pathway(course: Course) -> Pathway:
    pathway = Pathway.objects.create(
        slug="group-leader",
        title="Group leader",
        neutral_title="Peer group facilitation",
        page=PlainPage.objects.filter(slug="group-leaders").first(),
    )
    workshop = WorkshopPage.objects.get(slug="introduction-to-therapeutic-parenting")
    steps = (
        {"kind": RequirementKind.COURSE, "title": "Finish the group leader course", "course": course},
        {"kind": RequirementKind.SESSION, "title": "Come to one live workshop", "workshop": workshop},
        {
            "kind": RequirementKind.SIGN_OFF,
            "title": "A conversation with your coordinator",
            "detail": "An hour about how you'll look after the group and yourself. It's a chat, not a test.",
            "role": "coordinator",
        },
    )
    group = RequirementGroup.objects.create(pathway=pathway, key="steps")
    for order, step in enumerate(steps, start=1):
        needed = 0 if step["kind"] == RequirementKind.SESSION else 1
        Requirement.objects.create(group=group, key=f"step-{order}", order=order, needed=needed, **step)
    return pathway


def _on_pathway(address: str, pathway: Pathway, course: Course, *, lessons: int | None, now: datetime) -> None:
    who, coordinator = person(address), person("coordinator")
    agency = Agency.objects.get(slug="fellside")
    pathways.start(pathway=pathway, person=who, agency=agency, link_worker=coordinator, actor=coordinator, now=now)
    learning.invite(who, course, now=now)
    learning.walk(who, course, lessons=lessons, now=now)


def _finish_pathway(address: str, pathway: Pathway, *, now: datetime) -> None:
    """Attend, and be signed off: the award comes with the last step, and has run out since."""
    who = person(address)
    evening = DemoSession("introduction-to-therapeutic-parenting", -2, runs="jo", booked=(address,))
    session = _session(evening, number=99, now=now, said_at=now - timedelta(days=9))
    booking = Booking.objects.owned_by(who).get(session=session)
    part = session.parts.get()
    webinars.mark_attendance(
        session=session, part=part, marks={booking.pk: "present"}, actor=person("jo"), now=part.ends_at
    )
    record = who.pathways.owned_by(who).get(pathway=pathway)
    step = Requirement.objects.get(group__pathway=pathway, kind=RequirementKind.SIGN_OFF)
    pathways.sign_off(
        record=record, requirement=step, actor=person("coordinator"), is_met=True, comment="A pleasure.", now=now
    )


def make_awards(now: datetime) -> None:
    """Give what was earned, as no worker has yet, and claim it: neutral, full, withdrawn, one that has run out."""
    for pk in reports.rounds_without_award():
        certificates.issue_for_round(round_id=pk, now=now)
    for pk in reports.bookings_without_award():
        certificates.issue_for_booking(booking_id=pk, now=now)
    for award in Award.objects.unscoped(because="the demo's own awards").select_related("person").order_by("pk"):
        holder = award.person
        if holder is None or holder == person("leader"):  # hers waits, for her to write her name
            continue
        neutral = holder != person("single")
        claimed = certificates.claim(
            award=award, holder=holder, name=holder.certificate_name, is_neutral=neutral, now=award.issued_at
        )
        if holder == person("hannah"):
            reason = "Given by mistake (demo)."
            certificates.decide(award=claimed, deed=Deed.WITHDRAW, actor=person("safeguarding"), reason=reason, now=now)
