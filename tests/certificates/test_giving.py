"""Certificates are given at once to who had one before, for a whole register, by hand, and after a look."""

from datetime import timedelta

import pytest
import time_machine
from django.db.models import Q
from django.urls import reverse
from django_q.models import OrmQ

from lms.audit.models import Entry
from lms.certificates import operations, receivers, tasks
from lms.certificates.models import Award, AwardState, IssuingTerms
from lms.certificates.rules import Deed
from lms.outbox.models import Message
from tests.certificates.reading import words
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory, StaffRoleFactory
from tests.factories.certificates import EARNED, NAME, AwardFactory, PastSessionFactory, attended, completed_round
from tests.factories.courses import course_of, plain_outline

pytestmark = pytest.mark.django_db
REASON = "canary: did it by phone"
NOW = EARNED + timedelta(days=2)


@pytest.fixture(autouse=True)
def _two_days_later(settings, tmp_path):
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    with time_machine.travel(NOW, tick=False):
        yield


def awards():
    return Award.objects.unscoped(because="looks at what was given").order_by("pk")


def renders():
    return [task.task["func"] for task in OrmQ.objects.all()].count("lms.certificates.tasks.render_award")


def staff(agency, role):
    return StaffRoleFactory(agency=agency, role=role).person


def known(**fields):
    """Somebody who has had a certificate before."""
    return PersonFactory(certificate_name=NAME, **fields)


# --- At once -------------------------------------------------------------------------------------------------------


def test_who_had_one_before_has_the_next_made_at_once_and_one_letter():
    person = known()
    AwardFactory(person=person, is_neutral=False)
    award = operations.issue_for_round(round_id=completed_round(person=person).pk, now=NOW)
    assert (award.state, award.name, award.is_neutral) == ("active", NAME, False)
    assert renders() == 1
    assert not Message.objects.exists()
    for _ in range(2):
        tasks.render_award(award_id=award.pk)
    letter = Message.objects.get()
    assert (letter.subject, letter.person_id) == ("Your certificate is ready", person.pk)


def test_the_first_one_made_by_itself_carries_the_title_that_says_nothing():
    award = operations.issue_for_round(round_id=completed_round(person=known()).pk, now=NOW)
    assert award.is_neutral


@pytest.mark.parametrize("name", ["", "王小明", "W" * 80])
def test_a_name_we_do_not_know_or_cannot_print_is_asked_for(name):
    done = completed_round(person=PersonFactory(certificate_name=name))
    assert operations.issue_for_round(round_id=done.pk, now=NOW).state == AwardState.WAITING
    assert renders() == 0


def test_who_was_told_to_make_theirs_gets_no_second_letter_when_it_is_made():
    booking = attended(person=PersonFactory(certificate_name=""))
    award = operations.issue_for_booking(booking_id=booking.pk, now=NOW)
    operations.claim(award=award, holder=booking.person, name=NAME, is_neutral=True, now=NOW)
    tasks.render_award(award_id=award.pk)
    assert Message.objects.get().subject == "Your certificate is ready to make"


# --- After a look --------------------------------------------------------------------------------------------------


@pytest.fixture
def looking():
    """An agency that looks at each certificate, and one of its people who has finished a course."""
    agency = AgencyFactory()
    IssuingTerms.objects.create(agency=agency, approves=True)
    done = completed_round(person=known(display_name="Sam"), agency=agency)
    return operations.issue_for_round(round_id=done.pk, now=NOW)


def test_where_each_is_looked_at_nobody_can_have_or_check_it_yet(client, looking):
    assert looking.state == AwardState.STAGED
    assert Award.objects.for_check(Q(code=looking.code)) is None
    client.force_login(looking.person)
    page = client.get(reverse("certificates:award", args=[looking.uuid]))
    assert "Your agency is checking this" in words(page)
    assert "Your agency is checking this" in words(client.get(reverse("certificates:awards")))
    assert client.get(reverse("certificates:download", args=[looking.uuid])).status_code == 404
    with pytest.raises(operations.AwardCannotChange):
        operations.claim(award=looking, holder=looking.person, name=NAME, is_neutral=True, now=NOW)


def test_asked_again_it_is_still_one_and_still_waits(looking):
    number = looking.earned_by.removeprefix("round:")
    assert operations.issue_for_round(round_id=int(number), now=NOW) == looking
    assert awards().get().state == AwardState.STAGED


