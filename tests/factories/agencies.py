"""Agencies, the adopters they vouch for, and their staff."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from lms.agencies.models import Agency, Membership, MembershipState, Role, StaffRole
from tests.factories.accounts import PersonFactory

LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class AgencyFactory(DjangoModelFactory):
    class Meta:
        model = Agency

    name = factory.Sequence(lambda n: f"Wrenbrook {n}")
    slug = factory.Sequence(lambda n: f"wrenbrook-{n}")
    region = "Calder valley"


class MembershipFactory(DjangoModelFactory):
    """A verified adopter, unless ``asked`` or a state says otherwise."""

    class Meta:
        model = Membership

    class Params:
        asked = factory.Trait(state=MembershipState.REQUESTED, decided_at=None)

    person = factory.SubFactory(PersonFactory)
    agency = factory.SubFactory(AgencyFactory)
    state = MembershipState.VERIFIED
    requested_at = LONG_AGO
    decided_at = LONG_AGO


class StaffRoleFactory(DjangoModelFactory):
    """A live role; ``platform`` ones belong to no agency."""

    class Meta:
        model = StaffRole

    class Params:
        platform = factory.Trait(agency=None, role=Role.EDITOR)

    person = factory.SubFactory(PersonFactory)
    agency = factory.SubFactory(AgencyFactory)
    role = Role.COORDINATOR
    granted_at = LONG_AGO
