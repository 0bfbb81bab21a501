"""Awards and pathways, and the rounds and bookings that they are earned by."""

from datetime import UTC, date, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from lms.certificates import operations, rules
from lms.certificates.models import (
    ROLE_KINDS,
    Award,
    AwardKind,
    AwardState,
    Badge,
    LogEntry,
    Pathway,
    PathwayRecord,
    Requirement,
    RequirementGroup,
    RequirementKind,
)
from lms.courses.models import Course, Round
from lms.webinars.models import Attendance, Booking, BookingState, Session, SessionState, Verdict
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory
from tests.factories.courses import EnrolmentFactory, course_of, plain_outline
from tests.factories.webinars import SessionFactory

EARNED = datetime(2026, 1, 18, 20, 15, tzinfo=UTC)
NAME = "Samira Adeyemi-Bŵen"
COLOURS = {"accent": "#6f2453", "mid": "#b86797", "tint": "#fcebf3"}


class AwardFactory(DjangoModelFactory):
    """A claimed certificate of a course; ``waiting`` ones are still to be claimed."""

    class Meta:
        model = Award

    class Params:
        waiting = factory.Trait(state=AwardState.WAITING, name="")
        staged = factory.Trait(state=AwardState.STAGED, name="")
        leader = factory.Trait(kind=AwardKind.LEADER, title="Support group leader", valid_until=date(2028, 1, 18))

    code = factory.LazyFunction(rules.new_code)
    kind = AwardKind.COMPLETION
    earned_by = factory.Sequence(lambda n: f"round:{900_000 + n}")
    person = factory.SubFactory(PersonFactory)
    agency = factory.SubFactory(AgencyFactory)
    issuer = factory.LazyAttribute(lambda award: award.agency.name if award.agency else "Hearth")
    name = NAME
    title = "Therapeutic parenting: first steps"
    neutral_title = "Warmth and structure at home"
    earned_on = date(2026, 1, 18)
    issued_at = EARNED
    state = AwardState.ACTIVE
    says = factory.LazyFunction(
        lambda: {
            "minutes": 135,
            "lessons": 9,
            "version": 1,
            "learned": ["Staying steady when a child can't", "Repairing after a hard moment"],
            "signatories": [{"name": "Llŷr Morgan", "role": "Trainer"}],
            "statement": rules.STATEMENTS["completion"].format(hours="2 hours 15 minutes"),
            "colours": COLOURS,
        }
    )


class BadgeFactory(DjangoModelFactory):
    """A badge that the holder of a certificate has asked for."""

    class Meta:
        model = Badge

    award = factory.SubFactory(AwardFactory)
    place = factory.Sequence(lambda n: 4242 + n)
    made_at = EARNED


def completed_round(*, at: datetime = EARNED, course: Course | None = None, **enrolment) -> Round:
    """A time through a course that came to its end."""
    course = course or course_of(plain_outline())
    enrolled = EnrolmentFactory(course=course, state="completed", **enrolment)
    latest = course.latest
    return Round.objects.create(
        enrolment=enrolled,
        version=latest,
        counted_with=latest,
        required_total=latest.required_total,
        required_done=latest.required_total,
        started_at=at - timedelta(days=20),
        last_seen_at=at,
        completed_at=at,
        completed_version=latest,
    )


class PastSessionFactory(SessionFactory):
    """A session of 90 minutes that ended when everything here was earned."""

    title = "Staying in touch with birth family"
    starts_at = EARNED - timedelta(minutes=90)
    state = SessionState.ENDED


def attended(*, session: Session | None = None, state: str = BookingState.ATTENDED, **booking) -> Booking:
    """A booking whose register says what ``state`` says."""
    session = session or PastSessionFactory()
    made = Booking.objects.create(
        session=session,
        person=booking.pop("person", None) or PersonFactory(),
        state=state,
        booked_at=session.created_at,
        **booking,
    )
    verdict = Verdict.PRESENT if state == BookingState.ATTENDED else Verdict.ABSENT
    for part in session.parts.all():
        Attendance.objects.create(booking=made, part=part, verdict=verdict, decided_at=EARNED)
    return made


class PathwayFactory(DjangoModelFactory):
    class Meta:
        model = Pathway
        django_get_or_create = ("slug",)

    slug = "group-leader"
    title = "Support group leader"
    neutral_title = "Peer group facilitation"


class GroupFactory(DjangoModelFactory):
    """All of its steps are asked, in any order, unless said otherwise."""

    class Meta:
        model = RequirementGroup
        django_get_or_create = ("pathway", "key")

    pathway = factory.SubFactory(PathwayFactory)
    key = "steps"


class RequirementFactory(DjangoModelFactory):
    """A step that a coordinator signs, unless said otherwise; of the one group of a pathway, unless given another."""

    class Meta:
        model = Requirement
        exclude = ("pathway",)

    pathway = factory.SubFactory(PathwayFactory)
    group = factory.SubFactory(GroupFactory, pathway=factory.SelfAttribute("..pathway"))
    key = factory.Sequence(lambda n: f"step-{n}")
    order = factory.Sequence(lambda n: n + 1)
    kind = RequirementKind.SIGN_OFF
    title = "A conversation with your link worker"
    role = factory.LazyAttribute(lambda step: "coordinator" if step.kind in ROLE_KINDS else "")
    needed = factory.LazyAttribute(lambda step: 0 if step.kind == RequirementKind.SESSION else 1)


class PathwayRecordFactory(DjangoModelFactory):
    class Meta:
        model = PathwayRecord

    pathway = factory.SubFactory(PathwayFactory)
    person = factory.SubFactory(PersonFactory)
    agency = factory.SubFactory(AgencyFactory)
    started_at = EARNED - timedelta(days=60)


class LogEntryFactory(DjangoModelFactory):
    """A note of practice, its writer's alone."""

    class Meta:
        model = LogEntry

    record = factory.SubFactory(PathwayRecordFactory)
    requirement = factory.SubFactory(
        RequirementFactory, kind=RequirementKind.LOG, pathway=factory.SelfAttribute("..record.pathway")
    )
    happened_on = date(2026, 1, 10)
    body = "We began with the agreement."
    created_at = EARNED
    updated_at = EARNED


def claimed(award: Award, *, name: str = NAME, is_neutral: bool = False, now: datetime = EARNED) -> Award:
    """The same award once its holder has claimed it."""
    return operations.claim(award=award, holder=award.person, name=name, is_neutral=is_neutral, now=now)
