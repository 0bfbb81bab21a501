"""What a real installation writes into its logs: places and kinds of faults, nobody's words and nobody's secret."""

import logging
import sys

import pytest
from django.db import IntegrityError, transaction

from lms.accounts.models import User
from lms.common.logs import WithoutWords
from tests.factories.accounts import PersonFactory


def line(message="it failed", *values, fault=None):
    """One line as production writes it."""
    record = logging.LogRecord("lms", logging.ERROR, __file__, 1, message, values, fault)
    return WithoutWords("{levelname} {name} {message}", style="{").format(record)


def lose():
    raise KeyError("canary words of somebody")


def fail():
    try:
        lose()
    except KeyError as inner:
        raise ValueError("more canary words") from inner


def test_a_fault_is_where_and_what_kind_and_not_what_it_said():
    try:
        fail()
    except ValueError:
        written = line(fault=sys.exc_info())
    assert "test_logs.py" in written
    assert "ValueError from KeyError" in written
    assert "canary" not in written


def test_a_row_that_the_database_refused_is_not_quoted(db):
    person = PersonFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email=person.email, display_name="Other")
    try:
        with transaction.atomic():
            User.objects.create(email=person.email, display_name="Other")
    except IntegrityError:
        written = line(fault=sys.exc_info())
    assert "IntegrityError" in written
    assert person.email not in written


def test_an_address_with_a_secret_in_it_is_written_without():
    written = line("Not Found: %s", "/calendar/Zk3v9dQx7r2LmN8sTgB5wYhE4aJcU6pF.ics")
    assert "Zk3v9" not in written
    assert "/calendar/[left out].ics" in written


def test_an_id_stays_so_that_a_fault_can_be_traced():
    known = "/sessions/0b9c9f52-9e1f-4a7e-9d8a-1f1f1f1f1f1f/"
    assert known in line("Not Found: %s", known)
