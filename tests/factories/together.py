"""Two people who are linked, and lessons that one of them says they both read."""

import uuid

import factory
from factory.django import DjangoModelFactory

from lms.partners.models import PartnerLink
from lms.together.models import BothHere
from tests.factories.accounts import PersonFactory
from tests.factories.courses import BEFORE, course_of, plain_outline


def linked(person, partner):
    """Link two people, without anybody asking, and return the half of the first."""
    PartnerLink.objects.create(person=partner, partner=person, since=BEFORE)
    return PartnerLink.objects.create(person=person, partner=partner, since=BEFORE)


class BothHereFactory(DjangoModelFactory):
    """What the partner of ``reader`` says of a lesson, for ``reader`` to answer."""

    class Meta:
        model = BothHere

    class Params:
        reader = factory.SubFactory(PersonFactory)

    link = factory.LazyAttribute(lambda made: linked(PersonFactory(), made.reader))
    course = factory.LazyFunction(lambda: course_of(plain_outline()))
    lesson = factory.LazyFunction(uuid.uuid4)
    lesson_title = "Whose story?"
    said_at = BEFORE
