"""A site with a written course, its pages published and compiled, and people to read it."""

import pytest

from cms.models import LessonPage
from lms.courses import operations
from lms.courses.models import Course
from tests.courses.written import Written
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, StaffRoleFactory
from tests.factories.courses import BEFORE


@pytest.fixture
def written(db):
    """One course of two modules: a lesson with one of everything, a plain one, and one in a part of its own."""
    return Written()


@pytest.fixture
def person(db):
    return PersonFactory(display_name="Sam")


@pytest.fixture
def learner(written, person):
    """Somebody on the written course."""
    operations.enrol(person=person, course=written.course, now=BEFORE)
    return person


@pytest.fixture
def reading(client, learner):
    """That person's browser."""
    client.force_login(learner)
    return client


@pytest.fixture
def long_course(db):
    """Make a published course of many lessons, and return its pages in order."""

    def make(lessons):
        made = Written(lessons=lessons)
        return made, list(LessonPage.objects.order_by("path"))

    return make


@pytest.fixture
def course(written):
    return Course.objects.get()


@pytest.fixture
def agency(db):
    return AgencyFactory()


@pytest.fixture
def desk(client, agency):
    """The browser of somebody who looks after the people of that agency."""
    client.force_login(StaffRoleFactory(agency=agency, role="coordinator").person)
    return client
