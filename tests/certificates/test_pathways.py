"""A pathway says what is done, what is next and who signs; its end gives the award."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from lms.audit.models import Entry
from lms.certificates import jobs, progress, receivers
from lms.certificates.models import Award, AwardKind, PathwayRecord, RecordState, RequirementKind, SignOff
from lms.certificates.operations import pathways as operations
from tests.certificates.reading import words
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, StaffRoleFactory
from tests.factories.certificates import (
    EARNED,
    PastSessionFactory,
    PathwayFactory,
    PathwayRecordFactory,
    RequirementFactory,
    attended,
    completed_round,
)
from tests.factories.cms import SiteTree, WorkshopPageFactory
from tests.factories.courses import course_of, plain_outline

pytestmark = pytest.mark.django_db


class Way:
    """A pathway of three kinds of step, and somebody on it."""

    def __init__(self, **record):
        self.course = course_of(plain_outline())
        self.workshop = WorkshopPageFactory(parent=SiteTree().workshops)
        self.pathway = PathwayFactory()
        asked = {"pathway": self.pathway}
        self.of_course = RequirementFactory(kind=RequirementKind.COURSE, course=self.course, title="Unit 1", **asked)
        self.of_session = RequirementFactory(kind="session", workshop=self.workshop, title="A live day", **asked)
        self.signed = RequirementFactory(title="A conversation with your link worker", **asked)
        self.record = PathwayRecordFactory(pathway=self.pathway, **record)
        self.person = self.record.person
        self.coordinator = StaffRoleFactory(agency=self.record.agency, role="coordinator", person__display_name="Grace")

    def finish_course(self):
        return completed_round(course=self.course, person=self.person)

    def attend(self):
        return attended(session=PastSessionFactory(workshop=self.workshop), person=self.person)

    def sign(self, now, *, is_met=True, comment="", actor=None):
        return operations.sign_off(
            record=self.record,
            requirement=self.signed,
            actor=actor or self.coordinator.person,
            is_met=is_met,
            comment=comment,
            now=now,
        )

    def states(self, now=EARNED):
        return [step.state for step in progress.progress_of([self.record], now=now)[0].steps]


@pytest.fixture
def way():
    return Way()


def leader_award(person):
    return Award.objects.owned_by(person).filter(kind=AwardKind.LEADER).first()


def test_steps_follow_from_what_was_done(way, now):
    assert way.states() == ["open", "open", "waiting"]
    way.finish_course()
    assert way.states() == ["done", "open", "waiting"]
    way.attend()
    assert way.states() == ["done", "done", "waiting"]
    way.sign(now, is_met=False, comment="Could you tell me more?")
    assert way.states() == ["done", "done", "more"]
    way.sign(now)
    assert way.states() == ["done", "done", "done"]


def test_other_peoples_learning_is_no_step_of_mine(way):
    completed_round(course=way.course)
    attended(session=PastSessionFactory(workshop=way.workshop))
    attended(session=PastSessionFactory(workshop=way.workshop), person=way.person, state="absent")
    completed_round(person=way.person)
    attended(person=way.person)
    assert way.states() == ["open", "open", "waiting"]


def test_the_last_signature_ends_the_pathway_and_gives_the_award(way, now):
    way.finish_course()
    way.attend()
    way.sign(now)
    way.record.refresh_from_db()
    award = leader_award(way.person)
    assert way.record.state == RecordState.FULFILLED
    assert (award.title, award.neutral_title, award.agency) == (
        way.pathway.title,
        way.pathway.neutral_title,
        way.record.agency,
    )
    assert award.earned_on == now.date()
    assert award.valid_until == now.date().replace(year=now.year + 2)
    assert award.says["signatories"] == [{"name": "Grace", "role": "Coordinator"}]
    assert "assessed" in award.says["statement"]
    assert "not a professional qualification, a licence or a background check" in award.says["statement"]


@pytest.mark.parametrize("last", ["course", "session"])
def test_a_course_or_session_can_be_the_last_step_too(way, now, last):
    way.sign(now)
    if last == "course":
        way.attend()
        receivers.give_for_round(round_id=way.finish_course().pk)
    else:
        way.finish_course()
        receivers.give_for_booking(booking_id=way.attend().pk)
    assert leader_award(way.person)


def test_the_nightly_look_ends_a_pathway_that_the_news_missed(way, now):
    way.sign(now)
    way.finish_course()
    way.attend()
    assert not leader_award(way.person)
    jobs.give_what_was_missed()
    jobs.give_what_was_missed()
    assert Award.objects.owned_by(way.person).filter(kind=AwardKind.LEADER).count() == 1


def test_a_pathway_without_steps_is_never_done(now):
    record = PathwayRecordFactory()
    assert operations.fulfil_if_done(record_id=record.pk, now=now) is None


@pytest.mark.parametrize("state", ["paused", "withdrawn"])
def test_a_pathway_that_rests_gives_nothing(way, now, state):
    way.finish_course()
    way.attend()
    PathwayRecord.objects.owned_by(way.person).update(state=state)
    with pytest.raises(operations.NotOnPathway):
        way.sign(now)
    assert operations.fulfil_if_done(record_id=way.record.pk, now=now) is None
    assert not SignOff.objects.exists()


def test_nobody_signs_their_own_steps(way, now):
    StaffRoleFactory(person=way.person, agency=way.record.agency, role="coordinator")
    with pytest.raises(operations.NotYoursToSign):
        way.sign(now, actor=way.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignOff.objects.create(
            record=way.record,
            requirement=way.signed,
            candidate=way.person,
            signed_by=way.person,
            signed_at=now,
            is_met=True,
        )


@pytest.mark.parametrize("role", ["trainer", "manager", "safeguarding_lead", "editor", "elsewhere", "none"])
def test_only_the_role_that_a_step_names_signs_it_in_the_agency_that_endorsed(way, now, role):
    if role == "none":
        actor = PersonFactory()
    elif role == "elsewhere":
        actor = StaffRoleFactory(role="coordinator", agency=AgencyFactory()).person
    else:
        agency = None if role == "editor" else way.record.agency
        actor = StaffRoleFactory(role=role, agency=agency).person
    with pytest.raises(operations.NotYoursToSign):
        way.sign(now, actor=actor)
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("which", ["of_course", "of_session"])
def test_a_course_or_session_cannot_be_signed_instead(way, now, which):
    with pytest.raises(operations.NotYoursToSign):
        operations.sign_off(
            record=way.record,
            requirement=getattr(way, which),
            actor=way.coordinator.person,
            is_met=True,
            comment="",
            now=now,
        )


def test_a_step_of_another_pathway_cannot_be_signed(way, now):
    other = RequirementFactory(pathway=PathwayFactory(slug="other"))
    with pytest.raises(operations.NotYoursToSign):
        operations.sign_off(
            record=way.record, requirement=other, actor=way.coordinator.person, is_met=True, comment="", now=now
        )


def test_a_step_is_signed_once(way, now):
    way.sign(now)
    with pytest.raises(operations.AlreadyMet):
        way.sign(now)
    with pytest.raises(operations.AlreadyMet):
        way.sign(now, is_met=False, comment="Wait")
    assert SignOff.objects.count() == 1


def test_not_yet_needs_a_kind_word_which_is_kept_sealed(way, now):
    with pytest.raises(operations.CommentMissing):
        way.sign(now, is_met=False, comment="  ")
    way.sign(now, is_met=False, comment="canary-comment: could you tell me more?")
    with connection.cursor() as cursor:
        cursor.execute("SELECT comment FROM certificates_signoff")
        assert "canary" not in cursor.fetchone()[0]


def test_each_signature_is_in_the_record_of_deeds_by_ids_alone(way, now):
    way.sign(now, is_met=False, comment="canary-comment")
    way.sign(now)
    deeds = Entry.objects.filter(target=f"pathway_record:{way.record.pk}").order_by("pk")
    assert [deed.action for deed in deeds] == ["pathway.step_not_yet", "pathway.step_met"]
    assert {deed.actor_id for deed in deeds} == {way.coordinator.person_id}
    assert not any("canary" in str(deed.ids) for deed in deeds)


def test_a_person_is_on_a_pathway_once(now):
    pathway, person, agency, actor = PathwayFactory(), PersonFactory(), AgencyFactory(), PersonFactory()
    asked = {"pathway": pathway, "person": person, "agency": agency, "link_worker": actor, "actor": actor, "now": now}
    assert operations.start(**asked) == operations.start(**asked)
    with pytest.raises(IntegrityError), transaction.atomic():
        PathwayRecordFactory(pathway=pathway, person=person)


@pytest.mark.race
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_who_sign_the_last_step_at_once_give_one_award(now):
    way = Way()
    way.finish_course()
    way.attend()
    second = StaffRoleFactory(agency=way.record.agency, role="coordinator").person
    start, refused = threading.Barrier(2), []

    def sign(actor):
        start.wait()
        try:
            way.sign(now, actor=actor)
        except (operations.AlreadyMet, operations.NotOnPathway) as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=[actor]) for actor in (way.coordinator.person, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert SignOff.objects.count() == 1
    assert Award.objects.owned_by(way.person).filter(kind=AwardKind.LEADER).count() == 1


# --- My page -------------------------------------------------------------------------------------------------------


def my_page(client, way):
    client.force_login(way.person)
    return client.get(reverse("certificates:pathway", args=[way.pathway.slug]))


def test_my_page_says_what_is_done_what_is_next_and_who_signs(client, way):
    way.finish_course()
    page = my_page(client, way)
    said = words(page)
    assert "1 of 3 steps done" in said
    assert "Unit 1 Done 18 January 2026" in said
    assert "A live day Next" in said
    assert f"With us Waiting for a coordinator at {way.record.agency.name}, since 19 November" in said
    assert re.search(r"<title>\s*Your pathway", page.content.decode())


def test_a_kind_word_reaches_me(client, way, now):
    way.sign(now, is_met=False, comment="Could Mr Okoro add <b>how long</b>?")
    page = my_page(client, way)
    assert "One more thing Grace says:" in words(page)
    assert "<b>how long" not in page.content.decode()


def test_my_page_leads_to_the_certificate_at_the_end(client, way, now):
    way.finish_course()
    way.attend()
    way.sign(now)
    page = my_page(client, way)
    assert reverse("certificates:award", args=[leader_award(way.person).uuid]) in page.content.decode()


def test_somebody_elses_pathway_is_not_there(client, way):
    client.force_login(PersonFactory())
    assert client.get(reverse("certificates:pathway", args=[way.pathway.slug])).status_code == 404
    assert client.get(reverse("certificates:pathway", args=["nothing"])).status_code == 404


# --- The desk ------------------------------------------------------------------------------------------------------


def desk(client, way, role="coordinator"):
    other = role != "coordinator" and StaffRoleFactory(agency=way.record.agency, role=role)
    client.force_login((other or way.coordinator).person)
    return client


def form_of(way, verdict, comment=""):
    prefix = f"step{way.signed.pk}"
    return {f"{prefix}-verdict": verdict, f"{prefix}-comment": comment}


def sign_url(way):
    return reverse("certificates:desk_sign", args=[way.record.uuid, way.signed.pk])


def test_the_desk_shows_who_is_where_and_what_waits_for_me(client, way):
    PathwayRecordFactory(pathway=way.pathway, person__display_name="Canary of another agency")
    page = desk(client, way).get(reverse("certificates:desk_pathways"))
    assert way.person.display_name in words(page)
    assert "0 of 3" in words(page)
    assert "A conversation with your link worker" in words(page)
    assert "Canary" not in words(page)


def test_who_does_not_sign_sees_that_nothing_waits_for_them(client, way):
    page = desk(client, way, "manager").get(reverse("certificates:desk_pathways"))
    assert "Nothing" in words(page)
    page = client.get(reverse("certificates:desk_pathway", args=[way.record.uuid]))
    assert "Sign this step" not in words(page)
    assert client.post(sign_url(way), form_of(way, "met")).status_code == 404


def test_signing_by_a_plain_form(client, way):
    page = desk(client, way).get(reverse("certificates:desk_pathway", args=[way.record.uuid]))
    assert sign_url(way) in page.content.decode()
    answer = client.post(sign_url(way), form_of(way, "not_yet", "Could you tell me more?"), follow=True)
    assert "Not yet Grace" in words(answer)
    answer = client.post(sign_url(way), form_of(way, "met"), follow=True)
    assert "Signed by Grace" in words(answer)
    assert client.post(sign_url(way), form_of(way, "met")).status_code == 422


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (("", ""), "Choose one of the two"),
        (("not_yet", ""), "Say kindly"),
        (("met", "x" * 1001), "under 1,000 characters"),
    ],
)
def test_a_form_that_needs_another_look_keeps_what_was_typed(client, way, typed, reason):
    answer = desk(client, way).post(sign_url(way), form_of(way, *typed))
    assert answer.status_code == 422
    assert reason in words(answer)
    assert typed[1] in answer.content.decode()
    assert not SignOff.objects.exists()


def test_nobody_outside_the_agency_finds_the_record(client, way):
    client.force_login(StaffRoleFactory(role="coordinator").person)
    assert client.get(reverse("certificates:desk_pathway", args=[way.record.uuid])).status_code == 404
    assert client.post(sign_url(way), form_of(way, "met")).status_code == 404


def test_the_candidate_does_not_find_a_form_for_their_own_step(client, way):
    StaffRoleFactory(person=way.person, agency=way.record.agency, role="coordinator")
    client.force_login(way.person)
    page = client.get(reverse("certificates:desk_pathway", args=[way.record.uuid]))
    assert "Sign this step" not in words(page)
    assert client.post(sign_url(way), form_of(way, "met")).status_code == 404


@pytest.mark.parametrize("step", [0, 10**9])
def test_a_step_that_does_not_exist_is_not_there(client, way, step):
    address = reverse("certificates:desk_sign", args=[way.record.uuid, step])
    assert desk(client, way).post(address, form_of(way, "met")).status_code == 404
    assert client.get(sign_url(way)).status_code == 405


@pytest.mark.parametrize("many", [1, 20])
def test_the_list_costs_the_same_however_many_there_are(client, way, django_assert_num_queries, many):
    for n in range(many):
        record = PathwayRecordFactory(pathway=way.pathway, agency=way.record.agency)
        completed_round(course=way.course, person=record.person, at=EARNED + timedelta(hours=n))
    desk(client, way).get(reverse("certificates:desk_pathways"))
    with django_assert_num_queries(11):  # session, person, roles, how many, records, groups, steps and four facts
        client.get(reverse("certificates:desk_pathways"))


@pytest.mark.parametrize("many", [3, 20])
def test_my_page_costs_the_same_however_many_steps(client, way, django_assert_num_queries, many):
    for _ in range(many - 3):
        RequirementFactory(pathway=way.pathway, kind="course", course=way.course)
    my_page(client, way)
    with django_assert_num_queries(12):
        client.get(reverse("certificates:pathway", args=[way.pathway.slug]))
