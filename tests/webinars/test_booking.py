"""Taking a place and giving it up."""

from datetime import timedelta

import pytest
from django.db import transaction
from django_q.models import OrmQ

from lms.agencies.models import Membership, MembershipState
from lms.audit.models import Entry
from lms.common.errors import DomainError
from lms.outbox.models import Message
from lms.webinars import operations
from lms.webinars.models import Booking, BookingChange, BookingState, Session, SessionState
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import MembershipFactory
from tests.factories.webinars import START, BookingFactory, FacilitatorFactory, SessionFactory, adopter

pytestmark = pytest.mark.django_db
rows = Booking.objects.unscoped(because="a test")


def taken(session):
    session.refresh_from_db()
    return session.places_taken


def everything():
    return {
        "bookings": list(rows.order_by("pk").values()),
        "sessions": list(Session.objects.unscoped(because="a test").values("pk", "places_taken", "state")),
        "changes": BookingChange.objects.count(),
        "letters": Message.objects.count(),
        "tasks": OrmQ.objects.count(),
        "deeds": Entry.objects.count(),
    }


def test_a_verified_adopter_books(session, person, now):
    booking = operations.book(session=session, adopter=person, now=now, access_needs="Captions, please")
    booking.refresh_from_db()
    assert (booking.state, booking.booked_at, booking.access_needs) == (BookingState.BOOKED, now, "Captions, please")
    assert taken(session) == 1


def test_each_change_is_written_down(session, person, now):
    booking = operations.book(session=session, adopter=person, now=now)
    operations.cancel_booking(booking=booking, actor=person, now=now)
    history = BookingChange.objects.order_by("pk").values_list("before", "after", "actor_id", "reason")
    assert list(history) == [
        ("", "booked", person.pk, "booked"),
        ("booked", "cancelled", person.pk, "gave_place_up"),
    ]
    deeds = Entry.objects.order_by("pk").values_list("action", "target", "agency_id")
    target = f"booking:{booking.pk}"
    assert list(deeds) == [
        ("booking.booked", target, session.agency_id),
        ("booking.cancelled", target, session.agency_id),
    ]


def test_pressing_twice_books_once(session, person, now):
    first = operations.book(session=session, adopter=person, now=now)
    again = operations.book(session=session, adopter=person, now=now)
    assert first == again
    assert taken(session) == 1
    assert Message.objects.count() == 1


def test_pressing_twice_for_the_last_place_is_no_refusal(person, now):
    session = SessionFactory(capacity=1)
    first = operations.book(session=session, adopter=person, now=now)
    session.refresh_from_db()
    assert operations.book(session=session, adopter=person, now=now) == first


def test_a_session_without_a_limit_is_never_full(now):
    session = SessionFactory(capacity=None)
    for _ in range(3):
        operations.book(session=session, adopter=adopter(), now=now)
    assert taken(session) == 3
    assert session.places_left is None


REFUSALS = {
    "full": (operations.SessionFull, {"capacity": 1, "places_taken": 1}),
    "no places at all": (operations.SessionFull, {"capacity": 0}),
    "not open yet": (operations.BookingNotOpen, {"booking_opens_at": START - timedelta(days=1)}),
    "closed": (operations.BookingClosed, {"booking_closes_at": START - timedelta(days=8)}),
    "cancelled": (operations.SessionCancelled, {"state": SessionState.CANCELLED}),
    "a draft": (operations.BookingNotOpen, {"state": SessionState.DRAFT}),
    "over": (operations.SessionOver, {"starts_at": START - timedelta(days=8)}),
    "begun": (operations.SessionOver, {"starts_at": START - timedelta(days=7)}),
    "ended": (operations.SessionOver, {"state": SessionState.ENDED}),
}


@pytest.mark.parametrize("why", REFUSALS)
def test_a_refusal_changes_nothing(person, now, why):
    refusal, facts = REFUSALS[why]
    session = SessionFactory(**facts)
    before = everything()
    with pytest.raises(refusal):
        operations.book(session=session, adopter=person, now=now)
    assert everything() == before


@pytest.mark.parametrize("state", [None, MembershipState.REQUESTED, MembershipState.DECLINED, MembershipState.REVOKED])
@pytest.mark.parametrize("wish", [operations.book, operations.join_waiting_list])
def test_only_who_an_agency_vouches_for_now_may_come(session, now, state, wish):
    stranger = PersonFactory()
    if state:
        MembershipFactory(person=stranger, state=state)
    before = everything()
    with pytest.raises(operations.NotVerified):
        wish(session=session, adopter=stranger, now=now)
    assert everything() == before


def test_who_runs_a_session_needs_no_place_in_it(session, now):
    trainer = adopter()
    FacilitatorFactory(session=session, person=trainer)
    before = everything()
    with pytest.raises(operations.OwnSession):
        operations.book(session=session, adopter=trainer, now=now)
    assert everything() == before


def test_a_place_that_went_while_the_page_was_open_is_refused_in_words(person, now):
    session = SessionFactory(capacity=1)
    seen_earlier = Session.objects.unscoped(because="a test").get(pk=session.pk)
    operations.book(session=session, adopter=adopter(), now=now)
    with pytest.raises(operations.SessionFull) as refused:
        operations.book(session=seen_earlier, adopter=person, now=now)
    assert "waiting list" in refused.value.message
    assert taken(session) == 1


