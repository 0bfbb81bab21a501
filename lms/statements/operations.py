"""An agency's record store: chosen, opened, closed, and tried again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.audit.operations import record
from lms.common import web
from lms.common.errors import DomainError
from lms.common.tasks import enqueue
from lms.statements import rules, tasks
from lms.statements.access import store_hosts
from lms.statements.gathering import SOURCES
from lms.statements.models import Batch, BatchState, Store

_WHY = "the caller was let in to this agency"
MOST_AT_ONCE = 200  # batches that one look has sent


class AddressRefused(DomainError):
    code = "statements.address_refused"
    message = "Use an address that starts with https:// on a host that this site may send to."


class NoKey(DomainError):
    code = "statements.no_key"
    message = "Add the key and the secret of the record store."


def save_store(
    *, agency: Agency, endpoint: str, key: str, secret: str, is_on: bool, actor: User, now: datetime
) -> Store:
    """Keep where an agency's statements go. An empty key leaves the one that is kept, for the same address only.

    What happened before it was switched on is not told. Raises AddressRefused and NoKey.
    """
    if not web.may_be_called(endpoint, store_hosts()):
        raise AddressRefused(agency_id=agency.pk)
    with transaction.atomic():
        kept = Store.objects.unscoped(because=_WHY).select_for_update().filter(agency=agency).first()
        store = kept or Store(agency=agency)
        is_same = kept is not None and kept.endpoint == endpoint
        if not (key and secret) and not is_same:
            raise NoKey(agency_id=agency.pk)
        if is_on and not store.is_on:
            store.seen = store.told = _newest(agency)
        if key and secret:
            store.key, store.secret = key, secret
        store.endpoint, store.is_on, store.changed_by, store.changed_at = endpoint, is_on, actor, now
        store.save()
        action = "statements.on" if is_on else "statements.off"
        record(action=action, target=f"store:{store.pk}", actor_id=actor.pk, now=now, agency_id=agency.pk)
    return store


def _newest(agency: Agency) -> dict[str, int]:
    rows = {name: source.of(agency=agency) for name, source in SOURCES.items()}
    return {name: found.aggregate(newest=Max("pk"))["newest"] or 0 for name, found in rows.items()}


def try_now(*, store: Store, actor: User, now: datetime) -> int:
    """Send at once what was given up, and what is left alone for a while; return how many batches."""
    with transaction.atomic():
        rows = Batch.objects.unscoped(because=_WHY).filter(store=store).stuck()
        stuck = list(rows.order_by("pk").values_list("pk", flat=True))
        rows.update(state=BatchState.WAITING, attempts=0, next_try_at=now)
        record(action="statements.again", target=f"store:{store.pk}", actor_id=actor.pk, now=now, count=len(stuck))
        for batch_id in stuck[:MOST_AT_ONCE]:
            enqueue(tasks.send, batch_id=batch_id)
    return len(stuck)


def wake(*, now: datetime) -> int:
    """Have what is new gathered, and what is due sent; return how many batches are due."""
    for store_id in Store.objects.unscoped(because=_WHY).open().values_list("pk", flat=True):
        enqueue(tasks.gather, store_id=store_id)
    due = list(Batch.objects.unscoped(because=_WHY).due(now).values_list("pk", flat=True)[:MOST_AT_ONCE])
    for batch_id in due:
        enqueue(tasks.send, batch_id=batch_id)
    return len(due)


def forget_sent(*, now: datetime, kept: timedelta = rules.KEPT) -> int:
    """Forget which batches were sent long ago; return how many."""
    old = Batch.objects.unscoped(because=_WHY).filter(state=BatchState.SENT, ended_at__lt=now - kept)
    return int(old.delete()[0])


def note_copy(*, agency: Agency, target: str, actor: User, now: datetime) -> None:
    """Write down that staff took a copy of what people did."""
    record(action="statements.copied", target=target, actor_id=actor.pk, now=now, agency_id=agency.pk)
