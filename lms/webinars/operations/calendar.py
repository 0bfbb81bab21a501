"""The secret address under which somebody's own calendar reads their bookings."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Q

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


def owner_of_feed(token: str, *, now: datetime) -> User | None:
    """Return whose address this is, or None for one that is unknown or stopped. Remembers the day it was used."""
    rows = CalendarFeed.objects.unscoped(because="the secret is the key").live().filter(token_hash=_hash(token))
    feed = rows.select_related("person").first()
    if feed is None or not feed.person.is_active:
        return None
    today = now.date()
    rows.filter(Q(last_used_on=None) | Q(last_used_on__lt=today)).update(last_used_on=today)
    owner: User = feed.person
    return owner
