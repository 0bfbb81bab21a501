"""Who comes to live sessions, and who runs them."""

from datetime import timedelta

import pytest

from lms.agencies.models import Role
from tests.factories.agencies import StaffRoleFactory
from tests.factories.webinars import START, FacilitatorFactory, SessionFactory, adopter


@pytest.fixture
def now():
    """A week before the session begins."""
    return START - timedelta(days=7)


@pytest.fixture
def session(db):
    return SessionFactory()


@pytest.fixture
def person(db):
    """A verified adopter."""
    return adopter(display_name="Sam")


@pytest.fixture
def trainer(session):
    """Who runs the session."""
    role = StaffRoleFactory(agency=session.agency, role=Role.TRAINER)
    FacilitatorFactory(session=session, person=role.person)
    return role.person


@pytest.fixture
def coordinator(session):
    return StaffRoleFactory(agency=session.agency, role=Role.COORDINATOR).person


@pytest.fixture
def coordinator_of(db):
    """Somebody who coordinates the agency of a session."""
    return lambda session: StaffRoleFactory(agency=session.agency, role=Role.COORDINATOR).person
