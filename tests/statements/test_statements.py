"""What a statement says, and what it never does."""

import json
from contextlib import suppress
from datetime import timedelta

import pytest
from django.urls import reverse

from lms.agencies.models import Role
from lms.audit.models import Entry
from lms.courses.models import Enrolment, EventKind
from lms.packages import operations as packages
from lms.statements import gathering, rules
from lms.webinars.models import AttendanceChange
from tests.factories.agencies import StaffRoleFactory
from tests.factories.certificates import AwardFactory
from tests.factories.courses import CohortFactory, tried
from tests.factories.packages import attempt_of, package_of
from tests.factories.webinars import BookingFactory, SessionFactory
from tests.statements.conftest import NOW
from tests.statements.xapi import faults

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
    around = answered["context"]["contextActivities"]
    assert [one["id"].split("/")[-2] for one in (*around["parent"], *around["grouping"])] == [
        "lesson",
        "course",
        "module",
    ]
    assert around["parent"][0]["definition"]["name"] == {"en-GB": busy.lesson.title}
    assert around["grouping"][0]["id"].endswith(str(busy.course.identity))
    assert answered["context"]["revision"] == "1"
    assert "score" not in answered["result"]  # an answer in a lesson is theirs alone, right or not
    assert "success" not in answered["result"]
    assert answered["timestamp"] == "2026-03-02T20:00:00.000Z"


def test_a_check_says_what_it_came_to_and_a_package_that_it_is_the_packages_word(learner):
    for right in (False, True):
        tried(learner.person, right=right)
    attempt = attempt_of(package_of(agency=learner.agency), learner.person)
    cmi = {"core": {"lesson_status": "passed", "score": {"raw": 80}, "session_time": "00:12:30"}}
    told = packages.Told(attempt.launch, attempt.part, 1, {**cmi, "suspend_data": "canary words"}, is_finished=True)
    packages.keep(attempt_id=attempt.pk, told=told, now=NOW)
    said = list(gathering.statements_of(learner.person))
    assert [faults(one) for one in said] == [[]] * len(said)
    by_verb = {one["verb"]["display"]["en-GB"]: one for one in said if one["object"]["id"].split("/")[-2] != "course"}
    failed, passed, claimed = (by_verb[verb]["result"] for verb in ("tried", "passed", "completed"))
    assert failed == {"success": False, "score": {"scaled": 0.0, "raw": 0, "min": 0, "max": 2}, "duration": "PT0S"}
    assert (passed["success"], passed["score"]["scaled"]) == (True, 1.0)
    score = {"scaled": 0.8, "raw": 80, "min": 0, "max": 100}
    assert claimed == {"completion": True, "success": True, "score": score, "duration": "PT750S"}
    words = {verb: one["context"].get("extensions") for verb, one in by_verb.items()}
    assert words["completed"] == {f"{gathering.home()}/xapi/extensions/word-of": "package"}
    assert words["passed"] is None
    assert "canary" not in json.dumps(said)


SPOILT = [
    {"id": "1"},
    {"version": "2.0"},
    {"timestamp": "2026-03-02T20:00:00"},
    {"verb": {"id": "read"}},
    {"result": {"score": {"scaled": 80}}},
    {"result": {"score": {"raw": 3, "min": 0, "max": 2}}},
    {"result": {"duration": "12:30"}},
    {"result": {"success": None}},
    {"context": {"contextActivities": {"parent": {}}}},
    {"context": {"extensions": {"word of": "package"}}},
    {"stored": "2026-03-02T20:00:00Z"},
]


def test_statements_keep_to_the_rules_of_xapi_and_whatever_breaks_one_is_seen(busy):
    said = list(gathering.statements_of(busy.person))
    assert [faults(one) for one in said] == [[]] * 6
    unseen = []
    for fault in SPOILT:
        with suppress(ValueError, KeyError):
            unseen += [] if faults({**said[0], **fault}) else [fault]
    assert not unseen


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
    learner.goes_on()
    list(gathering.statements_of(learner.person))  # the outline is read once in a process
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
    empty = CohortFactory(course=busy.course, agency=busy.agency)
    nothing = client.post(reverse("statements:desk_group", args=[empty.uuid]), follow=True)
    assert "nothing to take yet" in nothing.content.decode()
    one = client.post(reverse("statements:desk_person", args=[busy.enrolment.uuid]))
    many = client.post(reverse("statements:desk_group", args=[group.uuid]))
    assert "attachment" in one["Content-Disposition"]
    assert verbs(json.loads(b"".join(one))) == ["answered", "answered", "read", "completed", "attended", "earned"]
    assert verbs(json.loads(b"".join(many))) == ["answered", "answered", "read", "completed"]
    assert Entry.objects.filter(action="statements.copied").count() == 2
