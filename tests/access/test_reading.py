"""Looking changes nothing: a mail scanner that opens every link, or a browser that fetches ahead, does no deed."""

import hashlib
import itertools

import pytest
from django.db import connection, transaction
from django.urls import reverse

from tests.access.table import addresses, is_editor
from tests.access.world import told

# What may change by looking: that somebody was here, how often they tried, and what is kept to be quick.
NOT_A_DEED = {
    "django_session",
    "usersessions_usersession",
    "common_tally",
    "shared_cache",
    "wagtailadmin_editingsession",
}
# Where a look itself is noted: that recovery codes were seen, that a code was checked (never by whom), who took a list.
NOTED = {
    "mfa_view_recovery_codes": {"mfa_authenticator"},
    "mfa_download_recovery_codes": {"mfa_authenticator"},
    "certificates:check": {"certificates_lookup"},
    "courses:desk_export": {"audit_entry"},
    "courses:desk_list_result": {"audit_entry"},
}
OUTSIDE = [address for address in addresses() if not is_editor(address) and "(" not in address.route]
PEOPLE = ("anonymous", "adopter", "coordinator", "manager", "trainer", "administrator")


def fingerprint():
    """A hash of every row of every table that a deed would change."""
    tables = sorted(set(connection.introspection.table_names()) - NOT_A_DEED)
    seen = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            seen[table] = hashlib.sha256(repr(sorted(map(repr, cursor.fetchall()))).encode()).hexdigest()
    return seen


@pytest.mark.parametrize("address", OUTSIDE, ids=lambda address: address.name)
def test_opening_an_address_changes_nothing(world, address):
    sides = [told(address.name, side) for side in (world.own, world.foreign)] if address.takes else [{}]
    before = fingerprint()
    with transaction.atomic():
        for person, kwargs in itertools.product(PEOPLE, sides):
            where = reverse(address.name, kwargs=kwargs)
            for answer in (world.clients[person].get(where), world.clients[person].head(where)):
                b"".join(answer)  # to the end, so that a file is closed
        after = fingerprint()
        transaction.set_rollback(True)
    changed = {table for table in before if before[table] != after[table]}
    assert not changed - NOTED.get(address.name, set())
