"""Comparing the counter of a session with the rows it counts."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from lms.common.scope import ScopedQuerySet
from lms.webinars.models import TAKING_STATES, Booking, Party, Session, SessionQuerySet


@dataclass(frozen=True)
class Miscount:
    """A session whose counter says something else than its rows."""

    session_id: int
    counted: int
    true: int


def _with_true_count(rows: SessionQuerySet) -> SessionQuerySet:
    """Add ``true_count``: places that are booked, offered or kept."""
    bookings = Booking.objects.unscoped(because="only how many").filter(state__in=TAKING_STATES)
    parties = Party.objects.unscoped(because="only how many").keeping()
    return rows.annotate(true_count=_how_many(bookings) + _how_many(parties))


def _how_many(rows: ScopedQuerySet) -> Coalesce:
    counted = rows.filter(session=OuterRef("pk")).order_by().values("session").values(n=Count("pk"))
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def miscounts() -> list[Miscount]:
    """Every session whose counter and rows disagree, in order."""
    rows = _with_true_count(Session.objects.unscoped(because="every counter is looked at"))
    wrong = rows.exclude(places_taken=F("true_count")).order_by("pk")
    return [Miscount(*row) for row in wrong.values_list("pk", "places_taken", "true_count")]


def put_right(session_id: int) -> None:
    """Write the true count of one session, counted while nobody can change it."""
    with transaction.atomic():
        session = Session.objects.lock(session_id)
        rows = _with_true_count(Session.objects.unscoped(because="one counter is put right"))
        session.places_taken = rows.values_list("true_count", flat=True).get(pk=session_id)
        session.places_over = session.over_by()
        session.save(update_fields=["places_taken", "places_over"])
