"""Statements made once: what they answer is what the same question answers when it is asked anew."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db.models import BigIntegerField, DateTimeField, Exists, OuterRef, UUIDField

from lms.common.prepared import Blank, Prepared
from lms.common.scope import UnscopedQuery
from lms.webinars.models import Booking, Session
from tests.factories.webinars import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
BECAUSE = "a test"


def with_uuid():
    theirs = Booking.objects.unscoped(because=BECAUSE).filter(
        session=OuterRef("pk"), person=Blank("person", BigIntegerField())
    )
    rows = Session.objects.unscoped(because=BECAUSE).defer("venue").annotate(has_booking=Exists(theirs))
    later = Blank("now", DateTimeField())
    return rows.filter(uuid=Blank("uuid", UUIDField()), starts_at__gt=later)


@pytest.fixture
def asked():
    return Prepared(with_uuid)


def answer(asked, booking, **other):
    given = {"uuid": booking.session.uuid, "person": booking.person_id, "now": datetime(2026, 1, 1, tzinfo=UTC)}
    return asked.first(**{**given, **other})


def test_it_answers_as_the_models_do(asked):
    booking = BookingFactory(session__weeks=2)
    found = answer(asked, booking)
    plain = Session.objects.unscoped(because=BECAUSE).get(pk=booking.session_id)
    for field in Session._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(plain, field.attname), field.attname
    assert found.has_booking is True


def test_its_blanks_are_filled_in_anew_each_time(asked, django_assert_num_queries):
    first, second = BookingFactory(), BookingFactory()
    assert answer(asked, first).pk == first.session_id
    with django_assert_num_queries(1):
        assert answer(asked, second, person=first.person_id).has_booking is False
    assert answer(asked, second, now=second.session.starts_at) is None
    assert answer(asked, second, uuid=uuid4()) is None


def test_what_is_left_out_is_read_when_it_is_asked_for(asked, django_assert_num_queries):
    found = answer(asked, BookingFactory(session__in_person=True))
    with django_assert_num_queries(1):
        assert found.venue.startswith("Canary Hall")


def test_a_blank_left_open_is_a_fault(asked):
    with pytest.raises(KeyError, match="now"):
        asked.first(person=SessionFactory().pk)


def test_it_says_whose_rows_it_reads_like_any_other():
    with pytest.raises(UnscopedQuery):
        Prepared(lambda: Session.objects.filter(uuid=Blank("uuid", UUIDField()))).first(uuid=uuid4())