def test_ticked_ones_are_given_and_made(client, looking):
    client.force_login(staff(looking.agency, "coordinator"))
    page = client.get(reverse("certificates:desk_approvals"))
    assert "Sam" in words(page)
    elsewhere = AwardFactory(staged=True)
    ticked = {"award": [looking.uuid, elsewhere.uuid, "no uuid"]}
    answer = client.post(reverse("certificates:desk_approvals"), ticked, follow=True)
    assert "1 given." in words(answer)
    assert [award.state for award in awards()] == ["active", "staged"]
    assert renders() == 1


def test_one_is_not_given_with_a_reason_that_its_holder_never_reads_and_given_after_all(client, looking):
    client.force_login(staff(looking.agency, "manager"))
    address = reverse("certificates:desk_approval", args=[looking.uuid])
    answer = client.post(address, {"verdict": "decline", "reason": " "})
    assert answer.status_code == 422
    assert "Write why" in words(answer)
    client.post(address, {"verdict": "decline", "reason": REASON})
    assert awards().get().state == AwardState.DECLINED
    client.force_login(looking.person)
    page = client.get(reverse("certificates:award", args=[looking.uuid]))
    assert "hasn't given it" in words(page)
    assert "canary" not in page.content.decode()
    client.force_login(staff(looking.agency, "coordinator"))
    client.post(address, {"verdict": "give"})
    assert awards().get().state == AwardState.ACTIVE


def test_nobody_looks_at_their_own(looking):
    StaffRoleFactory(person=looking.person, agency=looking.agency, role="coordinator")
    for deed in (
        lambda: operations.approve(award=looking, actor=looking.person, now=NOW),
        lambda: operations.decline(award=looking, actor=looking.person, reason=REASON, now=NOW),
    ):
        with pytest.raises(operations.NotYoursToGive):
            deed()
    assert awards().get().state == AwardState.STAGED


def test_giving_twice_changes_nothing_and_a_withdrawn_one_stays_so(looking):
    actor = staff(looking.agency, "coordinator")
    operations.approve(award=looking, actor=actor, now=NOW)
    operations.approve(award=looking, actor=actor, now=NOW)
    assert Entry.objects.filter(action="award.approve").count() == 1
    lead = staff(looking.agency, "safeguarding_lead")
    operations.decide(award=looking, deed=Deed.WITHDRAW, actor=lead, reason=REASON, now=NOW)
    with pytest.raises(operations.AwardCannotChange):
        operations.approve(award=looking, actor=actor, now=NOW)


def test_what_the_register_says_no_more_is_not_given(client):
    booking = attended(person=known())
    agency = booking.session.agency
    IssuingTerms.objects.create(agency=agency, approves=True)
    assert mark(booking, "attended") == AwardState.STAGED
    assert mark(booking, "absent") == AwardState.STAGED
    client.force_login(staff(agency, "coordinator"))
    address = reverse("certificates:desk_approval", args=[awards().get().uuid])
    answer = client.post(address, {"verdict": "give"})
    assert (answer.status_code, awards().get().state) == (422, AwardState.STAGED)
    assert "register" in words(answer)
    ticked = client.post(reverse("certificates:desk_approvals"), {"award": [awards().get().uuid]}, follow=True)
    assert "Nothing was given." in words(ticked)
    assert mark(booking, "attended") == AwardState.STAGED
    client.post(address, {"verdict": "give"})
    assert awards().get().state == AwardState.ACTIVE


def test_who_has_no_known_name_is_told_when_theirs_is_given(looking):
    looking.person.certificate_name = ""
    looking.person.save()
    operations.approve(award=looking, actor=staff(looking.agency, "coordinator"), now=NOW)
    assert awards().get().state == AwardState.WAITING
    assert Message.objects.get().kind == "certificate_ready"


# --- By hand -------------------------------------------------------------------------------------------------------


@pytest.fixture
def adopter():
    person = PersonFactory(certificate_name="", email="sam@example.org")
    membership = MembershipFactory(person=person)
    return person, membership.agency


def by_hand(adopter, actor=None, course=None, **asked):
    person, agency = adopter
    actor = actor or staff(agency, "coordinator")
    course = course or course_of(plain_outline())
    usual = {"agency": agency, "person": person, "course": course, "actor": actor, "reason": REASON, "now": NOW}
    return operations.give_for_course(**{**usual, **asked})


def test_one_is_given_by_hand_with_its_reason_kept_sealed(adopter):
    award = by_hand(adopter)
    assert (award.kind, award.state, award.title) == ("completion", "waiting", "Telling their story")
    change = award.changes.get()
    assert (change.reason, change.actor_id is None) == (REASON, False)
    assert Message.objects.get().kind == "certificate_ready"
    assert "canary" not in str(Entry.objects.values_list("ids", flat=True))


