"""The pages of a pathway: a candidate's, the desk's, a leader's. Who may not, finds nothing there."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from cms.models import LeadersPage
from lms.audit.models import Entry
from lms.certificates import assessing, jobs
from lms.certificates.models import DocumentCheck, LogEntry, Observation, PathwayRecord, Statement, Supervision
from lms.certificates.operations import pathways
from lms.certificates.steps import POINTS
from lms.outbox.models import Message
from lms.webinars.models import Feedback, Session, SessionState
from tests.certificates.reading import words
from tests.certificates.test_pathway_evidence import Evidence
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory, StaffRoleFactory
from tests.factories.certificates import AwardFactory, PathwayRecordFactory
from tests.factories.cms import SiteTree
from tests.factories.together import linked
from tests.factories.webinars import BookingFactory, FacilitatorFactory, SessionFactory

pytestmark = pytest.mark.django_db


def mine(name, way, **more):
    return reverse(f"certificates:pathway_{name}", kwargs={"slug": way.record.pathway.slug, **more})


def desk(name, way, **more):
    return reverse(f"certificates:desk_{name}", kwargs={"uuid": way.record.uuid, **more})


# --- A candidate's -------------------------------------------------------------------------------------------------


def test_everybody_reads_what_it_asks_and_a_verified_adopter_can_begin(client):
    way = Evidence("log", needed=4, title="Four notes")
    address = reverse("certificates:about_pathway", args=[way.record.pathway.slug])
    assert "Four notes" in words(client.get(address))
    person = PersonFactory()
    client.force_login(person)
    assert "Ask yours to confirm it" in words(client.get(address))
    MembershipFactory(person=person, agency=way.agency)
    answer = client.post(f"{address}begin/", {"agency": way.agency.pk}, follow=True)
    assert "0 of 1 steps done" in words(answer)
    assert client.post(f"{address}begin/", {"agency": AgencyFactory().pk}).status_code == 422


def test_a_note_is_kept_with_a_gentle_word_about_what_could_point_to_somebody(client):
    way = Evidence("log", needed=2)
    client.force_login(way.person)
    typed = {"happened_on": "2026-01-10", "body": "Her number is 07700 900123."}
    answer = client.post(mine("log", way), typed, follow=True)
    assert "a phone number" in words(answer)
    assert LogEntry.objects.owned_by(way.person).count() == 1
    refused = client.post(mine("log", way), {"happened_on": "", "body": "Kept all the same"})
    assert refused.status_code == 422
    assert "Kept all the same" in refused.content.decode()


def test_a_statement_is_kept_then_sent(client):
    way = Evidence("statement")
    client.force_login(way.person)
    client.post(mine("statement", way), {"body": "I talk when it goes quiet.", "keep": ""})
    assert Statement.objects.owned_by(way.person).get().sent_at is None
    answer = client.post(mine("statement", way), {"body": "I breathe first.", "send": ""}, follow=True)
    assert f"Waiting for {way.assessor.display_name}, your assessor, since today" in words(answer)


def test_resting_and_saying_who_is_close(client):
    way = Evidence("log")
    client.force_login(way.person)
    assert "paused" in words(client.post(mine("go", way), {"deed": "pause"}, follow=True))
    assert "Need to pause" in words(client.post(mine("go", way), {"deed": "resume"}, follow=True))
    client.post(mine("go", way), {"deed": "nonsense"})
    answer = client.post(mine("ties", way), {"other": way.second.pk, "kind": "partner"}, follow=True)
    assert way.second.display_name in words(answer)
    partner = linked(PersonFactory(), way.person).person
    assert assessing.household_of(way.person) == {way.second.pk, partner.pk}


# --- The desk's ----------------------------------------------------------------------------------------------------


def test_the_queue_has_the_longest_wait_first_and_filters(client):
    way = Evidence("endorse")
    older = PathwayRecordFactory(
        pathway=way.record.pathway, agency=way.agency, started_at=way.record.started_at - timedelta(days=9)
    )
    PathwayRecordFactory(pathway=way.record.pathway, person__display_name="Canary of another agency")
    client.force_login(way.assessor)
    said = words(client.get(reverse("certificates:desk_waiting")))
    assert said.index(older.person.display_name) < said.index(way.person.display_name)
    assert "Canary" not in said
    assert way.person.display_name not in words(client.get(reverse("certificates:desk_waiting"), {"kind": "statement"}))


def test_only_the_assessor_finds_the_statement_on_the_desks_page(client, now):
    way = Evidence("statement")
    way.state_it(now, "canary of a statement")
    client.force_login(way.assessor)
    assert "canary of a statement" in words(client.get(desk("pathway", way)))
    client.force_login(way.second)
    assert "canary" not in words(client.get(desk("pathway", way)))


def test_a_check_and_an_observation_are_noted_by_plain_forms(client):
    way, watched = Evidence("document"), Evidence("observed")
    client.force_login(way.assessor)
    today = timezone.localdate()
    prefix = f"step{way.step.pk}"
    typed = {"level": "enhanced", "covers": "0012 3456 7890", "seen_on": today, "review_on": today + timedelta(days=99)}
    sign = desk("sign", way, requirement=way.step.pk)
    refused = client.post(sign, {f"{prefix}-{name}": value for name, value in typed.items()})
    assert refused.status_code == 422
    assert "Leave the number of the certificate out" in words(refused)
    client.post(sign, {f"{prefix}-{name}": value for name, value in {**typed, "covers": "Group leader"}.items()})
    assert DocumentCheck.objects.owned_by(way.person).get().seen_by == way.assessor
    client.force_login(watched.assessor)
    prefix = f"step{watched.step.pk}"
    points = {f"{prefix}-point_{n}": "met" for n in range(1, len(POINTS) + 1)}
    sign = desk("sign", watched, requirement=watched.step.pk)
    assert client.post(sign, {f"{prefix}-observed_on": today}).status_code == 422
    client.post(sign, {f"{prefix}-observed_on": today, **points})
    assert Observation.objects.owned_by(watched.person).get().counts


def test_who_looks_after_somebody_names_people_rests_and_hands_on(client):
    way, other = Evidence("endorse"), AgencyFactory()
    client.force_login(way.second)
    client.post(desk("appoint", way), {"appoint-assessor": way.second.pk, "appoint-supervisor": way.second.pk})
    client.post(desk("supervise", way), {"supervision-held_on": timezone.localdate()})
    assert Supervision.objects.owned_by(way.person).get().supervisor == way.second
    client.post(desk("go", way), {"deed": "pause"})
    client.post(desk("transfer", way), {"transfer-to_agency": other.pk})
    record = PathwayRecord.objects.owned_by(way.person).get()
    assert (record.assessor, record.state, record.agency) == (way.second, "paused", way.agency)
    client.force_login(way.person)
    page = client.get(reverse("certificates:pathway", args=[record.pathway.slug]))
    assert f"asks if {other.name} may take over" in words(page)
    client.post(mine("move", way), {"agrees": "yes"})
    assert PathwayRecord.objects.owned_by(way.person).get().agency == other


def test_what_is_stuck_is_shown_with_whom_it_waits(client):
    way = Evidence("endorse")
    client.force_login(way.staff("manager"))
    page = words(client.get(reverse("certificates:desk_pathways"), {"show": "stuck"}))
    assert f"a coordinator at {way.agency.name}, since" in page
    assert "Stuck" in page


def test_a_coordinator_puts_an_adopter_of_their_agency_on_a_pathway(client):
    way = Evidence("endorse")
    ours, theirs = (MembershipFactory(agency=agency).person for agency in (way.agency, AgencyFactory()))
    client.force_login(way.second)
    address = reverse("certificates:desk_begin")
    assert address in client.get(reverse("certificates:desk_pathways")).content.decode()
    for typed in (theirs.email, way.second.email, "nobody@example.org", "no address"):
        assert client.post(address, {"address": typed, "pathway": way.record.pathway_id}).status_code == 422
    typed = {"address": ours.email.upper(), "pathway": way.record.pathway_id}
    assert ours.display_name in words(client.post(address, typed, follow=True))
    assert "on this pathway already" in words(client.post(address, typed))
    record = PathwayRecord.objects.owned_by(ours).get()
    assert (record.agency, record.link_worker, record.state) == (way.agency, way.second, "active")
    assert Entry.objects.filter(action="pathway.started", actor_id=way.second.pk, agency_id=way.agency.pk).count() == 1
    letter = Message.objects.get(person_id=ours.pk)
    assert letter.subject == "There's a new page for you"
    assert "pathway" not in f"{letter.subject}{letter.text}".replace("/my/pathway/", "").lower()


# --- For the agency ------------------------------------------------------------------------------------------------


def leader(agency, **award):
    ends = timezone.localdate() + timedelta(days=60)
    return AwardFactory(**{"person": PersonFactory(), "agency": agency, "leader": True, "valid_until": ends, **award})


def test_the_list_of_leaders_is_given_when_asked_for_and_that_is_written_down(client):
    agency = AgencyFactory()
    leader(agency, name="=cmd|' /C calc'!A0")
    leader(AgencyFactory(), name="Canary Elsewhere")
    leader(agency, name="Canary Ended", valid_until=timezone.localdate() - timedelta(days=1))
    manager = StaffRoleFactory(agency=agency, role="manager").person
    client.force_login(manager)
    address = reverse("certificates:desk_leaders")
    assert "cmd" not in words(client.get(address))
    assert not Entry.objects.filter(action="pathway.leaders_listed").exists()
    assert "cmd" in words(client.post(address))
    table = client.post(address, {"kind": "csv"}).content.decode("utf-8-sig")
    assert "'=cmd" in table
    assert "Canary" not in table
    sheet = load_workbook(BytesIO(client.post(address, {"kind": "xlsx"}).content)).active
    assert sheet["A2"].data_type == "s"
    assert Entry.objects.filter(action="pathway.leaders_listed", actor_id=manager.pk, agency_id=agency.pk).count() == 3


def test_steps_that_lapse_within_ninety_days_stand_beside_awards_that_end(client):
    way, now = Evidence("document", title="Background check seen"), timezone.now()
    today = timezone.localdate()
    for days, who in ((60, way), (120, later := Evidence("document", title="Background check seen"))):
        seen = {"level": "basic", "covers": "Group leader", "seen_on": today, "now": now}
        review_on = today + timedelta(days=days)
        pathways.see_document(record=who.record, requirement=who.step, actor=who.second, review_on=review_on, **seen)
    StaffRoleFactory(agency=later.agency, role="manager", person=(manager := way.staff("manager")))
    client.force_login(manager)
    page = words(client.post(reverse("certificates:desk_leaders")))
    assert f"{way.person.display_name} , {way.agency.name}: Background check seen" in page
    assert later.person.display_name not in page
    table = client.post(reverse("certificates:desk_progress_file"), {"kind": "csv"}).content.decode("utf-8-sig")
    assert f"Background check seen: {today + timedelta(days=60)}" in table
    assert str(today + timedelta(days=120)) not in table


def test_who_is_where_goes_out_as_a_file_of_ones_own_agency_only(client):
    way = Evidence("endorse")
    PathwayRecordFactory(pathway=way.record.pathway, person__display_name="Canary of another agency")
    client.force_login(way.assessor)
    table = client.post(reverse("certificates:desk_progress_file"), {"kind": "csv"}).content.decode("utf-8-sig")
    assert way.person.display_name in table
    assert "Canary" not in table
    assert Entry.objects.filter(action="pathway.exported", actor_id=way.assessor.pk).count() == 1


# --- What it opens -------------------------------------------------------------------------------------------------


GROUP = {
    "title": "Saturday coffee group",
    "first_date": "2031-03-01",
    "starts": "10:30",
    "minutes": 90,
    "weeks": 6,
    "where": "venue",
    "region": "Calder valley",
    "venue": "Sample Hall",
    "capacity": 10,
}


def test_a_leader_proposes_a_group_and_sees_what_became_of_it(client):
    award = leader(AgencyFactory())
    client.force_login(award.person)
    assert client.post(reverse("certificates:leading_propose"), {}).status_code == 422
    assert "Say where it is." in words(client.post(reverse("certificates:leading_propose"), {**GROUP, "venue": ""}))
    answer = client.post(reverse("certificates:leading_propose"), GROUP, follow=True)
    assert "With your coordinator" in words(answer)
    session = Session.objects.unscoped(because="a test").get()
    assert (session.state, session.kind, session.parts.count()) == (SessionState.PROPOSED, "group", 6)
    assert "Saturday" not in session.neutral_title


@pytest.mark.parametrize("change", [{"state": "suspended"}, {"state": "withdrawn"}, {"valid_until": "past"}])
def test_the_rights_end_with_the_next_request_and_the_history_stays(client, change):
    award = leader(AgencyFactory())
    session = SessionFactory(agency=award.agency, title="Evening group")
    FacilitatorFactory(session=session, person=award.person)
    client.force_login(award.person)
    register = reverse("certificates:leading_register", args=[session.uuid])
    assert client.get(register).status_code == 200
    if change.get("valid_until"):
        change = {"valid_until": timezone.localdate() - timedelta(days=1)}
    type(award).objects.owned_by(award.person).update(**change)
    assert client.get(register).status_code == 404
    assert client.get(reverse("certificates:leading_propose")).status_code == 404
    page = words(client.get(reverse("certificates:leading")))
    assert "Evening group" in page
    assert "hold just now" in page


def test_a_leader_sees_the_register_of_their_own_group_and_of_no_other(client):
    award = leader(AgencyFactory())
    session = SessionFactory(agency=award.agency)
    FacilitatorFactory(session=session, person=award.person)
    booking = BookingFactory(session=session)
    client.force_login(award.person)
    answer = client.get(reverse("certificates:leading_register", args=[session.uuid]))
    page = words(answer)
    assert booking.person.display_name in page
    assert booking.reference in page
    assert f'href="{reverse("webinars:join", args=[session.uuid])}"' in answer.content.decode()
    other = SessionFactory(agency=award.agency)
    assert client.get(reverse("certificates:leading_register", args=[other.uuid])).status_code == 404


def test_a_leader_reads_what_people_said_of_their_own_group(client):
    award = leader(AgencyFactory())
    session = SessionFactory(agency=award.agency, starts_at=timezone.now() - timedelta(days=20))
    FacilitatorFactory(session=session, person=award.person)
    for _ in range(5):
        Feedback.objects.create(
            session=session, given_on=session.ends_at.date(), worth_it=4, one_change="Longer breaks"
        )
    client.force_login(award.person)
    page = words(client.get(reverse("certificates:leading_register", args=[session.uuid])))
    assert "4.0 of 5, from 5 answers" in page
    assert "Longer breaks" in page


def test_a_leader_puts_a_mark_right_days_after_and_says_why(client):
    award = leader(AgencyFactory())
    session = SessionFactory(agency=award.agency, starts_at=timezone.now() - timedelta(days=3))
    FacilitatorFactory(session=session, person=award.person)
    booking = BookingFactory(session=session)
    client.force_login(award.person)
    register, mark = reverse("certificates:leading_register", args=[session.uuid]), f"mark_{booking.pk}"
    client.post(register, {mark: "absent"})
    refused = client.post(register, {mark: "present"})
    assert refused.status_code == 422
    assert refused.context["typed"] == {booking.pk: "present"}  # what was chosen is still chosen
    assert 'name="why"' in refused.content.decode()
    assert client.post(register, {mark: "present", "why": "mistake"}).status_code == 302
    assert booking.attendance.unscoped(because="a test").get().verdict == "present"


def test_pages_for_leaders_do_not_exist_for_anybody_else(client):
    page = LeadersPage(title="An evening", slug="an-evening")
    SiteTree().home.add_child(instance=page)
    assert client.get("/an-evening/").status_code == 404
    assert "an-evening" not in client.get("/sitemap.xml").content.decode()
    client.force_login(PersonFactory())
    assert client.get("/an-evening/").status_code == 404
    for reader in (leader(AgencyFactory()).person, StaffRoleFactory(platform=True, role="editor").person):
        client.force_login(reader)  # who leads, and who wrote it and wants to see it
        assert "An evening" in words(client.get("/an-evening/"))


def test_an_award_that_ends_soon_is_renewed_by_what_is_done_after_it(client, now):
    way = Evidence("supervised")
    group = way.step.group
    type(group).objects.create(pathway=group.pathway, key="again", purpose="renewal")
    pathways.note_supervision(record=way.record, actor=way.assessor, held_on=now.date(), now=now)
    award = way.record.person.awards.owned_by(way.person).get()
    type(award).objects.owned_by(way.person).update(
        state="active", name="Carys", valid_until=timezone.localdate() + timedelta(days=30)
    )
    client.force_login(way.person)
    client.post(reverse("certificates:keep_award", args=[award.uuid]))
    record = PathwayRecord.objects.owned_by(way.person).get(purpose="renewal")
    assert record.counts_from == award.earned_on
    client.post(reverse("certificates:keep_award", args=[award.uuid]))
    assert PathwayRecord.objects.owned_by(way.person).count() == 2


def test_a_leader_without_supervision_for_a_while_is_reminded_once_a_month(now):
    way = Evidence("supervised")
    pathways.note_supervision(record=way.record, actor=way.assessor, held_on=now.date(), now=now)
    award = way.record.person.awards.owned_by(way.person).get()
    type(award).objects.owned_by(way.person).update(state="active", name="Carys", valid_until="2099-01-01")
    jobs.remind_of_supervision()
    jobs.remind_of_supervision()
    assert Message.objects.filter(kind="supervision_due").count() == 1
