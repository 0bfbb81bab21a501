"""A database that is away or held by another is a page that says so, with what was typed, and it heals by itself."""

import contextlib
import sqlite3
import threading

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from lms.accounts.models import User
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import StaffRoleFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
TYPED = {
    "display_name": "Wilhelmina",
    "certificate_name": "A name of forty letters or thereabouts",
    "colours": "day",
    "time_zone": "Europe/London",
    "password": "typed secret",
}


@contextlib.contextmanager
def held_by_another():
    """Somebody else holds the whole database, through a connection of their own."""
    hold = _hold_sqlite if connection.vendor == "sqlite" else _hold_postgresql
    with hold():
        yield


@contextlib.contextmanager
def _hold_sqlite():
    connection.close()
    patience, connection.settings_dict["OPTIONS"] = (
        connection.settings_dict["OPTIONS"],
        {
            **connection.settings_dict["OPTIONS"],
            "timeout": 0.1,
        },
    )
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()
        connection.close()
        connection.settings_dict["OPTIONS"] = patience


@contextlib.contextmanager
def _hold_postgresql():
    import psycopg

    known = connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
    host = known["HOST"] or known["OPTIONS"].get("host")
    where = {"host": host, "port": known["PORT"], "dbname": known["NAME"], "user": known["USER"]}
    with psycopg.connect(**{name: value for name, value in where.items() if value}) as other:
        other.execute("LOCK TABLE accounts_user, django_session, agencies_staffrole IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()
    connection.close()


@pytest.fixture
def browser():
    client = Client(raise_request_exception=False)
    client.force_login(StaffRoleFactory(person=PersonFactory(display_name="Before")).person)
    return client


@pytest.mark.parametrize("path", ["/my/preferences/", "/desk/people/invite/", "/cms/"])
def test_a_held_database_is_said_with_what_was_typed_and_nothing_secret(browser, path):
    with held_by_another():
        answer = browser.post(path, TYPED)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    body = answer.content.decode()
    assert "A name of forty letters or thereabouts" in body
    assert "typed secret" not in body
    assert "locked" not in body
    assert "Traceback" not in body


def test_nothing_was_changed_and_the_same_form_goes_through_afterwards(browser):
    with held_by_another():
        browser.post("/my/preferences/", TYPED)
    assert User.objects.filter(display_name="Before").exists()
    assert browser.post("/my/preferences/", TYPED).status_code == 302
    assert User.objects.filter(display_name="Wilhelmina").exists()


def test_a_short_hold_is_waited_out(browser):
    if connection.vendor == "sqlite":
        connection.close()
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
        other.execute("BEGIN EXCLUSIVE")
        release = threading.Timer(0.5, lambda: (other.execute("ROLLBACK"), other.close()))
        release.start()
    assert browser.post("/my/preferences/", TYPED).status_code == 302


@pytest.mark.parametrize("path", ["/healthz", "/accounts/login/"])
def test_the_health_address_says_only_ok_whatever_the_database_does(browser, path):
    with held_by_another():
        answer = Client(raise_request_exception=False).get(path)
    assert answer.status_code in (200, 503)
    if path == "/healthz":
        assert answer.status_code == 200


def test_a_connection_that_was_cut_is_made_anew_by_the_next_request(browser):
    if connection.vendor == "sqlite":
        connection.close()
    else:
        with connection.cursor() as cursor, contextlib.suppress(OperationalError):
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        assert browser.get(reverse("accounts:preferences")).status_code == 503
        connection.close()  # as the server does between two requests
    assert browser.get(reverse("accounts:preferences")).status_code == 200
