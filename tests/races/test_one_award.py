"""However many ask for a certificate at the same moment, and by whichever way, there is one."""

import pytest
from django.db import connection
from django_q.models import OrmQ

from lms.audit.models import Entry
from lms.certificates import jobs, operations, receivers
from lms.certificates.models import Award, AwardChange, Badge, IssuingTerms
from lms.outbox.models import Message
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import StaffRoleFactory
from tests.factories.certificates import EARNED, NAME, AwardFactory, attended, completed_round
from tests.races.crowd import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def crowd():
    """A hundred with connections of their own; on SQLite, where writers queue anyway, fewer processes."""
    return range(100 if connection.vendor == "postgresql" else 12)


def awards():
    return Award.objects.unscoped(because="a test")


def renders():
    return [task.task["func"] for task in OrmQ.objects.all()].count("lms.certificates.tasks.render_award")


def test_a_hundred_triggers_of_one_completion_give_one_award():
    done = completed_round(person=PersonFactory(certificate_name=NAME))

    def ask(number):
        if number % 3 == 0:
            receivers.give_for_round(round_id=done.pk)
        elif number % 3 == 1:
            jobs.give_what_was_missed()
        else:
            operations.issue_for_round(round_id=done.pk, now=EARNED)

    people = crowd()
    assert at_once(ask, people) == {"done": len(people)}
    award = awards().get()
    assert (award.state, renders()) == ("active", 1)
    assert list(AwardChange.objects.order_by("pk").values_list("after", flat=True)) == ["waiting", "active"]
    assert Entry.objects.filter(action="award.issued").count() == 1


def test_a_register_pressed_while_it_settles_gives_each_person_one():
    booking = attended(person=PersonFactory(certificate_name=""))

    def ask(number):
        if number % 2:
            receivers.give_for_booking(booking_id=booking.pk)
        else:
            operations.issue_for_register(session_id=booking.session_id)

    people = crowd()[:20]
    assert at_once(ask, people) == {"done": len(people)}
    assert awards().count() == Message.objects.filter(kind="certificate_ready").count() == 1


def test_two_who_look_at_one_certificate_come_to_one_end():
    """Some give it and some do not: whoever is first decides, and what was given stays given."""
    award = AwardFactory(staged=True, person__certificate_name=NAME)
    IssuingTerms.objects.create(agency=award.agency, approves=True)
    staff = [StaffRoleFactory(agency=award.agency, role="coordinator").person for _ in range(8)]

    def decide(number):
        if number % 2:
            operations.approve(award=award, actor=staff[number], now=EARNED)
        else:
            operations.decline(award=award, actor=staff[number], reason="no", now=EARNED)

    outcomes = at_once(decide, range(8))
    assert set(outcomes) <= {"done", "certificates.cannot_change"}
    assert awards().get().state == "active"
    assert renders() == 1


def test_ten_who_press_for_a_badge_have_one():
    award = AwardFactory()

    def ask(_):
        operations.give_badge(award=award, holder=award.person, now=EARNED)

    assert at_once(ask, range(10)) == {"done": 10}
    assert Badge.objects.count() == 1


def test_lists_of_badges_published_at_once_say_the_same():
    AwardFactory()

    def publish(_):
        operations.publish_status_lists()

    assert at_once(publish, range(6)) == {"done": 6}
