"""Awards are given once for each thing done, with what they say frozen."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import Q
from django_q.models import OrmQ

from lms.audit.models import Entry
from lms.certificates import jobs, operations, receivers
from lms.certificates.models import Award, AwardChange, AwardKind, AwardState
from lms.courses import operations as learning
from lms.courses.signals import course_completed
from lms.outbox.models import Message
from lms.webinars.models import Attendance, Facilitator
from lms.webinars.signals import attendance_settled
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.certificates import EARNED, PastSessionFactory, attended, claimed, completed_round
from tests.factories.cms import CoursePageFactory, SiteTree, TrainerProfileFactory, WorkshopPageFactory
from tests.factories.courses import course_of, lesson_of, module_of, outline_of, plain_outline

pytestmark = pytest.mark.django_db


def awards():
    return Award.objects.unscoped(because="looks at what was given")


def waiting_tasks():
    return [task.task["func"].rpartition(".")[2] for task in OrmQ.objects.all()]


def test_a_completed_course_earns_one_award_however_often_it_is_asked_for(now):
    done = completed_round()
    first = operations.issue_for_round(round_id=done.pk, now=now)
    again = operations.issue_for_round(round_id=done.pk, now=now + timedelta(days=1))
    assert first == again
    assert awards().count() == 1
    assert AwardChange.objects.count() == 1
    assert Entry.objects.filter(action="award.issued").count() == 1


def test_it_says_what_was_done_and_when(now):
    course = course_of(outline_of(module_of(lesson_of(number=1, minutes=50), lesson_of(number=2, minutes=25))))
    done = completed_round(course=course)
    award = operations.issue_for_round(round_id=done.pk, now=now)
    assert (award.kind, award.title, award.neutral_title) == ("completion", "Telling their story", "Family stories")
    assert award.earned_on == date(2026, 1, 18)
    assert award.valid_until is None
    assert {name: award.says[name] for name in ("minutes", "lessons", "version")} == {
        "minutes": 75,
        "lessons": 2,
        "version": 1,
    }
    assert "1 hour 15 minutes of learning" in award.says["statement"]
    assert "not a qualification" in award.says["statement"]


def test_what_was_learned_and_who_wrote_it_come_from_the_page(now):
    author = TrainerProfileFactory(name="Llŷr Morgan", role="Trainer")
    outcomes = "Talk early.\nMatch your words.\nUse a book.\nPlan hard facts.\nProtect privacy."
    page = CoursePageFactory(parent=SiteTree().catalogue, outcomes=outcomes, author=author)
    done = completed_round(course=course_of(plain_outline(page_id=page.pk)))
    award = operations.issue_for_round(round_id=done.pk, now=now)
    assert award.says["learned"] == ["Talk early", "Match your words", "Use a book", "Plan hard facts"]
    assert award.says["signatories"] == [{"name": "Llŷr Morgan", "role": "Trainer"}]


def test_the_day_is_the_local_one(now):
    late = EARNED.replace(month=7, hour=23, minute=30)  # half past midnight in British Summer Time
    award = operations.issue_for_round(round_id=completed_round(at=late).pk, now=now)
    assert award.earned_on == date(2026, 7, 19)


def test_nothing_is_earned_by_a_course_that_is_not_finished(now):
    done = completed_round()
    done.completed_at = done.completed_version = None
    done.save()
    assert operations.issue_for_round(round_id=done.pk, now=now) is None
    assert operations.issue_for_round(round_id=10**9, now=now) is None
    assert not awards().exists()


def test_a_later_edit_of_the_course_changes_no_award(now):
    done = completed_round()
    award = operations.issue_for_round(round_id=done.pk, now=now)
    done.enrolment.course.title = "Something else"
    done.enrolment.course.save()
    operations.issue_for_round(round_id=done.pk, now=now)
    award.refresh_from_db()
    assert award.title == "Telling their story"


@pytest.mark.parametrize("through", ["enrolment", "membership", "nobody"])
def test_it_is_given_by_the_agency_they_came_through_else_by_one_that_vouches(now, through):
    agency, person = AgencyFactory(name="Fellside"), PersonFactory()
    if through == "membership":
        MembershipFactory(person=person, agency=agency)
    else:
        MembershipFactory(person=person, agency=AgencyFactory(name="Other"), asked=True)
    done = completed_round(person=person, agency=agency if through == "enrolment" else None)
    award = operations.issue_for_round(round_id=done.pk, now=now)
    assert award.issuer == ("Hearth" if through == "nobody" else "Fellside")
    assert award.agency == (None if through == "nobody" else agency)


def test_an_attended_session_earns_an_award_for_the_minutes_spent_there(now):
    session = PastSessionFactory(agency__name="Fellside")
    leads = PersonFactory(display_name="Marguerite")
    Facilitator.objects.create(session=session, person=leads)
    booking = attended(session=session)
    award = operations.issue_for_booking(booking_id=booking.pk, now=now)
    assert (award.kind, award.title, award.neutral_title, award.issuer) == (
        "attendance",
        "Staying in touch with birth family",
        "Keeping connections",
        "Fellside",
    )
    assert award.says["minutes"] == 90
    assert award.says["signatories"] == [{"name": "Marguerite", "role": "Ran the session"}]
    assert "Nothing was assessed" in award.says["statement"]
    assert award.earned_on == date(2026, 1, 18)


def test_half_a_part_counts_half_its_minutes(now):
    booking = attended()
    Attendance.objects.unscoped(because="a test").filter(booking=booking).update(verdict="partial")
    award = operations.issue_for_booking(booking_id=booking.pk, now=now)
    assert award.says["minutes"] == 45


def test_a_session_without_a_neutral_title_of_its_own_still_gets_one(now):
    booking = attended(session=PastSessionFactory(neutral_title="Online appointment"))
    assert operations.issue_for_booking(booking_id=booking.pk, now=now).neutral_title == "Live learning session"


def test_what_people_leave_a_workshop_with_is_what_they_learned(now):
    page = WorkshopPageFactory(parent=SiteTree().workshops, leave_with="A letter begun\nA name to ring")
    booking = attended(session=PastSessionFactory(workshop=page))
    award = operations.issue_for_booking(booking_id=booking.pk, now=now)
    assert award.says["learned"] == ["A letter begun", "A name to ring"]


@pytest.mark.parametrize("state", ["booked", "partial", "absent", "cancelled"])
def test_without_full_attendance_there_is_no_award(now, state):
    booking = attended(state=state)
    assert operations.issue_for_booking(booking_id=booking.pk, now=now) is None
    assert not awards().exists()


def test_the_news_of_a_completion_puts_the_award_off_to_the_worker(now):
    done = completed_round()
    course_completed.send(sender=type(done), round_id=done.pk, now=now)
    assert waiting_tasks() == ["give_for_round"]
    assert not awards().exists()
    assert receivers.give_for_round(round_id=done.pk) == "given"
    assert receivers.give_for_round(round_id=done.pk) == "given"
    assert awards().get().earned_by == f"round:{done.pk}"


def test_the_last_lesson_of_a_real_course_brings_the_news(now):
    lesson = lesson_of()
    outline = outline_of(module_of(lesson))
    course, person = course_of(outline), PersonFactory()
    learning.enrol(person=person, course=course, now=now)
    learning.read_lesson(learner=person, course=course.identity, lesson=lesson.id, client_id=uuid4(), now=now)
    assert waiting_tasks() == ["give_for_round"]


def test_a_completion_that_is_undone_earns_nothing(now):
    done = completed_round()
    with transaction.atomic():
        course_completed.send(sender=type(done), round_id=done.pk, now=now)
        transaction.set_rollback(True)
    assert waiting_tasks() == []


def test_the_news_of_a_register_puts_the_award_off_to_the_worker(now):
    booking = attended()
    attendance_settled.send(sender=type(booking), booking_id=booking.pk, now=now)
    assert waiting_tasks() == ["give_for_booking"]
    assert receivers.give_for_booking(booking_id=booking.pk) == "given"
    assert awards().get().earned_by == f"booking:{booking.pk}"


def test_news_of_a_register_that_says_away_earns_nothing():
    receivers.give_for_booking(booking_id=attended(state="absent").pk)
    assert not awards().exists()


def test_the_nightly_look_gives_what_the_news_missed_and_nothing_twice():
    rounds = [completed_round() for _ in range(2)]
    bookings = [attended(), attended(state="absent")]
    receivers.give_for_round(round_id=rounds[0].pk)
    assert jobs.give_what_was_missed() == "gave 2"
    assert jobs.give_what_was_missed() == "gave 0"
    given = set(awards().values_list("earned_by", flat=True))
    assert given == {f"round:{rounds[0].pk}", f"round:{rounds[1].pk}", f"booking:{bookings[0].pk}"}


def test_who_was_at_a_session_is_told_by_a_neutral_letter_once(now):
    booking = attended()
    operations.issue_for_booking(booking_id=booking.pk, now=now)
    operations.issue_for_booking(booking_id=booking.pk, now=now)
    letter = Message.objects.get(kind="certificate_ready")
    assert letter.address == booking.person.email
    for words in ("adopt", "birth", "Staying in touch"):
        assert words not in letter.subject + letter.text.partition("--")[0]


def test_who_finishes_a_course_is_here_and_gets_no_letter(now):
    operations.issue_for_round(round_id=completed_round().pk, now=now)
    assert not Message.objects.exists()


def test_nobody_can_check_an_award_that_is_not_claimed(now):
    award = operations.issue_for_round(round_id=completed_round().pk, now=now)
    assert award.state == AwardState.WAITING
    assert Award.objects.for_check(Q(code=award.code)) is None
    claimed(award)
    assert Award.objects.for_check(Q(code=award.code)) == award


def test_the_three_kinds_say_what_they_are_and_are_not(now):
    course = operations.issue_for_round(round_id=completed_round().pk, now=now)
    session = operations.issue_for_booking(booking_id=attended().pk, now=now)
    statements = {AwardKind(award.kind): award.says["statement"] for award in (course, session)}
    assert "completion" in statements[AwardKind.COMPLETION]
    assert "taking part" in statements[AwardKind.ATTENDANCE]
    assert all("not a qualification, a licence or an assessment of parenting" in said for said in statements.values())
