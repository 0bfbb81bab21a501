"""Putting sessions into the calendar, changing them, and calling them off."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.audit.models import Entry
from lms.common.clock import TimeDoesNotExist, TimeHappensTwice
from lms.outbox.models import Message
from lms.webinars import operations
from lms.webinars.models import Attendance, Booking, BookingState, Session, SessionPart, SessionState, Where
from lms.webinars.operations import PartPlan, editing
from lms.webinars.operations import plans as refused
from tests.factories.agencies import AgencyFactory, StaffRoleFactory
from tests.factories.cms import SiteTree, WorkshopPageFactory
from tests.factories.webinars import ROOM, START, VENUE, BookingFactory, SessionFactory
from tests.trust.written import write_out
from tests.webinars import plans
from tests.webinars.plans import plan_of

pytestmark = pytest.mark.django_db
sessions = Session.objects.unscoped(because="a test")
rows = Booking.objects.unscoped(because="a test")


def wall(*numbers):
    return datetime(*numbers)  # noqa: DTZ001 - a wall time


@pytest.fixture
def trainer(db):
    return StaffRoleFactory(role="trainer")


@pytest.fixture
def schedule(trainer, now):
    def keep(*starts, **fields):
        plan = plans.plan(*starts, **{"facilitator": trainer.person, **fields})
        return operations.schedule_session(plan=plan, agency=trainer.agency, actor=trainer.person, now=now)

    return keep


def test_a_session_is_kept_as_a_draft(schedule, trainer):
    session = schedule()
    session.refresh_from_db()
    assert session.state == SessionState.DRAFT
    assert (session.starts_at, session.ends_at) == (START, START + timedelta(minutes=90))
    assert session.booking_closes_at == START
    assert session.room_address == ROOM
    assert [f.person for f in session.facilitators.all()] == [trainer.person]
    assert Entry.objects.get(action="session.scheduled").agency_id == trainer.agency_id


def test_what_the_trainer_meant_is_kept_beside_what_it_means(schedule):
    session = schedule(wall(2026, 3, 26, 19, 0), wall(2026, 4, 2, 19, 0))
    kept = list(session.parts.values_list("local_start", "starts_at"))
    assert kept == [
        ("2026-03-26T19:00", datetime(2026, 3, 26, 19, 0, tzinfo=UTC)),
        ("2026-04-02T19:00", datetime(2026, 4, 2, 18, 0, tzinfo=UTC)),  # the same hour by the clock, after the change
    ]


def test_a_time_that_does_not_exist_is_refused(schedule):
    with pytest.raises(TimeDoesNotExist):
        schedule(wall(2027, 3, 28, 1, 30))
    assert not sessions.exists()


def test_a_time_that_happens_twice_is_asked_about(schedule):
    with pytest.raises(TimeHappensTwice):
        schedule(wall(2027, 10, 31, 1, 30))
    assert not sessions.exists()


@pytest.mark.parametrize(("second", "hour"), [(False, 0), (True, 1)])
def test_the_answer_decides_which_of_the_two_it_is(trainer, now, second, hour):
    part = PartPlan(wall(2027, 10, 31, 1, 30), 60, second=second)
    plan = plans.plan(facilitator=trainer.person)
    plan = operations.SessionPlan(**{**vars(plan), "parts": (part,)})
    session = operations.schedule_session(plan=plan, agency=trainer.agency, actor=trainer.person, now=now)
    assert session.starts_at == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)


def test_two_hours_over_the_gap_are_two_real_hours(schedule):
    session = schedule(wall(2027, 3, 28, 0, 30), minutes=120)
    assert session.ends_at - session.starts_at == timedelta(hours=2)
    assert session.hours == "12:30am to 3:30am"


REFUSED = {
    "no dates": ({"parts": ()}, refused.NoDates),
    "a date that is past": ({"parts": (PartPlan(wall(2026, 3, 1, 10, 0), 60),)}, refused.DateIsPast),
    "dates that overlap": (
        {"parts": (PartPlan(wall(2026, 3, 12, 10, 0), 60), PartPlan(wall(2026, 3, 12, 10, 59), 60))},
        refused.DatesOverlap,
    ),
    "dates out of order": (
        {"parts": (PartPlan(wall(2026, 3, 12, 10, 0), 60), PartPlan(wall(2026, 3, 11, 10, 0), 60))},
        refused.DatesOverlap,
    ),
    "a zone that nobody knows": ({"zone": "Mars/Olympus"}, refused.ZoneUnknown),
    "a room that is not allowed": ({"room_address": "https://evil.example/"}, refused.RoomRefused),
    "a room without a lock": ({"room_address": "http://zoom.us/j/1"}, refused.RoomRefused),
    "no title": ({"title": ""}, refused.TitleMissing),
    "nobody to run it": ({"facilitator_ids": frozenset()}, refused.FacilitatorUnknown),
    "a stranger to run it": ({"facilitator_ids": frozenset({10**9})}, refused.FacilitatorUnknown),
    "booking that closes after the start": ({"closes": wall(2026, 3, 12, 19, 31)}, refused.BookingTimesWrong),
    "booking that closes before it opens": (
        {"opens": wall(2026, 3, 11, 9, 0), "closes": wall(2026, 3, 10, 9, 0)},
        refused.BookingTimesWrong,
    ),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_plan_that_cannot_be_keeps_nothing(trainer, now, why):
    changes, refusal = REFUSED[why]
    plan = operations.SessionPlan(**{**vars(plans.plan(facilitator=trainer.person)), **changes})
    with pytest.raises(refusal) as refused:
        operations.schedule_session(plan=plan, agency=trainer.agency, actor=trainer.person, now=now)
    assert refused.value.field
    assert not sessions.exists()
    assert not SessionPart.objects.exists()


def test_staff_of_another_agency_cannot_be_put_down_to_run_it(schedule):
    with pytest.raises(refused.FacilitatorUnknown):
        schedule(facilitator=StaffRoleFactory(role="trainer").person)


def test_who_gave_a_role_back_cannot_be_put_down_to_run_it(schedule, trainer, now):
    gone = StaffRoleFactory(agency=trainer.agency, role="trainer", revoked_at=now)
    with pytest.raises(refused.FacilitatorUnknown):
        schedule(facilitator=gone.person)


def test_the_workshop_lends_its_titles(schedule):
    page = WorkshopPageFactory(parent=SiteTree().workshops, title="What to tell", neutral_title="Family talk")
    session = schedule(title="", workshop=page)
    assert (session.title, session.neutral_title) == ("What to tell", "Family talk")


def test_a_session_at_a_venue_has_no_room(schedule):
    session = schedule(where=Where.VENUE, venue=VENUE, region="Calder valley")
    assert (session.venue, session.room_address) == (VENUE, "")


def test_publishing_twice_is_publishing_once(schedule, trainer, now):
    session = schedule()
    for _ in range(2):
        operations.publish_session(session=session, actor=trainer.person, now=now)
    session.refresh_from_db()
    assert session.state == SessionState.PUBLISHED
    assert Entry.objects.filter(action="session.published").count() == 1


def test_what_is_past_is_not_published(schedule, trainer):
    session = schedule()
    with pytest.raises(operations.SessionOver):
        operations.publish_session(session=session, actor=trainer.person, now=START)


# --- Changing -------------------------------------------------------------------------------------
def edit(session, now, **changes):
    plan, actor = plan_of(session, **changes)
    return operations.edit_session(session=session, plan=plan, actor=actor, now=now)


def later(**by):
    local = datetime.fromisoformat("2026-03-12T19:30") + timedelta(**by)
    return (PartPlan(local, 90),)


def test_a_new_time_is_told_to_everybody_booked_once(session, now):
    booked = BookingFactory.create_batch(2, session=session)
    BookingFactory(session=session, state=BookingState.CANCELLED)
    edit(session, now, parts=later(hours=1))
    write_out()
    letters = Message.objects.filter(kind="session_changed")
    assert set(letters.values_list("person_id", flat=True)) == {b.person_id for b in booked}
    assert all("SEQUENCE:1" in letter.calendar and "METHOD:REQUEST" in letter.calendar for letter in letters)
    session.refresh_from_db()
    assert (session.calendar_sequence, session.starts_at) == (1, START + timedelta(hours=1))


@pytest.mark.parametrize(
    "changes",
    [{"where": Where.VENUE, "venue": "Elsewhere"}, {"region": "East coast"}, {"parts": later(days=1)}],
)
def test_time_and_place_are_news(session, now, changes):
    BookingFactory(session=session)
    edit(session, now, **changes)
    assert Message.objects.filter(kind="session_changed").count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Staying in touch, again"},
        {"room_address": "https://zoom.us/j/new"},
        {"capacity": 20},
        {"captions": True},
        {},
    ],
)
def test_nothing_else_is_news(session, now, changes):
    BookingFactory(session=session)
    edit(session, now, **changes)
    session.refresh_from_db()
    assert session.calendar_sequence == 0
    assert not Message.objects.exists()


def test_a_draft_changes_without_a_word(now):
    session = SessionFactory(draft=True)
    edit(session, now, parts=later(hours=1))
    session.refresh_from_db()
    assert session.calendar_sequence == 0


def test_an_empty_room_link_keeps_the_one_that_is_set(session, now):
    edit(session, now, room_address=None)
    session.refresh_from_db()
    assert session.room_address == ROOM


def test_places_that_people_have_are_not_taken_away(session, now):
    BookingFactory.create_batch(2, session=session)
    edit(session, now, capacity=1)
    session.refresh_from_db()
    assert (session.places_over, session.places_left) == (1, 0)
    assert rows.filter(state=BookingState.BOOKED).count() == 2


def test_an_edit_does_not_overwrite_a_place_taken_meanwhile(session, person, now):
    stale = sessions.get(pk=session.pk)
    operations.book(session=session, adopter=person, now=now)
    edit(stale, now, title="Other words")
    session.refresh_from_db()
    assert session.places_taken == 1


def test_a_later_part_of_a_group_can_move_while_an_earlier_one_is_past(now):
    session = SessionFactory(weeks=3)
    booking = BookingFactory(session=session)
    first = session.parts.first()
    Attendance.objects.create(booking=booking, part=first, verdict="present", decided_at=START)
    parts = (
        PartPlan(wall(2026, 3, 12, 19, 30), 90),
        PartPlan(wall(2026, 3, 20, 19, 30), 90),
        PartPlan(wall(2026, 3, 27, 19, 30), 90),
    )
    edit(session, START + timedelta(days=1), parts=parts)
    assert Attendance.objects.unscoped(because="a test").get().part == first
    assert session.parts.get(number=2).local_start == "2026-03-20T19:30"


def test_a_part_that_has_begun_stays_as_it_was():
    session = SessionFactory(weeks=2)
    for parts in (later(hours=1), ()):
        moved = (*parts, PartPlan(wall(2026, 3, 26, 19, 30), 90))
        with pytest.raises(editing.DateHasBegun):
            edit(session, START + timedelta(days=1), parts=moved)
    assert session.parts.first().starts_at == START


def test_a_draft_whose_date_has_passed_can_have_another():
    session = SessionFactory(draft=True, weeks=2)
    edit(session, START + timedelta(days=8), parts=(PartPlan(wall(2026, 4, 2, 19, 30), 90),))
    session.refresh_from_db()
    assert (session.parts.get().local_start, session.starts_at.month) == ("2026-04-02T19:30", 4)
    with pytest.raises(editing.DateHasBegun):
        edit(session, START + timedelta(days=8), parts=(PartPlan(wall(2026, 3, 12, 19, 30), 90),))


def test_who_was_at_all_dates_but_one_that_is_taken_off_has_attended(coordinator_of):
    session = SessionFactory(weeks=2)
    booking = BookingFactory(session=session)
    first, now = session.parts.first(), START + timedelta(days=1)
    staff = coordinator_of(session)
    operations.mark_attendance(session=session, part=first, marks={booking.pk: "present"}, actor=staff, now=now)
    assert rows.get(pk=booking.pk).state == BookingState.BOOKED
    edit(session, now, parts=(PartPlan(wall(2026, 3, 12, 19, 30), 90),))
    assert rows.get(pk=booking.pk).state == BookingState.ATTENDED


def test_dates_can_be_taken_off_and_put_on(session, now):
    kept = (PartPlan(wall(2026, 3, 12, 19, 30), 90), PartPlan(wall(2026, 3, 19, 19, 30), 90))
    edit(session, now, parts=kept)
    assert session.parts.count() == 2
    BookingFactory(session=session)
    edit(session, now, parts=kept[:1])
    session.refresh_from_db()
    assert (session.parts.count(), session.ends_at) == (1, START + timedelta(minutes=90))
    letter = Message.objects.get(kind="dates_dropped")
    assert "Thursday 19 March" in letter.text
    assert "METHOD:CANCEL" in letter.calendar
    assert letter.calendar.count("BEGIN:VEVENT") == 1
    assert "DTSTART:20260319T193000Z" in letter.calendar


def test_of_dates_taken_off_those_are_named_that_will_not_happen(now):
    """The later ones move up: the number that is gone is that of a date which stays."""
    session = SessionFactory(weeks=3)
    BookingFactory(session=session)
    weekly = [wall(2026, 3, day, 19, 30) for day in (12, 19, 26)]
    edit(session, now, parts=tuple(PartPlan(start, 90) for start in weekly[1:]))
    letter = Message.objects.get(kind="dates_dropped")
    named = [day for day in (12, 19, 26) if f"Thursday {day} March" in letter.text]
    assert named == [12]
    assert "DTSTART:20260326T193000Z" in letter.calendar  # calendars know dates by their numbers
    moved = (PartPlan(weekly[1] + timedelta(hours=1), 90),)
    edit(session, now, parts=moved)
    last = Message.objects.filter(kind="dates_dropped").latest("pk")
    assert [day for day in (12, 19, 26) if f"Thursday {day} March" in last.text] == [26]


@pytest.mark.parametrize("state", [SessionState.CANCELLED, SessionState.ENDED])
def test_what_is_closed_is_not_edited(now, state):
    session = SessionFactory(state=state)
    with pytest.raises((operations.SessionCancelled, operations.SessionOver)):
        edit(session, now, title="Other words")


# --- Calling off ----------------------------------------------------------------------------------
def test_everybody_is_told_why_and_of_other_dates(now, coordinator, at):
    page = WorkshopPageFactory(parent=SiteTree().workshops)
    session = SessionFactory(workshop=page)
    other = SessionFactory(workshop=page, starts_at=START + timedelta(days=7), agency=session.agency)
    SessionFactory(workshop=page, draft=True)
    booked, waiting = BookingFactory(session=session), BookingFactory(session=session, waiting=True)
    operations.cancel_session(session=session, actor=coordinator, reason="Marguerite is ill.", now=now)
    at(now)
    write_out()
    letters = {letter.person_id: letter for letter in Message.objects.filter(kind="session_cancelled")}
    assert set(letters) == {booked.person_id, waiting.person_id}
    for letter in letters.values():
        assert "Marguerite is ill." in letter.text
        assert str(other.uuid) in letter.text
    assert "METHOD:CANCEL" in letters[booked.person_id].calendar
    assert letters[waiting.person_id].calendar == ""


def test_calling_off_ends_every_booking_and_every_wish(session, coordinator, now):
    mine = [BookingFactory(session=session), BookingFactory(session=session, waiting=True)]
    operations.cancel_session(session=session, actor=coordinator, reason="Snow.", now=now)
    assert {rows.get(pk=b.pk).state for b in mine} == {"cancelled"}
    session.refresh_from_db()
    assert (session.state, session.places_taken, session.cancelled_reason) == ("cancelled", 0, "Snow.")


def test_calling_off_twice_tells_once(session, coordinator, now):
    BookingFactory(session=session)
    for _ in range(2):
        operations.cancel_session(session=session, actor=coordinator, reason="Snow.", now=now)
    assert Message.objects.count() == 1
    assert Entry.objects.filter(action="session.cancelled").count() == 1


def test_what_a_register_already_says_stays(session, coordinator, now):
    there = BookingFactory(session=session, state=BookingState.ATTENDED)
    operations.cancel_session(session=session, actor=coordinator, reason="Snow.", now=now)
    assert rows.get(pk=there.pk).state == BookingState.ATTENDED


def test_what_is_over_is_not_called_off(session, coordinator):
    with pytest.raises(operations.SessionOver):
        operations.cancel_session(session=session, actor=coordinator, reason="Snow.", now=session.ends_at)


def test_nobody_of_another_agency_is_told(session, coordinator, now):
    BookingFactory(session=SessionFactory(agency=AgencyFactory()))
    operations.cancel_session(session=session, actor=coordinator, reason="Snow.", now=now)
    assert not Message.objects.exists()
