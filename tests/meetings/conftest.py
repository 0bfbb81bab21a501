"""Providers of the suite's own, an agency's account at one, and a room there."""

from datetime import timedelta

import pytest

from lms.agencies.models import Role
from lms.meetings import tasks
from lms.meetings.models import Room
from tests.factories.agencies import StaffRoleFactory
from tests.factories.meetings import ConnectionFactory, RoomFactory
from tests.factories.webinars import START, adopter
from tests.meetings.servers import ZOOM_SECRETS, BigBlueButtonServer, ZoomServer
from tests.servers import running

OPENING = START - timedelta(minutes=33)  # shortly before the room opens for who runs the session


@pytest.fixture
def bbb():
    with running(BigBlueButtonServer) as server:
        yield server


@pytest.fixture
def zoom():
    with running(ZoomServer) as server:
        yield server


@pytest.fixture
def person(db):
    return adopter(display_name="Sam")


@pytest.fixture
def bbb_room(db, bbb):
    """A room that is to be made at the suite's own BigBlueButton."""
    return RoomFactory(connection=ConnectionFactory(address=bbb.address))


@pytest.fixture
def zoom_room(db, zoom):
    import json

    account = ConnectionFactory(provider="zoom", address=zoom.address, secrets=json.dumps(ZOOM_SECRETS))
    return RoomFactory(connection=account, make_from=START - timedelta(days=7))


@pytest.fixture
def worker(at):
    """Have the worker look after a room at a moment; return the room as it is then."""

    def run(room, moment=OPENING):
        at(moment)
        tasks.look_after(room_id=room.pk)
        return fresh(room)

    return run


def fresh(room):
    return Room.objects.unscoped(because="a test").select_related("connection").get(pk=room.pk)


@pytest.fixture
def coordinator(db):
    return StaffRoleFactory(role=Role.COORDINATOR).person
