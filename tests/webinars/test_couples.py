"""Two people of one household who want to come together."""

from datetime import timedelta

import pytest

from lms.outbox.models import Message
from lms.webinars import operations
from lms.webinars.models import Booking, BookingState, Party, Policy, Session
from tests.factories.accounts import PersonFactory
from tests.factories.together import linked
from tests.factories.webinars import START, BookingFactory, FacilitatorFactory, SessionFactory, adopter

pytestmark = pytest.mark.django_db
rows = Booking.objects.unscoped(because="a test")
sessions = Session.objects.unscoped(because="a test")
EARLY = START - timedelta(days=8, hours=7)  # half past midday, more than a week before


def fresh(session):
    return sessions.get(pk=session.pk)


def taken(session):
    assert operations.miscounts() == []
    return fresh(session).places_taken


def states(*bookings):
    return [rows.get(pk=booking.pk).state for booking in bookings]


def two_for(session, person, now=EARLY, **more):
    return operations.book_two(session=fresh(session), adopter=person, now=now, **more)


def wait_for_two(session, policy=Policy.TOGETHER_ONLY, now=EARLY):
    return operations.join_waiting_list(session=fresh(session), adopter=adopter(), together=policy, now=now)


def wait(session, now=EARLY):
    return operations.join_waiting_list(session=fresh(session), adopter=adopter(), now=now)


def give_up(booking, now=EARLY):
    operations.cancel_booking(booking=booking, actor=booking.person, now=now)


@pytest.fixture
def full(db):
    """Two places, both somebody's."""
    session = SessionFactory(capacity=2)
    session.holders = BookingFactory.create_batch(2, session=session)
    return session


def test_one_books_and_the_other_says_yes(session, person):
    pair = two_for(session, person, address="other@example.org", access_needs="Captions")
    assert (pair.booking.state, taken(session)) == ("booked", 2)
    letter = Message.objects.get(kind="place_for_partner")
    assert (letter.address, letter.person_id) == ("other@example.org", None)
    assert pair.secret in letter.text
    other = adopter()
    theirs = operations.join_partner(secret=pair.secret, adopter=other, now=EARLY)
    assert (theirs.person_id, theirs.state, theirs.access_needs, taken(session)) == (other.pk, "booked", "", 2)
    assert Message.objects.filter(kind="booking_confirmed").count() == 2


def test_the_letter_names_neither_of_them_nor_the_subject(session):
    person = adopter(display_name="Ottoline")
    two_for(session, person, address="other@example.org")
    letter = Message.objects.get(kind="place_for_partner")
    for private in (person.display_name, person.email, session.title):
        assert private not in letter.subject + letter.text + letter.html
    assert "adopt" not in letter.subject


def test_where_there_is_one_place_nothing_is_booked(person):
    session = SessionFactory(capacity=1)
    with pytest.raises(operations.NotTwoPlaces):
        two_for(session, person)
    assert (rows.count(), Party.objects.unscoped(because="a test").count(), taken(session)) == (0, 0, 0)


def test_who_has_a_place_can_bring_their_partner(session, person):
    booking = BookingFactory(session=session, person=person)
    pair = two_for(session, person)
    assert (pair.booking.pk, taken(session)) == (booking.pk, 2)
    assert Message.objects.count() == 0


def test_a_new_link_stops_the_old_one(session, person):
    first, second = two_for(session, person), two_for(session, person)
    assert taken(session) == 2
    with pytest.raises(operations.InvitationOver):
        operations.join_partner(secret=first.secret, adopter=adopter(), now=EARLY)
    operations.join_partner(secret=second.secret, adopter=adopter(), now=EARLY)
    with pytest.raises(operations.InvitationOver):
        operations.join_partner(secret=second.secret, adopter=adopter(), now=EARLY)


def test_what_no_partner_came_for_goes_to_the_next_and_the_first_keeps_theirs(person):
    session = SessionFactory(capacity=2)
    pair = two_for(session, person)
    next_one = wait(session)
    until = Party.objects.unscoped(because="a test").get().kept_until
    operations.sweep_places(now=until)
    assert states(pair.booking, next_one) == ["booked", "offered"]
    assert taken(session) == 2
    assert Message.objects.get(kind="second_place_gone").person_id == person.pk
    with pytest.raises(operations.InvitationOver):
        operations.join_partner(secret=pair.secret, adopter=adopter(), now=until)


