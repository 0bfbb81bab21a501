"""An award is claimed once, corrected by a new one, and stopped at once by those who may."""

import threading
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django_q.models import OrmQ

from lms.accounts.operations import erase
from lms.audit.models import Entry
from lms.certificates import jobs, operations, reports
from lms.certificates.models import Award, AwardChange, AwardState
from lms.certificates.rules import Deed
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, StaffRoleFactory
from tests.factories.certificates import NAME, AwardFactory, attended, claimed

pytestmark = pytest.mark.django_db
REASON = "canary-reason: a concern is being looked into"


def fresh(award):
    return Award.objects.unscoped(because="looks at what was kept").get(pk=award.pk)


def lead_of(agency):
    return StaffRoleFactory(agency=agency, role="safeguarding_lead").person


def test_claiming_freezes_name_and_title_and_puts_the_making_off(now):
    award = AwardFactory(waiting=True)
    claimed(award, is_neutral=False, now=now)
    kept = fresh(award)
    assert (kept.state, kept.name, kept.is_neutral, kept.public_title) == ("active", NAME, False, award.title)
    assert kept.says["colours"].keys() == {"accent", "mid", "tint"}
    assert [task.task["func"] for task in OrmQ.objects.all()] == ["lms.certificates.tasks.render_award"]
    assert Entry.objects.filter(action="award.claim", actor_id=award.person_id).count() == 1


def test_claiming_twice_makes_one_and_keeps_the_first_name(now):
    award = AwardFactory(waiting=True)
    claimed(award, now=now)
    again = claimed(award, name="Somebody Else", now=now)
    assert again.name == fresh(award).name == NAME
    assert OrmQ.objects.count() == 1
    assert AwardChange.objects.filter(award=award).count() == 1


def test_a_name_written_once_is_offered_the_next_time_and_never_overwritten(now):
    nameless, named = PersonFactory(certificate_name=""), PersonFactory(certificate_name="Sam Ade")
    for person in (nameless, named):
        claimed(AwardFactory(waiting=True, person=person), now=now)
        person.refresh_from_db()
    assert nameless.certificate_name == NAME
    assert named.certificate_name == "Sam Ade"


@pytest.mark.parametrize("name", ["", "🙂", "<script>", "王小明", "W" * 80, "x" * 10_000])
def test_a_name_that_cannot_be_printed_changes_nothing(now, name):
    award = AwardFactory(waiting=True)
    with pytest.raises(operations.NameCannotBePrinted):
        claimed(award, name=name, now=now)
    assert fresh(award).state == AwardState.WAITING
    assert not OrmQ.objects.exists()


def test_a_register_that_was_corrected_meanwhile_gives_no_certificate(now):
    booking = attended()
    award = operations.issue_for_booking(booking_id=booking.pk, now=now)
    booking.state = "absent"
    booking.save()
    with pytest.raises(operations.NotEarnedAnyMore):
        claimed(award, now=now)
    assert fresh(award).state == AwardState.WAITING


def test_another_name_is_a_new_award_and_both_can_be_checked(now):
    old = AwardFactory(shows_name=True, answers_checks=False)
    new = operations.correct(award=old, actor=old.person, name="Samira Bŵen", is_neutral=False, now=now)
    assert new.code != old.code
    assert new.replaces == old
    assert fresh(old).state == AwardState.REPLACED
    assert fresh(old).name == NAME
    assert (new.name, new.is_neutral, new.state) == ("Samira Bŵen", False, "active")
    assert (new.shows_name, new.answers_checks) == (True, False)  # as its holder had switched them
    same = ("kind", "title", "issuer", "says", "earned_on", "valid_until", "person_id", "agency_id")
    assert [getattr(new, field) for field in same] == [getattr(old, field) for field in same]
    assert {Award.objects.for_check(Q(code=a.code)).state for a in (old, new)} == {"replaced", "active"}


def test_correcting_twice_makes_one_new_award(now):
    old = AwardFactory()
    asked = {"award": old, "actor": old.person, "name": "Samira Bŵen", "is_neutral": True, "now": now}
    assert operations.correct(**asked) == operations.correct(**asked)
    assert Award.objects.owned_by(old.person).count() == 2


