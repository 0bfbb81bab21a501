"""Sessions that are kept for a circle of people: here for those on a pathway."""

from datetime import timedelta

import pytest
from django.urls import reverse

from lms.certificates.models import PathwayRecord, RecordState
from lms.webinars import operations
from lms.webinars.models import Booking, BookingState, Session
from tests.factories.certificates import PathwayFactory, PathwayRecordFactory
from tests.factories.cms import SiteTree, WorkshopPageFactory
from tests.factories.webinars import START, BookingFactory, FacilitatorFactory, SessionFactory, adopter

pytestmark = pytest.mark.django_db
rows = Booking.objects.unscoped(because="a test")


@pytest.fixture
def pathway():
    return PathwayFactory(slug="group-leader", title="Group leader")


@pytest.fixture
def kept(pathway):
    """A session of the pathway's people, of a workshop that has an open date too."""
    workshop = WorkshopPageFactory(parent=SiteTree().workshops)
    return SessionFactory(workshop=workshop, only_for="pathway:group-leader", capacity=2)


@pytest.fixture
def candidate(pathway, kept):
    return PathwayRecordFactory(pathway=pathway, person=adopter(), agency=kept.agency).person


def exchange(kept, person, now):
    other = SessionFactory(workshop=kept.workshop, starts_at=START + timedelta(days=7))
    mine = operations.book(session=other, adopter=person, now=now)
    return operations.swap(booking=mine, session=kept, adopter=person, now=now)


DEEDS = {
    "book": lambda kept, person, now: operations.book(session=kept, adopter=person, now=now),
    "hold": lambda kept, person, now: operations.hold(session=kept, adopter=person, now=now),
    "hold two": lambda kept, person, now: operations.hold_two(session=kept, adopter=person, now=now),
    "wait": lambda kept, person, now: operations.join_waiting_list(session=kept, adopter=person, now=now),
    "exchange": exchange,
    "put in by staff": lambda kept, person, now: operations.add_person(
        session=kept, adopter=person, actor=adopter(), reason="access", now=now
    ),
}


def test_nobody_else_comes_in_by_any_way(kept, person, now):
    for name, deed in DEEDS.items():
        with pytest.raises(operations.NotAmongThem):
            deed(kept, person, now)
        assert not rows.filter(session=kept).exists(), name
    assert Session.objects.unscoped(because="a test").get(pk=kept.pk).places_taken == 0


def test_a_partner_has_to_be_one_of_them_too(kept, candidate, person, now):
    pair = operations.book_two(session=kept, adopter=candidate, now=now, address="")
    with pytest.raises(operations.NotAmongThem):
        operations.join_partner(secret=pair.secret, adopter=person, now=now)
    assert not rows.filter(session=kept, person=person).exists()


def test_who_is_on_the_pathway_today_books_and_nobody_who_rests_or_has_ended(kept, candidate, now):
    records = PathwayRecord.objects.owned_by(candidate)
    for state in (RecordState.PAUSED, RecordState.FULFILLED, RecordState.WITHDRAWN):
        records.update(state=state)
        with pytest.raises(operations.NotAmongThem):
            operations.book(session=kept, adopter=candidate, now=now)
    records.update(state=RecordState.ACTIVE)
    assert operations.book(session=kept, adopter=candidate, now=now).state == BookingState.BOOKED


def test_a_place_that_comes_free_passes_by_who_left_the_pathway(kept, candidate, person, now):
    seats = [BookingFactory(session=kept) for _ in range(2)]
    left, stayed = (BookingFactory(session=kept, waiting=True, person=who) for who in (person, candidate))
    operations.cancel_booking(booking=seats[0], actor=seats[0].person, now=now)
    assert [rows.get(pk=one.pk).state for one in (left, stayed)] == [BookingState.CANCELLED, BookingState.OFFERED]


def test_pages_say_whom_it_is_for_and_let_those_book(client, kept, candidate, person, at, now):
    at(now)
    for name in ("session", "book"):
        client.force_login(person)
        page = client.get(reverse(f"webinars:{name}", args=[kept.uuid])).content.decode()
        assert "It is only for people on the pathway “Group leader”." in page
        assert "Book this one" not in page
        assert "Book my place" not in page
    client.force_login(candidate)
    client.post(reverse("webinars:book", args=[kept.uuid]), {"access_needs": ""})
    assert rows.get(session=kept).person == candidate


def test_staff_choose_it_when_they_plan_a_copy_keeps_it_and_it_can_be_taken_back(client, kept, coordinator_of, at, now):
    at(now)
    FacilitatorFactory(session=kept, person=coordinator_of(kept))
    client.force_login(kept.facilitators.get().person)
    page = client.get(reverse("webinars:desk_schedule"), {"copy": kept.uuid}).content.decode()
    assert '<option value="pathway:group-leader" selected>Only people on the pathway “Group leader”</option>' in page
    edit = client.get(reverse("webinars:desk_edit", args=[kept.uuid]))
    typed = {name: value for name, value in edit.context["form"].initial.items() if value is not None}
    typed |= {"only_for": "", "room_address": ""}
    seen = client.post(reverse("webinars:desk_edit", args=[kept.uuid]), typed).context["seen"]
    client.post(reverse("webinars:desk_edit", args=[kept.uuid]), typed | {"seen": seen, "keep": "1"})
    assert Session.objects.unscoped(because="a test").get(pk=kept.pk).only_for == ""
