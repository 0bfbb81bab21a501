"""The pages of families and of the desk, as each reader sees them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from lms.consultations.models import QueuePlace, Slot, Surgery
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, StaffRoleFactory
from tests.factories.consultations import ROOM, START, QueuePlaceFactory, SlotFactory, SurgeryFactory, adopter_of

pytestmark = pytest.mark.django_db
rows = Slot.objects.unscoped(because="a test")
NOW = START - timedelta(days=2)
CRISIS = "a crisis line"


def page(name, *args):
    return reverse(f"consultations:{name}", args=args)


@pytest.fixture
def talk(client, at, family):
    """A family in front of the page of times, two days before."""
    at(NOW)
    client.force_login(family)
    return client


# --- Booking -----------------------------------------------------------------------------------------


def test_a_family_books_gives_up_and_books_again_without_any_script(talk, slots):
    assert "6pm to 6:30pm" in talk.get(page("times")).text
    kept = talk.post(page("keep", slots[0].uuid), follow=True)
    assert "Kept for you for 5 minutes" in kept.text
    booked = talk.post(page("book", slots[0].uuid), {"reason": "Sleep"}, follow=True)
    assert "re booked" in booked.text
    assert "Thursday 12 March, 6pm to 6:30pm" in talk.get(page("times")).text
    given_up = talk.post(page("give_up", slots[0].uuid), follow=True)
    assert "That&#x27;s fine" in given_up.text
    assert talk.post(page("keep", slots[0].uuid)).status_code == 302


def test_each_step_says_that_this_is_no_crisis_line(talk, slots, queue):
    assert CRISIS in talk.get(page("times")).text
    assert CRISIS in talk.post(page("keep", slots[0].uuid), follow=True).text
    assert CRISIS in talk.post(page("book", slots[0].uuid), {"reason": ""}, follow=True).text
    assert CRISIS in talk.get(page("queue", queue.uuid)).text
    assert CRISIS in talk.post(page("queue_join", queue.uuid), {"reason": ""}, follow=True).text


def test_a_time_that_has_just_gone_says_so_beside_the_others(talk, slots, other_family):
    rows.filter(pk=slots[0].pk).update(state="booked", person=other_family)
    answer = talk.post(page("keep", slots[0].uuid))
    assert answer.status_code == 422
    assert "Somebody has just taken that time" in answer.text
    assert "6:40pm" in answer.text


def test_what_was_typed_is_kept_when_the_five_minutes_are_over(talk, slots, at):
    talk.post(page("keep", slots[0].uuid))
    at(NOW + timedelta(minutes=5))
    answer = talk.post(page("book", slots[0].uuid), {"reason": "Words I typed"})
    assert answer.status_code == 422
    assert "Words I typed" in answer.text
    assert "No longer kept" in answer.text


def test_words_that_are_too_long_are_kept_and_asked_to_be_shorter(talk, slots):
    talk.post(page("keep", slots[0].uuid))
    answer = talk.post(page("book", slots[0].uuid), {"reason": "é" * 501})
    assert answer.status_code == 422
    assert "é" * 501 in answer.text
    assert rows.get(pk=slots[0].pk).state == "held"


@pytest.mark.parametrize("name", ["keep", "book", "about", "give_up"])
def test_reading_changes_nothing(talk, slots, name):
    assert talk.get(page(name, slots[0].uuid)).status_code == 405


def test_somebody_else_has_no_page_of_my_time(talk, slots, client, other_family):
    talk.post(page("keep", slots[0].uuid))
    client.force_login(other_family)
    for name in ("time", "room"):
        assert client.get(page(name, slots[0].uuid)).status_code == 404
    for name in ("book", "about", "give_up"):
        assert client.post(page(name, slots[0].uuid), {"reason": "x"}).status_code == 404
    assert rows.get(pk=slots[0].pk).state == "held"


def test_a_time_of_another_agency_does_not_exist(client, at, slots):
    at(NOW)
    client.force_login(adopter_of(AgencyFactory()))
    assert client.post(page("keep", slots[0].uuid)).status_code == 404
    assert "6pm" not in client.get(page("times")).text


def test_a_reader_whom_no_agency_knows_is_told_what_to_do(client, at, slots):
    at(NOW)
    client.force_login(PersonFactory())
    answer = client.get(page("times"))
    assert reverse("agencies:verification") in answer.text
    assert "6pm" not in answer.text


def test_people_elsewhere_read_their_own_clock_too(talk, slots, family):
    family.time_zone = "Pacific/Auckland"
    family.save()
    assert "7am to 7:30am on Friday 13 March, Auckland time" in talk.get(page("times")).text


def test_filtering_by_profession(talk, slots):
    assert "6pm" in talk.get(page("times"), {"with": "social_worker"}).text
    assert "No times are free" in talk.get(page("times"), {"with": "education"}).text
    assert "6pm" in talk.get(page("times"), {"with": "nonsense"}).text


@pytest.mark.parametrize("evenings", [1, 6])
def test_the_page_of_times_costs_the_same_however_many(talk, agency, evenings, django_assert_num_queries):
    for evening in range(evenings):
        surgery = SurgeryFactory(agency=agency, starts_at=START + timedelta(days=evening))
        for half_hour in range(3):
            SlotFactory(surgery=surgery, starts_at=surgery.starts_at + timedelta(minutes=40 * half_hour))
        SurgeryFactory(agency=agency, queue=True)
    talk.get(page("times"))
    with django_assert_num_queries(10):
        talk.get(page("times"))


def test_times_that_do_not_fit_on_one_page_are_on_the_next(talk, slots, monkeypatch):
    monkeypatch.setattr("lms.consultations.views.ON_A_PAGE", 2)
    first, second = (talk.get(page("times"), {"page": number}).text for number in (1, 2))
    assert ("6pm to 6:30pm" in first, "7:20pm to 7:50pm" in first, "Page 1 of 2" in first) == (True, False, True)
    assert "7:20pm to 7:50pm" in second


# --- The way in --------------------------------------------------------------------------------------


@pytest.fixture
def booked(talk, agency, worker, family):
    return SlotFactory(surgery=SurgeryFactory(agency=agency, worker=worker), booked_by=family)


@pytest.mark.parametrize(("minutes", "is_open"), [(-11, False), (-10, True), (45, True), (46, False)])
def test_the_room_is_behind_our_own_link_and_opens_shortly_before(talk, booked, at, minutes, is_open):
    at(START + timedelta(minutes=minutes))
    shown = talk.get(page("time", booked.uuid))
    assert ROOM not in shown.text
    answer = talk.get(page("room", booked.uuid))
    assert (answer.status_code, answer["Location"] == ROOM) == ((303, True) if is_open else (302, False))


def test_a_phone_number_is_shown_only_then(talk, booked, at):
    Surgery.objects.unscoped(because="a test").update(way="phone", way_in="01632 960 777")
    assert "960 777" not in talk.get(page("time", booked.uuid)).text
    at(START)
    assert "01632 960 777" in talk.get(page("time", booked.uuid)).text
    assert talk.get(page("room", booked.uuid)).status_code == 404


def test_being_late_is_said_on_the_page(talk, booked):
    Surgery.objects.unscoped(because="a test").update(late_minutes=20)
    assert "about 20 minutes late" in talk.get(page("time", booked.uuid)).text


def test_what_it_is_about_can_be_changed(talk, booked):
    talk.post(page("about", booked.uuid), {"reason": "Something else"})
    assert rows.get(pk=booked.pk).reason == "Something else"


# --- The queue ---------------------------------------------------------------------------------------


def test_the_page_of_a_queue_looks_again_by_itself(talk, queue, at):
    at(START)
    assert "Refresh" not in talk.get(page("queue", queue.uuid)).headers
    waiting = talk.post(page("queue_join", queue.uuid), {"reason": "now"}, follow=True)
    assert "re next" in waiting.text
    assert waiting["Refresh"] == "30"
    QueuePlace.objects.unscoped(because="a test").update(state="called", called_at=START)
    turn = talk.get(page("queue", queue.uuid))
    assert "s your turn" in turn.text
    assert ROOM not in turn.text
    assert talk.get(page("queue_room", queue.uuid))["Location"] == ROOM


def test_nobody_goes_in_before_their_turn(talk, queue, at):
    at(START)
    talk.post(page("queue_join", queue.uuid), {"reason": ""})
    assert talk.get(page("queue_room", queue.uuid)).status_code == 404


def test_a_small_number_of_people_is_not_counted_out(talk, queue, at):
    at(START)
    for number in range(4):
        QueuePlaceFactory(surgery=queue, number=number + 1)
    assert "A few people are waiting" in talk.get(page("queue", queue.uuid)).text
    QueuePlaceFactory(surgery=queue, number=9)
    assert "5 people are waiting" in talk.get(page("queue", queue.uuid)).text


def test_a_queue_that_shuts_meanwhile_keeps_what_was_typed(talk, queue):
    Surgery.objects.unscoped(because="a test").update(takes_queue=False)
    answer = talk.post(page("queue_join", queue.uuid), {"reason": "Words I typed"})
    assert answer.status_code == 422
    assert "Words I typed" in answer.text


# --- The desk ----------------------------------------------------------------------------------------

TYPED = {
    "profession": "social_worker",
    "mode": "times",
    "day": "2026-03-12",
    "starts": "18:00",
    "until": "20:00",
    "zone": "Europe/London",
    "minutes": "30",
    "rest": "10",
    "notice": "60",
    "most_each": "",
    "way": "video",
    "way_in": "https://us02web.zoom.us/j/1",
}


@pytest.fixture
def desk(client, at, worker):
    at(NOW)
    client.force_login(worker)
    return client


def test_a_worker_offers_hours(desk, worker):
    answer = desk.post(page("desk_offer"), {**TYPED, "worker": worker.pk}, follow=True)
    assert "Thursday 12 March, 6pm to 8pm" in answer.text
    assert rows.count() == 3


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": ""}, "Choose a day"),
        ({"day": "2026-03-01"}, "That time has passed"),
        ({"until": "17:00"}, "no room for a single time"),
        ({"minutes": "19"}, "20"),
        ({"minutes": "121"}, "120"),
        ({"way_in": "https://evil.example/"}, "https://"),
        ({"way_in": ""}, "Say where families reach you"),
        ({"worker": "999999"}, "Choose one of these"),
        ({"day": "2026-10-25", "starts": "01:30", "until": "04:00"}, "happens twice"),
        ({"day": "2026-03-29", "starts": "01:30", "until": "04:00"}, "doesn&#x27;t exist"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_all_that_was_typed(desk, worker, typed, said):
    answer = desk.post(page("desk_offer"), {**TYPED, "worker": worker.pk, **typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="60"' in answer.text
    assert not rows.exists()


def test_only_the_worker_reads_what_it_is_about(desk, client, agency, worker, family):
    slot = SlotFactory(surgery=SurgeryFactory(agency=agency, worker=worker), booked_by=family)
    place = QueuePlaceFactory(surgery=SurgeryFactory(agency=agency, worker=worker, queue=True))
    own = desk.get(page("desk_surgery", slot.surgery.uuid)).text
    assert slot.reason in own
    assert place.reason in desk.get(page("desk_surgery", place.surgery.uuid)).text
    client.force_login(StaffRoleFactory(agency=agency).person)
    for surgery in (slot.surgery, place.surgery):
        seen = client.get(page("desk_surgery", surgery.uuid)).text
        assert "Canary" not in seen
        assert "alone" in seen


def test_a_colleague_without_the_rota_does_not_see_the_hours(client, agency, slots):
    client.force_login(StaffRoleFactory(agency=agency, role="trainer").person)
    assert client.get(page("desk_surgery", slots[0].surgery.uuid)).status_code == 404
    assert "Thursday" not in client.get(page("desk_surgeries")).text


def test_the_worker_runs_the_queue(desk, queue, at, worker, family):
    at(START)
    desk.force_login(worker)
    QueuePlaceFactory(surgery=queue, person=family, number=1)
    address = page("desk_queue", queue.uuid)
    assert f"Talking to {family.display_name}" in desk.post(address, {"do": "next"}, follow=True).text
    refused = desk.post(address, {"do": "next"})
    assert refused.status_code == 422
    assert "how it went" in refused.text
    for number in ("2", "9" * 30, "x"):  # of somebody else, on a page that was left open, and of nobody
        desk.post(address, {"do": "missed", "number": number})
    assert "Nobody is waiting" in desk.post(address, {"do": "came", "number": "1"}, follow=True).text
    assert QueuePlace.objects.owned_by(family).get().state == "done"
    assert "Open the queue" in desk.post(address, {"do": "stop"}, follow=True).text
    assert "Stop the queue" in desk.post(address, {"do": "open"}, follow=True).text
    assert desk.post(address, {"do": "nonsense"}).status_code == 422


def test_the_worker_says_who_came_is_late_and_cancels(desk, at, agency, worker, family):
    slot = SlotFactory(surgery=SurgeryFactory(agency=agency, worker=worker), booked_by=family)
    assert "1 told" in desk.post(page("desk_late", slot.surgery.uuid), {"minutes": "10"}, follow=True).text
    assert desk.post(page("desk_late", slot.surgery.uuid), {"minutes": "-1"}).status_code == 422
    assert desk.post(page("desk_settle", slot.uuid), {"came": "yes"}).status_code == 422
    at(START)
    desk.force_login(worker)
    assert "Took place" in desk.post(page("desk_settle", slot.uuid), {"came": "yes"}, follow=True).text
    assert desk.post(page("desk_cancel", slot.surgery.uuid), {"reason": " "}).status_code == 422
    answer = desk.post(page("desk_cancel", slot.surgery.uuid), {"reason": "I'm ill"}, follow=True)
    assert "Cancelled" in answer.text


@pytest.mark.parametrize("hours", [1, 8])
def test_the_list_at_the_desk_costs_the_same_however_long(desk, agency, worker, hours, django_assert_num_queries):
    for n in range(hours):
        SlotFactory(surgery=SurgeryFactory(agency=agency, worker=worker, starts_at=START + timedelta(days=n)))
    desk.get(page("desk_surgeries"))
    with django_assert_num_queries(5):
        desk.get(page("desk_surgeries"))