def test_a_session_cancelled_while_the_page_was_open_is_refused_in_words(session, person, coordinator, now):
    seen_earlier = Session.objects.unscoped(because="a test").get(pk=session.pk)
    operations.cancel_session(session=session, actor=coordinator, reason="The trainer is ill.", now=now)
    with pytest.raises(operations.SessionCancelled):
        operations.book(session=seen_earlier, adopter=person, now=now)


def test_giving_a_place_up_frees_it(session, person, now):
    booking = operations.book(session=session, adopter=person, now=now, access_needs="Large print")
    operations.cancel_booking(booking=booking, actor=person, now=now)
    booking.refresh_from_db()
    assert (booking.state, booking.access_needs) == (BookingState.CANCELLED, "")
    assert taken(session) == 0


def test_giving_a_place_up_twice_frees_it_once(session, person, now):
    BookingFactory.create_batch(2, session=session)
    booking = operations.book(session=session, adopter=person, now=now)
    stale = rows.get(pk=booking.pk)
    operations.cancel_booking(booking=booking, actor=person, now=now)
    operations.cancel_booking(booking=stale, actor=person, now=now)
    assert taken(session) == 2
    assert Message.objects.filter(kind="booking_cancelled").count() == 1


def test_a_place_can_be_given_up_until_the_last_second(session, person, now):
    booking = operations.book(session=session, adopter=person, now=now)
    operations.cancel_booking(booking=booking, actor=person, now=START - timedelta(seconds=1))
    assert taken(session) == 0


@pytest.mark.parametrize("state", [BookingState.BOOKED, BookingState.ATTENDED, BookingState.ABSENT])
def test_nothing_is_given_up_once_it_has_begun(session, state):
    booking = BookingFactory(session=session, state=state)
    before = everything()
    with pytest.raises(operations.SessionOver):
        operations.cancel_booking(booking=booking, actor=booking.person, now=START)
    assert everything() == before


def test_who_gave_a_place_up_may_book_again(session, person, now):
    first = operations.book(session=session, adopter=person, now=now)
    operations.cancel_booking(booking=first, actor=person, now=now)
    again = operations.book(session=session, adopter=person, now=now)
    assert again.pk != first.pk
    assert taken(session) == 1
    assert Message.objects.filter(kind="booking_confirmed").count() == 2


def test_one_person_holds_one_live_booking_whatever_the_programme_does(session, person):
    BookingFactory(session=session, person=person, state=BookingState.CANCELLED)
    BookingFactory(session=session, person=person)
    with pytest.raises(Exception, match=r"one_live_booking_each|UNIQUE"), transaction.atomic():
        BookingFactory(session=session, person=person, waiting=True)


def test_the_database_itself_refuses_one_place_too_many(session):
    everyone = Session.objects.unscoped(because="a test").filter(pk=session.pk)
    with pytest.raises(Exception, match="never_more_places"), transaction.atomic():
        everyone.update(places_taken=session.capacity + 1)


def test_two_sessions_of_one_workshop_may_both_be_booked(person, now):
    for session in SessionFactory.create_batch(2):
        operations.book(session=session, adopter=person, now=now)
    assert rows.filter(person=person).count() == 2


def test_a_letter_is_written_only_if_the_booking_is_kept(session, person, now):
    with transaction.atomic():
        operations.book(session=session, adopter=person, now=now)
        assert Message.objects.count() == 1
        transaction.set_rollback(True)
    assert not rows.exists()
    assert not Message.objects.exists()
    assert not OrmQ.objects.exists()
    assert taken(session) == 0


def test_somebody_s_place_goes_to_the_next_with_their_account(now, at):
    at(now)
    session = SessionFactory(capacity=1)
    booking = BookingFactory(session=session)
    next_one = BookingFactory(session=session, waiting=True)
    booking.person.delete()
    next_one.refresh_from_db()
    assert next_one.state == BookingState.OFFERED
    assert taken(session) == 1


def test_needs_can_be_said_later(session, person, now):
    booking = operations.book(session=session, adopter=person, now=now)
    operations.say_needs(booking=booking, access_needs="A seat near the door")
    booking.refresh_from_db()
    assert booking.access_needs == "A seat near the door"


def test_what_somebody_asks_for_is_not_readable_in_the_database(session, person, now):
    booking = operations.book(session=session, adopter=person, now=now, access_needs="canary needs")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT access_needs FROM webinars_booking WHERE id = %s", [booking.pk])
        assert "canary" not in cursor.fetchone()[0]


@pytest.mark.parametrize("text", ["x" * 500, "🧸" * 200, "<script>alert(1)</script>", "\u202eخطأ", "ok\r\nBcc: x@y"])
def test_any_text_is_kept_as_it_was_typed(session, person, now, text):
    booking = operations.book(session=session, adopter=person, now=now, access_needs=text)
    booking.refresh_from_db()
    assert booking.access_needs == text


def test_every_refusal_has_words_and_a_code():
    for refusal in (getattr(operations, name) for name in operations.__all__):
        if isinstance(refusal, type) and issubclass(refusal, DomainError) and refusal is not operations.PlanRefused:
            assert refusal.message.endswith((".", "?"))
            assert "!" not in refusal.message
            assert refusal.code.startswith("webinars.")


def test_a_word_withdrawn_while_booked_keeps_the_booking_but_not_the_door(session, person, now):
    booking = operations.book(session=session, adopter=person, now=now)
    Membership.objects.owned_by(person).update(state=MembershipState.REVOKED)
    booking.refresh_from_db()
    assert booking.state == BookingState.BOOKED
