"""What the desk shows of places: who has one, who is offered one, who waits, and who has been missed before."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F

from lms.webinars import rules
from lms.webinars.models import (
    KEPT_STATES,
    Booking,
    BookingChange,
    BookingState,
    Party,
    Session,
    SessionQuerySet,
    SessionState,
)

MOST_OTHERS = 30  # sessions to move somebody to that are named


@dataclass(frozen=True)
class Seat:
    """One person with a place, an offer, or a wish. ``missed``: how many they were not at lately, from three on."""

    booking: Booking
    missed: int
    is_late: bool

    @property
    def kept_until(self) -> str:
        """Like "Thursday 12 March at 7:15pm"; empty where nothing is kept."""
        until = self.booking.offer_expires_at
        return rules.said_moment(until, self.booking.session.zone) if until else ""


@dataclass(frozen=True)
class Seating:
    """Everybody of one session, in the order in which they come; and how many gave their place up late."""

    seated: list[Seat]
    kept: list[Seat]
    waiting: list[Seat]
    for_partners: int
    gave_up_late: int


def of_session(session: Session, *, now: datetime) -> Seating:
    """Read who has a place, an offer or a wish: four queries, however many they are."""
    rows = Booking.objects.unscoped(because="the session was found within the viewer's scope").filter(session=session)
    live = rows.live().select_related("person", "party").defer("access_needs")
    bookings = list(live.order_by(F("queue_number").asc(nulls_first=True), "person__display_name", "pk"))
    missed = missed_lately([booking.person_id for booking in bookings], now=now)
    seats = []
    for booking in bookings:
        booking.session = session
        seats.append(Seat(booking, missed.get(booking.person_id, 0), booking.has_lapsed(now)))
    parties = Party.objects.unscoped(because="as above").filter(session=session).keeping()
    late = BookingChange.objects.filter(booking__session=session, reason="gave_place_up_late")
    return Seating(
        seated=[seat for seat in seats if seat.booking.is_seated],
        kept=[seat for seat in seats if seat.booking.state in KEPT_STATES and not seat.is_late],
        waiting=[seat for seat in seats if seat.booking.is_waiting],
        for_partners=parties.count(),
        gave_up_late=late.count(),
    )


def missed_lately(person_ids: list[int], *, now: datetime) -> dict[int, int]:
    """How many sessions each of these was not at in the last six months, for who missed three or more.

    Staff are told and decide with the person; nobody is kept from booking by it.
    """
    rows = Booking.objects.unscoped(because="only how many, for staff who see these people")
    since = now - rules.MISSED_WITHIN
    missed = rows.filter(person__in=person_ids, state=BookingState.ABSENT, session__starts_at__gte=since)
    counted = missed.order_by().values_list("person").annotate(n=Count("pk"))
    return dict(counted.filter(n__gte=rules.MISSED_BEFORE_SAID))


def to_move_to(session: Session, rows: SessionQuerySet, *, now: datetime) -> list[Session]:
    """Sessions ahead that somebody could be moved to: those of the same workshop first."""
    ahead = rows.filter(state=SessionState.PUBLISHED, ends_at__gt=now).exclude(pk=session.pk)
    found = list(ahead.without_the_way_in().order_by("starts_at", "pk")[:MOST_OTHERS])
    return sorted(found, key=lambda other: other.workshop_id != session.workshop_id)
