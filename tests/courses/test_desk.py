"""Courses as staff see them: their own agency's people, how far they are, and no more."""

import re

import pytest

from lms.courses import operations
from lms.courses.models import EnrolmentState
from tests.courses.browsing import words
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.courses import BEFORE, EnrolmentFactory, ReflectionFactory

pytestmark = pytest.mark.django_db


def people_on(course, agency, count, state=EnrolmentState.ACTIVE):
    return [EnrolmentFactory(course=course, agency=agency, state=state) for _ in range(count)]


def test_counts_are_of_ones_own_agency(desk, agency, written):
    people_on(written.course, agency, 12)
    people_on(written.course, AgencyFactory(), 40)
    page = words(desk.get("/desk/courses/"))
    assert ">12<" in page
    assert ">40<" not in page
    assert ">52<" not in page


@pytest.mark.parametrize("count", [0, 1, 9])
def test_small_numbers_are_not_shown(desk, agency, written, count):
    people_on(written.course, agency, count, EnrolmentState.LEFT)
    page = words(desk.get("/desk/courses/"))
    assert page.count("fewer than 10") == 4
    assert f">{count}<" not in page


def test_states_are_counted_apart(desk, agency, written):
    people_on(written.course, agency, 11)
    people_on(written.course, agency, 10, EnrolmentState.COMPLETED)
    page = words(desk.get("/desk/courses/"))
    assert ">11<" in page
    assert ">10<" in page


def test_the_list_says_who_and_how_far_and_nothing_they_wrote(desk, agency, written):
    person = PersonFactory(display_name="Bethan")
    MembershipFactory(person=person, agency=agency)
    operations.enrol(person=person, course=written.course, now=BEFORE)
    ReflectionFactory(person=person, course=written.course)
    page = words(desk.get(f"/desk/courses/{written.course.pk}/"))
    assert "Bethan" in page
    assert "0 of 3" in page
    assert "Learning" in page
    assert person.email not in page
    assert "canary" not in page


def test_another_agencys_people_are_not_in_the_list(desk, agency, written):
    foreign = EnrolmentFactory(course=written.course, agency=AgencyFactory())
    unknown = EnrolmentFactory(course=written.course)
    page = words(desk.get(f"/desk/courses/{written.course.pk}/"))
    assert foreign.person.display_name not in page
    assert unknown.person.display_name not in page
    assert "Nobody of your agency" in page


@pytest.mark.parametrize("path", ["/desk/courses/", "/desk/courses/{}/"])
def test_the_desk_is_not_there_for_learners(reading, written, path):
    assert reading.get(path.format(written.course.pk)).status_code == 404


def test_a_course_that_is_not_there_is_not_found(desk):
    assert desk.get("/desk/courses/987654321/").status_code == 404


def test_long_lists_come_in_pages(desk, agency, written):
    people_on(written.course, agency, 60)
    page = f"/desk/courses/{written.course.pk}/"
    first = words(desk.get(page))
    assert first.count("<tr>") == 51
    assert words(desk.get(page + re.search(r"\?before=\d+", first)[0])).count("<tr>") == 11
    assert words(desk.get(f"{page}?before=x")).count("<tr>") == 51


def test_a_list_that_fits_on_a_page_is_by_name(desk, agency, written):
    for name in ("Mo", "ann", "Zed"):
        EnrolmentFactory(course=written.course, agency=agency, person__display_name=name)
    page = words(desk.get(f"/desk/courses/{written.course.pk}/"))
    assert re.findall(r">(Mo|ann|Zed)<", page) == ["ann", "Mo", "Zed"]


@pytest.mark.parametrize("people", [1, 30])
def test_the_list_costs_the_same_however_many(desk, agency, written, people, django_assert_num_queries):
    for _ in range(people):
        person = MembershipFactory(agency=agency).person
        operations.enrol(person=person, course=written.course, now=BEFORE)
    path = f"/desk/courses/{written.course.pk}/"
    desk.get(path)
    with django_assert_num_queries(8):
        desk.get(path)


@pytest.mark.parametrize("people", [1, 30])
def test_the_counts_cost_the_same_however_many(desk, agency, written, people, django_assert_num_queries):
    people_on(written.course, agency, people)
    desk.get("/desk/courses/")
    with django_assert_num_queries(5):
        desk.get("/desk/courses/")
