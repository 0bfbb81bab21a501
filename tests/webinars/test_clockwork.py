"""What the clock does: reminders, endings, forgetting."""

from datetime import timedelta

import pytest
from django_q.models import OrmQ

from lms.common.tasks import all_jobs
from lms.outbox import operations as outbox
from lms.outbox import tasks
from lms.outbox.models import Message, State
from lms.webinars import jobs, operations
from lms.webinars.models import Booking, BookingState, SessionState
from tests.factories.webinars import START, BookingFactory, SessionFactory
from tests.trust.written import write_out
from tests.webinars.plans import plan_of

pytestmark = pytest.mark.django_db
DAY_BEFORE = START - timedelta(hours=24)
rows = Booking.objects.unscoped(because="a test")


def reminders():
    return Message.objects.filter(kind="session_reminder.day")


def test_people_are_reminded_a_day_before(session):
    booking = BookingFactory(session=session)
    assert operations.remind(now=DAY_BEFORE - timedelta(seconds=1)) == 0
    assert operations.remind(now=DAY_BEFORE) == 1
    write_out()
    letter = reminders().get()
    assert (letter.person_id, letter.expires_at) == (booking.person_id, START - timedelta(hours=1))
    assert letter.subject == "A reminder: Thursday 12 March, 7:30pm"


def test_nobody_is_reminded_twice(session):
    BookingFactory(session=session)
    for minutes in (0, 5, 60, 1439):
        operations.remind(now=DAY_BEFORE + timedelta(minutes=minutes))
    assert reminders().count() == 1


def test_each_part_of_a_group_has_its_own_reminder():
    session = SessionFactory(weeks=3)
    BookingFactory(session=session)
    for week in range(3):
        operations.remind(now=DAY_BEFORE + timedelta(weeks=week))
    write_out()
    assert [letter.subject for letter in reminders().order_by("pk")] == [
        "A reminder: Thursday 12 March, 7:30pm",
        "A reminder: Thursday 19 March, 7:30pm",
        "A reminder: Thursday 26 March, 7:30pm",
    ]


def test_a_session_that_moves_is_a_new_occasion(session, now):
    BookingFactory(session=session)
    operations.remind(now=DAY_BEFORE)
    from lms.webinars.operations import PartPlan
    from tests.webinars import plans

    plan, actor = plan_of(session, parts=(PartPlan(plans.START + timedelta(days=7), 90),))
    operations.edit_session(session=session, plan=plan, actor=actor, now=DAY_BEFORE)
    assert operations.remind(now=DAY_BEFORE + timedelta(hours=1)) == 0
    assert operations.remind(now=DAY_BEFORE + timedelta(days=7)) == 1


@pytest.mark.parametrize(
    "state", [state for state in BookingState if state not in {BookingState.BOOKED, BookingState.WAITING}]
)
def test_only_who_is_booked_is_reminded(session, state):
    BookingFactory(session=session, state=state, offer_expires_at=START)
    BookingFactory(session=session, waiting=True)
    assert operations.remind(now=DAY_BEFORE) == 0


@pytest.mark.parametrize("state", [SessionState.DRAFT, SessionState.CANCELLED, SessionState.ENDED])
def test_nobody_is_reminded_of_what_will_not_happen(state):
    BookingFactory(session=SessionFactory(state=state))
    assert operations.remind(now=DAY_BEFORE) == 0


def test_who_booked_within_the_last_day_has_just_been_told(session):
    BookingFactory(session=session, booked_at=DAY_BEFORE + timedelta(minutes=1))
    assert operations.remind(now=DAY_BEFORE + timedelta(hours=2)) == 0


def test_a_reminder_that_comes_too_late_is_not_sent(session, at):
    BookingFactory(session=session)
    operations.remind(now=DAY_BEFORE)
    at(START + timedelta(minutes=1))
    assert tasks.deliver(message_id=reminders().get().pk) == State.SUPPRESSED


def test_after_three_days_of_silence_nothing_stale_goes_out(session):
    BookingFactory(session=session)
    assert operations.remind(now=START + timedelta(days=3)) == 0
    assert outbox.sweep(now=START + timedelta(days=3)) == 0


@pytest.mark.parametrize("people", [1, 30])
def test_looking_again_costs_the_same_for_many(session, django_assert_num_queries, people):
    session.capacity = None
    session.save(update_fields=["capacity"])
    BookingFactory.create_batch(people, session=session)
    operations.remind(now=DAY_BEFORE)
    with django_assert_num_queries(3):
        operations.remind(now=DAY_BEFORE + timedelta(minutes=5))


def test_sessions_end_by_the_clock(session):
    assert operations.end_sessions(now=session.ends_at - timedelta(seconds=1)) == 0
    assert operations.end_sessions(now=session.ends_at) == 1
    assert operations.end_sessions(now=session.ends_at) == 0
    session.refresh_from_db()
    assert session.state == SessionState.ENDED


def test_drafts_and_cancelled_sessions_are_left_alone():
    for state in (SessionState.DRAFT, SessionState.CANCELLED):
        assert operations.end_sessions(now=SessionFactory(state=state).ends_at) == 0


def test_what_people_asked_for_is_forgotten_after_a_month(session):
    booking = BookingFactory(session=session, access_needs="Large print")
    month = session.ends_at + timedelta(days=30)
    assert operations.forget_needs(now=month - timedelta(seconds=1)) == 0
    assert operations.forget_needs(now=month) == 1
    assert operations.forget_needs(now=month) == 0
    assert rows.get(pk=booking.pk).access_needs == ""


def test_the_clock_knows_the_jobs(at):
    at(START)
    names = {job.name: job.func for job in all_jobs()}
    for name, func in (
        ("remind", jobs.remind),
        ("end_sessions", jobs.end_sessions),
        ("forget_needs", jobs.forget_needs),
    ):
        assert names[f"webinars.{name}"] == f"{func.__module__}.{func.__name__}"
        assert func().endswith(" 0")


def test_a_reminder_wakes_the_worker(session):
    BookingFactory(session=session)
    operations.remind(now=DAY_BEFORE)
    assert outbox.sweep(now=DAY_BEFORE) == OrmQ.objects.count() == 1
