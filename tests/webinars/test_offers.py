"""A place is offered, and somebody answers, or nobody does."""

from datetime import timedelta

import pytest
from django.urls import reverse

from lms.agencies.models import Membership, MembershipState
from lms.outbox.models import Message
from lms.webinars import operations
from lms.webinars.models import Booking, BookingChange, BookingState, Session
from tests.factories.webinars import START, BookingFactory, SessionFactory, adopter
from tests.webinars.plans import plan_of

pytestmark = pytest.mark.django_db
rows = Booking.objects.unscoped(because="a test")
sessions = Session.objects.unscoped(because="a test")


@pytest.fixture
def full(db):
    """A session with one place, which somebody has, and two people who wait."""
    session = SessionFactory(capacity=1)
    session.holder = BookingFactory(session=session)
    return session


@pytest.fixture
def queue(full, now):
    return [operations.join_waiting_list(session=full, adopter=adopter(), now=now) for _ in range(2)]


def offer_of(full, now):
    """The first on the list has been offered the place; return the offer."""
    operations.cancel_booking(booking=full.holder, actor=full.holder.person, now=now)
    return rows.get(session=full, state=BookingState.OFFERED)


def states(bookings):
    return [rows.get(pk=booking.pk).state for booking in bookings]


def accept(booking, now):
    return operations.accept_offer(booking=booking, adopter=booking.person, now=now)


def taken(session):
    """Places that are taken, as the counter says; it must say what the rows say."""
    assert operations.miscounts() == []
    return sessions.get(pk=session.pk).places_taken


def test_an_offer_has_its_time_to_answer(full, queue, now):
    offer = offer_of(full, now)
    assert (offer.pk, offer.offer_expires_at) == (
        queue[0].pk,
        START - timedelta(days=7) + timedelta(hours=12, minutes=30),
    )
    letter = Message.objects.get(kind="place_offered")
    assert (letter.person_id, letter.expires_at) == (offer.person_id, offer.offer_expires_at)
    assert taken(full) == 1


def test_yes_makes_it_a_booking_with_a_letter(full, queue, now):
    offer = offer_of(full, now)
    accept(offer, now)
    assert states(queue) == ["booked", "waiting"]
    assert Message.objects.filter(kind="booking_confirmed", person_id=offer.person_id).count() == 1
    assert taken(full) == 1


def test_yes_twice_is_yes_once(full, queue, now):
    offer = offer_of(full, now)
    accept(offer, now)
    accept(offer, now + timedelta(days=3))
    assert states(queue) == ["booked", "waiting"]
    assert BookingChange.objects.filter(booking=offer, after="booked").count() == 1


def test_pressing_book_is_saying_yes(full, queue, now):
    offer = offer_of(full, now)
    operations.book(session=sessions.get(pk=full.pk), adopter=offer.person, now=now)
    assert states(queue) == ["booked", "waiting"]
    assert taken(full) == 1


def test_no_offers_it_to_the_next_at_once(full, queue, now):
    offer = offer_of(full, now)
    for _ in range(2):
        operations.decline_offer(booking=offer, adopter=offer.person, now=now)
    assert states(queue) == ["declined", "offered"]
    assert Message.objects.filter(kind="place_offered").count() == 2
    assert taken(full) == 1


@pytest.mark.parametrize(("late", "outcome"), [(-1, "booked"), (0, "expired"), (1, "expired")])
def test_the_answer_counts_until_the_last_millisecond_before_the_end(full, queue, now, late, outcome):
    offer = offer_of(full, now)
    moment = offer.offer_expires_at + timedelta(milliseconds=late)
    if outcome == "booked":
        accept(offer, moment)
    else:
        with pytest.raises(operations.OfferOver):
            accept(offer, moment)
        operations.sweep_places(now=moment)
    assert states(queue) == [outcome, "waiting" if outcome == "booked" else "offered"]
    assert taken(full) == 1


def test_what_nobody_answered_goes_to_the_next_and_they_are_told(full, queue, now):
    offer = offer_of(full, now)
    assert operations.sweep_places(now=offer.offer_expires_at) == 1
    assert operations.sweep_places(now=offer.offer_expires_at) == 0
    assert states(queue) == ["expired", "offered"]
    assert Message.objects.get(kind="offer_lapsed").person_id == offer.person_id
    assert taken(full) == 1


