"""The desk shows what waits for this member of staff, of their own agency, and how the house runs."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from lms.common.jobs import WORKER
from lms.common.models import Heartbeat
from lms.courses.models import EnrolmentState
from lms.outbox.models import Message, State
from lms.webinars.models import BookingState
from tests.certificates.reading import words
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory, StaffRoleFactory
from tests.factories.certificates import AwardFactory, PathwayRecordFactory, RequirementFactory
from tests.factories.courses import EnrolmentFactory
from tests.factories.portfolio import SharedEntryFactory
from tests.factories.webinars import START, BookingFactory, FacilitatorFactory, QuestionFactory, SessionFactory

pytestmark = pytest.mark.django_db
DESK = "/desk/"


@pytest.fixture(autouse=True)
def _the_day_of_the_session():
    with time_machine.travel("2026-03-12 09:00+00:00", tick=False):
        Heartbeat.beat(name=WORKER, now=timezone.now())
        yield


@pytest.fixture
def agency():
    return AgencyFactory(name="Fellside")


def desk(client, agency, role="coordinator"):
    person = StaffRoleFactory(agency=agency, role=role).person
    client.force_login(person)
    return client.get(DESK)


def test_todays_sessions_come_before_the_next(client, agency):
    SessionFactory(agency=agency, title="Tonight", places_taken=3)
    SessionFactory(agency=agency, title="Next week", starts_at=START + timedelta(days=7))
    SessionFactory(title="Canary of another agency")
    said = words(desk(client, agency))
    assert said.index("Today Thu 12 Mar") < said.index("Tonight") < said.index("Next week")
    assert "3 of 12 booked" in said
    assert "Canary" not in said
    assert "rooms-canary" not in client.get(DESK).content.decode()


def test_a_trainer_sees_the_sessions_they_run(client, agency):
    SessionFactory(agency=agency, title="Canary somebody else's")
    trainer = StaffRoleFactory(agency=agency, role="trainer").person
    FacilitatorFactory(session=SessionFactory(agency=agency, title="Mine"), person=trainer)
    client.force_login(trainer)
    said = words(client.get(DESK))
    assert "Mine" in said
    assert "Canary" not in said


@pytest.mark.parametrize(
    ("state", "days", "waits"),
    [
        (BookingState.BOOKED, 1, True),
        (BookingState.ATTENDED, 1, False),
        (BookingState.CANCELLED, 1, False),
        (BookingState.BOOKED, -1, False),
    ],
)
def test_a_register_waits_while_somebody_booked_is_not_marked(client, agency, state, days, waits):
    session = SessionFactory(agency=agency, starts_at=START - timedelta(days=days))
    BookingFactory(session=session, state=state)
    assert ("Registers to mark" in words(desk(client, agency))) == waits


def test_a_register_of_another_agency_does_not_wait_for_me(client, agency):
    BookingFactory(session=SessionFactory(starts_at=START - timedelta(days=1)))
    assert "Registers to mark" not in words(desk(client, agency))


def test_people_who_wait_to_be_confirmed_are_counted_for_those_who_confirm(client, agency):
    MembershipFactory.create_batch(2, agency=agency, asked=True)
    MembershipFactory(asked=True)
    for role in ("coordinator", "manager"):
        said = words(desk(client, agency, role))
        assert "2 people wait to be confirmed" in said
        assert "The first asked on Monday 5 January" in said
    assert "to be confirmed" not in words(desk(client, agency, "trainer"))


def test_signatures_wait_for_those_who_sign(client, agency):
    record = PathwayRecordFactory(agency=agency, person__display_name="Carys")
    RequirementFactory(pathway=record.pathway, title="A conversation")
    other = PathwayRecordFactory(pathway=record.pathway, person__display_name="Canary")
    assert other.agency != agency
    said = words(desk(client, agency))
    assert "Carys : A conversation" in said
    assert "Canary" not in said
    assert "No step waits for your signature" in words(desk(client, agency, "manager"))


def test_only_the_safeguarding_lead_is_led_to_the_certificates(client, agency):
    link = 'href="/desk/certificates/"'
    assert link in desk(client, agency, "safeguarding_lead").content.decode()
    assert link not in desk(client, agency).content.decode()


@pytest.mark.parametrize(
    ("role", "links"),
    [
        ("coordinator", {"looks", "by-hand"}),
        ("manager", {"looks", "by-hand", "settings"}),
        ("safeguarding_lead", {"looks"}),
        ("trainer", set()),
    ],
)
def test_each_role_is_led_to_what_it_may_do_with_certificates(client, agency, role, links):
    page = desk(client, agency, role).content.decode()
    assert set(re.findall('href="/desk/certificates/([a-z-]+)/"', page)) == links


def test_what_waits_for_a_look_is_counted_for_ones_own_agency(client, agency):
    AwardFactory(staged=True, agency=agency)
    AwardFactory(staged=True)
    assert "1 certificate waits for a look" in words(desk(client, agency, "coordinator"))


def test_what_families_ask_and_show_is_counted_for_who_answers(client, agency):
    reader = StaffRoleFactory(agency=agency, role="coordinator").person
    for ours in (agency, AgencyFactory()):
        QuestionFactory(session=SessionFactory(agency=ours))
        EnrolmentFactory(agency=ours, state=EnrolmentState.REQUESTED)
    SharedEntryFactory(agency=agency, reader=reader)
    SharedEntryFactory(agency=agency, reader=reader, read_at=timezone.now())
    client.force_login(reader)
    said = words(client.get(DESK))
    for waits in ("1 question waits for an answer", "1 person asks to join a course", "1 note is new to you"):
        assert waits in said
    assert "Nothing is waiting" not in said
    assert "Nothing is waiting" in words(desk(client, agency, "trainer"))


def test_a_quiet_day_is_said(client, agency):
    assert "Nothing is waiting for you today" in words(desk(client, agency))


def test_a_silent_worker_is_told_in_plain_words(client, agency):
    with time_machine.travel("2026-03-12 09:05+00:00", tick=False):
        assert "silent" not in words(desk(client, agency))
    with time_machine.travel("2026-03-12 09:12+00:00", tick=False):
        said = words(desk(client, agency))
    assert "has been silent for 12 minutes" in said
    assert "Nothing is lost" in said


def test_a_worker_that_never_spoke_is_told_too(client, agency):
    Heartbeat.objects.all().delete()
    assert "silent since it was set up" in words(desk(client, agency))


def test_letters_that_could_not_be_sent_are_counted_without_saying_whose(client, agency):
    for n in range(2):
        Message.objects.create(
            kind="x",
            once=str(n),
            address="canary@example.org",
            subject="canary",
            text="canary",
            state=State.FAILED,
            created_at=timezone.now(),
            not_before=timezone.now(),
        )
    page = desk(client, agency)
    assert "2 e-mails were given up" in words(page)
    assert "canary" not in page.content.decode()


def test_certificates_that_could_not_be_made_are_counted_without_saying_whose(client, agency):
    AwardFactory(render_attempts=5, name="Canary Surname")
    page = desk(client, agency)
    assert "1 certificate was given up" in words(page)
    assert "Canary" not in page.content.decode()


@pytest.mark.parametrize("role", ["editor", "administrator", None])
def test_to_others_the_desk_does_not_exist(client, role):
    person = StaffRoleFactory(agency=None, role=role).person if role else PersonFactory()
    client.force_login(person)
    assert client.get(DESK).status_code == 404


def test_strangers_are_asked_to_sign_in(client):
    assert client.get(DESK)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("many", [1, 12])
def test_it_costs_the_same_however_much_there_is(client, agency, django_assert_num_queries, many):
    for n in range(many):
        BookingFactory(session=SessionFactory(agency=agency, starts_at=START + timedelta(days=n)))
        BookingFactory(session=SessionFactory(agency=agency, starts_at=START - timedelta(days=n + 1)))
        MembershipFactory(agency=agency, asked=True)
        record = PathwayRecordFactory(agency=agency)
        RequirementFactory(pathway=record.pathway)
    desk(client, agency)
    with django_assert_num_queries(25):  # one asks for rooms in trouble, one for certificates that wait for a look
        client.get(DESK)
