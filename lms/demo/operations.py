"""Making the demo: people, dates, learning, a pathway and awards, through the operations that real people use."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from itertools import count
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.db import transaction

from cms.models import WorkshopPage
from lms.accounts.models import User
from lms.agencies import operations as agencies
from lms.agencies.models import Agency
from lms.certificates import operations as certificates
from lms.certificates import reports
from lms.certificates.models import Award, AwardState
from lms.certificates.rules import Deed
from lms.courses import tasks
from lms.courses.models import Course
from lms.demo import (
    after,
    company,
    dates,
    enrolments,
    learning,
    notes,
    packages,
    papers,
    pathway,
    people,
    series,
    talks,
    together,
)
from lms.demo.dates import DemoSession
from lms.demo.people import DemoPerson
from lms.webinars import operations as webinars
from lms.webinars.models import Booking, Session, SessionKind, Where

LONDON = ZoneInfo("Europe/London")
A_MONTH = timedelta(days=30)
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
        say("a package made elsewhere")
        packages.make(agency=Agency.objects.get(slug="fellside"), trainer=person("trainer"), now=now)
        packages.show_in_lesson()
        say("learning")
        make_learning(now)
        # by then the course is compiled with it
        transaction.on_commit(partial(packages.begin, learner=person("adopter"), now=now))
        company.make(person=person, now=now)
        say("groups, invitations and requests")
        enrolments.make(agency=Agency.objects.get(slug="fellside"), person=person, now=now)
        say("the group leaders' pathway")
        make_pathway(now)
        say("certificates")
        papers.make()
        make_awards(now)
    tasks.recount_overdue(now=now)  # as the worker would once it is there: the first look finds all at rest


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
    ahead = [_session(demo, number=next(number), now=now) for demo in dates.SESSIONS]
    after.ask_ahead(ahead[0], asker=person("single"), now=now)
    long_ago = now + timedelta(days=dates.PAST.days - 10)
    series.make(person=person, now=now)
    past = _session(dates.PAST, number=next(number), now=now, said_at=long_ago)
    rows = Booking.objects.unscoped(because="the demo's own register").filter(session=past)
    marks = {row.pk: dates.WERE_THERE[row.person.email.split("@")[0]] for row in rows.select_related("person")}
    part = past.parts.get()
    there = {row.person_id: dates.MINUTES_THERE for row in rows if marks[row.pk] == "present"}
    webinars.note_stays(about=past.uuid, number=part.number, minutes=there, now=part.ends_at)
    webinars.mark_attendance(session=past, part=part, marks=marks, actor=person(dates.PAST.runs), now=part.ends_at)
    after.add(past, asker=person("hannah"), trainer=person(dates.PAST.runs), now=now)


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
        only_for=demo.only_for,
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
        ("tidewater.adopter", "looking-after-you", None),
    ):
        learning.walk(person(address), Course.objects.get(slug=slug), lessons=lessons, now=weeks_ago)
    course, fellside = Course.objects.get(slug="therapeutic-parenting"), Agency.objects.get(slug="fellside")
    notes.write(person("adopter"), course, reader=person("trainer"), agency=fellside, now=now)
    together.make(person=person, now=now)


def make_pathway(now: datetime) -> None:
    """Make the group leaders' pathway; one leads, one is nearly there, one came to its end two years ago."""
    pathway.make(person=person, attend=_attend, now=now)
    series.propose(person=person, now=now)


def _attend(address: str, now: datetime) -> None:
    """Let somebody come to both skills days, the last of them two days before ``now``."""
    session = _session(replace(dates.SKILLS, days=-9, booked=(address,)), number=99, now=now, said_at=now - A_MONTH)
    marks = {Booking.objects.owned_by(person(address)).get(session=session).pk: "present"}
    for part in session.parts.all():
        webinars.mark_attendance(session=session, part=part, marks=marks, actor=person("jo"), now=part.ends_at)


def make_awards(now: datetime) -> None:
    """Give what was earned, as no worker has yet, and claim it: neutral, full, withdrawn, one that has run out.

    Nobody has had one before: a name is known once its owner has written it on the first.
    """
    names = dict(User.objects.exclude(certificate_name="").values_list("pk", "certificate_name"))
    User.objects.update(certificate_name="")
    _look_at_each("tidewater", now)
    for pk in reports.rounds_without_award():
        certificates.issue_for_round(round_id=pk, now=now)
    for pk in reports.bookings_without_award():
        certificates.issue_for_booking(booking_id=pk, now=now)
    for award in Award.objects.unscoped(because="the demo's own awards").select_related("person").order_by("pk"):
        holder = award.person
        is_staged = award.state == AwardState.STAGED
        if holder is None or is_staged or holder == person("leader"):  # hers waits, for her to write her name
            continue
        neutral = holder != person("single")
        claimed = certificates.claim(
            award=award, holder=holder, name=names[holder.pk], is_neutral=neutral, now=award.issued_at
        )
        if holder == person("hannah"):
            reason = "Given by mistake (demo)."
            certificates.decide(award=claimed, deed=Deed.WITHDRAW, actor=person("safeguarding"), reason=reason, now=now)


def _look_at_each(slug: str, now: datetime) -> None:
    """Let an agency look at each certificate before it's given."""
    agency, actor = Agency.objects.get(slug=slug), person(slug)
    certificates.settle_terms(agency=agency, approves=True, by_hand=True, grace_days=30, actor=actor, now=now)