def test_no_thank_you_frees_it_at_once(person):
    session = SessionFactory(capacity=2)
    pair = two_for(session, person)
    next_one = wait(session)
    operations.decline_partner(secret=pair.secret, now=EARLY)
    assert states(pair.booking, next_one) == ["booked", "offered"]


def test_one_gives_up_and_the_other_keeps_their_place(session, person):
    pair = two_for(session, person)
    theirs = operations.join_partner(secret=pair.secret, adopter=adopter(), now=EARLY)
    give_up(pair.booking)
    assert states(pair.booking, theirs) == ["cancelled", "booked"]
    assert taken(session) == 1


def test_only_another_verified_adopter_who_does_not_run_it_can_be_the_partner(session, person):
    pair = two_for(session, person)
    trainer = adopter()
    FacilitatorFactory(session=session, person=trainer)
    for who, refusal in (
        (person, operations.OwnInvitation),
        (PersonFactory(), operations.NotVerified),
        (trainer, operations.OwnSession),
    ):
        with pytest.raises(refusal):
            operations.join_partner(secret=pair.secret, adopter=who, now=EARLY)
    assert taken(session) == 2


def test_a_partner_who_has_a_place_already_gives_the_second_back(session, person):
    other = BookingFactory(session=session)
    pair = two_for(session, person)
    assert operations.join_partner(secret=pair.secret, adopter=other.person, now=EARLY) == other
    assert taken(session) == 2


@pytest.mark.parametrize("kept", ["held", "offered"])
def test_a_partner_for_whom_a_place_is_kept_says_yes_to_that(session, person, kept):
    until = EARLY + timedelta(minutes=10)
    other = BookingFactory(session=session, state=kept, offer_expires_at=until)
    pair = two_for(session, person)
    theirs = operations.join_partner(secret=pair.secret, adopter=other.person, now=EARLY)
    assert (theirs.pk, theirs.state, states(other), taken(session)) == (other.pk, "booked", ["booked"], 2)


def test_a_partner_who_waits_comes_off_the_list(person):
    session = SessionFactory(capacity=2)
    pair = two_for(session, person)
    waiting = wait(session)
    theirs = operations.join_partner(secret=pair.secret, adopter=waiting.person, now=EARLY)
    assert (theirs.pk, states(waiting), taken(session)) == (waiting.pk, ["booked"], 2)


# --- Two places kept while a form is filled in -----------------------------------------------------
def test_two_places_are_kept_for_ten_minutes(person):
    session = SessionFactory(capacity=2)
    held = operations.hold_two(session=session, adopter=person, now=EARLY)
    assert (states(held), taken(session)) == (["held"], 2)
    pair = two_for(session, person, now=EARLY + timedelta(minutes=9))
    assert (pair.booking.pk, states(held), taken(session)) == (held.pk, ["booked"], 2)


@pytest.mark.parametrize("deed", [operations.hold, operations.hold_two])
def test_no_place_is_kept_for_longer_than_it_can_be_booked(session, person, deed):
    closes = EARLY + timedelta(minutes=4)
    sessions.filter(pk=session.pk).update(booking_closes_at=closes)
    assert deed(session=fresh(session), adopter=person, now=EARLY).offer_expires_at == closes


def test_two_places_kept_too_long_are_both_free(person):
    session = SessionFactory(capacity=2)
    operations.hold_two(session=session, adopter=person, now=EARLY)
    two_for(session, adopter(), now=EARLY + timedelta(minutes=10))
    assert taken(session) == 2


# --- On the waiting list ---------------------------------------------------------------------------
def test_two_who_want_two_wait_for_the_second(full):
    two, next_one = wait_for_two(full), wait(full)
    give_up(full.holders[0])
    held = rows.get(pk=two.pk)
    assert (held.state, held.offer_expires_at) == ("held", EARLY + timedelta(hours=24))
    assert (states(next_one), taken(full)) == (["waiting"], 2)
    give_up(full.holders[1])
    assert (states(two, next_one), taken(full)) == (["offered", "waiting"], 2)
    accepted = operations.accept_offer(booking=two, adopter=two.person, now=EARLY)
    assert (accepted.state, taken(full)) == ("booked", 2)
    pair = two_for(full, two.person)
    operations.join_partner(secret=pair.secret, adopter=adopter(), now=EARLY)
    assert taken(full) == 2