def test_correcting_nothing_keeps_the_award(now):
    old = AwardFactory()
    same = operations.correct(award=old, actor=old.person, name=old.name, is_neutral=old.is_neutral, now=now)
    assert same == old
    assert fresh(old).state == AwardState.ACTIVE


@pytest.mark.parametrize("state", ["waiting", "suspended", "withdrawn"])
def test_what_is_not_in_hand_cannot_be_corrected(now, state):
    old = AwardFactory(state=state)
    with pytest.raises(operations.AwardCannotChange):
        operations.correct(award=old, actor=old.person, name="Samira Bŵen", is_neutral=True, now=now)
    assert Award.objects.owned_by(old.person).count() == 1


def test_who_leads_groups_cannot_become_somebody_else_by_themselves(now):
    old = AwardFactory(leader=True)
    asked = {"award": old, "name": "Somebody Else", "is_neutral": True, "now": now}
    with pytest.raises(operations.NotYoursToDecide):
        operations.correct(actor=old.person, **asked)
    assert operations.correct(actor=lead_of(old.agency), **asked).name == "Somebody Else"


def test_a_stranger_corrects_nothing(now):
    old = AwardFactory()
    with pytest.raises(operations.NotYoursToDecide):
        operations.correct(award=old, actor=PersonFactory(), name="Somebody Else", is_neutral=True, now=now)


