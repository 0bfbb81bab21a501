"""Writing down what was done, sealing it, and checking that nobody changed it since."""

from datetime import datetime

from django.db import transaction

from lms.audit import rules
from lms.audit.models import Entry, Head
from lms.common.ids import require_ids


def record(
    *, action: str, target: str, actor_id: int | None, now: datetime, agency_id: int | None = None, **ids: int | str
) -> None:
    """Write one deed into the record, in the caller's transaction: a deed rolled back was not done.

    action: like ``booking.cancelled``. target: like ``booking:42``. ids: ids and fixed words.
    Raises TypeError for free text: the record is kept long and read by many.
    """
    require_ids({"action": action, "target": target, **ids})
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


def _hold_head() -> Head:
    """Return the end of the chain, locked: the second of two sealers waits here and reads what the first wrote."""
    Head.objects.get_or_create(pk=1, defaults={"seal": rules.FIRST})
    return Head.objects.select_for_update().get(pk=1)


def seal_new_entries(*, most: int = 1000) -> int:
    """Put entries written since the last run into the chain; return how many. Safe to run twice at once."""
    with transaction.atomic():
        head = _hold_head()
        entries = list(Entry.objects.unsealed()[:most])
        for entry in entries:
            head.number += 1
            head.seal = rules.seal(head.seal, _deed(entry, head.number))
            Entry.objects.put_into_chain(entry.pk, number=head.number, seal=head.seal)
        head.save()
    return len(entries)


def first_broken_link() -> int | None:
    """Return the number of the first entry that does not fit the chain, or None when all do.

    An entry that was changed, taken out or put in between breaks the link at its place; a tail that was cut
    off breaks it behind the last one.
    """
    previous, number = rules.FIRST, 0
    for number, entry in enumerate(Entry.objects.chain().iterator(chunk_size=500), start=1):
        if entry.number != number or entry.seal != rules.seal(previous, _deed(entry, number)):
            return number
        previous = entry.seal
    return None if (number, previous) == head() else number + 1


def head() -> tuple[int, str]:
    """Return number and seal of the last sealed entry. Kept elsewhere, they prove later that nothing was rewritten."""
    row = Head.objects.filter(pk=1).first()
    return (row.number, row.seal) if row else (0, rules.FIRST)
