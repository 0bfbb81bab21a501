"""An agency's accounts at providers: kept locked, tried by the worker, one chosen for new rooms."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.audit.operations import record
from lms.common import web
from lms.common.errors import DomainError
from lms.common.tasks import enqueue
from lms.meetings import providers, tasks
from lms.meetings.models import Connection, Room, RoomState, as_kept, words_in
from lms.meetings.operations.rooms import lets_record
from lms.meetings.signals import recording_ended

_WHY = "the caller was let in"


class AddressRefused(DomainError):
    code = "meetings.address_refused"
    message = "Use an address that starts with https:// on a host that this site may talk to."


class NotConnected(DomainError):
    code = "meetings.not_connected"
    message = "Save how to reach it first. Nothing was changed."


def save_connection(
    *,
    agency: Agency,
    provider: str,
    address: str,
    secrets: Mapping[str, str],
    may_record: bool,
    actor: User,
    now: datetime,
) -> Connection:
    """Keep how an agency reaches a provider, and have it tried; an empty secret leaves the one that is kept.

    Raises AddressRefused for a host that this installation does not talk to.
    """
    if not web.may_be_called(address, settings.LMS_ROOM_HOSTS):
        raise AddressRefused(agency_id=agency.pk)
    with transaction.atomic():
        rows = Connection.objects.unscoped(because=_WHY).select_for_update()
        kept = rows.filter(agency=agency, provider=provider).first()
        facts = {"address": address, "may_record": may_record, "changed_by": actor, "changed_at": now}
        words = _words(kept, address, secrets)
        connection, _ = rows.update_or_create(
            agency=agency, provider=provider, defaults={**facts, "secrets": as_kept(words)}
        )
        _note("saved", connection, actor=actor, now=now)
        _tell_of_recording(agency, now=now)
        ask_for_trial(connection=connection, now=now)
    return connection


def _words(kept: Connection | None, address: str, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, and what is kept where nothing was: a secret is only ever sent to the place it was given for."""
    known = words_in(kept.secrets) if kept and kept.address == address else {}
    return {**known, **{name: word for name, word in typed.items() if word}}


def ask_for_trial(*, connection: Connection, now: datetime) -> None:
    """Have the worker see whether an account works; its answer stands on the page when that is opened again."""
    with transaction.atomic():
        Connection.objects.unscoped(because=_WHY).filter(pk=connection.pk).update(trial_asked_at=now)
        enqueue(tasks.try_out, connection_id=connection.pk)


def choose_provider(*, agency: Agency, provider: str, actor: User, now: datetime) -> Connection | None:
    """Make new rooms of an agency with this provider, or with none where it is empty; rooms made stay where they are.

    Raises NotConnected for a provider that the agency has not said how to reach.
    """
    with transaction.atomic():
        rows = Connection.objects.unscoped(because=_WHY).select_for_update().filter(agency=agency)
        chosen: Connection | None = rows.filter(provider=provider).first()
        if provider and chosen is None:
            raise NotConnected(agency_id=agency.pk)
        for before in rows.chosen():
            _note("put_by", before, actor=actor, now=now)
        rows.chosen().update(is_chosen=False)
        rows.filter(pk=chosen.pk if chosen else None).update(is_chosen=True)
        _tell_of_recording(agency, now=now)
        if chosen is None:
            return None
        rooms = Room.objects.unscoped(because=_WHY).filter(connection__agency=agency, state=RoomState.WANTED, given="")
        make_from = F("opens_at") - providers.BY_NAME[chosen.provider].lead  # another can be told earlier, or later
        rooms.update(connection=chosen, next_try_at=now, make_from=make_from)
        _note("chosen", chosen, actor=actor, now=now)
    return chosen


def _tell_of_recording(agency: Agency, *, now: datetime) -> None:
    if not lets_record([agency.pk]):
        recording_ended.send(sender=Connection, agency_id=agency.pk, now=now)


def _note(deed: str, connection: Connection, *, actor: User, now: datetime) -> None:
    record(
        action=f"rooms.{deed}",
        target=f"connection:{connection.pk}",
        actor_id=actor.pk,
        now=now,
        agency_id=connection.agency_id,
        provider=connection.provider,
    )
