"""A certificate with an end: its holder is reminded, renews it in time or late, and its history stays."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db.models import Q
from django.urls import reverse

from lms.certificates import jobs, operations, reports, rules
from lms.certificates.models import Award, AwardState, IssuingTerms
from lms.certificates.rules import Deed
from lms.courses.models import Round
from lms.courses.operations.renewing import CannotBeginAgain, begin_again
from lms.outbox.models import Message
from tests.certificates.reading import words
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, StaffRoleFactory
from tests.factories.certificates import NAME, AwardFactory, claimed, completed_round
from tests.factories.cms import CoursePageFactory, SiteTree
from tests.factories.courses import course_of, plain_outline

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 1, 18, 20, 15, tzinfo=UTC)
ENDS = date(2027, 1, 18)


def at(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def course():
    """A course whose certificate holds for a year."""
    page = CoursePageFactory(parent=SiteTree().catalogue, certificate_months=12)
    return course_of(plain_outline(page_id=page.pk))


@pytest.fixture
def agency():
    agency = AgencyFactory()
    IssuingTerms.objects.create(agency=agency, grace_days=30)
    return agency


@pytest.fixture
def first(course, agency):
    """The certificate of somebody who finished that course."""
    done = completed_round(at=FIRST, course=course, agency=agency, person=PersonFactory(certificate_name=""))
    return claimed(operations.issue_for_round(round_id=done.pk, now=FIRST), now=FIRST)


def again(award, day):
    """Go through the course again and finish on ``day``."""
    round_ = operations.renew(award=award, holder=award.person, today=max(day, ENDS), now=at(day))
    version = round_.version
    finished = Round.objects.owned_by(award.person).filter(pk=round_.pk)
    finished.update(completed_at=at(day), completed_version=version, required_done=version.required_total)
    return operations.issue_for_round(round_id=round_.pk, now=at(day))


def fresh(award):
    return Award.objects.unscoped(because="looks at what was kept").get(pk=award.pk)


# --- Until when ----------------------------------------------------------------------------------------------------


def test_a_course_says_for_how_long_its_certificate_holds(first):
    assert first.valid_until == ENDS


def test_a_course_that_says_nothing_gives_one_without_an_end():
    page = CoursePageFactory(parent=SiteTree().catalogue)
    done = completed_round(course=course_of(plain_outline(page_id=page.pk)))
    assert operations.issue_for_round(round_id=done.pk, now=FIRST).valid_until is None


@pytest.mark.parametrize(
    ("earned_on", "until"),
    [
        (date(2026, 9, 1), date(2027, 9, 1)),  # long before: counts from its own day
        (date(2026, 10, 20), date(2028, 1, 18)),  # the first of the last 90 days
        (date(2026, 10, 19), date(2027, 10, 19)),
        (date(2027, 1, 18), date(2028, 1, 18)),
        (date(2027, 2, 17), date(2028, 1, 18)),  # the last day of grace
        (date(2027, 2, 18), date(2028, 2, 18)),  # a day too late: starts anew
    ],
)
def test_a_renewal_goes_on_from_the_old_end_or_starts_anew(earned_on, until):
    assert rules.valid_until(earned_on, 12, before=ENDS, grace_days=30) == until


def test_no_renewal_ends_before_what_it_renews():
    assert rules.valid_until(date(2026, 2, 1), 1, before=ENDS, grace_days=30) == ENDS


# --- Renewing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "until"), [(date(2026, 12, 1), date(2028, 1, 18)), (date(2027, 6, 1), date(2028, 6, 1))]
)
def test_going_through_the_course_again_gives_the_next_one(first, day, until):
    second = again(first, day)
    assert (second.renews, second.valid_until, second.pk != first.pk) == (first, until, True)
    assert fresh(first).state == AwardState.ACTIVE
    assert {Award.objects.for_check(Q(code=award.code)).pk for award in (first, second)} == {first.pk, second.pk}


def test_a_corrected_one_is_renewed_in_its_place(first):
    corrected = operations.correct(award=first, actor=first.person, name="Sam Bŵen", is_neutral=True, now=FIRST)
    second = again(corrected, date(2026, 12, 1))
    assert (second.renews, second.valid_until) == (corrected, date(2028, 1, 18))


def test_a_withdrawn_one_is_not_gone_on_from(first, agency):
    second_round = operations.renew(award=first, holder=first.person, today=ENDS, now=at(ENDS))
    lead = StaffRoleFactory(agency=agency, role="safeguarding_lead").person
    operations.decide(award=first, deed=Deed.WITHDRAW, actor=lead, reason="because", now=at(ENDS))
    finished = Round.objects.owned_by(first.person).filter(pk=second_round.pk)
    total = second_round.required_total
    finished.update(completed_at=at(ENDS), completed_version=second_round.version, required_done=total)
    second = operations.issue_for_round(round_id=second_round.pk, now=at(ENDS))
    assert (second.renews, second.valid_until) == (None, date(2028, 1, 18))


def test_it_cannot_be_renewed_long_before_its_end_nor_by_others(first):
    with pytest.raises(operations.CannotRenewYet):
        operations.renew(award=first, holder=first.person, today=date(2026, 6, 1), now=FIRST)
    with pytest.raises(Award.DoesNotExist):
        operations.renew(award=first, holder=PersonFactory(), today=ENDS, now=FIRST)
    assert Round.objects.owned_by(first.person).count() == 1


def test_pressing_twice_begins_one_round_and_keeps_what_was_done(first):
    rounds = [operations.renew(award=first, holder=first.person, today=ENDS, now=at(ENDS)) for _ in range(2)]
    assert rounds[0] == rounds[1]
    assert rounds[0].number == 2
    assert Round.objects.owned_by(first.person).get(number=1).completed_at == FIRST


def test_nobody_begins_again_what_they_were_never_on(course):
    with pytest.raises(CannotBeginAgain):
        begin_again(person=PersonFactory(), course=course, now=FIRST)


def test_the_page_offers_it_in_time_and_leads_to_the_course(client, first):
    client.force_login(first.person)
    Award.objects.owned_by(first.person).update(pdf="certificates/x.pdf", pdf_sha256="0" * 64)
    page, button = (reverse(f"certificates:{name}", args=[first.uuid]) for name in ("award", "renew"))
    with time_machine.travel("2026-06-01 12:00+00:00", tick=False):
        assert "You can renew it from 20 October 2026" in words(client.get(page))
        assert "can be renewed in the 90 days" in words(client.post(button, follow=True))
    with time_machine.travel("2026-12-01 12:00+00:00", tick=False):
        assert "Renew it" in words(client.get(page))
        assert client.post(button).status_code == 302
    assert Round.objects.owned_by(first.person).count() == 2


def test_the_page_of_a_renewed_one_leads_to_the_new_one(client, first):
    second = again(first, date(2026, 12, 1))
    client.force_login(first.person)
    Award.objects.owned_by(first.person).update(pdf="certificates/x.pdf", pdf_sha256="0" * 64)
    with time_machine.travel("2026-12-02 12:00+00:00", tick=False):
        page = client.get(reverse("certificates:award", args=[first.uuid]))
    assert "You have renewed this" in words(page)
    assert reverse("certificates:award", args=[second.uuid]) in page.content.decode()


# --- Reminders -----------------------------------------------------------------------------------------------------


def test_a_holder_is_reminded_three_times_once_each(first):
    for days in range(100, -3, -1):
        day = ENDS - timedelta(days=days)
        operations.remind(today=day, now=at(day))
    letters = Message.objects.filter(kind="certificate_ends").order_by("pk")
    assert [letter.once.rpartition(":")[2] for letter in letters] == ["90", "30", "7"]
    assert [(ENDS - letter.created_at.date()).days for letter in letters] == [90, 30, 7]
    assert letters[0].subject == "A certificate of yours ends on 18 January 2027"


def test_after_days_without_a_run_only_the_latest_goes_out(first):
    day = ENDS - timedelta(days=5)
    with time_machine.travel(at(day), tick=False):
        assert jobs.remind() == jobs.remind() == "1 end soon"
    assert Message.objects.get(kind="certificate_ends").once.endswith(":7")


def test_nobody_is_reminded_of_what_is_renewed_stopped_or_without_end(first):
    again(first, date(2026, 12, 1))
    for state in ("suspended", "withdrawn", "replaced"):
        AwardFactory(valid_until=ENDS, state=state)
    AwardFactory()
    day = ENDS - timedelta(days=7)
    assert operations.remind(today=day, now=at(day)) == 0


# --- At the desk ---------------------------------------------------------------------------------------------------


def test_the_desk_shows_what_came_before_and_after(client, first, agency):
    second = again(first, date(2026, 12, 1))
    third = operations.correct(award=second, actor=second.person, name="Sam Bŵen", is_neutral=True, now=FIRST)
    client.force_login(StaffRoleFactory(agency=agency, role="safeguarding_lead").person)
    said = words(client.get(reverse("certificates:desk_award", args=[second.uuid])))
    for relation, other in (("It renews", first), ("Replaced by", third)):
        assert relation in said
        assert other.shown_code in said
    assert [how for how, _ in reports.family_of(third)] == ["It replaces"]


@pytest.fixture
def of_nobody():
    """A certificate that this installation gave, with no agency behind it."""
    return AwardFactory(agency=None)


def test_an_administrator_decides_about_what_no_agency_gave(client, of_nobody):
    of_an_agency = AwardFactory(name="Canary Elsewhere")
    client.force_login(StaffRoleFactory(platform=True, role="administrator").person)
    listed = words(client.get(reverse("certificates:desk_awards")))
    assert NAME in listed
    assert "Canary" not in listed
    client.post(
        reverse("certificates:desk_award", args=[of_nobody.uuid]), {"deed": "withdraw", "reason": "Given by mistake"}
    )
    assert fresh(of_nobody).state == AwardState.WITHDRAWN
    assert client.get(reverse("certificates:desk_award", args=[of_an_agency.uuid])).status_code == 404


def test_a_lead_of_an_agency_does_not(client, of_nobody):
    client.force_login(StaffRoleFactory(role="safeguarding_lead").person)
    assert client.get(reverse("certificates:desk_award", args=[of_nobody.uuid])).status_code == 404


def test_an_administrator_does_not_decide_about_their_own(of_nobody, now):
    StaffRoleFactory(platform=True, role="administrator", person=of_nobody.person)
    with pytest.raises(operations.NotYoursToDecide):
        operations.decide(award=of_nobody, deed=Deed.SUSPEND, actor=of_nobody.person, reason="x", now=now)


def test_erasing_leaves_code_hash_and_status(now):
    award = AwardFactory(pdf="certificates/x.pdf", pdf_sha256="1" * 64)
    operations.forget_holder(person=award.person, now=now)
    kept = fresh(award)
    assert (kept.code, kept.pdf_sha256, kept.state) == (award.code, "1" * 64, "withdrawn")
    assert {kept.name, kept.title, kept.neutral_title, kept.issuer, kept.pdf, kept.qr} == {""}
    assert (kept.says, kept.person) == ({}, None)
