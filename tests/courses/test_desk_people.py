"""What staff may do for a learner by hand, and what they see of how questions are answered."""

from uuid import UUID, uuid4

import pytest

from lms.agencies.models import Role
from lms.audit.models import Entry
from lms.common.scope import Scope
from lms.courses import operations, tallies
from lms.courses.models import Enrolment, ItemState, MarkedByHand, Round
from tests.courses.browsing import words
from tests.courses.test_costs import statements
from tests.courses.written import address, items, options
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, StaffRoleFactory
from tests.factories.courses import BEFORE

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, agency):
    role = StaffRoleFactory(agency=agency, role=Role.TRAINER)
    client.force_login(role.person)
    return client


@pytest.fixture
def enrolment(learner, agency):
    Enrolment.objects.owned_by(learner).update(agency=agency)
    return Enrolment.objects.owned_by(learner).get()


def page_of(enrolment, rest=""):
    return f"/desk/learners/{enrolment.uuid}/{rest}"


def mark(staff, enrolment, item, reason="Done on paper"):
    return staff.post(page_of(enrolment, "mark/"), {"item": item, "reason": reason})


def test_staff_see_what_is_done_and_the_rule_of_each(staff, enrolment, written):
    shown = words(staff.get(page_of(enrolment)))
    assert "One of everything" in shown
    assert "Done when you've given an answer, whatever it is." in shown
    assert "feedback-of" not in shown


def test_marking_by_hand_counts_and_says_by_whom(staff, enrolment, written, learner, client):
    item = items(written.plain, "question")[0]
    assert mark(staff, enrolment, item).status_code == 302
    assert ItemState.objects.owned_by(learner).get(item=item).done_at
    assert Round.objects.owned_by(learner).get().required_done == 1
    entry = Entry.objects.get(action="courses.marked_by_hand")
    assert "paper" not in str(entry.ids)
    client.force_login(learner)
    shown = words(client.get(address(written.plain)))
    assert "Marked as done by" in shown
    assert "Done on paper" in shown


def test_marked_twice_is_marked_once(staff, enrolment, written, learner):
    item = items(written.plain, "question")[0]
    for reason in ("First", "Second"):
        mark(staff, enrolment, item, reason)
    assert MarkedByHand.objects.owned_by(learner).get().reason == "First"
    assert Round.objects.owned_by(learner).get().required_done == 1


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_a_reason_is_asked_for(staff, enrolment, written, learner, reason):
    answer = mark(staff, enrolment, items(written.plain, "question")[0], reason)
    assert answer.status_code == 422
    assert not MarkedByHand.objects.owned_by(learner).exists()


def test_an_item_of_no_course_is_not_there(staff, enrolment):
    assert mark(staff, enrolment, uuid4()).status_code == 404
    assert mark(staff, enrolment, "not-an-id").status_code == 422


def test_another_agencys_learner_is_not_there(client, enrolment, written):
    other = StaffRoleFactory(agency=AgencyFactory(), role=Role.TRAINER)
    client.force_login(other.person)
    assert client.get(page_of(enrolment)).status_code == 404
    assert mark(client, enrolment, items(written.plain, "question")[0]).status_code == 404


def test_the_last_mark_finishes_the_course(enrolment, written, learner):
    for item, said in written.course.latest.items.items():
        if said["required"]:
            operations.mark_done(
                enrolment=enrolment, item=UUID(item), reason="On paper", actor=PersonFactory(), now=BEFORE
            )
    assert Round.objects.owned_by(learner).get().completed_at


def test_more_time_and_tries_are_kept(staff, enrolment):
    answer = staff.post(page_of(enrolment, "adjust/"), {"extra_time": "25", "extra_tries": "1"})
    assert answer.status_code == 302
    enrolment.refresh_from_db()
    assert (enrolment.extra_time, enrolment.extra_tries) == (25, 1)


@pytest.mark.parametrize("sent", [{"extra_time": "-1"}, {"extra_time": "x"}, {"extra_tries": "999"}])
def test_what_makes_no_sense_is_not_kept(staff, enrolment, sent):
    answer = staff.post(page_of(enrolment, "adjust/"), {"extra_time": "0", "extra_tries": "0", **sent})
    assert answer.status_code == 422


# --- numbers of questions ---------------------------------------------------------------------------------


def answered_by(count, written, agency, text):
    item = items(written.plain, "question")[0]
    for person in PersonFactory.create_batch(count, password="!", proven=False):
        operations.enrol(person=person, course=written.course, now=BEFORE)
        Enrolment.objects.owned_by(person).update(agency=agency)
        operations.answer_question(
            learner=person,
            course=written.course.identity,
            item=UUID(item),
            chosen=[options(written.plain, item)[text]],
            client_id=uuid4(),
            now=BEFORE,
        )


def numbers(staff, written):
    return words(staff.get(f"/desk/courses/{written.course.pk}/questions/"))


def test_few_answers_are_not_shown(staff, agency, written):
    answered_by(4, written, agency, "Not tonight")
    assert "Not tonight" not in numbers(staff, written)


def test_enough_answers_are_counted_and_small_parts_of_them_are_not(staff, agency, written):
    answered_by(6, written, agency, "Not tonight")
    answered_by(1, written, agency, "I am glad you asked")
    shown = numbers(staff, written)
    assert "About 5 answers." in shown
    assert "Not tonight: 6" in shown
    assert "I am glad you asked: fewer than 5" in shown
    assert "who joined last" not in shown


def test_of_very_many_the_latest_are_counted_in_four_queries(
    staff, agency, written, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(tallies, "EACH", 5)
    answered_by(5, written, agency, "I am glad you asked")
    answered_by(5, written, agency, "Not tonight")
    shown = numbers(staff, written)
    assert "Not tonight: 5" in shown
    assert "I am glad you asked: fewer than 5" in shown
    assert "who joined last" in shown
    course, scope = written.course, Scope(frozenset({agency.pk}))
    version = course.latest
    with django_assert_num_queries(4):
        tallies.tallies(scope, course, version)


def test_other_agencies_are_not_counted(staff, written):
    answered_by(6, written, AgencyFactory(), "Not tonight")
    assert "Not tonight" not in numbers(staff, written)


# --- versions ---------------------------------------------------------------------------------------------


def test_versions_are_listed_and_compared(staff, written):
    written.plain.title = "In other words"
    written.plain.save()
    written.compile()
    listed = words(staff.get(f"/desk/courses/{written.course.pk}/versions/"))
    assert "Version 2" in listed
    shown = words(staff.get(f"/desk/courses/{written.course.pk}/versions/2/"))
    assert "is now “In other words”" in shown


@pytest.mark.parametrize("asked", ["abc", "-1", "99999999999999999999", "²"])
def test_a_version_that_is_none_is_not_compared(staff, written, asked):
    answer = staff.get(f"/desk/courses/{written.course.pk}/versions/1/", {"with": asked})
    assert answer.status_code == 200
    for number in ("77", "9" * 30):
        assert staff.get(f"/desk/courses/{written.course.pk}/versions/{number}/").status_code == 404


def test_one_person_costs_the_same_however_long_the_course(staff, enrolment, written):
    staff.get(page_of(enrolment))
    _, asked = statements(lambda: staff.get(page_of(enrolment)))
    assert len(asked) == 7  # session, person, roles, enrolment, round, items, marks