def test_pressing_twice_gives_one(adopter):
    course, actor = course_of(plain_outline()), staff(adopter[1], "manager")
    assert by_hand(adopter, actor, course) == by_hand(adopter, actor, course)


def test_who_has_it_already_is_not_said_to_have_been_given_it(client, adopter):
    person, agency = adopter
    done = completed_round(person=person, agency=agency)
    given = operations.issue_for_round(round_id=done.pk, now=NOW - timedelta(days=1))
    Award.objects.owned_by(person).filter(pk=given.pk).update(state=AwardState.WITHDRAWN)
    client.force_login(staff(agency, "coordinator"))
    typed = {"what": f"course:{done.enrolment.course_id}", "reason": REASON, "address": person.email}
    page = words(client.post(reverse("certificates:desk_by_hand"), typed, follow=True))
    assert "nothing new was given" in page
    assert "withdrawn" in page


def test_who_has_completed_it_gets_the_one_they_earned(adopter):
    person, agency = adopter
    done = completed_round(person=person, agency=agency)
    given = by_hand(adopter, course=done.enrolment.course)
    assert given.earned_by == f"round:{done.pk}"
    assert operations.issue_for_round(round_id=done.pk, now=NOW) == given


def test_nobody_gives_one_to_themselves_to_a_stranger_or_from_elsewhere(adopter):
    person, agency = adopter
    own = StaffRoleFactory(person=person, agency=agency, role="coordinator").person
    trainer, elsewhere = staff(agency, "trainer"), staff(AgencyFactory(), "manager")
    for actor in (own, trainer, elsewhere):
        with pytest.raises(operations.NotYoursToGive):
            by_hand(adopter, actor)
    with pytest.raises(operations.NotOfAgency):
        by_hand(adopter, person=PersonFactory())
    with pytest.raises(operations.WhyMissing):
        by_hand(adopter, reason="  ")
    IssuingTerms.objects.create(agency=agency, by_hand=False)
    with pytest.raises(operations.NotByHand):
        by_hand(adopter)
    assert not awards().exists()


def test_for_a_session_only_who_had_a_place_and_once_with_the_register(adopter):
    person, agency = adopter
    session, actor = PastSessionFactory(agency=agency), staff(agency, "coordinator")
    asked = {"agency": agency, "person": person, "session": session, "actor": actor, "reason": REASON, "now": NOW}
    with pytest.raises(operations.NothingToGiveFor):
        operations.give_for_session(**asked)
    booking = attended(session=session, person=person, state="absent")
    award = operations.give_for_session(**asked)
    assert award.says["minutes"] == 90
    assert operations.give_for_session(**asked) == award
    booking.state = "attended"
    booking.save()
    assert operations.issue_for_booking(booking_id=booking.pk, now=NOW) == award
    claimed = operations.claim(award=award, holder=person, name=NAME, is_neutral=True, now=NOW)
    assert claimed.state == AwardState.ACTIVE


def test_the_form_gives_to_ones_own_people_and_says_no_more_of_others(client, adopter):
    person, agency = adopter
    client.force_login(staff(agency, "coordinator"))
    course = course_of(plain_outline())
    address, asked = reverse("certificates:desk_by_hand"), {"what": f"course:{course.pk}", "reason": REASON}
    said = set()
    for typed in ("nobody@example.org", MembershipFactory().person.email):
        answer = client.post(address, {**asked, "address": typed})
        assert answer.status_code == 422
        said.add("We don't know that address at your agency" in words(answer))
    assert said == {True}
    answer = client.post(address, {**asked, "address": "SAM@example.org"}, follow=True)
    assert "The certificate is given" in words(answer)
    assert awards().get().person == person


@pytest.mark.parametrize("what", ["", "course:999999", "session:1", "leader:1", "course:", "x" * 500])
def test_what_cannot_be_chosen_is_refused(client, adopter, what):
    client.force_login(staff(adopter[1], "coordinator"))
    asked = {"address": "sam@example.org", "what": what, "reason": REASON}
    assert client.post(reverse("certificates:desk_by_hand"), asked).status_code == 422
    assert not awards().exists()


# --- A whole register ----------------------------------------------------------------------------------------------


@pytest.fixture
def evening(client):
    """A session with people who were there, one who was not, and its coordinator signed in."""
    session = PastSessionFactory()
    for n in range(5):
        attended(session=session, person=PersonFactory(certificate_name=NAME if n else ""))
    attended(session=session, state="absent")
    client.force_login(staff(session.agency, "coordinator"))
    return session


