"""A group that a leader proposed is run by them, for as long as their award holds."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from lms.agencies.models import Role
from lms.certificates.models import AwardState
from lms.webinars import operations
from tests.factories.agencies import StaffRoleFactory
from tests.factories.certificates import AwardFactory
from tests.factories.webinars import ROOM, START, adopter
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


def test_an_award_of_another_agency_opens_nothing_here(join, leader):
    AwardFactory(leader=True, person=leader)
    assert join().status_code == 404


def test_a_leader_does_not_run_what_others_run(client, leader, award, group, at, session):
    at(START - timedelta(minutes=25))
    client.force_login(leader)
    assert client.get(reverse("webinars:join", args=[session.uuid])).status_code == 404
