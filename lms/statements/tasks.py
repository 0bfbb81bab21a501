"""Telling record stores, in the worker: batches are made of what is new, and sent until the store has them."""

import base64
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from lms.common import web
from lms.common.tasks import enqueue
from lms.common.web import CallFailed, Trouble
from lms.statements import rules
from lms.statements.access import store_hosts
from lms.statements.gathering import SOURCES, in_words
from lms.statements.models import Batch, BatchState, Store

_WHY = "work of the system"
KNOWN, NOT_TAKEN = 409, frozenset({400, 413})
Statements = list[dict[str, Any]]


def gather(*, store_id: int) -> int:
    """Put what is new for one store into batches; return how many. Said twice at once, each row is put into one."""
    now = timezone.now()
    with transaction.atomic():
        rows = Store.objects.unscoped(because=_WHY).open().select_for_update(of=("self",)).select_related("agency")
        store = rows.filter(pk=store_id).first()
        if store is None:
            return 0
        made = [batch for name in SOURCES for batch in _batches(store, name, now)]
        Batch.objects.bulk_create(made)
        store.save(update_fields=["seen", "told"])
        for batch in made:
            enqueue(send, batch_id=batch.pk)
    return len(made)


def _batches(store: Store, name: str, now: datetime) -> list[Batch]:
    """Batches of the rows between what was told and what was there at the last look."""
    rows = SOURCES[name].of(agency=store.agency)
    until, after = store.seen.get(name, 0), store.told.get(name, 0)
    pks = list(rows.filter(pk__gt=after, pk__lte=until).order_by("pk").values_list("pk", flat=True))
    store.told[name] = max(until, after)
    store.seen[name] = rows.aggregate(newest=Max("pk"))["newest"] or until
    parts = [pks[at : at + rules.IN_A_BATCH] for at in range(0, len(pks), rules.IN_A_BATCH)]
    return [
        Batch(store=store, source=name, first=part[0], last=part[-1], made_at=now, next_try_at=now) for part in parts
    ]


def send(*, batch_id: int) -> str:
    """Send one batch; return what came of it. Sent twice, the store knows every statement by its id."""
    now = timezone.now()
    if not Batch.objects.unscoped(because=_WHY).claim(batch_id, now=now):
        return "nothing to send"
    batch: Batch = Batch.objects.unscoped(because=_WHY).select_related("store__agency").get(pk=batch_id)
    source = SOURCES[batch.source]
    rows = list(source.of(agency=batch.store.agency).filter(pk__gte=batch.first, pk__lte=batch.last).order_by("pk"))
    said = list(in_words(source.facts(rows), agency=batch.store.agency))
    try:
        sent, refused = _tell(batch.store, said)
    except CallFailed as fault:
        return _again(batch, fault, now=now)
    ended = {"state": BatchState.SENT, "sent": sent, "refused": refused, "trouble": "", "ended_at": timezone.now()}
    Batch.objects.unscoped(because=_WHY).filter(pk=batch.pk).update(**ended)
    return f"sent {sent}, refused {refused}"


def _tell(store: Store, said: Statements) -> tuple[int, int]:
    """Send statements; return how many the store has and how many it would not take.

    One that it will not take, or that it knows in other words, must not keep back the rest: then they go by halves.
    Raises CallFailed when it is away, busy, or lets us in no more.
    """
    if not said:
        return 0, 0
    status = web.call(
        "POST",
        f"{store.endpoint.rstrip('/')}/statements",
        headers={"Authorization": _key_of(store), "X-Experience-API-Version": rules.VERSION},
        sends=said,
        fine=(KNOWN, *NOT_TAKEN),
        hosts=store_hosts(),
    ).status
    if status // 100 == 2:
        return len(said), 0
    if len(said) == 1:
        return (1, 0) if status == KNOWN else (0, 1)
    half = len(said) // 2
    (sent, refused), (more, others) = _tell(store, said[:half]), _tell(store, said[half:])
    return sent + more, refused + others


def _key_of(store: Store) -> str:
    return "Basic " + base64.b64encode(f"{store.key}:{store.secret}".encode()).decode()


def _again(batch: Batch, fault: CallFailed, *, now: datetime) -> str:
    """Try later; give up after many tries. A store that is busy has not failed."""
    tries = batch.attempts - (fault.trouble == Trouble.BUSY)
    state = BatchState.GIVEN_UP if tries >= rules.MOST_ATTEMPTS else BatchState.WAITING
    again = now + rules.wait_after(batch.attempts, asked=fault.wait)
    rows = Batch.objects.unscoped(because=_WHY).filter(pk=batch.pk)
    rows.update(state=state, attempts=tries, next_try_at=again, trouble=str(fault.trouble))
    return str(fault.trouble)
