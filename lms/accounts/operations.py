"""What people do with their own account."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from lms.accounts import tasks
from lms.accounts.models import User
from lms.audit.operations import record
from lms.common.limits import allowed
from lms.common.register import Holding, all_holdings
from lms.common.tasks import enqueue

ONE_DAY = 24 * 60 * 60  # seconds
REMEMBERED = 3 * 365 * ONE_DAY  # for so long a browser is a known one


@dataclass(frozen=True)
class Preferences:
    """How somebody is known, and how the site looks and writes to them."""

    display_name: str
    certificate_name: str
    colours: str
    full_titles: bool
    time_zone: str
    content_notices: bool


def save_preferences(*, person: User, chosen: Preferences) -> None:
    """Keep what ``person`` chose."""
    fields = vars(chosen)
    for name, value in fields.items():
        setattr(person, name, value)
    person.save(update_fields=list(fields))


def note_guesses(*, address: str) -> None:
    """Have the owner of ``address`` told, once a day, that passwords are being guessed.

    The same is done for an address without an account, so that the time it takes says nothing.
    """
    key = tasks.address_hash(address)
    if allowed(action="accounts.guesses", who=key, times=1, seconds=ONE_DAY):
        enqueue(tasks.warn_of_guesses, address=key)


def everything_of(person: User) -> list[tuple[Holding, list[dict[str, Any]]]]:
    """Return all that we hold of ``person``, and of nobody else, in the order of the register."""
    return [(holding, holding.rows_of(person)) for holding in all_holdings() if holding.owner]


def end_sessions(*, person: User) -> None:
    """End every session of ``person``, on every device."""
    theirs = UserSession.objects.filter(user=person)
    Session.objects.filter(session_key__in=theirs.values("session_key")).delete()
    theirs.delete()


def forget_places(*, now: datetime) -> int:
    """Forget where people were signed in whose session is over; return how many sessions."""
    live = Session.objects.filter(expire_date__gt=now).values("session_key")
    return int(UserSession.objects.exclude(session_key__in=live).delete()[0])


def is_new_browser(*, person: User, browser: str) -> bool:
    """Whether ``person`` never signed in with ``browser``, and did with another; asked at a sign-in, it is known then.

    Of the browser only a hash with the person's number is kept. Call it outside a transaction.
    """
    is_first = allowed(action="accounts.signed_in", who=str(person.pk), times=1, seconds=REMEMBERED)
    is_unknown = allowed(action="accounts.browser", who=f"{person.pk} {browser}", times=1, seconds=REMEMBERED)
    return is_unknown and not is_first


def erase(*, person: User, now: datetime) -> None:
    """Delete the account and all that hangs on it, as the privacy register says for each kind of thing.

    Raises what a room's eraser raises to refuse (the last administrator cannot go); then nothing has changed.
    The audit row with the person's number is what a restored backup is erased by again.
    """
    with transaction.atomic():
        record(action="person.erased", target=f"person:{person.pk}", actor_id=person.pk, now=now)
        for holding in reversed(all_holdings()):  # from the top of the house down
            if holding.erase is not None:
                holding.erase(person, now)
        end_sessions(person=person)
        person.delete()
