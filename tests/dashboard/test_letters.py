"""Letters that could not be sent: who sees which, and what they can do."""

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.agencies.models import Role
from lms.audit.models import Entry
from lms.outbox.models import Message, State
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db
PAGE = "dashboard:letters"


@pytest.fixture
def agency(db):
    return AgencyFactory()


def stuck(person, state=State.FAILED, fault="smtp 550", **fields):
    now = timezone.now()
    facts = {"once": f"x:{person.pk}:{state}", "kind": "booking_confirmed", "subject": "canary subject"}
    facts |= {"text": "canary words", "created_at": now, "not_before": now, "state": state, "fault": fault}
    return Message.objects.create(person_id=person.pk, address=person.email, **{**facts, **fields})


@pytest.fixture
def mine(agency):
    return stuck(MembershipFactory(agency=agency).person)


@pytest.fixture
def theirs(db):
    return stuck(MembershipFactory(agency=AgencyFactory()).person)


def shown(client):
    return [letter.message for letter in client.get(reverse(PAGE)).context["letters"]]


def test_a_coordinator_sees_those_of_their_agency_s_people(client, agency, mine, theirs):
    client.force_login(StaffRoleFactory(agency=agency, role=Role.COORDINATOR).person)
    assert shown(client) == [mine]
    page = client.get(reverse(PAGE)).content.decode()
    assert "...@example.org" in page
    assert mine.address not in page
    assert "The address may be wrong" in page
    assert "canary words" not in page


def test_an_administrator_sees_all(client, mine, theirs):
    client.force_login(StaffRoleFactory(platform=True, role=Role.ADMINISTRATOR).person)
    assert shown(client) == [mine, theirs]
    page = client.get(reverse(PAGE)).content.decode()
    assert f'<a href="{reverse("dashboard:desk")}">' not in page  # they have none


def test_an_administrator_who_has_a_desk_is_led_there_from_it(client, agency, mine):
    trainer, both = (StaffRoleFactory(agency=agency, role=Role.TRAINER).person for _ in range(2))
    StaffRoleFactory(platform=True, role=Role.ADMINISTRATOR, person=both)
    for person, is_led in ((trainer, False), (both, True)):
        client.force_login(person)
        assert (reverse(PAGE) in client.get(reverse("dashboard:desk")).content.decode()) is is_led


@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.SENT, State.SUPPRESSED])
def test_what_needs_nobody_is_not_there(client, agency, state):
    sent_at = timezone.now() if state == State.SENT else None
    stuck(MembershipFactory(agency=agency).person, state=state, sent_at=sent_at)
    client.force_login(StaffRoleFactory(agency=agency, role=Role.MANAGER).person)
    assert shown(client) == []


@pytest.mark.parametrize(("press", "state"), [("again", State.QUEUED), ("leave", State.SUPPRESSED)])
def test_each_can_be_tried_again_or_left(client, agency, mine, press, state):
    client.force_login(StaffRoleFactory(agency=agency, role=Role.COORDINATOR).person)
    for _ in range(2):
        assert client.post(reverse(PAGE), {"letter": mine.pk, press: "1"}).status_code == 302
    mine.refresh_from_db()
    assert mine.state == state
    deeds = Entry.objects.filter(action__startswith="letter.", target=f"message:{mine.pk}")
    assert deeds.count() == 1


def test_one_that_is_sent_again_goes_to_the_address_that_somebody_has_now(client, agency, mine):
    of_the_account = stuck(mine_of(mine), kind="account", once="account:1")
    type(mine_of(mine)).objects.filter(pk=mine.person_id).update(email="new@example.org")
    client.force_login(StaffRoleFactory(agency=agency, role=Role.COORDINATOR).person)
    for letter in (mine, of_the_account):
        before = letter.address
        client.post(reverse(PAGE), {"letter": letter.pk, "again": "1"})
        letter.refresh_from_db()
        assert letter.address == ("new@example.org" if letter == mine else before)


def mine_of(letter):
    return PersonFactory._meta.model.objects.get(pk=letter.person_id)


@pytest.mark.parametrize("letter", ["", "x", "0", "-1", "²", "9" * 40, "1.5"])
def test_a_number_of_one_s_own_making_finds_nothing(client, agency, mine, letter):
    client.force_login(StaffRoleFactory(agency=agency, role=Role.COORDINATOR).person)
    assert client.post(reverse(PAGE), {"letter": letter, "again": "1"}).status_code == 302
    mine.refresh_from_db()
    assert mine.state == State.FAILED


def test_another_agency_s_letter_is_not_touched(client, agency, theirs):
    client.force_login(StaffRoleFactory(agency=agency, role=Role.COORDINATOR).person)
    client.post(reverse(PAGE), {"letter": theirs.pk, "again": "1"})
    theirs.refresh_from_db()
    assert theirs.state == State.FAILED


def test_one_that_may_have_arrived_says_so(client, agency):
    stuck(MembershipFactory(agency=agency).person, state=State.UNSURE, fault="no answer")
    client.force_login(StaffRoleFactory(agency=agency, role=Role.COORDINATOR).person)
    page = client.get(reverse(PAGE)).content.decode()
    assert "It may have arrived" in page
    assert "perhaps twice" in page
