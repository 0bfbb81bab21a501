"""Sessions that one plan makes, changed and called off alone or with those that follow."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from lms.common.clock import TimeDoesNotExist
from lms.outbox.models import Message
from lms.webinars import operations
from lms.webinars.models import Booking, BookingState, FacilitatorRole, Series, Session, SessionState
from lms.webinars.operations import PartPlan
from lms.webinars.operations import plans as refused
from tests.factories.agencies import StaffRoleFactory
from tests.factories.cms import WorkshopPageFactory
from tests.factories.webinars import BookingFactory, SessionFactory, adopter
from tests.trust.written import write_out
from tests.webinars import plans

pytestmark = pytest.mark.django_db
sessions = Session.objects.unscoped(because="a test")
all_series = Series.objects.unscoped(because="a test")
FIRST = datetime(2026, 3, 12, 19, 30)  # noqa: DTZ001 - a wall time
WEEK = timedelta(weeks=1)


@pytest.fixture
def role(db):
    return StaffRoleFactory(role="trainer")


@pytest.fixture
def make(role, now):
    def go(*, weeks=4, dates=None, **fields):
        plan = plans.plan(FIRST, facilitator=role.person, **fields)
        chosen = dates or [(PartPlan(FIRST + n * WEEK, 90),) for n in range(weeks)]
        return operations.schedule_series(
            plan=plan, dates=chosen, rule="Every week", agency=role.agency, actor=role.person, now=now
        )

    return go


@pytest.fixture
def open_series(make, role, now):
    series = make()
    operations.publish_series(series=series, actor=role.person, now=now)
    return list(sessions.filter(series=series).order_by("series_position"))


def starts(rows):
    return [f"{session.local_start:%d %b %H:%M}" for session in rows]


def reread(rows):
    return list(sessions.filter(pk__in=[row.pk for row in rows]).order_by("series_position"))


# --- Making ---------------------------------------------------------------------------------------
def test_one_plan_makes_a_draft_for_each_date(make):
    found = list(sessions.filter(series=make()).order_by("series_position"))
    assert [session.series_position for session in found] == [1, 2, 3, 4]
    assert {session.state for session in found} == {SessionState.DRAFT}
    assert starts(found) == ["12 Mar 19:30", "19 Mar 19:30", "26 Mar 19:30", "02 Apr 19:30"]
    assert found[3].starts_at == datetime(
        2026, 4, 2, 18, 30, tzinfo=UTC
    )  # the same hour by the clock, after the change


def test_booking_closes_as_long_before_each_date_and_opens_for_all_at_once(make):
    closes = FIRST - timedelta(days=1)
    series = make(opens=datetime(2026, 3, 6, 9), closes=closes, cancel_deadline=closes)  # noqa: DTZ001 - wall times
    found = list(sessions.filter(series=series).order_by("series_position"))
    assert {session.booking_opens_at for session in found} == {datetime(2026, 3, 6, 9, tzinfo=UTC)}
    assert [session.booking_closes_at for session in found] == [session.cancel_deadline_at for session in found]
    assert found[3].booking_closes_at == datetime(2026, 4, 1, 18, 30, tzinfo=UTC)


def test_a_series_of_two_day_workshops_has_both_days_each_time(make):
    days = [tuple(PartPlan(FIRST + n * 4 * WEEK + timedelta(days=day), 90) for day in (0, 1)) for n in range(2)]
    found = sessions.filter(series=make(dates=days))
    assert [session.parts.count() for session in found] == [2, 2]


NOT_A_SERIES = {
    "nothing": ([], refused.NoDates),
    "the same date twice": ([(PartPlan(FIRST, 90),)] * 2, refused.DatesOverlap),
    "two at once": ([(PartPlan(FIRST, 90),), (PartPlan(FIRST + timedelta(hours=1), 90),)], refused.DatesOverlap),
    "more than a year of weeks": ([(PartPlan(FIRST + n * WEEK, 90),) for n in range(54)], refused.TooManyDates),
    "too far away": ([(PartPlan(FIRST, 90),), (PartPlan(FIRST + 53 * WEEK, 90),)], refused.TooManyDates),
    "one that is past": ([(PartPlan(FIRST, 90),), (PartPlan(FIRST - 3 * WEEK, 90),)], refused.DateIsPast),
    "one that does not exist": (
        [(PartPlan(FIRST, 90),), (PartPlan(datetime(2026, 3, 29, 1, 30), 90),)],  # noqa: DTZ001 - a wall time
        TimeDoesNotExist,
    ),
}


@pytest.mark.parametrize("why", NOT_A_SERIES)
def test_a_series_that_cannot_be_keeps_nothing(role, now, why):
    dates, refusal = NOT_A_SERIES[why]
    plan = plans.plan(FIRST, facilitator=role.person)
    with pytest.raises(refusal):
        operations.schedule_series(plan=plan, dates=dates, rule="x", agency=role.agency, actor=role.person, now=now)
    assert not sessions.exists()
    assert not all_series.exists()


def test_all_drafts_are_published_at_once_and_only_drafts(make, role, now):
    series = make()
    first = sessions.get(series=series, series_position=1)
    operations.cancel_session(session=first, actor=role.person, reason="x", now=now)
    assert operations.publish_series(series=series, actor=role.person, now=now) == 3
    assert operations.publish_series(series=series, actor=role.person, now=now) == 0


# --- Changing -------------------------------------------------------------------------------------
def change(session, role, now, **changes):
    plan = replace(operations.plan_of(session), **changes)
    return operations.edit_following(session=session, plan=plan, actor=role.person, now=now)


def moved(session, **by):
    return tuple(
        replace(part, local_start=part.local_start + timedelta(**by)) for part in operations.plan_of(session).parts
    )


def test_this_and_those_that_follow_move_by_as_much(open_series, role, now):
    change(open_series[1], role, now, parts=moved(open_series[1], days=1, minutes=-30))
    assert starts(reread(open_series)) == ["12 Mar 19:30", "20 Mar 19:00", "27 Mar 19:00", "03 Apr 19:00"]


def test_what_was_changed_in_one_alone_stays(open_series, role, now):
    alone = open_series[2]
    plan = replace(operations.plan_of(alone), title="With a guest", parts=moved(alone, days=2, hours=-9))
    operations.edit_session(session=alone, plan=plan, actor=role.person, now=now)
    change(open_series[0], role, now, capacity=20)
    found = reread(open_series)
    assert {session.capacity for session in found} == {20}
    assert (found[2].title, starts(found)[2]) == ("With a guest", "28 Mar 10:30")


def test_a_new_hour_leaves_a_day_that_was_changed_alone(open_series, role, now):
    operations.edit_session(
        session=open_series[2],
        plan=replace(operations.plan_of(open_series[2]), parts=moved(open_series[2], days=2)),
        actor=role.person,
        now=now,
    )
    change(open_series[0], role, now, parts=moved(open_series[0], hours=-1))
    assert starts(reread(open_series)) == ["12 Mar 18:30", "19 Mar 18:30", "28 Mar 18:30", "02 Apr 18:30"]


def test_what_is_cancelled_over_or_before_is_left_alone(open_series, role, now):
    operations.cancel_session(session=open_series[2], actor=role.person, reason="x", now=now)
    changed = change(open_series[1], role, now, title="New words")
    assert [session.series_position for session in changed] == [2, 4]
    assert [session.title == "New words" for session in reread(open_series)] == [False, True, False, True]


def test_everybody_booked_on_a_date_that_moves_keeps_the_place_and_is_told(open_series, role, now):
    bookings = [BookingFactory(session=open_series[n]) for n in (1, 3)]
    change(open_series[1], role, now, parts=moved(open_series[1], days=1))
    for booking in bookings:
        booking.refresh_from_db()
        assert booking.state == BookingState.BOOKED
        assert Message.objects.filter(kind="session_changed", person_id=booking.person_id).count() == 1


def test_a_refusal_in_one_of_them_changes_none(open_series, role, now):
    """The week of the change of clocks has no half past one."""
    nights = moved(open_series[0], hours=-18)
    change(open_series[0], role, now, parts=nights)
    before = starts(reread(open_series))
    with pytest.raises(TimeDoesNotExist):
        change(open_series[0], role, now, parts=moved(reread(open_series)[0], days=3))
    assert starts(reread(open_series)) == before


def test_changing_one_alone_leaves_the_others(open_series, role, now):
    plan = replace(operations.plan_of(open_series[0]), title="Only this")
    operations.edit_session(session=open_series[0], plan=plan, actor=role.person, now=now)
    assert [session.title == "Only this" for session in reread(open_series)] == [True, False, False, False]


def test_a_session_without_a_series_has_none_that_follow(session, now):
    assert operations.following(session, now=now) == []


# --- Calling off ----------------------------------------------------------------------------------
def test_calling_off_this_and_those_that_follow_tells_everybody(open_series, role, now):
    bookings = [BookingFactory(session=session) for session in open_series]
    operations.cancel_following(session=open_series[2], actor=role.person, reason="The hall is closed.", now=now)
    states = [session.state for session in reread(open_series)]
    assert states == ["published", "published", "cancelled", "cancelled"]
    rows = Booking.objects.unscoped(because="a test").filter(pk__in=[booking.pk for booking in bookings])
    assert [row.state for row in rows.order_by("pk")] == ["booked", "booked", "cancelled", "cancelled"]
    assert Message.objects.filter(kind="session_cancelled").count() == 2


def test_who_is_booked_on_several_dates_reads_of_them_in_one_letter(open_series, role, now, at):
    at(now)
    person = adopter()
    for session in open_series:
        BookingFactory(session=session, person=person)
    operations.cancel_following(session=open_series[1], actor=role.person, reason="The hall is closed.", now=now)
    write_out()
    letter = Message.objects.get(kind="session_cancelled")
    assert letter.subject == "Cancelled: Thursday 19 March, 7:30pm and 2 more"
    for words in (letter.text, letter.html):
        assert [day in words for day in ("12 March", "19 March", "26 March", "2 April")] == [False, True, True, True]
    assert letter.calendar.count("BEGIN:VEVENT") == 3


def test_a_date_that_is_over_keeps_all_from_being_called_off(open_series, role, now):
    later = open_series[0].ends_at
    BookingFactory(session=open_series[1])
    with pytest.raises(operations.SessionOver):
        operations.cancel_following(session=open_series[0], actor=role.person, reason="No.", now=later)
    assert {session.state for session in reread(open_series)} == {"published"}
    assert not Message.objects.exists()


# --- Who runs it ----------------------------------------------------------------------------------
def test_people_have_a_part_to_play_and_somebody_leads(make, role, now):
    observer = StaffRoleFactory(agency=role.agency, role="trainer").person
    people = frozenset({role.person.pk, observer.pk})
    plan = replace(
        plans.plan(FIRST, facilitator=role.person),
        facilitator_ids=people,
        roles={observer.pk: FacilitatorRole.OBSERVER},
    )
    session = operations.schedule_session(plan=plan, agency=role.agency, actor=role.person, now=now)
    assert {row.person_id: row.role for row in session.facilitators.all()} == {
        role.person.pk: "lead",
        observer.pk: "observer",
    }
    nobody = replace(plan, roles=dict.fromkeys(people, FacilitatorRole.HOST))
    with pytest.raises(refused.NobodyLeads):
        operations.edit_session(session=session, plan=nobody, actor=role.person, now=now)
    swapped = replace(plan, roles={role.person.pk: FacilitatorRole.CO_FACILITATOR})
    operations.edit_session(session=session, plan=swapped, actor=role.person, now=now)
    assert {row.person_id: row.role for row in session.facilitators.all()} == {
        role.person.pk: "co",
        observer.pk: "lead",
    }


def test_a_licensed_programme_names_its_publisher_and_who_may_run_it(make):
    with pytest.raises(refused.LicenceMissing):
        make(kind="licensed", publisher="A press")
    assert make(kind="licensed", publisher="A press", licence_holder="An agency")


def test_people_cannot_be_asked_to_cancel_after_the_start(make):
    with pytest.raises(refused.CancelDeadlineWrong):
        make(cancel_deadline=FIRST + timedelta(minutes=1))


def test_the_page_of_a_date_called_off_offers_open_dates_of_the_same_workshop(client, at, now, role):
    page = WorkshopPageFactory()
    off, other, closed = (SessionFactory(workshop=page, agency=role.agency, title=title) for title in "abc")
    sessions.filter(pk=closed.pk).update(booking_closes_at=now)
    SessionFactory(title="Another workshop")
    operations.cancel_session(session=off, actor=role.person, reason="x", now=now)
    at(now)
    answer = client.get(reverse("webinars:session", args=[off.uuid]))
    assert [row.session for row in answer.context["others"]] == [other]
    assert "Other dates you could come to" in answer.content.decode()
