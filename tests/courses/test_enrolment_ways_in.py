"""Ways onto a course: invited before there is an account, let in by an agency, in groups with places and last days."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from lms.accounts.models import User
from lms.agencies.models import Role
from lms.audit.models import Entry
from lms.common.templatetags.ui import day_of_year
from lms.courses import operations
from lms.courses.models import CourseInvitation, CourseVersion, Enrolment, EnrolmentChange, EnrolmentState, Round
from lms.courses.operations.renewing import begin_again
from lms.outbox.models import Message
from tests.courses.browsing import COURSE, words
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory, StaffRoleFactory
from tests.factories.courses import EnrolmentFactory, course_of, outline_of, plain_outline

pytestmark = pytest.mark.django_db
NEWCOMER = "newcomer.canary@example.org"


@pytest.fixture
def staff(agency):
    return StaffRoleFactory(agency=agency, role=Role.COORDINATOR).person


@pytest.fixture
def adopter(agency):
    return MembershipFactory(agency=agency).person


@pytest.fixture
def closed_circle():
    return course_of(plain_outline(open_to="invited"))


@pytest.fixture
def by_approval():
    return course_of(plain_outline(open_to="approval"))


def invite(course, agency, staff, *addresses, now, cohort=None):
    who = {"agency": agency, "cohort": cohort, "actor": staff}
    return operations.invite(course=course, addresses=addresses, now=now, **who)


def group(course, agency, staff, now, **said):
    what = {"name": "Autumn", "starts_on": None, "ends_on": None, "capacity": None, **said}
    return operations.make_group(agency=agency, course=course, actor=staff, now=now, **what)


def state(person):
    return Enrolment.objects.owned_by(person).get().state


# --- by invitation ----------------------------------------------------------------------------------------


def test_who_is_invited_before_they_have_an_account_may_join(closed_circle, agency, staff, now):
    assert invite(closed_circle, agency, staff, NEWCOMER.upper(), now=now) == {NEWCOMER: "new"}
    person = PersonFactory(email=NEWCOMER)
    enrolment = operations.enrol(person=person, course=closed_circle, now=now)
    assert (enrolment.state, enrolment.agency) == ("active", agency)
    row = CourseInvitation.objects.owned_by(person).get()
    assert row.accepted_at == now
    with pytest.raises(operations.InvitationAnswered):
        operations.withdraw(invitation=row, actor=staff, now=now)


def test_an_address_that_is_not_proven_opens_nothing(closed_circle, agency, staff, now):
    invite(closed_circle, agency, staff, NEWCOMER, now=now)
    with pytest.raises(operations.InvitationOnly):
        operations.enrol(person=PersonFactory(email=NEWCOMER, proven=False), course=closed_circle, now=now)


@pytest.mark.parametrize("later", [timedelta(days=31), timedelta()])
def test_an_invitation_that_is_over_opens_nothing(closed_circle, agency, staff, now, later):
    invite(closed_circle, agency, staff, NEWCOMER, now=now)
    if not later:
        operations.withdraw(invitation=CourseInvitation.objects.unscoped(because="test").get(), actor=staff, now=now)
    with pytest.raises(operations.InvitationOnly):
        operations.enrol(person=PersonFactory(email=NEWCOMER), course=closed_circle, now=now + later)


def test_invited_twice_is_invited_once_and_told_once(closed_circle, agency, staff, now):
    invite(closed_circle, agency, staff, NEWCOMER, now=now)
    assert invite(closed_circle, agency, staff, NEWCOMER, now=now) == {NEWCOMER: "invited"}
    letter = Message.objects.get(kind="course_invitation")
    assert (letter.address, letter.person_id) == (NEWCOMER, None)


def test_whether_an_address_has_an_account_elsewhere_is_not_said(closed_circle, agency, staff, now):
    elsewhere = EnrolmentFactory(course=closed_circle, agency=AgencyFactory()).person
    assert invite(closed_circle, agency, staff, elsewhere.email, now=now) == {elsewhere.email: "new"}


def test_only_ones_own_agency_invites_and_only_into_its_own_groups(closed_circle, agency, staff, now):
    other = AgencyFactory()
    with pytest.raises(operations.NotYours):
        invite(closed_circle, other, staff, NEWCOMER, now=now)
    theirs = StaffRoleFactory(agency=other, role=Role.MANAGER).person
    foreign = group(closed_circle, other, theirs, now)
    with pytest.raises(operations.NotYours):
        invite(closed_circle, agency, staff, NEWCOMER, now=now, cohort=foreign)
    assert not CourseInvitation.objects.unscoped(because="test").exists()


def test_more_than_a_letter_box_full_is_refused(closed_circle, agency, staff, now):
    with pytest.raises(operations.TooMany):
        invite(closed_circle, agency, staff, *(f"n{n}@example.org" for n in range(2001)), now=now)


# --- by approval ------------------------------------------------------------------------------------------


def test_who_asks_waits_for_an_answer_and_staff_hear_of_it_without_a_name(by_approval, adopter, staff, now):
    for _ in range(2):
        operations.enrol(person=adopter, course=by_approval, now=now)
    assert state(adopter) == "requested"
    assert not Round.objects.owned_by(adopter).exists()
    letter = Message.objects.get(person_id=staff.pk)
    assert adopter.display_name not in letter.text


def test_without_an_agency_there_is_nobody_to_ask(by_approval, now):
    with pytest.raises(operations.VerifiedAdoptersOnly):
        operations.enrol(person=PersonFactory(), course=by_approval, now=now)


def test_let_in_once(by_approval, adopter, staff, now):
    asked = operations.enrol(person=adopter, course=by_approval, now=now)
    operations.approve(enrolment=asked, cohort=None, actor=staff, now=now)
    assert state(adopter) == "active"
    assert Round.objects.owned_by(adopter).get().number == 1
    assert Entry.objects.filter(action="courses.let_in").count() == 1
    with pytest.raises(operations.AlreadyAnswered):
        operations.decline(enrolment=asked, reason="Too late", actor=staff, now=now)


def test_a_no_has_a_reason_that_no_letter_carries_and_one_may_ask_again(by_approval, adopter, staff, now):
    asked = operations.enrol(person=adopter, course=by_approval, now=now)
    with pytest.raises(operations.ReasonNeeded):
        operations.decline(enrolment=asked, reason=" ", actor=staff, now=now)
    operations.decline(enrolment=asked, reason="Please take the first course first.", actor=staff, now=now)
    assert EnrolmentChange.objects.owned_by(adopter).latest("pk").reason.startswith("Please")
    assert "first course" not in Message.objects.get(person_id=adopter.pk).text
    assert operations.enrol(person=adopter, course=by_approval, now=now).state == "requested"
    operations.decline(enrolment=asked, reason="Not yet", actor=staff, now=now)
    by_approval.open_to = "invited"  # a no is no invitation
    with pytest.raises(operations.InvitationOnly):
        operations.enrol(person=adopter, course=by_approval, now=now)


def test_nobody_lets_themselves_in(by_approval, staff, agency, now):
    MembershipFactory(person=staff, agency=agency)
    asked = operations.enrol(person=staff, course=by_approval, now=now)
    with pytest.raises(operations.OwnRequest):
        operations.approve(enrolment=asked, cohort=None, actor=staff, now=now)


def test_an_invitation_answers_a_request(by_approval, adopter, agency, staff, now):
    operations.enrol(person=adopter, course=by_approval, now=now)
    assert invite(by_approval, agency, staff, adopter.email, now=now) == {adopter.email: "asked"}
    assert state(adopter) == "active"


# --- groups with places -----------------------------------------------------------------------------------


def test_who_waits_longest_comes_next(closed_circle, agency, staff, now):
    few = group(closed_circle, agency, staff, now, capacity=1)
    people = PersonFactory.create_batch(3)
    invite(closed_circle, agency, staff, *(person.email for person in people), now=now, cohort=few)
    for minute, person in enumerate(people):
        operations.enrol(person=person, course=closed_circle, now=now + timedelta(minutes=minute))
    assert [state(person) for person in people] == ["active", "waiting", "waiting"]
    operations.enrol(person=people[2], course=closed_circle, now=now)  # pressing again is no way past the others
    operations.leave(person=people[0], course=closed_circle, now=now)
    assert [state(person) for person in people] == ["left", "active", "waiting"]
    assert Message.objects.get(person_id=people[1].pk).kind == "course"
    operations.change_group(
        cohort=few, said={"name": "Autumn", "starts_on": None, "ends_on": None, "capacity": 5}, actor=staff, now=now
    )
    assert state(people[2]) == "active"


def test_a_full_group_takes_nobody_by_hand(closed_circle, agency, staff, now):
    few = group(closed_circle, agency, staff, now, capacity=1)
    EnrolmentFactory(course=closed_circle, agency=agency, cohort=few)
    other = EnrolmentFactory(course=closed_circle, agency=agency)
    with pytest.raises(operations.GroupFull):
        operations.put_into(enrolment=other, cohort=few, actor=staff, now=now)


def test_out_of_the_group_somebody_else_moves_up(closed_circle, agency, staff, now):
    few = group(closed_circle, agency, staff, now, capacity=1)
    seated = EnrolmentFactory(course=closed_circle, agency=agency, cohort=few)
    waiting = EnrolmentFactory(course=closed_circle, agency=agency, cohort=few, state="waiting", waiting_since=now)
    operations.put_into(enrolment=seated, cohort=None, actor=staff, now=now)
    assert (state(seated.person), state(waiting.person)) == ("active", "active")


def test_a_place_that_an_erasure_freed_goes_to_who_waits_and_can_come(closed_circle, agency, staff, now):
    few = group(closed_circle, agency, staff, now, capacity=1)
    seated = EnrolmentFactory(course=closed_circle, agency=agency, cohort=few).person
    wait = {"course": closed_circle, "agency": agency, "cohort": few, "state": "waiting"}
    gone, next_one = (EnrolmentFactory(**wait, waiting_since=now + timedelta(minutes=n)).person for n in range(2))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert operations.fill_places(now=now) == 0
    seated.delete()
    assert (operations.fill_places(now=now), operations.fill_places(now=now)) == (1, 0)
    assert (state(gone), state(next_one)) == ("waiting", "active")


def test_a_course_with_nothing_left_to_read_keeps_nobody_from_leaving(closed_circle, agency, staff, now):
    few = group(closed_circle, agency, staff, now, capacity=2, ends_on=timezone.localdate(now))
    wait = EnrolmentFactory(course=closed_circle, agency=agency, cohort=few, state="waiting", waiting_since=now).person
    leaves, ends = (EnrolmentFactory(course=closed_circle, agency=agency, cohort=few).person for _ in range(2))
    Enrolment.objects.owned_by(ends).update(ends_on=timezone.localdate(now - timedelta(days=1)))
    CourseVersion.objects.filter(latest_of=closed_circle).update(lessons_total=0)
    operations.leave(person=leaves, course=closed_circle, now=now)
    assert operations.end_overdue(now=now) == 1
    assert [state(person) for person in (leaves, ends, wait)] == ["left", "left", "waiting"]
    assert not Message.objects.filter(person_id=wait.pk).exists()


def test_before_its_first_day_a_group_has_places_and_nothing_to_read(client, written, agency, staff):
    now = timezone.now()
    starts_on = timezone.localdate(now) + timedelta(days=10)
    soon = group(written.course, agency, staff, now, capacity=1, starts_on=starts_on)
    people = PersonFactory.create_batch(2)
    invite(written.course, agency, staff, *(person.email for person in people), now=now, cohort=soon)
    client.force_login(people[0])
    day = day_of_year(starts_on)
    assert "It begins on " + day in words(client.get(COURSE))
    assert f"begins on {day}" in words(client.post(f"/learn/{written.course.identity}/enrol/", follow=True))
    operations.enrol(person=people[1], course=written.course, now=now)
    assert [state(person) for person in people] == ["coming", "waiting"]
    second = written.course.latest.outline["modules"][0]["lessons"][1]
    assert f"opens on {day}" in words(client.get(second["path"]))
    refused = client.post(f"/learn/{written.course.identity}/{second['id']}/read/", {"client_id": uuid4()}, follow=True)
    assert f"opens for you on {day}" in words(refused)
    assert not Round.objects.owned_by(people[0]).exists()
    client.post(f"/learn/{written.course.identity}/leave/")
    assert [state(person) for person in people] == ["left", "coming"]


def test_on_the_first_day_everybody_with_a_place_begins_once(closed_circle, agency, staff, now):
    first = timezone.localdate(now) + timedelta(days=2)
    soon = group(closed_circle, agency, staff, now, starts_on=first, ends_on=first + timedelta(days=30))
    early, late, eager = PersonFactory.create_batch(3)
    invite(closed_circle, agency, staff, early.email, late.email, eager.email, now=now, cohort=soon)
    rows = [operations.enrol(person=one, course=closed_circle, now=now) for one in (early, late, eager)]
    why = {"reason": "You asked to read ahead", "actor": staff, "now": now}
    operations.change_state(enrolment=rows[0], after=EnrolmentState.ACTIVE, **why)
    assert operations.begin_due(now=now + timedelta(days=1)) == 0
    day = now + timedelta(days=2)
    assert operations.enrol(person=eager, course=closed_circle, now=day).state == "active"  # before the clock came by
    assert (operations.begin_due(now=day), operations.begin_due(now=day)) == (1, 0)
    assert {state(early), state(late)} == {"active"}
    assert Round.objects.owned_by(late).count() == 1
    assert "begins today" in Message.objects.get(person_id=late.pk).text


def test_a_name_is_given_once_on_a_course(closed_circle, agency, staff, now):
    group(closed_circle, agency, staff, now)
    with pytest.raises(operations.NameTaken):
        group(closed_circle, agency, staff, now, name="AUTUMN")


# --- pause, end, more time, again -------------------------------------------------------------------------


def test_the_last_day_ends_it_and_more_time_brings_it_back(closed_circle, agency, staff, now):
    today = timezone.localdate(now)
    short = group(closed_circle, agency, staff, now, ends_on=today)
    person = PersonFactory(email=NEWCOMER)
    invite(closed_circle, agency, staff, NEWCOMER, now=now, cohort=short)
    enrolment = operations.enrol(person=person, course=closed_circle, now=now)
    assert operations.end_overdue(now=now) == 0
    later = now + timedelta(days=1)
    assert operations.end_overdue(now=later) == 1
    assert state(person) == "left"
    with pytest.raises(operations.TimeOver):
        operations.enrol(person=person, course=closed_circle, now=later)
    other, late = EnrolmentFactory(course=closed_circle, agency=agency), PersonFactory()
    invite(closed_circle, agency, staff, late.email, now=now, cohort=short)
    for bring in (
        lambda: invite(closed_circle, agency, staff, "x@example.org", now=later, cohort=short),
        lambda: operations.put_into(enrolment=other, cohort=short, actor=staff, now=later),
        lambda: operations.approve(enrolment=other, cohort=short, actor=staff, now=later),
    ):
        with pytest.raises(operations.GroupOver):
            bring()
    with pytest.raises(operations.TimeOver):
        operations.enrol(person=late, course=closed_circle, now=later)
    until = today + timedelta(days=30)
    operations.give_time(enrolment=enrolment, until=until, reason="You were ill", actor=staff, now=later)
    assert state(person) == "active"
    assert Round.objects.owned_by(person).count() == 1
    with pytest.raises(operations.DayOver):
        operations.give_time(enrolment=enrolment, until=date(2020, 1, 1), reason="x", actor=staff, now=later)


def test_staff_pause_and_end_with_a_reason_and_everything_is_kept(agency, staff, now):
    person = PersonFactory()
    course = course_of(outline_of(*plain_outline().modules))
    enrolment = operations.enrol(person=person, course=course, now=now)
    for after in (EnrolmentState.PAUSED, EnrolmentState.ACTIVE, EnrolmentState.LEFT):
        operations.change_state(enrolment=enrolment, after=after, reason="As agreed", actor=staff, now=now)
    change = EnrolmentChange.objects.owned_by(person).latest("pk")
    assert (change.before, change.after, change.reason, change.actor_id) == ("active", "left", "As agreed", staff.pk)
    assert Round.objects.owned_by(person).count() == 1
    with pytest.raises(operations.CannotChange):
        operations.change_state(
            enrolment=enrolment, after=EnrolmentState.PAUSED, reason="As agreed", actor=staff, now=now
        )


def test_a_learner_rests_and_goes_on(now):
    person, course = PersonFactory(), course_of(plain_outline())
    operations.enrol(person=person, course=course, now=now)
    operations.pause(person=person, course=course, now=now)
    assert state(person) == "paused"
    with pytest.raises(operations.NotOnCourse):
        operations.pause(person=person, course=course, now=now)
    assert operations.enrol(person=person, course=course, now=now).state == "active"


def test_a_renewal_is_a_new_round(staff, now):
    person, course = PersonFactory(), course_of(plain_outline())
    enrolment = operations.enrol(person=person, course=course, now=now)
    with pytest.raises(operations.CannotChange):
        operations.renew(enrolment=enrolment, reason="Two years on", actor=staff, now=now)
    for number, renew in enumerate(
        (
            lambda: operations.renew(enrolment=enrolment, reason="Two years on", actor=staff, now=now),
            lambda: begin_again(person=person, course=course, now=now),
        ),
        start=2,
    ):
        Round.objects.owned_by(person).update(completed_at=now, completed_version=course.latest)
        Enrolment.objects.owned_by(person).update(state="completed", ends_on=date(2020, 1, 1))
        assert renew().number == number
        assert operations.end_overdue(now=now) == 0  # the last day was of the time before
        assert state(person) == "active"
