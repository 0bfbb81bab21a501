"""One world for all tests of access: built once, never committed."""

import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings

from tests.access.world import World
from tests.canaries import Search, words_of_everybody


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Built once, in a transaction that is never committed, its files on a shelf of its own."""
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path_factory.mktemp("private")}}
    storages = {**settings.STORAGES, "private": private}
    with django_db_blocker.unblock(), override_settings(STORAGES=storages), transaction.atomic():
        made = World()
        made.clients = {name: _signed_in(person) for name, person in made.people.items()}
        made.private = words_of_everybody()
        yield made
        transaction.set_rollback(True)


def _signed_in(person: object) -> Client:
    """A browser that is signed in, with the password typed again a moment ago."""
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
        session = client.session
        session["account_authentication_methods_user"] = str(person.pk)
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session.save()
    return client


@pytest.fixture(autouse=True)
def _the_words_of_the_world_are_private(request: pytest.FixtureRequest, canaries: Search) -> None:
    """Whoever is sent to whatever address here, each answer is searched for what its people wrote."""
    if "world" in request.fixturenames:
        canaries.canaries |= request.getfixturevalue("world").private