def test_one_press_gives_a_whole_register_and_shows_how_far_it_is(client, evening):
    address = reverse("certificates:desk_register_awards", args=[evening.uuid])
    assert "Give 5 certificates" in words(client.get(address))
    for _ in range(2):
        answer = client.post(address, follow=True)
    assert "0 of 5 done" in words(answer)
    assert answer["Refresh"].startswith("3; url=")
    for _ in range(2):
        operations.issue_for_register(session_id=evening.pk)
    assert awards().count() == 5
    page = client.get(address, {"look": 2})
    assert "1 of 5 done" in words(page)
    for award in awards():
        tasks.render_award(award_id=award.pk)
    done = client.get(address, {"look": 3})
    assert "All done" in words(done)
    assert "Refresh" not in done
    assert "Give " not in words(done).replace("Nothing is left to give", "")


def test_the_page_looks_again_for_two_minutes_at_most(client, evening):
    address = reverse("certificates:desk_register_awards", args=[evening.uuid])
    for typed in ("0", "40", "999", "-1", "x", "1" * 5000):
        assert "Refresh" not in client.get(address, {"look": typed})


@pytest.mark.parametrize("people", [1, 6])
def test_the_progress_costs_the_same_however_many_there_are(client, evening, people, django_assert_num_queries):
    for _ in range(people):
        attended(session=evening)
    address = reverse("certificates:desk_register_awards", args=[evening.uuid])
    client.get(address)
    with django_assert_num_queries(6):
        client.get(address)


def test_the_register_of_another_agency_is_not_there(client, evening):
    elsewhere = PastSessionFactory()
    for method in (client.get, client.post):
        answer = method(reverse("certificates:desk_register_awards", args=[elsewhere.uuid]))
        assert answer.status_code == 404
    assert not OrmQ.objects.exists()


def mark(booking, state):
    """The register now says this, and the news of it is heard."""
    type(booking).objects.unscoped(because="a test").filter(pk=booking.pk).update(state=state)
    receivers.give_for_booking(booking_id=booking.pk)
    return awards().get().state


def test_a_register_that_is_changed_takes_its_certificate_along():
    booking = attended(person=known())
    states = [mark(booking, state) for state in ("attended", "absent", "absent", "attended", "attended")]
    assert states == ["active", "suspended", "suspended", "active", "active"]
    assert [change.reason for change in awards().get().changes.order_by("pk")][-2:] == ["The register was changed."] * 2


def test_what_a_person_decided_stays_whatever_the_register_says():
    booking = attended(person=known())
    mark(booking, "attended")
    lead = staff(awards().get().agency, "safeguarding_lead")
    operations.decide(award=awards().get(), deed=Deed.SUSPEND, actor=lead, reason=REASON, now=NOW)
    assert [mark(booking, state) for state in ("absent", "attended")] == ["suspended", "suspended"]


def test_one_given_by_hand_does_not_hang_on_the_register():
    booking = attended(person=known(), state="absent")
    agency = booking.session.agency
    MembershipFactory(person=booking.person, agency=agency)
    operations.give_for_session(
        agency=agency,
        person=booking.person,
        session=booking.session,
        actor=staff(agency, "coordinator"),
        reason=REASON,
        now=NOW,
    )
    assert mark(booking, "partial") == "active"


# --- What an agency has settled ------------------------------------------------------------------------------------


def test_a_manager_settles_how_certificates_are_given(client):
    agency = AgencyFactory()
    client.force_login(staff(agency, "manager"))
    address = reverse("certificates:desk_terms")
    sent = {"agency": agency.slug, f"{agency.slug}-approves": "on", f"{agency.slug}-grace_days": "14"}
    assert client.post(address, sent).status_code == 302
    kept = operations.terms_of(agency)
    assert (kept.approves, kept.by_hand, kept.grace_days) == (True, False, 14)
    assert Entry.objects.filter(action="award.terms_settled", agency_id=agency.pk).count() == 1


@pytest.mark.parametrize("days", ["", "-1", "366", "x", "1e9", "9" * 40])
def test_days_of_grace_that_make_no_sense_are_refused(client, days):
    agency = AgencyFactory()
    client.force_login(staff(agency, "manager"))
    sent = {"agency": agency.slug, f"{agency.slug}-grace_days": days}
    assert client.post(reverse("certificates:desk_terms"), sent).status_code == 422
    assert not IssuingTerms.objects.exists()


def test_the_terms_of_another_agency_cannot_be_reached(client):
    elsewhere = AgencyFactory()
    client.force_login(staff(AgencyFactory(), "manager"))
    sent = {"agency": elsewhere.slug, f"{elsewhere.slug}-approves": "on", f"{elsewhere.slug}-grace_days": "14"}
    assert client.post(reverse("certificates:desk_terms"), sent).status_code == 200
    assert not IssuingTerms.objects.exists()