def test_whoever_needs_the_place_next_frees_it_without_any_sweeper(full, now):
    (only,) = [operations.join_waiting_list(session=full, adopter=adopter(), now=now)]
    offer = offer_of(full, now)
    later = offer.offer_expires_at
    newcomer = operations.book(session=sessions.get(pk=full.pk), adopter=adopter(), now=later)
    assert states([only, newcomer]) == ["expired", "booked"]
    assert taken(full) == 1


def test_who_walks_up_after_an_offer_lapsed_still_does_not_pass_the_list(full, queue, now):
    offer = offer_of(full, now)
    with pytest.raises(operations.SessionFull):
        operations.book(session=sessions.get(pk=full.pk), adopter=adopter(), now=offer.offer_expires_at)
    assert states(queue) == ["offered", "waiting"]  # a refusal changes nothing: the sweeper will
    operations.book_or_wait(session=sessions.get(pk=full.pk), adopter=adopter(), now=offer.offer_expires_at)
    assert states(queue) == ["expired", "offered"]


def test_an_offer_can_be_left_like_a_wish(full, queue, now):
    offer = offer_of(full, now)
    operations.cancel_booking(booking=offer, actor=offer.person, now=now)
    assert states(queue) == ["cancelled", "offered"]
    assert taken(full) == 1


def test_nobody_accepts_without_an_agency(full, queue, now):
    offer = offer_of(full, now)
    Membership.objects.owned_by(offer.person).update(state=MembershipState.REVOKED)
    with pytest.raises(operations.NotVerified):
        accept(offer, now)
    assert states(queue) == ["offered", "waiting"]


def test_a_cancelled_session_ends_offers_too(full, queue, coordinator_of, now):
    offer_of(full, now)
    operations.cancel_session(session=full, actor=coordinator_of(full), reason="Snow.", now=now)
    assert states(queue) == ["cancelled", "cancelled"]
    assert taken(full) == 0


def test_an_ended_session_keeps_nothing_for_anybody(full, queue, now):
    offer_of(full, now)
    operations.end_sessions(now=full.ends_at)
    assert states(queue) == ["expired", "expired"]
    assert taken(full) == 0


# --- A place kept while a form is filled in --------------------------------------------------------
def test_a_place_is_kept_for_ten_minutes_and_counts(person, now):
    session = SessionFactory(capacity=1)
    held = operations.hold(session=session, adopter=person, now=now)
    assert (held.state, held.offer_expires_at) == ("held", now + timedelta(minutes=10))
    assert taken(session) == 1
    assert not Message.objects.exists()
    with pytest.raises(operations.SessionFull):
        operations.book(session=session, adopter=adopter(), now=now + timedelta(minutes=9))


def test_what_is_kept_becomes_a_booking(person, now):
    session = SessionFactory(capacity=1)
    held = operations.hold(session=session, adopter=person, now=now)
    booked = operations.book(session=session, adopter=person, access_needs="Captions", now=now + timedelta(minutes=9))
    assert (booked.pk, booked.state, booked.access_needs) == (held.pk, "booked", "Captions")
    assert taken(session) == 1


def test_what_was_kept_too_long_is_free_though_no_job_has_run(person, now):
    session = SessionFactory(capacity=1)
    held = operations.hold(session=session, adopter=person, now=now)
    other = operations.book(session=session, adopter=adopter(), now=now + timedelta(minutes=10))
    assert states([held, other]) == ["expired", "booked"]
    assert taken(session) == 1


def test_keeping_twice_keeps_no_longer(person, now):
    session = SessionFactory()
    first = operations.hold(session=session, adopter=person, now=now)
    again = operations.hold(session=session, adopter=person, now=now + timedelta(minutes=5))
    assert (again.pk, again.offer_expires_at) == (first.pk, first.offer_expires_at)
    assert taken(session) == 1


def test_the_database_keeps_nothing_without_a_time(session, person):
    with pytest.raises(Exception, match=r"kept_until_a_time|CHECK"):
        Booking(session=session, person=person, state=BookingState.HELD, booked_at=START).save()


