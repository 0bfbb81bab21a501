"""The register."""

from datetime import timedelta

import pytest

from lms.audit.models import Entry
from lms.webinars import operations
from lms.webinars.models import (
    Attendance,
    AttendanceChange,
    Booking,
    BookingState,
    Session,
    SessionState,
    Verdict,
    Why,
)
from lms.webinars.signals import attendance_settled
from tests.factories.webinars import START, BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
rows = Booking.objects.unscoped(because="a test")


@pytest.fixture
def news():
    """What the rooms above hear."""
    heard = []

    def hear(sender, booking_id, now, **_):
        heard.append((booking_id, rows.get(pk=booking_id).state))

    attendance_settled.connect(hear)
    yield heard
    attendance_settled.disconnect(hear)


@pytest.fixture
def mark(coordinator):
    def keep(session, marks, *, number=1, now=None, why=""):
        part = session.parts.get(number=number)
        marks = {booking.pk: verdict for booking, verdict in marks.items()}
        return operations.mark_attendance(
            session=session, part=part, marks=marks, actor=coordinator, now=now or part.starts_at, why=why
        )

    return keep


@pytest.mark.parametrize(
    ("verdict", "came_to"),
    [
        (Verdict.PRESENT, "attended"),
        (Verdict.MADE_UP, "attended"),
        (Verdict.PARTIAL, "partial"),
        (Verdict.ABSENT, "absent"),
    ],
)
def test_a_mark_settles_what_a_booking_came_to(session, mark, news, verdict, came_to):
    booking = BookingFactory(session=session)
    assert mark(session, {booking: verdict}) == 1
    assert rows.get(pk=booking.pk).state == came_to
    assert news == [(booking.pk, came_to)]


def test_a_group_settles_when_its_last_part_is_marked(mark, news):
    session = SessionFactory(weeks=3)
    booking = BookingFactory(session=session)
    for number in (1, 2):
        mark(session, {booking: Verdict.PRESENT}, number=number)
    assert rows.get(pk=booking.pk).state == BookingState.BOOKED
    assert news == []
    mark(session, {booking: Verdict.PARTIAL}, number=3)
    assert news == [(booking.pk, "attended")]


def test_a_correction_settles_anew_and_is_written_down(session, mark, news, coordinator):
    booking = BookingFactory(session=session)
    mark(session, {booking: Verdict.PRESENT})
    mark(session, {booking: Verdict.ABSENT}, now=session.ends_at + timedelta(days=3), why=Why.MISTAKE)
    assert news == [(booking.pk, "attended"), (booking.pk, "absent")]
    deeds = Entry.objects.filter(action="attendance.marked").order_by("pk").values_list("actor_id", "ids")
    assert list(deeds) == [
        (coordinator.pk, {"part": 1, "verdict": "present", "before": ""}),
        (coordinator.pk, {"part": 1, "verdict": "absent", "before": "present", "why": "mistake"}),
    ]
    history = AttendanceChange.objects.owned_by(booking.person).order_by("pk").values_list("before", "after", "why")
    assert list(history) == [("", "present", ""), ("present", "absent", "mistake")]


def test_a_mark_of_ones_own_is_refused_whole(session, mark, coordinator):
    own, other = BookingFactory(session=session, person=coordinator), BookingFactory(session=session)
    with pytest.raises(operations.OwnMark):
        mark(session, {other: Verdict.PRESENT, own: Verdict.PRESENT})
    assert not Attendance.objects.unscoped(because="a test").exists()


@pytest.mark.parametrize(
    ("before", "after", "when"),
    [
        (Verdict.PRESENT, Verdict.ABSENT, timedelta(0)),
        (Verdict.PRESENT, Verdict.PARTIAL, timedelta(0)),
        (Verdict.ABSENT, Verdict.PRESENT, timedelta(days=2)),
    ],
)
def test_what_counts_already_is_changed_only_with_a_reason(session, mark, news, before, after, when):
    booking = BookingFactory(session=session)
    mark(session, {booking: before})
    settled = rows.get(pk=booking.pk).state
    for why in ("", "because I say so"):
        with pytest.raises(operations.ReasonMissing):
            mark(session, {booking: after}, now=session.ends_at + when, why=why)
    assert rows.get(pk=booking.pk).state == settled
    assert len(news) == 1
    assert mark(session, {booking: after}, now=session.ends_at + when, why=Why.TOLD_US) == 1
    assert len(news) == 2


def test_a_slip_of_the_evening_is_put_right_without_a_reason(session, mark):
    booking = BookingFactory(session=session)
    mark(session, {booking: Verdict.ABSENT})
    assert mark(session, {booking: Verdict.PRESENT}, now=session.ends_at) == 1
    assert rows.get(pk=booking.pk).state == BookingState.ATTENDED


def test_the_same_mark_again_changes_nothing(session, mark, news):
    booking = BookingFactory(session=session)
    mark(session, {booking: Verdict.PRESENT})
    assert mark(session, {booking: Verdict.PRESENT}) == 0
    assert len(news) == 1
    assert Entry.objects.filter(action="attendance.marked").count() == 1


def test_a_session_that_has_ended_can_still_be_marked(session, mark):
    booking = BookingFactory(session=session)
    operations.end_sessions(now=session.ends_at)
    mark(session, {booking: Verdict.PRESENT}, now=session.ends_at + timedelta(days=1))
    assert rows.get(pk=booking.pk).state == BookingState.ATTENDED


def test_nobody_is_marked_before_it_begins(session, mark):
    booking = BookingFactory(session=session)
    with pytest.raises(operations.RegisterNotOpen):
        mark(session, {booking: Verdict.PRESENT}, now=START - timedelta(seconds=1))
    assert not Attendance.objects.unscoped(because="a test").exists()


def test_a_cancelled_session_has_no_register(mark):
    session = SessionFactory(state=SessionState.CANCELLED)
    booking = BookingFactory(session=session)
    with pytest.raises(operations.RegisterNotOpen):
        mark(session, {booking: Verdict.PRESENT})


@pytest.mark.parametrize("stranger", ["another session's", "cancelled", "waiting"])
def test_one_strange_name_refuses_the_whole_register(session, mark, news, stranger):
    booked = BookingFactory(session=session)
    strangers = {
        "another session's": BookingFactory,
        "cancelled": lambda: BookingFactory(session=session, state=BookingState.CANCELLED),
        "waiting": lambda: BookingFactory(session=session, waiting=True),
    }
    with pytest.raises(operations.NotOnRegister):
        mark(session, {booked: Verdict.PRESENT, strangers[stranger](): Verdict.PRESENT})
    assert not Attendance.objects.unscoped(because="a test").exists()
    assert news == []


def test_a_listener_that_fails_undoes_the_mark(session, mark):
    booking = BookingFactory(session=session)

    def fail(**_):
        raise RuntimeError("no paper")

    attendance_settled.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            mark(session, {booking: Verdict.PRESENT})
    finally:
        attendance_settled.disconnect(fail)
    assert not Attendance.objects.unscoped(because="a test").exists()
    assert rows.get(pk=booking.pk).state == BookingState.BOOKED


def test_marking_moves_no_place(session, mark):
    booking = BookingFactory(session=session)
    mark(session, {booking: Verdict.ABSENT})
    assert Session.objects.unscoped(because="a test").get(pk=session.pk).places_taken == 1
