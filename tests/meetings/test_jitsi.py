"""Rooms at Jitsi: nothing is asked of the server, each way in is a token for one person, one room and five minutes."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from lms.meetings import operations
from lms.meetings.models import RoomState
from tests.factories.meetings import ConnectionFactory, RoomFactory
from tests.factories.webinars import START

pytestmark = pytest.mark.django_db
SECRET = "a secret of at least thirty-two bytes, for the suite"


@pytest.fixture
def room():
    secrets = json.dumps({"app_id": "hearth", "secret": SECRET})
    account = ConnectionFactory(provider="jitsi", address="https://meet.jit.si", secrets=secrets)
    return RoomFactory(connection=account, make_from=START - timedelta(days=7))


def enter(room, person, *, moderates=False, now=START):
    address = operations.way_in(about=room.about, number=1, person=person, moderates=moderates, now=now).address
    return address, parse_qs(urlsplit(address).query).get("jwt", [""])[0]


def opened(token, key=SECRET, algorithm="HS256"):
    """What the server reads, which looks at the algorithm and whom it is for."""
    return jwt.decode(token, key, algorithms=[algorithm], audience="jitsi", options={"verify_exp": False})


def test_a_token_says_who_comes_into_which_room_until_when(room, person, worker, at):
    assert worker(room).state == RoomState.READY
    at(START)
    address, token = enter(room, person)
    said = opened(token)
    assert address.startswith(f"https://meet.jit.si/{room.uuid}?jwt=")
    assert (said["iss"], said["sub"], said["room"]) == ("hearth", "meet.jit.si", str(room.uuid))
    assert said["nbf"] == int(room.opens_at.timestamp())
    assert said["exp"] == int((START + timedelta(minutes=5)).timestamp())
    assert said["context"]["user"]["name"] == "Sam"
    assert said["context"]["user"]["moderator"] == "false"
    assert said["context"]["features"]["recording"] == "false"
    assert person.email not in json.dumps(said)


def test_who_runs_it_moderates_in_the_words_of_both_kinds_of_server(room, person, worker, at):
    worker(room)
    at(START)
    host, guest = (opened(enter(room, person, moderates=yes)[1])["context"]["user"] for yes in (True, False))
    assert (host["moderator"], host["affiliation"]) == ("true", "owner")
    assert (guest["moderator"], guest["affiliation"]) == ("false", "member")


def test_no_token_outlives_the_window(room, person, worker, at):
    worker(room)
    late = room.closes_at - timedelta(minutes=1)
    at(late)
    assert opened(enter(room, person, now=late)[1])["exp"] == int(room.closes_at.timestamp())


def test_a_reference_is_another_in_another_room(room, person, worker, at):
    other = RoomFactory(connection=room.connection, make_from=room.make_from)
    refs = set()
    for one in (room, other):
        worker(one)
        at(START)
        refs.add(opened(enter(one, person)[1])["context"]["user"]["id"])
    assert len(refs) == 2


def test_a_private_key_signs_with_its_id(room, person, worker, at):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    room.connection.secrets = json.dumps({"app_id": "chat", "secret": pem, "kid": "app/1", "subject": "app"})
    room.connection.save()
    worker(room)
    at(START)
    token = enter(room, person)[1]
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "kid": "app/1", "typ": "JWT"}
    assert opened(token, key.public_key(), "RS256")["sub"] == "app"


def test_a_key_that_is_none_is_trouble_and_not_an_error_page(room, person, worker, at):
    room.connection.secrets = json.dumps({"app_id": "chat", "secret": "-----BEGIN nonsense"})
    room.connection.save()
    worker(room)
    assert operations.way_in(about=room.about, number=1, person=person, moderates=False, now=START).trouble == "refused"


def test_an_address_that_is_no_longer_allowed_leads_nowhere(room, person, worker, settings):
    worker(room)
    settings.LMS_ROOM_HOSTS = ["zoom.us"]
    way = operations.way_in(about=room.about, number=1, person=person, moderates=False, now=START)
    assert way == operations.WayIn(trouble="forbidden")
