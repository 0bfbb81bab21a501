"""The record of deeds: written with the deed, sealed apart from it, and nobody changes it unnoticed."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from lms.audit import operations
from lms.audit.models import Entry, Head
from tests.races.crowd import at_once


def write(count, now, **more):
    for number in range(count):
        operations.record(action="thing.done", target=f"thing:{number}", actor_id=7, now=now, agency_id=3, **more)


@pytest.fixture
def sealed(db, now):
    write(5, now, note="word")
    assert operations.seal_new_entries() == 5
    assert operations.first_broken_link() is None


def by_hand(statement, *values):
    """As somebody with the database open would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_deed_that_is_undone_was_not_done(db, now):
    with transaction.atomic():
        write(1, now)
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("words", ["two words", "a@example.org", "x" * 65, "line\nbreak"])
def test_the_record_takes_numbers_and_fixed_words_only(db, now, words):
    with pytest.raises(TypeError):
        operations.record(action="x", target="thing:1", actor_id=1, now=now, why=words)
    with pytest.raises(TypeError):
        operations.record(action="x", target=words, actor_id=1, now=now)


def test_nothing_in_the_programme_changes_or_drops_an_entry(sealed):
    entry = Entry.objects.first()
    for change in (entry.save, entry.delete, Entry.objects.all().delete, lambda: Entry.objects.update(action="other")):
        with pytest.raises(TypeError):
            change()


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ("UPDATE audit_entry SET action = 'thing.undone' WHERE number = 3", 3),
        ("UPDATE audit_entry SET actor_id = 8 WHERE number = 1", 1),
        ("UPDATE audit_entry SET target = 'thing:9' WHERE number = 5", 5),
        ("UPDATE audit_entry SET agency_id = NULL WHERE number = 2", 2),
        ("""UPDATE audit_entry SET ids = '{"note": "other"}' WHERE number = 4""", 4),
        ("UPDATE audit_entry SET at = '2020-01-01 00:00:00+00:00' WHERE number = 2", 2),
        ("DELETE FROM audit_entry WHERE number = 3", 3),
        ("DELETE FROM audit_entry WHERE number = 1", 1),
        ("DELETE FROM audit_entry WHERE number = 5", 5),
        ("DELETE FROM audit_entry WHERE number > 2", 3),
        ("UPDATE audit_head SET number = 4", 6),
        ("UPDATE audit_entry SET number = 9 WHERE number = 5", 5),
    ],
)
def test_whoever_changes_takes_out_or_cuts_off_is_noticed_and_where(sealed, change, at):
    by_hand(change)
    assert operations.first_broken_link() == at
    with pytest.raises(CommandError, match=f"entry {at}"):
        call_command("verify_audit")


def test_two_entries_that_changed_places_are_noticed(sealed):
    for old, new in ((2, 99), (3, 2), (99, 3)):
        by_hand("UPDATE audit_entry SET number = %s WHERE number = %s", new, old)
    assert operations.first_broken_link() == 2


def test_an_entry_put_in_between_is_noticed(sealed, now):
    write(1, now)
    by_hand("UPDATE audit_entry SET number = 6, seal = %s WHERE number IS NULL", "0" * 64)
    assert operations.first_broken_link() == 6


def test_the_command_says_the_last_seal_so_that_it_can_be_kept_elsewhere(sealed, capsys):
    call_command("verify_audit")
    said = capsys.readouterr().out
    assert "5 entries" in said
    assert Head.objects.get().seal in said


def test_sealing_goes_on_where_it_stopped(sealed, now):
    write(3, now)
    assert operations.seal_new_entries(most=2) == 2
    assert operations.seal_new_entries(most=2) == 1
    assert operations.seal_new_entries() == 0
    assert list(Entry.objects.chain().values_list("number", flat=True)) == list(range(1, 9))
    assert operations.first_broken_link() is None


def test_an_empty_record_is_whole(db):
    assert operations.seal_new_entries() == 0
    assert operations.first_broken_link() is None


@pytest.mark.race
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_sealers_and_many_deeds_at_once_make_one_chain(now):
    write(30, now)

    def seal_or_write(number):
        if number % 2:
            operations.seal_new_entries(most=7)
        else:
            write(2, now)

    outcomes = at_once(seal_or_write, range(12))
    assert outcomes == {"done": 12}
    operations.seal_new_entries()
    assert Entry.objects.chain().count() == Entry.objects.count() == 42
    assert operations.first_broken_link() is None
