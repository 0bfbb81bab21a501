"""Two agencies with the same things in each, and one of every kind of person, for trying every address with."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from lms.accounts.models import User
from lms.agencies.models import Agency, Role
from lms.certificates.models import Statement
from lms.courses import operations as courses
from lms.courses.models import Course, Enrolment, Reflection, SelfCheck
from lms.packages import operations as packages
from lms.webinars.models import SessionState
from tests.factories.accounts import AdministratorFactory, PersonFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory, StaffRoleFactory
from tests.factories.certificates import (
    AwardFactory,
    BadgeFactory,
    LogEntryFactory,
    PathwayRecordFactory,
    RequirementFactory,
)
from tests.factories.cms import SelfCheckPageFactory, SiteTree
from tests.factories.consultations import QueuePlaceFactory, SlotFactory, SurgeryFactory
from tests.factories.courses import (
    BEFORE,
    CohortFactory,
    CourseInvitationFactory,
    EnrolmentFactory,
    PeopleListFactory,
    ReflectionFactory,
    SelfCheckFactory,
    course_of,
    lesson_of,
    module_of,
    outline_of,
    plain_outline,
    reflection_item,
    text_item,
    tried,
)
from tests.factories.packages import attempt_of, package_of
from tests.factories.portfolio import PaperFactory, SharedEntryFactory
from tests.factories.sharing import some_arrival, some_course
from tests.factories.together import BothHereFactory
from tests.factories.webinars import (
    BookingFactory,
    FacilitatorFactory,
    QuestionFactory,
    RecordingFactory,
    SeriesFactory,
    SessionFactory,
)
from tests.trust.doors import with_code_app
from tests.trust.softkey import SoftKey

AGENCY_ROLES = (Role.TRAINER, Role.COORDINATOR, Role.MANAGER, Role.SAFEGUARDING_LEAD)
NEXT_YEAR = datetime(2099, 3, 12, 19, 30, tzinfo=UTC)


@dataclass
class Side:
    """One agency, an adopter of it, and what hangs on the two."""

    agency: Agency
    adopter: User
    membership: Any
    asks: Any
    role: Any
    session: Any
    proposal: Any
    booking: Any
    question: Any
    recording: Any
    award: Any
    staged: Any
    requirement: Any
    record: Any
    entry: Any
    reflection: Any
    plan_line: Any
    shown: Any
    own_paper: Any
    tried: Any
    passkey: Any
    enrolment: Any
    cohort: Any
    invitation: Any
    people_list: Any
    slot: Any
    package: Any
    attempt: Any
    opened: Any
    written: Any
    queue: Any
    together: Any


def _passkey(person: User) -> Authenticator:
    asked = {"publicKey": {"user": {"id": "MQ"}, "challenge": "Y2hhbGxlbmdl"}}
    data = {"name": "Phone", "credential": json.loads(SoftKey().make(asked))}
    return Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data)


def _writes(person: User, name: str) -> tuple[Course, Reflection]:
    """Somebody who has written in a course of their own: a reflection, and a few words to a question."""
    prompt, question = reflection_item(), text_item()
    course = course_of(outline_of(module_of(lesson_of(prompt, question)), slug=f"written-{name}"))
    courses.enrol(person=person, course=course, now=BEFORE)
    who: dict[str, Any] = {"learner": person, "course": course.identity, "now": BEFORE}
    courses.save_reflection(item=prompt.id, body=f"canary {name} she hummed all the way home", **who)
    said = [f"canary {name} I would sit down beside her"]
    courses.answer_question(item=question.id, chosen=said, client_id=uuid.uuid4(), **who)
    SelfCheckFactory(person=person)
    return course, Reflection.objects.owned_by(person).get(item=prompt.id)


def _tells(attempt: Any, agency: Agency) -> Enrolment:
    """What somebody typed into a package, as it tells it, on a course where their agency sees how far they are."""
    cmi = {"suspend_data": f"canary {agency.slug} what was typed in a package"}
    told = packages.Told(attempt.launch, attempt.part, 1, cmi, is_finished=False)
    packages.keep(attempt_id=attempt.pk, told=told, now=BEFORE)
    rows = Enrolment.objects.owned_by(attempt.person).filter(course__identity=attempt.course)
    rows.update(agency=agency)
    found: Enrolment = rows.get()
    return found


def _side(trainer: User, course: Any, agency: Agency) -> Side:
    adopter = PersonFactory()
    series = SeriesFactory(agency=agency)
    session = SessionFactory(agency=agency, created_by=trainer, starts_at=NEXT_YEAR, series=series, series_position=1)
    FacilitatorFactory(session=session, person=trainer)
    FacilitatorFactory(session=session, person=adopter)
    AwardFactory(leader=True, person=adopter, agency=agency, valid_until=NEXT_YEAR.date())
    requirement = RequirementFactory(role=Role.COORDINATOR)
    steps = {kind: RequirementFactory(kind=kind, pathway=requirement.group.pathway) for kind in ("log", "statement")}
    record = PathwayRecordFactory(person=adopter, agency=agency, pathway=requirement.group.pathway, supervisor=trainer)
    hours = SurgeryFactory(agency=agency, worker=trainer, starts_at=NEXT_YEAR)
    package = package_of(agency=agency)
    queue = SurgeryFactory(agency=agency, worker=trainer, starts_at=NEXT_YEAR + timedelta(days=1), queue=True)
    QueuePlaceFactory(surgery=queue, person=adopter, called=True, reason=f"canary {agency.slug} we cannot sleep")
    written, reflection = _writes(adopter, agency.slug)
    attempt = attempt_of(package, adopter)
    opened = _tells(attempt, agency)
    said = {"record": record, "updated_at": BEFORE, "requirement": steps["statement"]}
    Statement.objects.create(body=f"canary {agency.slug} a statement in draft", **said)
    return Side(
        agency=agency,
        adopter=adopter,
        membership=MembershipFactory(person=adopter, agency=agency),
        asks=MembershipFactory(agency=agency, asked=True),
        role=StaffRoleFactory(agency=agency, role=Role.TRAINER),
        session=session,
        proposal=SessionFactory(agency=agency, starts_at=NEXT_YEAR, state=SessionState.PROPOSED),
        booking=BookingFactory(
            session=session, person=adopter, access_needs=f"canary {agency.slug} a seat beside the door"
        ),
        question=QuestionFactory(session=session, asked_by=adopter),
        recording=RecordingFactory(session=session),
        award=BadgeFactory(award__person=adopter, award__agency=agency).award,
        staged=AwardFactory(staged=True, person=adopter, agency=agency),
        requirement=requirement,
        record=record,
        entry=LogEntryFactory(
            record=record, requirement=steps["log"], body=f"canary {agency.slug} we began with the agreement"
        ),
        reflection=reflection,
        plan_line=ReflectionFactory(person=adopter, field=1),
        shown=SharedEntryFactory(entry=reflection, reader=trainer, agency=agency),
        own_paper=PaperFactory(person=adopter),
        tried=tried(adopter),
        passkey=_passkey(adopter),
        enrolment=EnrolmentFactory(person=adopter, course=course, agency=agency),
        cohort=CohortFactory(agency=agency, course=course),
        invitation=CourseInvitationFactory(agency=agency, course=course),
        people_list=PeopleListFactory(agency=agency, course=course),
        slot=SlotFactory(surgery=hours, booked_by=adopter, reason=f"canary {agency.slug} a letter has come"),
        queue=queue,
        together=BothHereFactory(reader=adopter),
        package=package,
        attempt=attempt,
        opened=opened,
        written=written,
    )


class World:
    """``own`` is the agency of all staff but the outsider, and its adopter owns; ``foreign`` is the other."""

    def __init__(self) -> None:
        SelfCheckPageFactory(parent=SiteTree().home)
        here, there = AgencyFactory(), AgencyFactory()
        staff = {role.value: StaffRoleFactory(agency=here, role=role).person for role in AGENCY_ROLES}
        outsider = PersonFactory()
        for role in AGENCY_ROLES:
            StaffRoleFactory(person=outsider, agency=there, role=role)
        course = course_of(plain_outline())
        self.course = course
        self.own = _side(staff["trainer"], course, here)
        self.foreign = _side(outsider, course, there)
        self.people: dict[str, User | None] = {
            "anonymous": None,
            "reader": self.own.together.link.person,  # the adopter's partner, who may open nothing of theirs
            "adopter": self.own.adopter,
            **staff,
            "outsider": outsider,
            "editor": StaffRoleFactory(platform=True, role=Role.EDITOR).person,
            "administrator": StaffRoleFactory(platform=True, role=Role.ADMINISTRATOR).person,
            "superuser": AdministratorFactory(),
        }
        for person in filter(None, self.people.values()):
            with_code_app(person)
            RecoveryCodes.activate(person)


DASHES_OF_A_UUID = 4
FIXED = {"form"}  # parts of an address that say how, not what
Told = dict[str, Any]
Place = Callable[[Side], Told]
NO_UUID, NO_NUMBER = uuid.UUID(int=0), 987_654_321


def _session(side: Side) -> Told:
    return {"uuid": side.session.uuid}


def _queue(side: Side) -> Told:
    return {"uuid": side.queue.uuid}


def _record(side: Side) -> Told:
    return {"uuid": side.record.uuid}


def _award(side: Side) -> Told:
    return {"uuid": side.award.uuid}


def _item(side: Side) -> Told:
    outline = side.enrolment.course.latest.outline
    lesson = outline["modules"][0]["lessons"][0]
    return {"course": side.enrolment.course.identity, "item": lesson["items"][0]["id"]}


def _note(side: Side) -> Told:
    return {"note": side.reflection.uuid}


def _self_check(side: Side) -> Told:
    return {"check": SelfCheck.objects.owned_by(side.adopter).get().uuid}


def _check(side: Side) -> Told:
    return {"course": side.tried.round.enrolment.course.identity, "item": side.tried.item}


def _question(side: Side) -> Told:
    *_, last = side.written.latest.outline["modules"][0]["lessons"][0]["items"]
    return {"course": side.written.identity, "item": last["id"]}


def _tried_course(side: Side) -> Told:
    return {"course": side.tried.round.enrolment.course.identity}


def _try(side: Side) -> Told:
    return {**_check(side), "number": side.tried.number}


# What an address must be told, to mean something of one side. By name, or by the beginning of it; the first that fits.
PLACES: dict[str, Place] = {
    "agencies:take_role": lambda side: {"pk": side.role.pk},
    "agencies:revoke": lambda side: {"pk": side.membership.pk},
    "agencies:invitation": lambda side: {"secret": "guessed"},
    "agencies:": lambda side: {"pk": side.asks.pk},
    "outbox:stop": lambda side: {"token": "guessed"},
    "accounts:download": lambda side: {"form": "json"},
    "mfa_": lambda side: {"pk": side.passkey.pk},
    "webinars:workshop": lambda side: {"slug": "none"},
    "webinars:feedback": _session,
    "webinars:feed": lambda side: {"token": "guessed"},
    "webinars:partner": lambda side: {"secret": "guessed"},
    "webinars:desk_remove": lambda side: {"uuid": side.session.uuid, "booking": side.booking.uuid},
    "webinars:desk_move": lambda side: {"uuid": side.session.uuid, "booking": side.booking.uuid},
    "webinars:watch": lambda side: {"uuid": side.session.uuid, "recording": side.recording.uuid},
    "webinars:desk_change_recording": lambda side: {"uuid": side.session.uuid, "recording": side.recording.uuid},
    "webinars:desk_answer": lambda side: {"uuid": side.session.uuid, "question": side.question.uuid},
    "webinars:desk_series": lambda side: {"uuid": side.session.series.uuid},
    "webinars:desk_proposal": lambda side: {"uuid": side.proposal.uuid},
    "webinars:desk_approve": lambda side: {"uuid": side.proposal.uuid},
    "webinars:desk_decline": lambda side: {"uuid": side.proposal.uuid},
    "webinars:": _session,
    "meetings:": _session,
    "certificates:check": lambda side: {"typed": side.award.code},
    "certificates:leading_register": _session,
    "certificates:pathway_entry": lambda side: {"uuid": side.entry.uuid},
    "certificates:pathway_ready": lambda side: {
        "slug": side.record.pathway.slug,
        "requirement": side.record.pathway.groups.get().requirements.first().pk,  # one way for both sides
    },
    **{f"certificates:desk_{deed}": _record for deed in ("appoint", "transfer", "go", "supervise")},
    "certificates:about_pathway": lambda side: {"slug": side.record.pathway.slug},
    "certificates:begin_pathway": lambda side: {"slug": side.record.pathway.slug},
    "certificates:pathway": lambda side: {"slug": side.record.pathway.slug},
    "certificates:desk_sign": lambda side: {"uuid": side.record.uuid, "requirement": side.requirement.pk},
    "certificates:desk_pathway": lambda side: {"uuid": side.record.uuid},
    "certificates:desk_approval": lambda side: {"uuid": side.staged.uuid},
    "certificates:desk_register": _session,
    "certificates:badge_file": lambda side: {**_award(side), "form": "png"},
    "certificates:badge_status": lambda side: {"purpose": "revocation"},
    "certificates:": _award,
    "consultations:desk_settle": lambda side: {"uuid": side.slot.uuid},
    "consultations:desk_queue": _queue,
    "consultations:desk_": lambda side: {"uuid": side.slot.surgery.uuid},
    "consultations:queue": _queue,
    "consultations:": lambda side: {"uuid": side.slot.uuid},
    "packages:launch": lambda side: {
        "course": side.attempt.course,
        "item": side.attempt.item,
        "package": side.package.uuid,
    },
    "packages:desk_reported": lambda side: {"enrolment": side.opened.uuid},
    "packages:": lambda side: {"uuid": side.package.uuid},
    "sharing:save": lambda _side: some_course(),
    "sharing:": lambda _side: some_arrival(),
    "statements:desk_person": lambda side: {"enrolment": side.enrolment.uuid},
    "statements:desk_group": lambda side: {"cohort": side.cohort.uuid},
    "portfolio:workbook": lambda side: {"course": side.written.identity},
    "portfolio:make_workbook": lambda side: {"course": side.written.identity},
    "portfolio:share": _note,
    "portfolio:day": lambda side: {"note": side.plan_line.uuid},
    "portfolio:forget_day": lambda side: {"note": side.plan_line.uuid},
    "portfolio:withdraw": lambda side: {"shared": side.shown.uuid},
    "portfolio:desk_": lambda side: {"shared": side.shown.uuid},
    "portfolio:": lambda side: {"paper": side.own_paper.uuid},
    "partners:answer": lambda side: {"ask": NO_UUID},
    "together:answer": lambda side: {"mark": side.together.uuid},
    "together:": _item,
    "courses:course": lambda side: {"course": "none"},
    "courses:module": lambda side: {"course": "none", "module": "none"},
    "courses:lesson": lambda side: {"course": "none", "module": "none", "lesson": "none"},
    "courses:enrol": lambda side: {"course": side.enrolment.course.identity},
    "courses:leave": lambda side: {"course": side.enrolment.course.identity},
    "courses:leave_out": lambda side: {"course": side.enrolment.course.identity},
    "courses:one_note": _note,
    "courses:change_note": _note,
    "courses:delete_note": _note,
    "courses:settle_beside": _note,
    "courses:draft": _question,
    "courses:self_checked": _self_check,
    "courses:delete_self_check": _self_check,
    "courses:copy": _tried_course,
    "courses:copy_files": _tried_course,
    "courses:copy_lesson": lambda side: {**_tried_course(side), "lesson": side.tried.item},
    "courses:check_result": _try,
    "courses:save_check": _try,
    "courses:hand_in_check": _try,
    "courses:check": _check,
    "courses:begin_check": _check,
    "courses:desk_versions": lambda side: {"course": side.enrolment.course.pk},
    "courses:desk_questions": lambda side: {"course": side.enrolment.course.pk},
    "courses:desk_compared": lambda side: {"course": side.enrolment.course.pk, "number": 1},
    "courses:desk_person": lambda side: {"enrolment": side.enrolment.uuid},
    "courses:desk_mark": lambda side: {"enrolment": side.enrolment.uuid},
    "courses:desk_adjust": lambda side: {"enrolment": side.enrolment.uuid},
    **dict.fromkeys(
        (
            "courses:desk_enrolments",
            "courses:desk_invite",
            "courses:desk_send_list",
            "courses:desk_groups",
            "courses:desk_remind",
        ),
        lambda side: {"course": side.enrolment.course.pk},
    ),
    **dict.fromkeys(
        ("courses:desk_approve", "courses:desk_decline", "courses:desk_standing"),
        lambda side: {"enrolment": side.enrolment.uuid},
    ),
    "courses:desk_change": lambda side: {"enrolment": side.enrolment.uuid, "deed": "state"},
    "courses:desk_withdraw": lambda side: {"invitation": side.invitation.uuid},
    **dict.fromkeys(
        ("courses:desk_list", "courses:desk_do_list", "courses:desk_drop_list", "courses:desk_list_result"),
        lambda side: {"people": side.people_list.uuid},
    ),
    "courses:desk_group": lambda side: {"cohort": side.cohort.uuid},
    "courses:desk_export": lambda side: {"kind": "csv"},
    "courses:pause": lambda side: {"course": side.enrolment.course.identity},
    "courses:": _item,
    "words:topic": lambda side: {"slug": "none"},
    "words:card": lambda side: {"slug": "none"},
    "words:document": lambda side: {"number": 1, "name": "none.pdf"},
    "words:picture": lambda side: {"name": "none.png"},
    "common:mail": lambda side: {"name": "none", "number": 1},
    "wagtaildocs_authenticate": lambda side: {"restriction_id": 1},
    "wagtailcore_authenticate": lambda side: {"page_view_restriction_id": 1, "page_id": 1},
}


def told(name: str, side: Side) -> Told | None:
    """Return what the address ``name`` must be told to mean something of ``side``; None when nobody has said it."""
    place = PLACES.get(name) or next((place for start, place in PLACES.items() if name.startswith(start)), None)
    return place(side) if place else None


def missing(known: Told) -> Told:
    """Return the same with ids and words that belong to nothing."""
    return {key: value if key in FIXED else _none_like(value) for key, value in known.items()}


def _none_like(value: Any) -> Any:
    if isinstance(value, int):
        return NO_NUMBER
    return NO_UUID if isinstance(value, uuid.UUID) or value.count("-") == DASHES_OF_A_UUID else "none"
