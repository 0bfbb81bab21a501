"""What the clock does: times kept too long are free again, reminders go out, and what was said is emptied."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from lms.consultations import mail, rules
from lms.consultations.models import IN_QUEUE, QueuePlace, Slot, SlotState, Surgery
from lms.consultations.operations.plans import close_queue
from lms.outbox.operations import post_many

REMIND_BEFORE = timedelta(hours=24)
LEFT_STANDING = timedelta(minutes=30)  # after a time was kept too long


def free_lapsed(*, now: datetime) -> int:
    """Free times whose five minutes were over half an hour ago; return how many.

    Anybody can choose them from the moment the five minutes are over. Until then the page of who kept one is still
    there, and says so to somebody who wrote for longer, with what they wrote.
    """
    freed: int = Slot.objects.unscoped(because="work of the system").lapsed(now - LEFT_STANDING).let_go()
    return freed


def forget_reasons(*, now: datetime) -> int:
    """Empty what times and queue places that ended a week ago were about; return how many."""
    before = now - rules.KEEP_REASON
    slots = Slot.objects.unscoped(because="work of the system").filter(ends_at__lt=before).exclude(reason="")
    places = QueuePlace.objects.unscoped(because="work of the system").exclude(reason="")
    return int(slots.update(reason="") + places.filter(surgery__ends_at__lt=before).update(reason=""))


def remind(*, now: datetime) -> int:
    """Remind people of a time that is at most a day away and was booked before that; return how many that are."""
    soon = Slot.objects.unscoped(because="work of the system").filter(state=SlotState.BOOKED)
    soon = soon.filter(starts_at__gt=now, starts_at__lte=now + REMIND_BEFORE).select_related("surgery", "person")
    due = [slot for slot in soon.defer("reason") if slot.booked_at < slot.starts_at - REMIND_BEFORE]
    return post_many([mail.reminder(slot) for slot in due], now=now)


def end_queues(*, now: datetime) -> int:
    """Close queues whose window is over, and tell who still waits; return how many."""
    rows = Surgery.objects.unscoped(because="work of the system")
    still_there = QueuePlace.objects.unscoped(because="work of the system").filter(state__in=IN_QUEUE)
    over = list(rows.filter(Q(takes_queue=True) | Q(pk__in=still_there.values("surgery")), ends_at__lte=now))
    for surgery in over:
        with transaction.atomic():
            rows.filter(pk=surgery.pk).update(takes_queue=False)
            close_queue(surgery, now)
    return len(over)