# --- Fewer places, and more ------------------------------------------------------------------------
def test_fewer_places_than_people_remove_nobody_and_offer_nothing(now):
    session = SessionFactory(capacity=3)
    holders = BookingFactory.create_batch(3, session=session)
    wish = operations.join_waiting_list(session=session, adopter=adopter(), now=now)
    plan, actor = plan_of(session, capacity=1)
    operations.edit_session(session=session, plan=plan, actor=actor, now=now)
    session.refresh_from_db()
    assert (session.places_taken, session.places_over, session.places_left) == (3, 2, 0)
    for holder, over in zip(holders[:2], (1, 0), strict=True):
        operations.cancel_booking(booking=holder, actor=holder.person, now=now)
        session.refresh_from_db()
        assert session.places_over == over
        assert states([wish]) == ["waiting"]
    operations.cancel_booking(booking=holders[2], actor=holders[2].person, now=now)
    assert states([wish]) == ["offered"]
    assert taken(session) == 1


@pytest.mark.parametrize("capacity", [2, 5, None])
def test_more_places_again_leave_nothing_over(now, capacity):
    session = SessionFactory(capacity=2)
    BookingFactory.create_batch(2, session=session)
    plan, actor = plan_of(session, capacity=1)
    operations.edit_session(session=session, plan=plan, actor=actor, now=now)
    plan, actor = plan_of(session, capacity=capacity)
    operations.edit_session(session=sessions.get(pk=session.pk), plan=plan, actor=actor, now=now)
    assert sessions.get(pk=session.pk).places_over == 0
    assert taken(session) == 2


def test_the_counter_can_be_compared_and_put_right(session, capsys):
    from django.core.management import CommandError, call_command

    BookingFactory(session=session)
    BookingFactory(session=session, state=BookingState.OFFERED, offer_expires_at=START)
    sessions.filter(pk=session.pk).update(places_taken=5)
    with pytest.raises(CommandError, match="1 counters are wrong"):
        call_command("recount_places")
    assert "5 counted, 2 true" in capsys.readouterr().out
    call_command("recount_places", fix=True)
    assert taken(session) == 2
    call_command("recount_places")


# --- When an agency's word ends --------------------------------------------------------------------
def test_a_word_withdrawn_frees_the_place_for_the_next(full, queue, coordinator_of, now):
    from lms.agencies import operations as agencies

    membership = Membership.objects.owned_by(full.holder.person).get()
    agencies.revoke(membership=membership, actor=None, now=now)
    assert states([full.holder, *queue]) == ["cancelled", "offered", "waiting"]
    reasons = BookingChange.objects.filter(booking=full.holder).values_list("reason", flat=True)
    assert list(reasons) == ["not_verified"]
    letter = Message.objects.get(kind="place_ended")
    assert "METHOD:CANCEL" in letter.calendar
    assert taken(full) == 1


def test_a_word_withdrawn_ends_a_group_that_has_begun_and_hides_where_it_meets(client, person, at):
    from lms.agencies import operations as agencies

    group = BookingFactory(session=SessionFactory(in_person=True, weeks=3), person=person)
    over = BookingFactory(session=SessionFactory(), person=person)
    at(START + timedelta(days=1))
    client.force_login(person)
    page = reverse("webinars:session", args=[group.session.uuid])
    assert "Canary Hall" in client.get(page).text
    membership = Membership.objects.owned_by(person).get()
    agencies.revoke(membership=membership, actor=None, now=START + timedelta(days=1))
    assert states([group, over]) == ["cancelled", "booked"]
    assert "Canary Hall" not in client.get(page).text


def test_one_word_of_two_withdrawn_frees_nothing(full, now):
    from lms.agencies import operations as agencies
    from tests.factories.agencies import MembershipFactory

    MembershipFactory(person=full.holder.person)
    membership = Membership.objects.owned_by(full.holder.person).first()
    agencies.revoke(membership=membership, actor=None, now=now)
    assert states([full.holder]) == ["booked"]


# --- Giving up late --------------------------------------------------------------------------------
@pytest.mark.parametrize(("after", "reason"), [(0, "gave_place_up"), (1, "gave_place_up_late")])
def test_giving_up_after_the_deadline_is_written_down_as_late(session, person, now, after, reason):
    sessions.filter(pk=session.pk).update(cancel_deadline_at=now)
    booking = BookingFactory(session=session, person=person)
    operations.cancel_booking(booking=booking, actor=person, now=now + timedelta(seconds=after))
    assert BookingChange.objects.get(booking=booking, after="cancelled").reason == reason
