"""What a package says of a learner is a claim: it finishes a course, and never gives an assessed award by itself."""

import pytest
from django.urls import reverse

from cms.outline import Item
from lms.certificates.models import Award, AwardKind
from lms.certificates.operations import pathways
from lms.courses.models import Course, ItemState, MarkedByHand, Round
from tests.factories.agencies import StaffRoleFactory
from tests.factories.certificates import PathwayFactory, PathwayRecordFactory, RequirementFactory
from tests.factories.courses import course_of, lesson_of, module_of, outline_of, question_item
from tests.factories.packages import learner_of, package_of
from tests.packages.test_sitting import NOW, Sitting, core

pytestmark = pytest.mark.django_db


@pytest.fixture
def passed():
    """Somebody whose package says that they passed with all points, on a pathway that asks for that course alone."""
    package = package_of()
    learner, identity, item = learner_of(package)
    course = Course.objects.get(identity=identity)
    step = RequirementFactory(kind="course", course=course, pathway=PathwayFactory())
    record = PathwayRecordFactory(pathway=step.group.pathway, person=learner)
    assert Sitting(package, learner, identity, item).tell(core(lesson_status="passed", score={"raw": "100"}))
    Round.objects.owned_by(learner).update(completed_at=NOW, completed_version=course.latest)
    return record, course, item


def award_of(record):
    pathways.fulfil_pathways_of(person_id=record.person_id, now=NOW)
    return Award.objects.owned_by(record.person).filter(kind=AwardKind.LEADER).first()


def test_it_gives_no_assessed_award_until_somebody_else_has_had_a_word(passed, client):
    record, _, _ = passed
    assert award_of(record) is None
    client.force_login(record.person)
    theirs = client.get(reverse("certificates:pathway", args=[record.pathway.slug]))
    client.force_login(StaffRoleFactory(agency=record.agency, role="manager").person)
    at_desk = client.get(reverse("certificates:desk_pathway", args=[record.uuid]))
    assert "has to add a step that a person signs" in theirs.text
    assert "reported by the package, and not checked by us" in at_desk.text
    signed = RequirementFactory(pathway=record.pathway)
    coordinator = StaffRoleFactory(agency=record.agency, role="coordinator").person
    pathways.sign_off(record=record, requirement=signed, actor=coordinator, is_met=True, comment="", now=NOW)
    assert award_of(record)


def test_nor_until_they_did_what_the_course_asks_itself(passed):
    record, course, item = passed
    question = question_item()
    asks = lesson_of(Item(id=item, kind="package", title="First week", required=True), question)
    latest = course_of(outline_of(module_of(asks), id=course.identity, slug=course.slug), now=NOW).latest
    finished = Round.objects.owned_by(record.person)
    finished.update(completed_version=latest)
    assert award_of(record) is None  # a question that they never answered says nothing of them
    ItemState.objects.create(round=finished.get(), item=question.id, lesson=asks.id, opened_at=NOW, done_at=NOW)
    assert award_of(record)


def test_a_package_that_staff_marked_has_their_word(passed):
    record, _, item = passed
    assert award_of(record) is None
    round_ = Round.objects.owned_by(record.person).get()
    MarkedByHand.objects.create(round=round_, item=item, by_id=1, by_name="Grace", reason="Did it with us", at=NOW)
    assert award_of(record)
