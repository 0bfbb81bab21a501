"""One form plans a session or many, changes one or those that follow, and shows all dates before anything is kept."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from lms.agencies.models import Role
from lms.webinars import operations
from lms.webinars.models import Facilitator, Series, Session, SessionState
from tests.factories.agencies import StaffRoleFactory
from tests.factories.cms import SiteTree, WorkshopPageFactory
from tests.factories.webinars import ROOM, START, BookingFactory, FacilitatorFactory, SessionFactory

pytestmark = pytest.mark.django_db
sessions = Session.objects.unscoped(because="a test")
all_series = Series.objects.unscoped(because="a test")


@pytest.fixture(autouse=True)
def _a_week_before(at, now):
    at(now)


@pytest.fixture
def see(client, trainer):
    client.force_login(trainer)

    def go(name, row=None, data=None, **query):
        address = reverse(f"webinars:{name}", args=[row.uuid] if row else [], query=query or None)
        return client.get(address) if data is None else client.post(address, data)

    return go


@pytest.fixture
def typed(trainer):
    return {
        "title": "Tea and talk",
        "kind": "workshop",
        "zone": "Europe/London",
        "where": "online",
        "room_address": ROOM,
        "facilitators": [str(trainer.pk)],
        "date_1": "2026-04-14",
        "time_1": "19:30",
        "minutes_1": "90",
    }


@pytest.fixture
def four(typed):
    return {**typed, "repeat": "week", "times": "4", "together": "each"}


def text(answer):
    return answer.content.decode()


def keep(see, name, typed, row=None):
    """Look at the dates, and press "keep"."""
    shown = see(name, row, data=typed)
    return see(name, row, data={**typed, "seen": shown.context["seen"], "keep": "1"})


@pytest.fixture
def made(see, four):
    keep(see, "desk_schedule", four)
    return list(sessions.filter(series=all_series.get()).order_by("series_position"))


@pytest.mark.parametrize("number", ["9" * 19, "9" * 5_000, "-1", "x"])
def test_a_workshop_that_no_list_holds_is_refused_with_all_that_was_typed(see, typed, number):
    answer = see("desk_schedule", data={**typed, "workshop": number})
    assert answer.status_code == 422
    assert "Tea and talk" in text(answer)


# --- A series is planned --------------------------------------------------------------------------
def test_all_dates_are_shown_and_nothing_is_kept(see, four):
    answer = see("desk_schedule", data=four)
    for day in ("Tuesday 14 April 2026", "Tuesday 21 April 2026", "Tuesday 28 April 2026", "Tuesday 5 May 2026"):
        assert f"{day}, 7:30pm to 9pm, 90 minutes" in text(answer)
    assert "4 sessions. Each is booked on its own." in text(answer)
    assert not all_series.exists()


def test_what_was_shown_is_kept_as_drafts_and_published_together(see, four):
    answer = keep(see, "desk_schedule", four)
    series = all_series.get()
    assert answer.url == reverse("webinars:desk_series", args=[series.uuid])
    assert "Every week on Tuesday. 4 dates, each booked on its own." in text(see("desk_series", series))
    assert see("desk_series_publish", series, data={}).status_code == 302
    assert {session.state for session in sessions.filter(series=series)} == {SessionState.PUBLISHED}


def test_one_can_be_left_out(see, four):
    four = {**four, "leave_out": ["20260421T1930", "not a date"]}
    assert "Left out." in text(see("desk_schedule", data=four))
    keep(see, "desk_schedule", four)
    found = sessions.filter(series=all_series.get()).order_by("series_position")
    assert [session.local_start.day for session in found] == [14, 28, 5]


def test_one_left_out_after_looking_is_looked_at_again(see, four):
    shown = see("desk_schedule", data=four)
    answer = see(
        "desk_schedule", data={**four, "leave_out": "20260421T1930", "seen": shown.context["seen"], "keep": "1"}
    )
    assert answer.status_code == 200
    assert not all_series.exists()


def test_six_weeks_can_be_one_booking(see, four):
    answer = keep(see, "desk_schedule", {**four, "times": "6", "together": "all"})
    session = sessions.get(title="Tea and talk")
    assert answer.url == reverse("webinars:desk_session", args=[session.uuid])
    assert (session.parts.count(), session.series) == (6, None)


def test_dates_can_be_chosen_one_by_one(see, typed):
    chosen = {**typed, "date_2": "2026-04-20", "time_2": "10:00", "together": "each"}
    keep(see, "desk_schedule", chosen)
    assert all_series.get().rule == "On dates that were chosen"
    assert sessions.filter(title="Tea and talk").count() == 2


def test_a_two_day_workshop_can_be_given_again_each_month(see, typed):
    days = {**typed, "date_2": "2026-04-15", "time_2": "19:30", "repeat": "weekday", "times": "2", "together": "set"}
    keep(see, "desk_schedule", days)
    found = sessions.filter(title="Tea and talk").order_by("series_position")
    assert [[part.local_start[:10] for part in session.parts.all()] for session in found] == [
        ["2026-04-14", "2026-04-15"],
        ["2026-05-12", "2026-05-13"],
    ]


WRONG = {
    "how often": ({"times": ""}, "Say how many times"),
    "once is no repeat": ({"times": "1"}, "Use 2 or more"),
    "too often": ({"times": "54"}, "Use 53 or less"),
    "how people book": ({"together": ""}, "Say how people book"),
    "a rule of their own": ({"repeat": "daily"}, "Choose one of these"),
    "more dates than one booking covers": ({"times": "13", "together": "all"}, "at most 12 dates"),
    "more than a year": ({"repeat": "date", "times": "14"}, "over 12 months"),
    "nothing left": ({"leave_out": [f"2026{day}T1930" for day in ("0414", "0421", "0428", "0505")]}, "at least one"),
    "a licence without a holder": ({"kind": "licensed", "publisher": "A press"}, "who holds the licence"),
    "a deadline after the start": ({"cancel_date": "2026-04-15"}, "before the session begins"),
    "a time without a day": ({"closes_time": "18:00"}, "Choose a date for this time"),
    "a waiting list below nothing": ({"waiting_list_cap": "-1"}, "Use 0 or more"),
    "a role that is none": ({"role": "boss"}, "Choose one of these"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(see, four, trainer, what):
    changes, words = WRONG[what]
    changes = {f"role_{trainer.pk}": changes["role"]} if "role" in changes else changes
    answer = see("desk_schedule", data={**four, **changes})
    if answer.status_code == 200:  # what only the whole plan shows is said when it is kept
        answer = keep(see, "desk_schedule", {**four, **changes})
    assert answer.status_code == 422
    assert words in text(answer)
    assert 'value="Tea and talk"' in text(answer)
    assert not all_series.exists()


def test_a_date_whose_hour_does_not_exist_is_asked_about_and_can_be_left_out(see, four):
    nights = {**four, "date_1": "2027-03-14", "time_1": "01:30"}
    answer = see("desk_schedule", data=nights)
    assert answer.status_code == 422
    assert "Sunday 28 March 2027, 1:30am" in text(answer)
    assert "the clocks go forward that night" in text(answer)
    keep(see, "desk_schedule", {**nights, "leave_out": "20270328T0130"})
    assert sessions.filter(title="Tea and talk").count() == 3


def test_a_date_whose_hour_comes_twice_is_asked_about(see, four):
    nights = {**four, "date_1": "2026-10-18", "time_1": "01:30"}
    answer = see("desk_schedule", data=nights)
    assert answer.status_code == 422
    assert 'name="which_20261025T0130"' in text(answer)
    keep(see, "desk_schedule", {**nights, "which_20261025T0130": "second"})
    assert sessions.get(title="Tea and talk", series_position=2).starts_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_the_readers_own_clock_stands_beside_each_date(see, four, trainer):
    trainer.time_zone = "Pacific/Auckland"
    trainer.save()
    assert "For you: 6:30am to 8am on Wednesday 15 April, Auckland time" in text(see("desk_schedule", data=four))


def test_terms_of_booking_are_kept(see, typed, trainer):
    terms = {
        "waiting_list_cap": "0", "offer_hours": "6", "household": "on", "cancel_date": "2026-04-13",
        "cancel_time": "12:00", "eligibility": "For parents\r\nof under fives", "publisher": "A press",
        "licence_holder": "An agency", "facilitator_credential": "A course", "kind": "licensed",
    }  # fmt: skip
    keep(see, "desk_schedule", {**typed, **terms})
    kept = sessions.get(title="Tea and talk")
    assert (kept.waiting_list_cap, kept.offer_minutes, kept.household_limit) == (0, 360, 2)
    assert kept.cancel_deadline_at == datetime(2026, 4, 13, 11, tzinfo=UTC)
    assert kept.eligibility == "For parents of under fives"
    page = text(see("desk_session", kept))
    assert "A programme of A press, run under licence by An agency. Who runs it has: A course." in page
    form = see("desk_edit", kept).context["form"]
    again = {name: form[name].value() for name in ("waiting_list_cap", "offer_hours", "household", "publisher")}
    assert again == {"waiting_list_cap": 0, "offer_hours": 6, "household": True, "publisher": "A press"}


# --- People who are asked for twice ---------------------------------------------------------------
@pytest.fixture
def busy(trainer, session):
    """The trainer runs something else on the second of the four evenings."""
    other = SessionFactory(
        agency=session.agency, title="Saturday group", starts_at=datetime(2026, 4, 21, 19, tzinfo=UTC)
    )
    FacilitatorFactory(session=other, person=trainer)
    return other


def test_somebody_who_is_asked_for_twice_is_named_before_it_is_kept(see, four, trainer, busy):
    answer = see("desk_schedule", data=four)
    assert answer.status_code == 200
    assert f"{trainer.display_name} runs Saturday group then." in text(answer)
    answer = keep(see, "desk_schedule", four)
    assert answer.status_code == 422
    assert not all_series.exists()


def test_it_is_a_warning_and_no_refusal(see, four, busy):
    keep(see, "desk_schedule", {**four, "despite": "on"})
    assert sessions.filter(series=all_series.get()).count() == 4


def test_another_agencys_session_is_not_named(see, four, trainer, busy):
    sessions.filter(pk=busy.pk).update(agency=SessionFactory().agency)
    page = text(see("desk_schedule", data=four))
    assert "runs a session of another agency then" in page
    assert "Saturday group" not in page


@pytest.mark.parametrize("state", [SessionState.CANCELLED, SessionState.DECLINED])
def test_what_will_not_happen_takes_nobodys_time(see, four, busy, state):
    sessions.filter(pk=busy.pk).update(state=state)
    assert see("desk_schedule", data=four).context["clashes"] == []


def test_a_session_does_not_stand_in_its_own_way(see, made):
    form = see("desk_edit", made[0]).context["form"]
    typed = {name: value for name, value in form.initial.items() if value not in (None, False)}
    assert see("desk_edit", made[0], data={**typed, "reach": "following"}).context["clashes"] == []


# --- One, or this and those that follow -----------------------------------------------------------
@pytest.fixture
def change(see):
    def go(session, **changes):
        initial = see("desk_edit", session).context["form"].initial
        typed = {name: value for name, value in initial.items() if value not in (None, False)}
        return keep(see, "desk_edit", {**typed, **changes}, session)

    return go


def starts(rows):
    found = sessions.filter(pk__in=[row.pk for row in rows]).order_by("series_position")
    return [f"{session.local_start:%d %b %H:%M}" for session in found]


def test_only_one_is_changed_unless_asked(made, change):
    change(made[1], reach="one", time_1="18:00")
    assert starts(made) == ["14 Apr 19:30", "21 Apr 18:00", "28 Apr 19:30", "05 May 19:30"]


def test_those_that_follow_are_shown_and_changed_too(see, made, change):
    initial = see("desk_edit", made[1]).context["form"].initial
    typed = {name: value for name, value in initial.items() if value not in (None, False)}
    shown = text(see("desk_edit", made[1], data={**typed, "reach": "following", "time_1": "18:00"}))
    assert "Tuesday 5 May 2026, 6pm to 7:30pm" in shown
    assert starts(made) == ["14 Apr 19:30", "21 Apr 19:30", "28 Apr 19:30", "05 May 19:30"]
    change(made[1], reach="following", time_1="18:00")
    assert starts(made) == ["14 Apr 19:30", "21 Apr 18:00", "28 Apr 18:00", "05 May 18:00"]


def test_what_a_form_does_not_offer_any_more_stays_as_it_was(session, change):
    page = WorkshopPageFactory(parent=SiteTree().workshops, live=False)
    sessions.filter(pk=session.pk).update(workshop=page, capacity=0)
    assert change(session, time_1="18:00", capacity="0").status_code == 302
    kept = sessions.get(pk=session.pk)
    assert (kept.workshop_id, kept.capacity, f"{kept.local_start:%H:%M}") == (page.pk, 0, "18:00")


def test_a_session_on_its_own_is_not_asked_about(see, session):
    assert "those that follow" not in text(see("desk_edit", session))
    assert "those that follow" not in text(see("desk_cancel", session))


def test_this_and_those_that_follow_are_called_off(see, made):
    assert "21 April 2026" in text(see("desk_cancel", made[0]))
    answer = see("desk_cancel", made[2], data={"reason": "The hall is closed.", "reach": "following"})
    assert answer.status_code == 302
    states = [session.state for session in sessions.filter(series=made[0].series).order_by("series_position")]
    assert states == ["draft", "draft", "cancelled", "cancelled"]


def test_calling_off_asks_how_far(see, made):
    assert see("desk_cancel", made[2], data={"reason": "x"}).status_code == 422
    assert see("desk_cancel", made[2], data={"reason": "x", "reach": "all"}).status_code == 422


# --- Another like it ------------------------------------------------------------------------------
def test_a_copy_begins_with_all_but_dates_room_and_people(see, session, trainer):
    BookingFactory(session=session)
    sessions.filter(pk=session.pk).update(eligibility="For grandparents", calendar_sequence=7)
    page = see("desk_schedule", copy=session.uuid)
    form = page.context["form"]
    assert form["title"].value() == session.title
    assert form["eligibility"].value() == "For grandparents"
    assert form["date_1"].value() is None
    assert ROOM not in text(page)
    typed = {name: value for name, value in form.initial.items() if value not in (None, False)}
    dates = {"date_1": "2026-05-14", "time_1": "19:30", "minutes_1": "90", "room_address": ROOM}
    keep(see, "desk_schedule", {**typed, **dates})
    copy = sessions.get(eligibility="For grandparents", state=SessionState.DRAFT)
    assert (copy.places_taken, copy.calendar_sequence, copy.series, copy.uuid == session.uuid) == (0, 0, None, False)
    assert not copy.bookings(manager="objects").unscoped(because="a test").exists()


@pytest.mark.parametrize("copied", ["not-a-uuid", "00000000-0000-4000-8000-000000000000"])
def test_a_copy_of_nothing_is_a_page_or_none(see, copied):
    assert see("desk_schedule", copy=copied).status_code in {200, 404}


def test_a_session_of_another_agency_cannot_be_copied(see):
    assert see("desk_schedule", copy=SessionFactory().uuid).status_code == 404


# --- A series at the desk -------------------------------------------------------------------------
def test_a_series_of_others_does_not_exist(client, made):
    for role, agency in (
        (Role.COORDINATOR, None),
        (Role.SAFEGUARDING_LEAD, made[0].agency),
        (Role.TRAINER, made[0].agency),
    ):
        client.force_login(StaffRoleFactory(role=role, **({"agency": agency} if agency else {})).person)
        series = made[0].series
        assert client.get(reverse("webinars:desk_series", args=[series.uuid])).status_code == 404
        assert client.post(reverse("webinars:desk_series_publish", args=[series.uuid])).status_code == 404
    assert {session.state for session in sessions.filter(series=made[0].series)} == {SessionState.DRAFT}


def test_a_series_costs_the_same_however_long(client, made, trainer, now, django_assert_num_queries):
    address = reverse("webinars:desk_series", args=[made[0].series.uuid])
    client.get(address)
    with django_assert_num_queries(7):
        client.get(address)


def test_who_runs_it_keeps_running_it_when_somebody_else_edits(see, made, change, now):
    """Somebody who left the agency since stays ticked, and what they do."""
    guest = FacilitatorFactory(session=made[0], role="host").person
    change(made[0], reach="one", title="New words")
    assert Facilitator.objects.get(session=made[0], person=guest).role == "host"
    assert operations.following(made[0], now=START - timedelta(days=7))
