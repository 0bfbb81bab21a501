"""Who is reminded, how long before, once, and who is not."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.outbox import tasks
from lms.outbox.models import Message, State
from lms.outbox.operations import choose
from lms.webinars import leads, operations
from lms.webinars.leads import Lead
from lms.webinars.models import LetterRound
from lms.webinars.operations import PartPlan
from tests.factories.webinars import LONG_BEFORE, START, BookingFactory, SessionFactory, adopter
from tests.trust.written import write_out
from tests.webinars import plans
from tests.webinars.plans import plan_of

pytestmark = pytest.mark.django_db
ALL = tuple(f"session_reminder.{lead}" for lead in Lead)


def reminded():
    """Kinds of the reminders that were posted, oldest first."""
    rows = Message.objects.filter(kind__startswith="session_reminder").order_by("pk")
    return [kind.rpartition(".")[2] for kind in rows.values_list("kind", flat=True)]


def through_the_week():
    """Let the clock look again and again, from eight days before to the last minutes."""
    for hours in (192, 168, 167, 72, 24, 23, 2, 1, 0.5, 0.1):
        operations.remind(now=START - timedelta(hours=hours))


@pytest.mark.parametrize(
    ("wanted", "come"),
    [(ALL, ["week", "day", "hour"]), (ALL[:1], ["week"]), (ALL[1:2], ["day"]), (ALL[2:], ["hour"]), ((), [])],
)
def test_people_choose_how_long_before(session, person, wanted, come):
    BookingFactory(session=session, person=person)
    choose(person_id=person.pk, wanted=wanted)
    through_the_week()
    assert reminded() == come


def test_unless_somebody_says_so_it_is_the_day_before(session):
    BookingFactory(session=session)
    through_the_week()
    assert reminded() == ["day"]


def test_what_one_person_chose_is_nobody_else_s_choice(session, person):
    BookingFactory(session=session, person=person)
    other = BookingFactory(session=session)
    choose(person_id=person.pk, wanted=())
    operations.remind(now=START - timedelta(hours=24))
    assert Message.objects.get().person_id == other.person_id


@pytest.mark.parametrize("lead", Lead)
def test_a_late_reminder_helps_until_the_nearer_one_is_due(session, person, lead):
    BookingFactory(session=session, person=person)
    choose(person_id=person.pk, wanted=ALL)
    end = leads.helps_until(lead, START)
    operations.remind(now=end - timedelta(seconds=1))
    assert reminded() == [lead]
    assert Message.objects.get().expires_at == end
    operations.remind(now=end)
    assert lead not in reminded()[1:]


def test_who_switches_reminders_off_gets_none_that_wait_already(session, person, at):
    BookingFactory(session=session, person=person)
    at(START - timedelta(hours=24))
    operations.remind(now=timezone.now())
    choose(person_id=person.pk, wanted=())
    assert tasks.deliver(message_id=Message.objects.get().pk) == State.SUPPRESSED


def test_a_booking_given_up_between_is_not_reminded_of(session, person, at):
    booking = BookingFactory(session=session, person=person)
    at(START - timedelta(hours=24))
    operations.remind(now=timezone.now())
    operations.cancel_booking(booking=booking, actor=person, now=timezone.now())
    assert tasks.deliver(message_id=Message.objects.get(kind="session_reminder.day").pk) == State.SUPPRESSED


def test_a_move_takes_back_the_reminder_that_waits_and_makes_a_new_one(session, at):
    BookingFactory(session=session)
    at(START - timedelta(hours=24))
    operations.remind(now=timezone.now())
    plan, actor = plan_of(session, parts=(PartPlan(plans.START + timedelta(days=2), 90),))
    operations.edit_session(session=session, plan=plan, actor=actor, now=timezone.now())
    assert tasks.deliver(message_id=Message.objects.get(kind="session_reminder.day").pk) == State.SUPPRESSED
    at(START + timedelta(days=1))
    assert operations.remind(now=timezone.now()) == 1
    write_out()
    assert "Saturday 14 March" in Message.objects.order_by("pk").last().subject


def test_after_three_days_without_a_worker_one_reminder_goes_out_at_most(person):
    starts = [START + timedelta(days=day) for day in range(4)]
    for start in starts:
        BookingFactory(session=SessionFactory(starts_at=start), person=person)
    choose(person_id=person.pk, wanted=ALL)
    operations.remind(now=START + timedelta(days=2, hours=12))  # three are over, one is tomorrow
    assert reminded() == ["day"]
    assert all(row.expires_at > START + timedelta(days=2, hours=12) for row in Message.objects.all())


def test_a_session_like_another_has_its_own_reminders(session, person):
    BookingFactory(session=session, person=person)
    operations.remind(now=START - timedelta(hours=24))
    BookingFactory(session=SessionFactory(title=session.title), person=person)
    operations.remind(now=START - timedelta(hours=23))
    assert reminded() == ["day", "day"]


def test_a_round_that_was_cut_short_begins_anew_and_repeats_nobody(session):
    BookingFactory.create_batch(3, session=session)
    operations.remind(now=START - timedelta(hours=24))
    LetterRound.objects.all().delete()
    Message.objects.order_by("pk").last().delete()
    operations.remind(now=START - timedelta(hours=24))
    assert Message.objects.count() == 3


@pytest.mark.parametrize("people", [1, 30])
def test_a_round_costs_the_same_however_many_it_holds(session, django_assert_num_queries, people):
    session.capacity = None
    session.save(update_fields=["capacity"])
    BookingFactory.create_batch(people, session=session)
    with django_assert_num_queries(
        10
    ):  # due at three leads, who, their rows; letters and that it was done, each kept whole
        operations.remind(now=START - timedelta(hours=24))


def test_a_reminder_a_day_before_is_real_hours_before_over_a_change_of_clocks():
    session = SessionFactory(starts_at=START.replace(month=3, day=29, hour=9, minute=0))  # 10am, the clocks go forward
    BookingFactory(session=session, booked_at=LONG_BEFORE)
    due = session.starts_at - timedelta(hours=24)
    assert operations.remind(now=due - timedelta(seconds=1)) == 0
    assert operations.remind(now=due) == 1


# --- The page of choices --------------------------------------------------------------------------
def test_choices_are_kept_and_shown_again(client, person):
    client.force_login(person)
    page = reverse("accounts:letters")
    usual = client.get(page).context["form"]["wanted"].value()
    assert {"session_reminder.day", "session_followup"} <= {*usual}
    assert not {*ALL[::2]} & {*usual}
    for wanted in ([ALL[0], ALL[2]], []):
        assert client.post(page, {"wanted": wanted}).status_code == 302
        assert client.get(page).context["form"]["wanted"].value() == wanted


@pytest.mark.parametrize("kind", ["booking_confirmed", "session_cancelled", "x", "é\x00"])
def test_what_must_reach_people_is_no_choice(client, person, kind):
    client.force_login(person)
    assert client.post(reverse("accounts:letters"), {"wanted": [kind]}).status_code in {400, 422}


def test_stopping_from_a_letter_shows_on_the_page(client, session, person, at):
    from lms.outbox.kinds import kind_of
    from lms.outbox.stopping import stop_address

    address = stop_address(kind_of("session_reminder.hour"), adopter().pk)
    mine = stop_address(kind_of("session_reminder.hour"), person.pk)
    for one in (address, mine):
        client.post(one.removeprefix("http://127.0.0.1:8000"))
    client.force_login(person)
    shown = client.get(reverse("accounts:letters"))
    wanted = shown.context["form"]["wanted"].value()
    assert "session_followup" in wanted
    assert not {*ALL} & {*wanted}
