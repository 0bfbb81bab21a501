"""Reminders and follow-ups: who is to be written to, in rounds that are posted whole and looked at once.

A round is one kind of letter about one part at its time. Everybody whom it concerns has booked before it falls due,
so that a round that was posted need not be looked at again, however many people it holds. A round that was cut short
begins anew, and who was in it already is not written to twice: the post knows each letter by its occasion.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet

from lms.outbox.kinds import kind_of
from lms.outbox.operations import Order, people_who_said, post_many
from lms.webinars import leads, mail
from lms.webinars.leads import Lead
from lms.webinars.models import (
    SEATED_STATES,
    Booking,
    BookingQuerySet,
    BookingState,
    LetterRound,
    SessionPart,
    SessionState,
)

AT_ONCE = 500  # letters of one transaction
ASK_AFTER = timedelta(hours=12)  # after the end of a session: the next morning
FOLLOW_UP = "session_followup"


@dataclass(frozen=True)
class _Round:
    """One kind of letter about one part at one time. order: makes the letter to one booking."""

    kind: str
    part: SessionPart
    at: datetime
    order: Callable[[Booking], Order]


def remind(*, now: datetime) -> int:
    """Post the reminders that are due, each at most once for a booking and a part at its time; return how many."""
    return sum(_remind_of(part, lead, now) for lead in Lead for part in _parts_to_remind_of(lead, now))


def _parts_to_remind_of(lead: Lead, now: datetime) -> QuerySet[SessionPart]:
    """Parts whose reminder is due and still helps."""
    near, far = leads.window(lead)
    rows = SessionPart.objects.filter(starts_at__gt=now + near, starts_at__lte=now + far)
    return _not_posted(rows.filter(session__state=SessionState.PUBLISHED), f"session_reminder.{lead}", "starts_at")


def _not_posted(rows: QuerySet[SessionPart], kind: str, moment: str) -> QuerySet[SessionPart]:
    posted = LetterRound.objects.filter(part=OuterRef("pk"), kind=kind, at=OuterRef(moment))
    return rows.exclude(Exists(posted)).select_related("session").order_by("starts_at", "pk")


def _remind_of(part: SessionPart, lead: Lead, now: datetime) -> int:
    rows = Booking.objects.unscoped(because="everybody booked is reminded").filter(session=part.session)
    due = leads.falls_due(lead, part.starts_at)
    kind = f"session_reminder.{lead}"
    this = _Round(kind, part, part.starts_at, lambda booking: mail.reminder(booking, part, lead))
    return _post_round(this, rows.filter(state=BookingState.BOOKED, booked_at__lt=due), now)


def follow_up(*, now: datetime) -> int:
    """Ask who was booked how it was, the morning after the end; return how many."""
    over = SessionPart.objects.filter(
        ends_at=F("session__ends_at"), ends_at__lte=now - ASK_AFTER, ends_at__gt=now - leads.FOLLOW_UP_HELPS
    )
    over = over.filter(session__state__in=[SessionState.PUBLISHED, SessionState.ENDED])
    return sum(_follow_up(part, now) for part in _not_posted(over, FOLLOW_UP, "ends_at"))


def _follow_up(part: SessionPart, now: datetime) -> int:
    rows = Booking.objects.unscoped(because="everybody who was booked is asked").filter(session=part.session)
    rows = rows.filter(state__in=SEATED_STATES).exclude(state=BookingState.ABSENT)
    return _post_round(_Round(FOLLOW_UP, part, part.ends_at, mail.follow_up), rows, now)


def _post_round(this: _Round, rows: BookingQuerySet, now: datetime) -> int:
    pks = list(_who_wants(rows, this.kind).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        some = rows.filter(pk__in=pks[start : start + AT_ONCE]).select_related("person").defer("access_needs")
        bookings = list(some)
        for booking in bookings:
            booking.session = this.part.session
        post_many([this.order(booking) for booking in bookings], now=now)
    LetterRound.objects.get_or_create(part=this.part, kind=this.kind, at=this.at, defaults={"posted_at": now})
    return len(pks)


def _who_wants(rows: BookingQuerySet, kind: str) -> BookingQuerySet:
    rows = rows.filter(person__is_active=True)
    if kind_of(kind).is_on:
        return rows.exclude(person__in=people_who_said(kind, wanted=False))
    return rows.filter(person__in=people_who_said(kind, wanted=True))
