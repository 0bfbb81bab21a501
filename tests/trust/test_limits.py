"""How often somebody may try is counted once for all processes, and names nobody."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from lms.common import jobs
from lms.common.limits import allowed, client_address
from lms.common.models import Tally
from tests.races.crowd import at_once


def tries(count, **who):
    asked = {"action": "knock", "who": "sam@example.org", "times": 3, "seconds": 60, **who}
    return [allowed(**asked) for _ in range(count)]


def test_the_first_three_of_three_are_let_through(db):
    assert tries(5) == [True, True, True, False, False]


def test_each_person_and_each_deed_has_a_count_of_its_own(db):
    tries(3)
    assert tries(1, who="other@example.org") == [True]
    assert tries(1, action="other") == [True]


def test_a_new_window_begins_when_the_old_one_is_over(db, time_machine, now):
    time_machine.move_to(now, tick=False)
    tries(4)
    time_machine.move_to(now + timedelta(seconds=59), tick=False)
    assert tries(1) == [False]
    time_machine.move_to(now + timedelta(seconds=60), tick=False)
    assert tries(4) == [True, True, True, False]


def test_who_it_was_is_not_kept(db):
    tries(1)
    assert "sam" not in str(Tally.objects.values().get())


def test_old_counts_are_dropped(db, time_machine, now):
    time_machine.move_to(now)
    tries(1)
    time_machine.move_to(datetime(2030, 1, 1, tzinfo=UTC))
    jobs.forget_tries()
    assert not Tally.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_forty_who_try_at_once_share_one_limit():
    def knock(_):
        assert allowed(action="knock", who="all", times=25, seconds=60)

    outcomes = at_once(knock, range(40))
    assert outcomes["done"] == 25
    assert sum(outcomes.values()) == 40


@pytest.mark.parametrize(
    ("proxies", "headers", "seen"),
    [
        (0, {"REMOTE_ADDR": "192.0.2.7"}, "192.0.2.7"),
        (0, {"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": "10.0.0.1"}, "192.0.2.7"),
        (1, {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}, "192.0.2.7"),
        (1, {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": "1.1.1.1, 192.0.2.7"}, "192.0.2.7"),
        (2, {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": "1.1.1.1, 192.0.2.7, 10.0.0.8"}, "192.0.2.7"),
        (2, {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}, "10.0.0.9"),
        (0, {"REMOTE_ADDR": "2001:db8:1:2:3:4:5:6"}, "2001:db8:1:2::/64"),
        (0, {"REMOTE_ADDR": "2001:db8:1:2::9"}, "2001:db8:1:2::/64"),
        (1, {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": "nonsense"}, "nonsense"),
    ],
)
def test_an_address_is_what_our_own_proxy_saw(settings, proxies, headers, seen):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert client_address(RequestFactory().get("/", **headers)) == seen
