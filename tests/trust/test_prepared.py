"""Statements made once: they answer and write what the same statement does when it is made anew."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db.models import BigIntegerField, DateTimeField, Exists, OuterRef, UUIDField

from lms.common.prepared import Blank, Prepared, PreparedInsert, PreparedUpdate
from lms.common.scope import UnscopedQuery
from lms.courses import operations
from lms.courses.models import ItemState, LearningEvent, Round
from lms.webinars.models import Booking, Session
from tests.factories.accounts import PersonFactory
from tests.factories.courses import course_of, plain_outline
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


def test_plain_rows_are_what_the_models_would_give():
    booking = BookingFactory()
    asked = Prepared(
        lambda: Booking.objects.owned_by(Blank("person", BigIntegerField())).values_list(
            "uuid", "booked_at", "session_id"
        )
    )
    assert [tuple(row) for row in asked.rows(person=booking.person_id)] == [
        (booking.uuid, booking.booked_at, booking.session_id)
    ]
    assert asked.rows(person=0) == []


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


def test_a_question_about_none_has_no_answers():
    none = Prepared(lambda: Session.objects.unscoped(because=BECAUSE).filter(pk__in=[]))
    assert (none.all(), none.first()) == ([], None)


def test_a_blank_left_open_is_a_fault(asked):
    with pytest.raises(KeyError, match="now"):
        asked.first(person=SessionFactory().pk)


def test_it_says_whose_rows_it_reads_like_any_other():
    with pytest.raises(UnscopedQuery):
        Prepared(lambda: Session.objects.filter(uuid=Blank("uuid", UUIDField()))).first(uuid=uuid4())


# --- Writing ---------------------------------------------------------------------------------------------------------
NOW = datetime(2026, 3, 1, 20, tzinfo=UTC)


def begun(**said):
    enrolment = operations.enrol(person=PersonFactory(), course=course_of(plain_outline()), now=NOW)
    mine = Round.objects.unscoped(because=BECAUSE).filter(enrolment=enrolment)
    mine.update(**{"last_place": "", **said})
    return mine.get()


def standing(round_, item, **said):
    return ItemState(round=round_, item=item, lesson=item, opened_at=NOW, **said)


def test_one_row_and_many_are_added_alike_and_taken_over_where_they_are_there():
    round_, (one, two) = begun(), (uuid4(), uuid4())
    states = PreparedInsert(ItemState, unique=["round", "item"], anew=["latest"])
    states.add([standing(round_, one, latest='["a"]', best_score=50)])
    states.add([standing(round_, one, latest='["b"]', best_score=99)])
    states.add([standing(round_, one, latest='["c"]'), standing(round_, two, watched={"last": 3})])
    kept = {state.item: state for state in ItemState.objects.unscoped(because=BECAUSE).filter(round=round_)}
    assert (kept[one].latest, kept[one].best_score, kept[one].opened_at) == ('["c"]', 50, NOW)
    assert kept[two].watched == {"last": 3}


def test_what_is_there_already_is_left_where_nothing_is_to_be_taken_over():
    round_, fact = begun(), uuid4()
    facts = PreparedInsert(LearningEvent, unique=["round", "client_id"])
    for payload in ("first", "second"):
        facts.add([LearningEvent(round=round_, client_id=fact, kind="read", item=fact, payload=payload, at=NOW)])
    assert [event.payload for event in LearningEvent.objects.unscoped(because=BECAUSE)] == ["first"]


def test_an_update_writes_the_fields_it_names_of_the_one_row(django_assert_num_queries):
    mine, other = begun(last_place="here"), begun(last_place="there")
    mine.last_place, mine.required_total = "further on", 9
    with django_assert_num_queries(1):
        PreparedUpdate(Round, "last_place").save(mine)
    rounds = Round.objects.unscoped(because=BECAUSE).in_bulk([mine.pk, other.pk])
    assert [rounds[mine.pk].last_place, rounds[other.pk].last_place] == ["further on", "there"]
    assert rounds[mine.pk].required_total != 9
