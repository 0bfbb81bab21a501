"""One world for all tests of access: built once, never committed."""

import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings

from tests.access.world import World


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
