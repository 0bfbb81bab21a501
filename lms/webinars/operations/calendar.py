"""The secret address under which somebody's own calendar reads their bookings."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.audit.operations import record
from lms.webinars.models import CalendarFeed

SECRET_BYTES = 32


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_feed(*, person: User, now: datetime) -> str:
    """Make a new address and return its secret, which is shown once and kept nowhere; the old one stops at once."""
    token = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)  # two presses at once: one after the other
        _revoke(person, now)
        feed = CalendarFeed.objects.create(person=person, token_hash=_hash(token), created_at=now)
        record(action="calendar.made", target=f"feed:{feed.pk}", actor_id=person.pk, now=now)
    return token


def stop_feed(*, person: User, now: datetime) -> None:
    """Stop the address; whoever has it reads nothing from now on."""
    with transaction.atomic():
        if _revoke(person, now):
            record(action="calendar.stopped", target=f"person:{person.pk}", actor_id=person.pk, now=now)


def _revoke(person: User, now: datetime) -> int:
    return CalendarFeed.objects.owned_by(person).live().update(revoked_at=now)


def open_feed(token: str, *, now: datetime) -> str | None:
    """Return the key of the address that ``token`` opens, or None for one that is unknown or stopped.

    Remembers the day it was used.
    """
    key = _hash(token)
    rows = CalendarFeed.objects.unscoped(because="the secret is the key").live()
    found = rows.filter(token_hash=key, person__is_active=True).update(last_used_on=now.date())
    return key if found else None
