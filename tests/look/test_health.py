"""What whoever watches over an installation is told."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from lms.common import readiness
from lms.common.jobs import WORKER
from lms.common.models import Heartbeat

pytestmark = pytest.mark.django_db


def beat(ago=timedelta(0)):
    Heartbeat.beat(name=WORKER, now=timezone.now() - ago)


def test_a_living_process_says_so_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer["Content-Type"] == "text/plain"


def test_all_is_well_when_the_worker_beats(client):
    beat()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_a_worker_that_never_spoke_is_silent(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"worker is silent\n")


def test_a_worker_is_silent_only_after_the_time_that_the_settings_say(now, settings):
    settings.LMS_HEARTBEAT_STALE = timedelta(minutes=5)
    Heartbeat.beat(name=WORKER, now=now)
    assert readiness.what_is_wrong(now=now + timedelta(minutes=5)) == []
    assert readiness.what_is_wrong(now=now + timedelta(minutes=5, seconds=1)) == ["worker is silent"]


def test_a_migration_that_was_not_applied_is_named(client):
    beat()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'common'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations are not applied\n")


def test_a_database_that_is_away_is_an_answer_and_not_a_crash(client):
    def away(*_):
        raise OperationalError("it is gone")

    with connection.execute_wrapper(away):
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.content.splitlines()[0] == b"database does not answer"
    assert b"gone" not in answer.content


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_never_kept_and_never_posted_to(client, path):
    assert "no-store" in client.get(path)["Cache-Control"]
    assert client.post(path).status_code == 405
