"""Who is on a course, at the desk: invited, let in, brought in by a list, found, changed, written to, exported."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from openpyxl import load_workbook

from lms.accounts.models import User
from lms.audit.models import Entry
from lms.common.beginnings import Begins
from lms.common.scope import Scope
from lms.common.sheets import as_csv, not_a_formula
from lms.courses import operations, writers
from lms.courses.desk import requests
from lms.courses.models import Cohort, Course, CourseInvitation, Enrolment
from lms.courses.operations import reminding
from lms.courses.rosters import Wanted, found
from lms.outbox.models import Message
from tests.courses.browsing import words
from tests.courses.test_costs import statements
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory, StaffRoleFactory
from tests.factories.courses import BEFORE, EnrolmentFactory, course_of, plain_outline

pytestmark = pytest.mark.django_db
NEWCOMER = "newcomer.canary@example.org"


@pytest.fixture
def course():
    return course_of(plain_outline(open_to="invited"))


@pytest.fixture
def group(course, agency):
    return Cohort.objects.create(course=course, agency=agency, name="Autumn", created_at=BEFORE)


def invitations():
    return CourseInvitation.objects.unscoped(because="test")


# --- inviting ---------------------------------------------------------------------------------------------


def test_inviting_several_at_once_and_taking_one_back(desk, course, agency, group):
    page = f"/desk/courses/{course.pk}/invite/"
    typed = f"{NEWCOMER}\n second.canary@example.org, third.canary@example.org"
    answer = desk.post(page, {"addresses": typed, "agency": agency.pk, "cohort": group.uuid})
    assert answer.status_code == 302
    assert "3 invited" in words(desk.get(page))
    row = invitations().get(address=NEWCOMER)
    assert row.cohort == group
    for _ in range(2):
        assert desk.post(f"/desk/invitations/{row.uuid}/withdraw/").status_code == 302
    assert "Taken back" in words(desk.get(page))
    assert writers._write_invitation(Message.objects.get(address=NEWCOMER)) is None


def test_a_slip_in_an_address_is_named_by_its_line(desk, course, agency):
    typed = f"{NEWCOMER}\nnobody at all\n<script>@x\n\u212aelvin@example.org"
    answer = desk.post(f"/desk/courses/{course.pk}/invite/", {"addresses": typed, "agency": agency.pk})
    assert answer.status_code == 422
    assert "Line 2" in words(answer)
    assert "Line 4: This address has a letter" in words(answer)
    assert not invitations().exists()


def test_the_letter_does_not_name_the_course(desk, course, agency):
    desk.post(f"/desk/courses/{course.pk}/invite/", {"addresses": NEWCOMER, "agency": agency.pk})
    letter = writers._write_invitation(Message.objects.get(address=NEWCOMER))
    assert letter is not None
    assert course.title not in letter.subject + letter.text + letter.html
    assert NEWCOMER in letter.text


def test_the_invited_find_it_under_my_learning_and_join(desk, agency, written):
    Course.objects.filter(pk=written.course.pk).update(open_to="invited")
    desk.post(f"/desk/courses/{written.course.pk}/invite/", {"addresses": NEWCOMER, "agency": agency.pk})
    person = PersonFactory(email=NEWCOMER)
    desk.force_login(person)
    assert agency.name in words(desk.get("/my/learning/"))
    assert "invites you" in words(desk.get(f"/courses/{written.course.slug}/"))
    desk.post(f"/learn/{written.course.identity}/enrol/")
    assert Enrolment.objects.owned_by(person).get().agency == agency
    assert "Leave this course" in words(desk.get(f"/courses/{written.course.slug}/"))


def test_other_agencies_have_nothing_here(desk, course):
    foreign = AgencyFactory()
    row = EnrolmentFactory(course=course, agency=foreign, state="requested")
    group = Cohort.objects.create(course=course, agency=foreign, name="Theirs", created_at=BEFORE)
    asked = desk.post(f"/desk/courses/{course.pk}/invite/", {"addresses": NEWCOMER, "agency": foreign.pk})
    assert asked.status_code == 422
    for path in (f"requests/{row.uuid}/approve", f"requests/{row.uuid}/decline", f"learners/{row.uuid}/standing/state"):
        assert desk.post(f"/desk/{path}/").status_code == 404
    for path in (f"groups/{group.uuid}", f"learners/{row.uuid}/standing"):
        assert desk.get(f"/desk/{path}/").status_code == 404
    assert row.person.display_name not in words(desk.get("/desk/learners/")) + words(desk.get("/desk/requests/"))


# --- requests, groups and one person ----------------------------------------------------------------------


def test_a_request_is_answered_at_the_desk(desk, agency, course):
    Course.objects.filter(pk=course.pk).update(open_to="approval")
    course.refresh_from_db()
    people = [MembershipFactory(agency=agency).person for _ in range(2)]
    yes, no = (operations.enrol(person=person, course=course, now=BEFORE) for person in people)
    assert people[0].display_name in words(desk.get("/desk/requests/"))
    assert desk.post(f"/desk/requests/{no.uuid}/decline/", {"reason": ""}).status_code == 422
    desk.post(f"/desk/requests/{no.uuid}/decline/", {"reason": "The first course comes first."})
    desk.post(f"/desk/requests/{yes.uuid}/approve/")
    assert [Enrolment.objects.owned_by(person).get().state for person in people] == ["active", "left"]


def test_requests_are_answered_page_by_page_and_the_place_in_the_list_is_kept(desk, agency, course, monkeypatch):
    monkeypatch.setattr(requests, "ON_A_PAGE", 2)
    rows = [EnrolmentFactory(course=course, agency=agency, state="requested") for _ in range(5)]
    names = [row.person.display_name for row in rows]
    page, seen = "/desk/requests/", []
    while page:
        shown = words(desk.get(page))
        assert "5 people are waiting" in shown
        seen.append([name for name in names if f"<h2>{name}</h2>" in shown])
        later = re.search(r'href="(\?after=\d+)"', shown)
        page = f"/desk/requests/{later[1]}" if later else ""
    assert seen == [names[:2], names[2:4], names[4:]]
    last = f"?after={rows[3].pk}"
    answer = desk.post(f"/desk/requests/{rows[4].uuid}/decline/{last}", {"reason": "Not this month"})
    assert answer["Location"] == f"/desk/requests/{last}"
    assert "Nobody further on" in words(desk.get(answer["Location"]))
    assert names[0] in words(desk.get("/desk/requests/?after=none-such"))


def test_a_group_is_made_and_changed(desk, agency, course):
    page = f"/desk/courses/{course.pk}/groups/"
    said = {"agency": agency.pk, "name": "Autumn", "starts_on": "2026-09-01", "ends_on": "2026-08-01"}
    assert desk.post(page, said).status_code == 422
    assert "Choose an earlier year" in words(desk.post(page, {**said, "ends_on": "9999-12-31"}))
    desk.post(page, {**said, "ends_on": "2026-12-01", "capacity": 8})
    made = Cohort.objects.unscoped(because="test").get()
    assert "0 of 8" in words(desk.get(page))
    assert desk.post(f"/desk/groups/{made.uuid}/", {"name": "Winter", "capacity": 0}).status_code == 422
    assert desk.post(f"/desk/groups/{made.uuid}/", {"name": "Winter"}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.capacity) == ("Winter", None)


def test_one_person_is_paused_with_a_reason_and_put_into_a_group(desk, agency, course, group):
    enrolment = EnrolmentFactory(course=course, agency=agency)
    page = f"/desk/learners/{enrolment.uuid}/standing/"
    assert desk.post(f"{page}state/", {"state-after": "paused", "state-reason": ""}).status_code == 422
    desk.post(f"{page}state/", {"state-after": "paused", "state-reason": "As you asked"})
    desk.post(f"{page}group/", {"group-cohort": group.uuid})
    assert desk.post(f"{page}again/", {"again-reason": "x"}).status_code == 422
    assert desk.post(f"{page}nothing/").status_code == 404
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.cohort) == ("paused", group)
    seen = words(desk.get(page))
    assert "As you asked" in seen
    assert enrolment.person.email not in seen
    assert Entry.objects.filter(action__in=["courses.paused", "courses.grouped"]).count() == 2


def test_learners_read_on_the_courses_page_how_they_stand_and_why(desk, agency, written, now):
    group = Cohort.objects.create(course=written.course, agency=agency, name="Autumn", capacity=1, created_at=BEFORE)
    rests = EnrolmentFactory(course=written.course, agency=agency, cohort=group)
    operations.enrol(person=rests.person, course=written.course, now=now)
    first, second = (
        EnrolmentFactory(course=written.course, agency=agency, cohort=group, state="waiting", waiting_since=since)
        for since in (BEFORE, now)
    )
    page = f"/desk/learners/{rests.uuid}/standing/"
    assert "They go on" not in words(desk.get(page))  # they are on it
    desk.post(f"{page}state/", {"state-after": "paused", "state-reason": "Until the new year"})
    assert "number 2 in the list" in words(desk.get(f"/desk/learners/{second.uuid}/standing/"))

    def reads(enrolment):
        desk.force_login(enrolment.person)
        return words(desk.get(f"/courses/{written.course.slug}/"))

    assert "Your agency says: Until the new year" in reads(rests)
    assert "Paused. Your place is kept" in words(desk.get("/my/learning/"))
    assert "re next." in reads(first)
    assert "One person waits before you." in reads(second)
    Enrolment.objects.owned_by(rests.person).update(ends_on=BEFORE.date())
    operations.end_overdue(now=now)
    over = reads(rests)
    assert "The time for this course is over." in over
    assert "Come back" not in over
    assert "Your agency says" not in over


# --- everybody --------------------------------------------------------------------------------------------


def test_learners_are_found_by_name_address_state_course_and_group(desk, agency, course, group):
    ada = EnrolmentFactory(course=course, agency=agency, cohort=group, person__display_name="Ada")
    bea = EnrolmentFactory(course=course, agency=agency, state="paused", person__display_name="Bea")
    asked = [f"q={ada.person.email[:8]}", "q=aD", "state=active", f"cohort={group.uuid}", f"q=Ada&course={course.pk}"]
    for query in asked:
        seen = words(desk.get(f"/desk/learners/?{query}"))
        assert "Ada" in seen
        assert "Bea" not in seen or "q=" + ada.person.email[:8] == query
    assert "Ada" not in words(desk.get("/desk/learners/?q=%25d"))  # a letter like any other, not "whatever"
    for nonsense in ("course=x", "cohort=x", "before=-1", "state=banana", "q=%25_", "course=99999999999999999999"):
        assert desk.get(f"/desk/learners/?{nonsense}").status_code == 200
    assert bea.person.email not in words(desk.get("/desk/learners/"))


def test_a_long_list_goes_on_and_costs_the_same(desk, agency, course):
    people = PersonFactory.create_batch(51, password="!", proven=False)
    rows = [EnrolmentFactory.build(person=one, course=course, agency=agency) for one in people]
    Enrolment.objects.bulk_create(rows)
    desk.get("/desk/learners/")
    seen, asked = statements(lambda: desk.get("/desk/learners/"))
    assert len(asked) < 15
    first = Enrolment.objects.owned_by(people[0]).get()
    assert str(first.uuid) not in words(seen)
    assert str(first.uuid) in words(desk.get(f"/desk/learners/?before={first.pk + 1}"))


def read_by_an_index(rows):
    """Whether the database goes straight to the rows and finds them in their order. Small tables are no excuse."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL random_page_cost = 1")  # the pages are in memory
    plan = "\n".join(line for line in rows.explain().splitlines() if "~~" not in line)  # a beginning is looked at again
    return ("Index Cond" in plan or "SEARCH" in plan) and not any(
        bad in plan for bad in ("Seq Scan", "Sort", "SCAN", "TEMP B-TREE FOR ORDER BY", "Filter:")
    )


