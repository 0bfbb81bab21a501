"""Videos and recordings: what was watched adds up at any speed, and reading what is said in them is as good."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lms.accounts.models import User
from lms.courses import rules
from lms.courses.models import EventKind
from lms.courses.operations.sitting import Deed, Desk, UnknownItem, place_of, record, sit_down

KINDS = frozenset({"video", "audio"})


def _at_player(learner: User, course: UUID, item: UUID) -> Desk:
    desk = sit_down(learner, course=course, items=[item])
    if desk.asked[item].latest["kind"] not in KINDS:
        raise UnknownItem(item=item)
    return desk


def watch(*, learner: User, course: UUID, item: UUID, piece: rules.Piece, client_id: UUID, now: datetime) -> bool:
    """Keep which seconds were watched, and say whether it is done. A piece that came before changes nothing.

    Raises NotLearning, NotOpenYet, UnknownItem.
    """
    with transaction.atomic():
        desk = _at_player(learner, course, item)
        known = desk.known.get(str(item))
        before = known.watched if known else {}
        minutes = (desk.asked[item].key or {}).get("minutes", 1)
        after = rules.watch(before, piece, minutes=minutes)
        deed = Deed(item, EventKind.OPENED, client_id, watched=after)
        if rules.is_watched(after):
            deed = replace(deed, kind=EventKind.WATCHED)
        if after != before:
            record(desk, [deed], now=now, place=place_of(item))
    return deed.kind == EventKind.WATCHED or bool(known and known.done_at)


def read_transcript(*, learner: User, course: UUID, item: UUID, client_id: UUID, now: datetime) -> None:
    """Keep that somebody read what is said instead. Raises NotLearning, NotOpenYet, UnknownItem."""
    with transaction.atomic():
        desk = _at_player(learner, course, item)
        record(desk, [Deed(item, EventKind.WATCHED, client_id)], now=now, place=place_of(item))
