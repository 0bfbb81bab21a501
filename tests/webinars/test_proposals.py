"""A leader proposes a group; a coordinator opens it or says not this time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from lms.agencies.models import Role
from lms.audit.models import Entry
from lms.outbox.models import Message
from lms.webinars import operations
from lms.webinars.models import Session, SessionState
from lms.webinars.operations import plans as refused
from tests.factories.agencies import StaffRoleFactory
from tests.factories.webinars import ROOM, START, FacilitatorFactory, SessionFactory, adopter
from tests.webinars import plans

pytestmark = pytest.mark.django_db
sessions = Session.objects.unscoped(because="a test")


@pytest.fixture(autouse=True)
def _a_week_before(at, now):
    at(now)


@pytest.fixture
def leader(db):
    return adopter(display_name="Ruth")


@pytest.fixture
def decider(db):
    return StaffRoleFactory(role=Role.COORDINATOR)


@pytest.fixture
def proposed(leader, decider, now):
    plan = plans.plan(facilitator=leader, title="Dads who adopted", kind="group")
    return operations.propose_session(plan=plan, agency=decider.agency, proposer=leader, now=now)


def reread(session):
    return sessions.get(pk=session.pk)


# --- Proposing ------------------------------------------------------------------------------------
def test_a_proposal_is_seen_by_nobody_but_the_desk(client, proposed, leader):
    assert proposed.state == SessionState.PROPOSED
    assert [(row.person, row.role) for row in proposed.facilitators.all()] == [(leader, "lead")]
    assert Entry.objects.get(action="session.proposed").actor_id == leader.pk
    client.force_login(leader)
    for name in ("session", "book", "wait"):
        assert client.get(reverse(f"webinars:{name}", args=[proposed.uuid])).status_code == 404
    assert client.post(reverse("webinars:book", args=[proposed.uuid])).status_code == 404
    assert not Session.objects.listed_at(START - timedelta(days=7)).exists()


def test_who_runs_it_is_who_proposes_it_whatever_the_plan_says(leader, decider, now):
    plan = plans.plan(facilitator=decider.person)
    session = operations.propose_session(plan=plan, agency=decider.agency, proposer=leader, now=now)
    assert [row.person for row in session.facilitators.all()] == [leader]


@pytest.mark.parametrize(
    ("changes", "refusal"), [({"parts": ()}, refused.NoDates), ({"title": ""}, refused.TitleMissing)]
)
def test_a_proposal_that_cannot_be_keeps_nothing(leader, decider, now, changes, refusal):
    plan = replace(plans.plan(facilitator=leader), **changes)
    with pytest.raises(refusal):
        operations.propose_session(plan=plan, agency=decider.agency, proposer=leader, now=now)
    assert not sessions.exists()


def test_proposing_twice_is_proposing_once(proposed, leader, decider, now):
    plan = plans.plan(facilitator=leader, title=proposed.title, kind="group")
    again = operations.propose_session(plan=plan, agency=decider.agency, proposer=leader, now=now)
    assert (again, sessions.count(), Message.objects.count()) == (proposed, 1, 1)
    other = operations.propose_session(
        plan=replace(plan, title="Mums"), agency=decider.agency, proposer=leader, now=now
    )
    assert other != proposed


def test_a_proposal_for_yesterday_is_refused(leader, decider):
    with pytest.raises(refused.DateIsPast):
        operations.propose_session(
            plan=plans.plan(facilitator=leader), agency=decider.agency, proposer=leader, now=START
        )


def test_who_decides_is_told_that_something_waits_and_not_what(leader, decider, now):
    manager = StaffRoleFactory(agency=decider.agency, role=Role.MANAGER).person
    StaffRoleFactory(agency=decider.agency, role=Role.TRAINER)
    StaffRoleFactory(role=Role.COORDINATOR)
    StaffRoleFactory(agency=decider.agency, role=Role.COORDINATOR, person=manager)
    plan = plans.plan(facilitator=leader, title="Dads who adopted", kind="group")
    session = operations.propose_session(plan=plan, agency=decider.agency, proposer=leader, now=now)
    letters = Message.objects.filter(kind="proposal_waits").order_by("person_id")
    assert [letter.person_id for letter in letters] == sorted([decider.person_id, manager.pk])
    for letter in letters:
        assert reverse("webinars:desk_proposal", args=[session.uuid]) in letter.text
        assert not any(word in letter.subject + letter.text + letter.html for word in ("Dads", "Ruth", ROOM))


# --- Deciding -------------------------------------------------------------------------------------
def test_saying_yes_opens_it_and_tells_the_leader_once(proposed, leader, decider, now):
    for _ in range(2):
        operations.approve_proposal(session=proposed, actor=decider.person, now=now)
    assert reread(proposed).state == SessionState.PUBLISHED
    letter = Message.objects.get(kind="proposal_approved")
    assert letter.person_id == leader.pk
    assert "Dads" not in letter.subject + letter.text
    assert ROOM not in letter.text
    assert Entry.objects.filter(action="session.approved").count() == 1


def test_saying_no_keeps_the_reason_for_the_leader(proposed, leader, decider, now):
    for _ in range(2):
        operations.decline_proposal(session=proposed, actor=decider.person, reason="Too near to another.", now=now)
    kept = reread(proposed)
    assert (kept.state, kept.decision_note) == (SessionState.DECLINED, "Too near to another.")
    letter = Message.objects.get(kind="proposal_declined")
    assert letter.person_id == leader.pk
    assert "Too near to another." in letter.text


def strangers(session, leader):
    """People who cannot decide on it."""
    return {
        "who proposed it": leader,
        "a trainer": StaffRoleFactory(agency=session.agency, role=Role.TRAINER).person,
        "another agency's coordinator": StaffRoleFactory(role=Role.COORDINATOR).person,
        "a former coordinator": StaffRoleFactory(agency=session.agency, revoked_at=START).person,
    }


def test_nobody_else_decides_and_nobody_on_their_own(proposed, leader, now):
    for who, person in strangers(proposed, leader).items():
        with pytest.raises(operations.NotYoursToDecide):
            operations.approve_proposal(session=proposed, actor=person, now=now)
        with pytest.raises(operations.NotYoursToDecide):
            operations.decline_proposal(session=proposed, actor=person, reason="x", now=now)
        assert reread(proposed).state == SessionState.PROPOSED, who


def test_a_leader_who_is_a_coordinator_too_does_not_decide_on_their_own(client, proposed, leader):
    StaffRoleFactory(person=leader, agency=proposed.agency, role=Role.COORDINATOR)
    client.force_login(leader)
    answer = client.post(reverse("webinars:desk_approve", args=[proposed.uuid]))
    assert answer.status_code == 422
    assert "nobody decides on their own" in text(answer)
    assert reread(proposed).state == SessionState.PROPOSED


def test_the_way_drafts_are_published_does_not_open_a_proposal(proposed, decider, now):
    with pytest.raises(operations.SessionOver):
        operations.publish_session(session=proposed, actor=decider.person, now=now)
    assert reread(proposed).state == SessionState.PROPOSED


def test_a_proposal_is_not_called_off_and_so_shown_to_everybody(client, proposed, decider, now):
    with pytest.raises(operations.SessionOver):
        operations.cancel_session(session=proposed, actor=decider.person, reason="No", now=now)
    assert reread(proposed).state == SessionState.PROPOSED
    assert client.get(reverse("webinars:session", args=[proposed.uuid])).status_code == 404


def test_what_was_decided_stays_decided(proposed, decider, now):
    operations.decline_proposal(session=proposed, actor=decider.person, reason="x", now=now)
    with pytest.raises(operations.AlreadyDecided):
        operations.approve_proposal(session=proposed, actor=decider.person, now=now)
    with pytest.raises(operations.SessionOver):
        operations.edit_session(
            session=proposed, plan=operations.plan_of(reread(proposed)), actor=decider.person, now=now
        )


def test_a_proposal_whose_date_has_passed_is_not_opened(proposed, decider):
    with pytest.raises(operations.ProposalTooLate):
        operations.approve_proposal(session=proposed, actor=decider.person, now=START)


def test_nothing_is_said_to_a_leader_who_has_left(proposed, leader, decider, now):
    leader.delete()
    operations.approve_proposal(session=proposed, actor=decider.person, now=now)
    assert not Message.objects.filter(kind="proposal_approved").exists()


# --- At the desk ----------------------------------------------------------------------------------
@pytest.fixture
def see(client, decider):
    client.force_login(decider.person)

    def go(name, row=None, data=None):
        address = reverse(f"webinars:{name}", args=[row.uuid] if row else [])
        return client.get(address) if data is None else client.post(address, data)

    return go


def text(answer):
    return answer.content.decode()


def test_what_waits_is_found_looked_at_and_approved(see, proposed):
    assert "Dads who adopted" in text(see("desk_proposals"))
    page = text(see("desk_proposal", proposed))
    assert "Ruth would like to lead it." in page
    assert ROOM not in page
    assert see("desk_approve", proposed, data={}).url == reverse("webinars:desk_session", args=[proposed.uuid])
    assert "Nothing waits for a decision." in text(see("desk_proposals"))
    assert see("session", proposed).status_code == 200


def test_a_no_needs_a_reason(see, proposed):
    answer = see("desk_decline", proposed, data={"reason": " "})
    assert answer.status_code == 422
    assert "Say in a few words why not" in text(answer)
    assert see("desk_decline", proposed, data={"reason": "Too\r\nnear"}).status_code == 302
    assert reread(proposed).decision_note == "Too near"


def test_a_coordinator_can_change_it_first_and_the_leader_stays(see, proposed, leader):
    initial = see("desk_edit", proposed).context["form"].initial
    typed = {name: value for name, value in initial.items() if value not in (None, False)} | {"capacity": "9"}
    shown = see("desk_edit", proposed, data=typed)
    assert see("desk_edit", proposed, data={**typed, "seen": shown.context["seen"], "keep": "1"}).status_code == 302
    kept = reread(proposed)
    assert (kept.state, kept.capacity) == (SessionState.PROPOSED, 9)
    assert [row.person for row in kept.facilitators.all()] == [leader]


def test_a_leader_who_is_asked_for_twice_is_seen(see, proposed, leader):
    other = SessionFactory(agency=proposed.agency, title="Another evening")
    FacilitatorFactory(session=other, person=leader)
    assert "Ruth runs Another evening then." in text(see("desk_proposal", proposed))


def test_one_that_cannot_be_opened_any_more_says_so(client, see, proposed, decider, at):
    at(START + timedelta(hours=1))
    client.force_login(decider.person)
    answer = see("desk_approve", proposed, data={})
    assert answer.status_code == 422
    assert "Its first date has passed." in text(answer)


def test_to_others_the_queue_does_not_exist(client, proposed, leader):
    for who, person in strangers(proposed, leader).items():
        client.force_login(person)
        statuses = [client.get(reverse("webinars:desk_proposal", args=[proposed.uuid])).status_code]
        statuses += [
            client.post(reverse(f"webinars:{name}", args=[proposed.uuid]), {"reason": "x"}).status_code
            for name in ("desk_approve", "desk_decline")
        ]
        assert set(statuses) == {404}, who
        assert reread(proposed).state == SessionState.PROPOSED


@pytest.mark.parametrize("count", [1, 12])
def test_the_queue_costs_the_same_for_many(client, decider, leader, django_assert_num_queries, count):
    SessionFactory.create_batch(count, agency=decider.agency, state=SessionState.PROPOSED, proposed_by=leader)
    client.force_login(decider.person)
    address = reverse("webinars:desk_proposals")
    client.get(address)
    with django_assert_num_queries(6):
        client.get(address)
