"""A group that a leader proposed is run by them, for as long as their award holds."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from lms.agencies.models import Role
from lms.certificates.models import AwardState
from lms.outbox.models import Message
from lms.webinars import operations
from lms.webinars.access import who_decides
from lms.webinars.models import Session
from tests.factories.agencies import StaffRoleFactory
from tests.factories.certificates import AwardFactory
from tests.factories.meetings import RoomFactory
from tests.factories.webinars import ROOM, START, BookingFactory, adopter
from tests.webinars import plans

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(db):
    return adopter(display_name="Ruth")


@pytest.fixture
def group(leader, now):
    coordinator = StaffRoleFactory(role=Role.COORDINATOR)
    plan = plans.plan(facilitator=leader, kind="group")
    session = operations.propose_session(plan=plan, agency=coordinator.agency, proposer=leader, now=now)
    return operations.approve_proposal(session=session, actor=coordinator.person, now=now)


@pytest.fixture
def award(leader, group):
    return AwardFactory(leader=True, person=leader, agency=group.agency)


@pytest.fixture
def join(client, leader, group, at):
    def go():
        at(START - timedelta(minutes=25))
        client.force_login(leader)
        return client.get(reverse("webinars:join", args=[group.uuid]))

    return go


def test_a_leader_goes_into_the_room_early(join, award):
    assert join()["Location"] == ROOM


@pytest.mark.parametrize(
    "change",
    [
        {"state": AwardState.SUSPENDED},
        {"state": AwardState.WITHDRAWN},
        {"valid_until": date(2026, 3, 11)},
    ],
)
def test_an_award_on_hold_or_over_closes_the_door_at_once(join, award, change):
    type(award).objects.unscoped(because="a test").filter(pk=award.pk).update(**change)
    assert join().status_code == 404


def test_a_leader_whose_room_is_not_there_is_not_sent_to_the_desk(client, leader, award, group, at):
    room = RoomFactory(about=group.uuid, starts_at=START, trouble="away")
    Session.objects.unscoped(because="a test").filter(pk=group.pk).update(room_by="agency")
    at(room.opens_at)
    client.force_login(leader)
    page = client.get(reverse("webinars:join", args=[group.uuid])).content.decode()
    assert "can&#x27;t be reached" in page
    assert reverse("webinars:desk_edit", args=[group.uuid]) not in page


def test_what_is_asked_of_a_group_goes_to_who_can_open_it(group, leader, award, now):
    person = BookingFactory(session=group).person
    operations.ask(session=group, person=person, words="Is there parking?", now=now)
    told = Message.objects.filter(kind="question_waits").values_list("person_id", flat=True)
    assert set(told) == set(who_decides(group.agency).values_list("pk", flat=True)) - {leader.pk}


def test_an_award_of_another_agency_opens_nothing_here(join, leader):
    AwardFactory(leader=True, person=leader)
    assert join().status_code == 404


def test_a_leader_does_not_run_what_others_run(client, leader, award, group, at, session):
    at(START - timedelta(minutes=25))
    client.force_login(leader)
    assert client.get(reverse("webinars:join", args=[session.uuid])).status_code == 404
