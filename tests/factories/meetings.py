"""Accounts at providers, and rooms there."""

import json
import uuid
from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from lms.meetings.models import Connection, Room
from tests.factories.agencies import AgencyFactory
from tests.factories.webinars import LONG_BEFORE, START
from tests.meetings.servers import SECRET


class ConnectionFactory(DjangoModelFactory):
    """The chosen account of an agency at a BigBlueButton server that nobody answers at."""

    class Meta:
        model = Connection

    agency = factory.SubFactory(AgencyFactory)
    provider = "bigbluebutton"
    address = "http://127.0.0.1:9/bigbluebutton"
    secrets = json.dumps({"secret": SECRET})
    is_chosen = True
    changed_at = LONG_BEFORE


class RoomFactory(DjangoModelFactory):
    """A room to be made for an evening of 90 minutes; it opens half an hour before and closes half an hour after."""

    class Meta:
        model = Room

    about = factory.LazyFunction(uuid.uuid4)
    number = 1
    connection = factory.SubFactory(ConnectionFactory)
    title = "Keeping connections"
    starts_at = START
    ends_at = factory.LazyAttribute(lambda room: room.starts_at + timedelta(minutes=90))
    opens_at = factory.LazyAttribute(lambda room: room.starts_at - timedelta(minutes=30))
    closes_at = factory.LazyAttribute(lambda room: room.ends_at + timedelta(minutes=30))
    make_from = factory.LazyAttribute(lambda room: room.opens_at - timedelta(minutes=5))
    next_try_at = LONG_BEFORE