@pytest.mark.parametrize(
    ("deeds", "state"),
    [
        ([Deed.SUSPEND], "suspended"),
        ([Deed.SUSPEND, Deed.REINSTATE], "active"),
        ([Deed.WITHDRAW], "withdrawn"),
        ([Deed.SUSPEND, Deed.WITHDRAW], "withdrawn"),
    ],
)
def test_a_safeguarding_lead_decides_with_a_reason_that_is_kept_sealed(now, deeds, state):
    award = AwardFactory()
    actor = lead_of(award.agency)
    for deed in deeds:
        operations.decide(award=award, deed=deed, actor=actor, reason=REASON, now=now)
    assert fresh(award).state == state
    change = AwardChange.objects.latest("pk")
    assert (change.after, change.actor_id, change.reason) == (state, actor.pk, REASON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM certificates_awardchange")
        assert all("canary-reason" not in reason for (reason,) in cursor.fetchall())
    deed = Entry.objects.latest("pk")
    assert (deed.action, deed.actor_id, deed.agency_id) == (f"award.{deeds[-1]}", actor.pk, award.agency_id)
    assert "canary" not in str(deed.ids)


@pytest.mark.parametrize("role", ["trainer", "coordinator", "manager", "safeguarding_lead elsewhere", "own"])
def test_nobody_else_decides(now, role):
    award = AwardFactory()
    if role == "own":
        StaffRoleFactory(person=award.person, agency=award.agency, role="safeguarding_lead")
        actor = award.person
    elif role.endswith("elsewhere"):
        actor = lead_of(AgencyFactory())
    else:
        actor = StaffRoleFactory(agency=award.agency, role=role).person
    with pytest.raises(operations.NotYoursToDecide):
        operations.decide(award=award, deed=Deed.WITHDRAW, actor=actor, reason=REASON, now=now)
    assert fresh(award).state == AwardState.ACTIVE


def test_a_decision_needs_a_reason(now):
    award = AwardFactory()
    with pytest.raises(operations.ReasonMissing):
        operations.decide(award=award, deed=Deed.WITHDRAW, actor=lead_of(award.agency), reason="  ", now=now)
    assert fresh(award).state == AwardState.ACTIVE


def test_what_is_withdrawn_stays_so(now):
    award = AwardFactory(state="withdrawn")
    for deed in (Deed.REINSTATE, Deed.SUSPEND, Deed.WITHDRAW):
        with pytest.raises(operations.AwardCannotChange):
            operations.decide(award=award, deed=deed, actor=lead_of(award.agency), reason=REASON, now=now)


def test_the_holder_shows_and_hides_the_name(now):
    award = AwardFactory()
    operations.show_name(award=award, holder=award.person, shows=True, now=now)
    operations.show_name(award=award, holder=award.person, shows=True, now=now)
    assert fresh(award).shows_name
    operations.show_name(award=award, holder=PersonFactory(), shows=False, now=now)
    assert fresh(award).shows_name
    operations.show_name(award=award, holder=award.person, shows=False, now=now)
    assert not fresh(award).shows_name
    assert Entry.objects.filter(action__startswith="award.name_").count() == 2


def test_end_dates_are_written_down_the_day_after(now):
    over = AwardFactory(valid_until=date(2026, 3, 28))
    still = AwardFactory(valid_until=date(2026, 3, 29))
    held = AwardFactory(valid_until=date(2026, 1, 1), state="suspended")
    assert operations.expire_past(today=date(2026, 3, 29), now=now) == 1
    assert [fresh(award).state for award in (over, still, held)] == ["expired", "active", "suspended"]


def test_a_certificate_that_waits_wakes_the_worker_again_but_not_for_ever():
    AwardFactory()
    AwardFactory(render_attempts=5)
    AwardFactory(waiting=True)
    AwardFactory(pdf="certificates/x.pdf", pdf_sha256="0" * 64)
    assert jobs.make_what_waits() == "woken for 1"


def test_what_was_given_up_is_tried_again_the_next_day():
    award = AwardFactory(render_attempts=5)
    AwardFactory(render_attempts=4)
    assert reports.given_up() == 1
    assert jobs.make_what_waits() == "woken for 1"
    assert jobs.try_again() == "1 once more"
    assert reports.given_up() == 0
    assert fresh(award).render_attempts == 0


def test_nobody_claims_what_somebody_else_earned(now):
    award = AwardFactory(waiting=True)
    with pytest.raises(Award.DoesNotExist):
        operations.claim(award=award, holder=PersonFactory(), name=NAME, is_neutral=True, now=now)
    assert fresh(award).state == AwardState.WAITING


def test_erasing_a_person_takes_name_and_file_and_leaves_a_code_that_says_withdrawn(now):
    award = AwardFactory(shows_name=True)
    path = storages["private"].save(f"certificates/{award.uuid}.pdf", ContentFile(b"%PDF canary"))
    Award.objects.owned_by(award.person).update(pdf=path, pdf_sha256="1" * 64, qr="33 M0 0")
    waiting = AwardFactory(waiting=True, person=award.person)
    with transaction.atomic():
        erase(person=award.person, now=now)
    kept = fresh(award)
    assert (kept.state, kept.name, kept.person_id, kept.pdf, kept.qr) == ("withdrawn", "", None, "", "")
    assert kept.pdf_sha256 == "1" * 64
    assert fresh(waiting).state == AwardState.WITHDRAWN


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_file_of_an_erased_person_is_gone(now):
    award = AwardFactory()
    path = storages["private"].save(f"certificates/{award.uuid}.pdf", ContentFile(b"%PDF canary"))
    Award.objects.owned_by(award.person).update(pdf=path, pdf_sha256="1" * 64)
    operations.forget_holder(person=award.person, now=now)
    assert not storages["private"].exists(path)


@pytest.mark.parametrize(
    "wrong", [{"state": "lost"}, {"pdf": "x.pdf", "pdf_sha256": ""}, {"name": "", "state": "active"}]
)
def test_the_database_refuses_what_must_never_be(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        AwardFactory(**wrong)


@pytest.mark.race
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_who_correct_at_once_make_one_new_award(now):
    old = AwardFactory()
    start, made = threading.Barrier(6), []

    def ask(number):
        start.wait()
        try:
            new = operations.correct(award=old, actor=old.person, name="Samira Bŵen", is_neutral=True, now=now)
            made.append(new.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    assert len(set(made)) == 1
    assert Award.objects.owned_by(old.person).count() == 2


def test_a_lookup_is_counted_by_day_and_keeps_nobody(now):
    award = AwardFactory()
    for day in (date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 29)):
        operations.count_lookup(award=award, day=day)
    assert list(award.lookups.values_list("day", "count")) == [(date(2026, 3, 29), 2), (date(2026, 3, 28), 1)]
    assert {field.name for field in award.lookups.model._meta.fields} == {"id", "award", "day", "count"}


def test_time_does_not_bring_a_withdrawn_award_back(now):
    award = AwardFactory(state="withdrawn", valid_until=date(2030, 1, 1))
    assert award.standing((now - timedelta(days=1)).date()) == "withdrawn"
