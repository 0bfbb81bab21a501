"""What a statement says, and what it never does."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from lms.agencies.models import Role
from lms.audit.models import Entry
from lms.courses.models import Enrolment, EventKind
from lms.statements import gathering, rules
from lms.webinars.models import AttendanceChange
from tests.factories.agencies import StaffRoleFactory
from tests.factories.certificates import AwardFactory
from tests.factories.courses import CohortFactory
from tests.factories.webinars import BookingFactory, SessionFactory
from tests.statements.conftest import NOW

pytestmark = pytest.mark.django_db


def verbs(said):
    return [one["verb"]["display"]["en-GB"] for one in said]


@pytest.fixture
def busy(learner):
    """The learner, having finished the course, come to a session and been given an award."""
    learner.goes_on()
    learner.finishes()
    booking = BookingFactory(person=learner.person, session=SessionFactory(agency=learner.agency, title="The letter"))
    part = booking.session.parts.get()
    AttendanceChange.objects.create(booking=booking, part=part, after="present", at=NOW, actor_id=1)
    award = AwardFactory(person=learner.person, agency=learner.agency)
    award.changes.create(before="waiting", after="active", at=NOW)
    return learner


def test_a_learners_own_tell_all_that_was_done_and_nothing_that_was_written(busy):
    said = list(gathering.statements_of(busy.person))
    assert verbs(said) == ["answered", "answered", "read", "completed", "attended", "earned"]
    text = json.dumps(said)
    assert not [word for word in ("canary", "option-a", "option-b", busy.person.email) if word in text]
    assert str(busy.reflection.id) not in text
    assert len({one["id"] for one in said}) == len(said)
    assert said == list(gathering.statements_of(busy.person))
    answered = said[0]
    assert answered["actor"]["account"]["homePage"] == gathering.home()
    assert answered["object"]["id"].endswith(f"/xapi/question/{busy.question.id}")
    assert answered["context"]["contextActivities"]["grouping"][0]["id"].endswith(str(busy.course.identity))
    assert answered["timestamp"] == "2026-03-02T20:00:00.000Z"


def test_each_agency_knows_a_person_by_another_number_and_hears_of_its_own_only(busy):
    own, theirs = (
        list(gathering.statements_of(busy.person)),
        list(gathering.statements_of(busy.person, agency=busy.agency)),
    )
    assert verbs(own) == verbs(theirs)
    assert not {one["id"] for one in own} & {one["id"] for one in theirs}
    assert {one["actor"]["account"]["name"] for one in own} != {one["actor"]["account"]["name"] for one in theirs}
    other = StaffRoleFactory(role=Role.MANAGER).agency
    assert list(gathering.statements_of(busy.person, agency=other)) == []


def test_everything_that_can_happen_has_a_verb():
    assert rules.VERBS.keys() >= {kind.value for kind in EventKind}
    assert "reflection" not in rules.KINDS
    assert "plan" not in rules.KINDS


def test_a_page_of_them_costs_the_same_however_many(learner, django_assert_num_queries):
    for many in (1, 8):
        learner.goes_on(many)
        with django_assert_num_queries(6):
            list(gathering.statements_of(learner.person))


def test_a_store_is_left_alone_longer_and_longer():
    waits = [rules.wait_after(tries) for tries in range(1, 13)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(minutes=2), timedelta(hours=6))
    assert rules.wait_after(1, asked=900) == timedelta(minutes=15)
    assert rules.wait_after(1, asked=10**9) == timedelta(days=1)


def test_a_learner_reads_who_is_told_and_takes_their_own(client, busy, store):
    client.force_login(busy.person)
    page = client.get(reverse("statements:mine")).text
    assert busy.agency.name in page
    assert reverse("statements:mine") in client.get(reverse("accounts:privacy")).text
    answer = client.get(reverse("statements:download"))
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]


def test_staff_take_a_copy_for_one_learner_and_for_a_group(client, busy):
    group = CohortFactory(course=busy.course, agency=busy.agency)
    Enrolment.objects.owned_by(busy.person).update(cohort=group)
    client.force_login(StaffRoleFactory(role=Role.COORDINATOR, agency=busy.agency).person)
    one = client.post(reverse("statements:desk_person", args=[busy.enrolment.uuid]))
    many = client.post(reverse("statements:desk_group", args=[group.uuid]))
    assert "attachment" in one["Content-Disposition"]
    assert verbs(json.loads(b"".join(one))) == ["answered", "answered", "read", "completed", "attended", "earned"]
    assert verbs(json.loads(b"".join(many))) == ["answered", "answered", "read", "completed"]
    assert Entry.objects.filter(action="statements.copied").count() == 2
