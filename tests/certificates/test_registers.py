"""From a mark on a register to a certificate, and back when the mark is corrected."""

from datetime import timedelta

import pytest
import time_machine

from lms.audit.models import Entry
from lms.certificates import operations, receivers
from lms.certificates.models import Award, AwardState
from lms.webinars import operations as webinars
from lms.webinars.models import Verdict, Why
from tests.factories.agencies import StaffRoleFactory
from tests.factories.certificates import EARNED
from tests.factories.webinars import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
awards = Award.objects.unscoped(because="a test")


@pytest.fixture
def booking(db):
    return BookingFactory(session=SessionFactory(starts_at=EARNED - timedelta(minutes=90)))


@pytest.fixture
def mark(booking):
    """Mark the booking, and let the worker hear of it."""
    actor = StaffRoleFactory(agency=booking.session.agency).person

    def keep(verdict, *, days=0, why=""):
        now = EARNED + timedelta(days=days)
        part, marks = booking.session.parts.get(), {booking.pk: verdict}
        webinars.mark_attendance(session=booking.session, part=part, marks=marks, actor=actor, now=now, why=why)
        with time_machine.travel(now, tick=False):
            return receivers.give_for_booking(booking_id=booking.pk)

    return keep


def claim(booking, now):
    award = awards.get()
    return operations.claim(award=award, holder=booking.person, name="Sam Rivers", is_neutral=False, now=now)


@pytest.mark.parametrize("verdict", [Verdict.PARTIAL, Verdict.ABSENT])
def test_less_than_most_of_it_gives_none(mark, verdict):
    mark(verdict)
    assert not awards.exists()


def test_a_correction_gives_what_the_register_says_now_and_is_written_down(booking, mark):
    mark(Verdict.PARTIAL)
    mark(Verdict.PRESENT, days=2, why=Why.MISTAKE)
    assert awards.get().earned_by == f"booking:{booking.pk}"
    assert Entry.objects.filter(action="attendance.marked").count() == 2


def test_a_mark_that_counts_is_taken_back_only_with_a_reason(booking, mark):
    mark(Verdict.PRESENT)
    claim(booking, EARNED)
    with pytest.raises(webinars.ReasonMissing):
        mark(Verdict.ABSENT, days=2)
    assert awards.get().state == AwardState.ACTIVE
    mark(Verdict.ABSENT, days=2, why=Why.MISTAKE)
    assert awards.get().state == AwardState.SUSPENDED
    mark(Verdict.PRESENT, days=3, why=Why.TOLD_US)
    assert awards.get().state == AwardState.ACTIVE


def test_a_certificate_with_another_name_follows_the_register_like_the_first(booking, mark):
    mark(Verdict.PRESENT)
    first = claim(booking, EARNED)
    new = operations.correct(award=first, actor=booking.person, name="Samira Rivers", is_neutral=False, now=EARNED)
    states = []
    for verdict in (Verdict.ABSENT, Verdict.PRESENT):
        mark(verdict, days=2, why=Why.MISTAKE)
        states.append([awards.get(pk=pk).state for pk in (first.pk, new.pk)])
    assert states == [["replaced", "suspended"], ["replaced", "active"]]
