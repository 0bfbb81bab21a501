"""Several families after the same hours of one worker, offered in two windows that lie across each other."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection

from lms.consultations import operations
from lms.consultations.models import Slot
from tests.factories.agencies import AgencyFactory
from tests.factories.consultations import START, SlotFactory, SurgeryFactory, adopter_of, worker_of
from tests.races.crowd import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

NOW = START - timedelta(days=1)
rows = Slot.objects.unscoped(because="a test")


@pytest.fixture
def across():
    """Six families, and twenty half hours of one worker that begin ten minutes after each other."""
    agency = AgencyFactory()
    worker = worker_of(agency)
    surgery = SurgeryFactory(agency=agency, worker=worker, rest=0, ends_at=START + timedelta(hours=6))
    for n in range(20):
        SlotFactory(surgery=surgery, starts_at=START + timedelta(minutes=10 * n))
    return [adopter_of(agency, password="!", proven=False) for _ in range(6)]


def try_all(person):
    """Take whatever is to be had, from the first time to the last."""
    for slot in rows.select_related("surgery").order_by("starts_at"):
        try:
            operations.keep_for_a_moment(slot=slot, adopter=person, now=NOW)
            operations.book(slot=slot, adopter=person, reason="", now=NOW)
        except (operations.TimeTaken, operations.BusyThen):
            continue


def overlaps():
    booked = list(rows.filter(state="booked").order_by("starts_at"))
    return [(one, other) for one, other in pairwise(booked) if one.busy_until > other.starts_at]


def test_no_two_talks_of_a_worker_overlap_whoever_is_first(across):
    assert at_once(try_all, across) == {"done": 6}
    assert rows.filter(state="booked").count() > 0
    assert not overlaps()


def test_without_the_guard_of_the_database_they_would(across):
    """The control: what the operation looks at by itself is not enough."""
    for statement in _unguard():
        with connection.cursor() as cursor:
            cursor.execute(statement)
    assert at_once(try_all, across) == {"done": 6}
    assert overlaps()


def _unguard():
    if connection.vendor == "postgresql":
        return ["ALTER TABLE consultations_slot DROP CONSTRAINT no_worker_taken_twice"]
    return [f"DROP TRIGGER no_worker_taken_twice_{deed}" for deed in ("insert", "update")]


@pytest.fixture(autouse=True)
def _guard_again():
    yield
    from importlib import import_module

    rows.all().delete()
    guard = import_module("lms.consultations.migrations.0002_no_two_at_once")
    statements = {"postgresql": guard.POSTGRESQL, "sqlite": guard.SQLITE}[connection.vendor]
    with connection.cursor() as cursor:
        for statement in [*_unguard_if_there(), *statements]:
            cursor.execute(statement)


def _unguard_if_there():
    if connection.vendor == "postgresql":
        return ["ALTER TABLE consultations_slot DROP CONSTRAINT IF EXISTS no_worker_taken_twice"]
    return [f"DROP TRIGGER IF EXISTS no_worker_taken_twice_{deed}" for deed in ("insert", "update")]
