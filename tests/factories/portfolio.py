"""Papers of somebody's own, and entries shown to one person."""

import factory
from factory.django import DjangoModelFactory

from lms.portfolio.models import Form, Paper, PaperKind, SharedEntry
from tests.factories.accounts import PersonFactory
from tests.factories.courses import BEFORE, ReflectionFactory, course_of, plain_outline


class PaperFactory(DjangoModelFactory):
    """A workbook that is still to be made."""

    class Meta:
        model = Paper

    person = factory.SubFactory(PersonFactory)
    kind = PaperKind.WORKBOOK
    form = Form.WORD
    course = factory.LazyFunction(lambda: course_of(plain_outline()))
    asked_at = BEFORE


class SharedEntryFactory(DjangoModelFactory):
    """A copy of an entry at somebody's desk; say ``reader`` and ``agency``."""

    class Meta:
        model = SharedEntry

    entry = factory.SubFactory(ReflectionFactory)
    person = factory.SelfAttribute("entry.person")
    prompt = factory.SelfAttribute("entry.prompt")
    lesson_title = factory.SelfAttribute("entry.lesson_title")
    body = factory.SelfAttribute("entry.body")
    shared_at = BEFORE
