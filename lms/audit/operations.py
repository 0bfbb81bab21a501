"""Writing down what was done, sealing it, and checking that nobody changed it since."""

from datetime import datetime

from django.db import transaction

from lms.audit import rules
from lms.audit.models import Entry


def record(
    *, action: str, target: str, actor_id: int | None, now: datetime, agency_id: int | None = None, **ids: int | str
) -> None:
    """Write one deed into the record, in the caller's transaction: a deed rolled back was not done.

    action: like ``booking.cancelled``. target: like ``booking:42``. ids: ids and fixed words, no free text.
    """
    Entry.objects.create(at=now, action=action, target=target, actor_id=actor_id, agency_id=agency_id, ids=ids)


def _deed(entry: Entry, number: int) -> dict[str, object]:
    return {
        "number": number,
        "id": entry.pk,
        "at": entry.at.isoformat(),
        "actor": entry.actor_id,
        "action": entry.action,
        "target": entry.target,
        "agency": entry.agency_id,
        "ids": entry.ids,
    }


def seal_new_entries(*, most: int = 1000) -> int:
    """Put entries written since the last run into the chain; return how many. Safe to run twice at once."""
    with transaction.atomic():
        last = Entry.objects.select_for_update().chain().last()
        number, previous = (last.number or 0, last.seal) if last else (0, rules.FIRST)
        entries = list(Entry.objects.unsealed()[:most])
        for entry in entries:
            number += 1
            previous = rules.seal(previous, _deed(entry, number))
            Entry.objects.filter(pk=entry.pk, number=None).update(number=number, seal=previous)
    return len(entries)


def first_broken_link() -> int | None:
    """Return the number of the first sealed entry that does not fit the chain, or None when all do."""
    previous = rules.FIRST
    for expected, entry in enumerate(Entry.objects.chain().iterator(chunk_size=500), start=1):
        if entry.number != expected or entry.seal != rules.seal(previous, _deed(entry, expected)):
            return expected
        previous = entry.seal
    return None