@pytest.fixture
def many(agency, course):
    """Four hundred people on three courses in forty agencies, counted, so that the planner chooses by what there is.

    With a row or two every index costs the same, and which one is taken depends on when the tables were last counted.
    """
    people = PersonFactory.create_batch(400, password="!", proven=False)
    agencies = (agency, *AgencyFactory.create_batch(39))
    states = ("active", "active", "active", "paused", "requested", "left")
    Enrolment.objects.bulk_create(
        EnrolmentFactory.build(person=person, course=what, agency=agencies[n % 40], state=states[(n // 40 + m) % 6])
        for m, what in enumerate((course, course_of(plain_outline()), course_of(plain_outline())))
        for n, person in enumerate(people)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.usefixtures("many")
def test_whatever_is_looked_for_is_read_by_an_index(agency, course):
    scope = Scope(frozenset({agency.pk}))
    for narrow in ({}, {"course": course.pk}, {"state": "paused"}, {"course": course.pk, "state": "paused"}):
        rows = found(scope, Wanted(**narrow)).order_by("-pk")[:51]
        assert read_by_an_index(rows), (narrow, rows.explain())
    mine = Enrolment.objects.within(scope)
    assert read_by_an_index(mine.filter(state="requested").order_by("pk")[:50])
    for column in ("name_key", "email"):
        assert read_by_an_index(User.objects.filter(Begins(column, "ada"))), column
    assert not read_by_an_index(mine.filter(extra_time=10).order_by("ends_on"))  # this would see it


@pytest.mark.parametrize(
    "typed", ["=1", "+1", "-1", "@a", "\t=1", "\n=1", "\r1", " \u00a0=1", "\u200b@a", "\uff1d1", "\u3000\uff0b1"]
)
def test_what_a_spreadsheet_takes_for_a_formula_is_text(typed):
    assert as_csv([[typed]]).decode("utf-8-sig").lstrip('"').startswith("'")
    assert not_a_formula(f"a{typed}") == f"a{typed}"


def test_the_list_leaves_as_csv_and_as_a_workbook_with_nothing_that_runs(desk, agency, course):
    EnrolmentFactory(course=course, agency=agency, person__display_name='=HYPERLINK("x")')
    answer = desk.get(f"/desk/learners/export/csv/?course={course.pk}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert "canary" not in text
    book = load_workbook(BytesIO(desk.get("/desk/learners/export/xlsx/").content))
    assert book.active["A2"].value.startswith("'=")
    assert Entry.objects.filter(action="courses.exported").count() == 2
    assert desk.get("/desk/learners/export/pdf/").status_code == 404


def test_who_has_not_begun_is_reminded_once_a_week_unless_they_said_no(agency, course, now, monkeypatch):
    monkeypatch.setattr(reminding, "AT_ONCE", 1)  # however many they are
    staff = StaffRoleFactory(agency=agency).person
    idle = [EnrolmentFactory(course=course, agency=agency, state="invited").person for _ in range(2)]
    for person in idle:
        operations.enrol(person=person, course=course, now=BEFORE)
    scope, later = Scope(frozenset({agency.pk})), BEFORE + timedelta(days=9)
    for when in (BEFORE, later, later):
        operations.remind(course=course, scope=scope, actor=staff, now=when)
    letters = Message.objects.filter(kind="course_reminder")
    assert set(letters.values_list("person_id", flat=True)) == {person.pk for person in idle}
    letter = writers._write_reminder(letters[0])
    assert letter is not None
    assert course.title not in letter.text + letter.subject
