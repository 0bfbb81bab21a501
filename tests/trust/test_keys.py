"""A new key for private writing: everything is locked with it again, and the old one can go."""

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from lms.common import rekeying
from lms.courses.models import Reflection
from tests.factories.courses import ReflectionFactory

BODY = "Words from before the new key."
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


@pytest.fixture
def old_note(db, settings):
    """Written with the old key; now there is a new one in front."""
    settings.LMS_PRIVATE_KEYS = [OLD]
    note = ReflectionFactory(body=BODY)
    settings.LMS_PRIVATE_KEYS = [NEW, OLD]
    return note


def body_of(note):
    return Reflection.objects.owned_by(note.person).get(pk=note.pk).body


def test_afterwards_everything_opens_with_the_new_key_alone(old_note, settings):
    call_command("rotate_private_keys")
    settings.LMS_PRIVATE_KEYS = [NEW]
    assert body_of(old_note) == BODY


def test_a_run_that_was_stopped_goes_on_with_what_is_left(old_note, monkeypatch):
    monkeypatch.setattr(rekeying, "AT_ONCE", 1)
    others = ReflectionFactory.create_batch(2)
    assert rekeying.lock_again().locked_again == 1
    assert rekeying.lock_again().locked_again == 0
    assert body_of(others[1]) == others[1].body


def test_what_no_key_opens_is_counted_and_left_as_it_is(old_note, settings):
    settings.LMS_PRIVATE_KEYS = [NEW]
    with pytest.raises(CommandError, match="No key opens 1"):
        call_command("rotate_private_keys")
    settings.LMS_PRIVATE_KEYS = [NEW, OLD]
    assert body_of(old_note) == BODY


def test_every_encrypted_field_is_among_them():
    named = {f"{model._meta.label}.{name}" for model, name in rekeying.encrypted_fields()}
    assert named >= {"courses.Reflection.body", "courses.ItemState.latest", "portfolio.SharedEntry.body"}
