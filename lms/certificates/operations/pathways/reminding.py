"""Supervision is for the leader: who had none for a while is reminded, once a month at most."""

from datetime import date, datetime, timedelta

from django.db.models import Max

from lms.certificates import letters
from lms.certificates.models import Award, AwardKind, AwardState
from lms.certificates.operations.pathways.renewing import record_of_award
from lms.outbox.operations import post

QUIET = timedelta(days=35)  # monthly, with a few days for a busy one


def remind_of_supervision(*, today: date, now: datetime) -> int:
    """Write to current leaders whose last supervision is long ago; return how many were due. Safe to run again."""
    rows = Award.objects.unscoped(because="the system's own reminders")
    live = rows.filter(
        kind=AwardKind.LEADER, state=AwardState.ACTIVE, valid_until__gte=today, earned_on__lte=today - QUIET
    )
    due = 0
    for award in live.filter(person__isnull=False).defer("says", "qr").order_by("pk").iterator(chunk_size=200):
        record = record_of_award(award)
        if record is None:
            continue
        dates = record.supervisions.unscoped(because="when the last was, and nothing else")
        last = dates.aggregate(last=Max("held_on"))["last"]
        if last is None or today - last >= QUIET:
            post(letters.supervision_is_due(record, month=f"{today:%Y%m}"), now=now)
            due += 1
    return due