def test_after_a_day_the_one_place_goes_past_them_once_and_they_keep_their_turn(full):
    two, next_one = wait_for_two(full), wait(full)
    give_up(full.holders[0])
    later = EARLY + timedelta(hours=24)
    operations.sweep_places(now=later)
    assert states(two, next_one) == ["waiting", "offered"]
    assert rows.get(pk=two.pk).queue_number == 1
    operations.decline_offer(booking=next_one, adopter=next_one.person, now=later)
    assert (states(two), taken(full)) == (["waiting"], 1)  # one place is kept empty for them once, not again
    newcomer = operations.book(session=fresh(full), adopter=adopter(), now=later)
    give_up(newcomer, later)
    give_up(full.holders[1], later)
    assert (states(two), taken(full)) == (["offered"], 2)


def test_who_waits_for_two_can_take_the_one(full):
    two = wait_for_two(full)
    give_up(full.holders[0])
    operations.book(session=fresh(full), adopter=two.person, now=EARLY)
    assert (states(two), taken(full)) == (["booked"], 2)


def test_where_one_is_better_than_none_one_is_offered(full):
    two = wait_for_two(full, Policy.EITHER)
    give_up(full.holders[0])
    assert (states(two), taken(full)) == (["offered"], 2)


@pytest.mark.parametrize("answer", ["no", "none"])
def test_no_answer_for_two_frees_both(full, answer):
    two, queue = wait_for_two(full, Policy.EITHER), [wait(full), wait(full)]
    for holder in full.holders:
        give_up(holder)
    offered = rows.get(pk=two.pk)
    assert states(two, *queue) == ["offered", "waiting", "waiting"]
    if answer == "no":
        operations.decline_offer(booking=offered, adopter=offered.person, now=EARLY)
    else:
        operations.sweep_places(now=offered.offer_expires_at)
    assert (states(*queue), taken(full)) == (["offered", "offered"], 2)


def test_two_cannot_wait_where_there_are_two_places(session):
    with pytest.raises(operations.PlaceIsFree):
        wait_for_two(session)


def test_two_may_wait_where_there_is_one_and_it_is_kept_for_them():
    session = SessionFactory(capacity=2)
    holder = BookingFactory(session=session)
    two = wait_for_two(session)
    assert (states(two), taken(session)) == (["held"], 2)
    with pytest.raises(operations.SessionFull):
        operations.book(session=fresh(session), adopter=adopter(), now=EARLY)
    give_up(two)
    give_up(holder)
    assert taken(session) == 0


# --- How many a household may have -----------------------------------------------------------------
def test_a_household_has_as_many_places_as_it_may(person):
    session = SessionFactory(capacity=9, household_limit=1)
    with pytest.raises(operations.HouseholdLimit):
        two_for(session, person)
    operations.book(session=session, adopter=person, now=EARLY)
    assert taken(session) == 1


def came_as_two(person, other):
    pair = two_for(SessionFactory(), person)
    operations.join_partner(secret=pair.secret, adopter=other, now=EARLY)


@pytest.mark.parametrize("become_one", [came_as_two, linked])
def test_who_came_as_two_before_or_is_linked_is_one_household(person, become_one):
    session, other = SessionFactory(household_limit=1), adopter()
    become_one(person, other)
    operations.book(session=session, adopter=other, now=EARLY)
    with pytest.raises(operations.HouseholdLimit):
        operations.book(session=fresh(session), adopter=person, now=EARLY)
    operations.book(session=fresh(session), adopter=adopter(), now=EARLY)
    assert taken(session) == 2


def test_a_household_of_two_may_have_both(person):
    session = SessionFactory(household_limit=2)
    pair = two_for(session, person)
    operations.join_partner(secret=pair.secret, adopter=adopter(), now=EARLY)
    assert taken(session) == 2


# --- Ends ------------------------------------------------------------------------------------------
def test_whoever_asked_for_two_and_goes_frees_both(at, person):
    at(EARLY)
    session = SessionFactory(capacity=2)
    two_for(session, person)
    queue = [wait(session), wait(session)]
    person.delete()
    assert (states(*queue), taken(session)) == (["offered", "offered"], 2)


def test_a_cancelled_session_keeps_nothing_for_a_partner(session, person, coordinator):
    pair = two_for(session, person)
    operations.cancel_session(session=session, actor=coordinator, reason="Snow.", now=EARLY)
    assert taken(session) == 0
    with pytest.raises(operations.InvitationOver):
        operations.join_partner(secret=pair.secret, adopter=adopter(), now=EARLY)


def test_the_secret_is_kept_nowhere(session, person):
    pair = two_for(session, person)
    party = Party.objects.unscoped(because="a test").get()
    assert pair.secret not in str(vars(party))
    assert BookingState.HELD not in states(pair.booking)
