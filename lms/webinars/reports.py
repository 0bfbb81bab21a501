"""What pages show of live sessions: a fixed number of queries however many there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

from lms.accounts.access import Visitor
from lms.accounts.models import User
from lms.common.scope import Scope
from lms.webinars import rules
from lms.webinars.models import (
    ENDED_STATES,
    Booking,
    BookingState,
    CalendarFeed,
    Facilitator,
    Party,
    Session,
    SessionPart,
    SessionQuerySet,
    SessionState,
    Where,
)

MOST_CANCELLED = 20  # how many of their cancelled bookings a person sees


@dataclass(frozen=True)
class Row:
    """One session as one viewer sees it at one moment. ``booking`` is the viewer's own, if there is one."""

    session: Session
    booking: Booking | None
    now: datetime

    @property
    def door(self) -> rules.Door:
        """Whether a place can be booked."""
        return self.session.door_at(self.now)

    @property
    def is_booked(self) -> bool:
        """Whether the viewer has a place."""
        return self.booking is not None and self.booking.is_seated

    @property
    def is_waiting(self) -> bool:
        """Whether the viewer is on the waiting list."""
        return self.booking is not None and self.booking.is_waiting

    @property
    def is_offered(self) -> bool:
        """Whether a place is offered to the viewer, and there is time to answer."""
        return self.booking is not None and self.booking.is_offered and not self.booking.has_lapsed(self.now)

    @property
    def is_held(self) -> bool:
        """Whether a place is kept for the viewer while they fill in a form."""
        kept = self.booking is not None and self.booking.is_held and not self.booking.has_lapsed(self.now)
        return kept and not self.is_held_for_two

    @property
    def is_held_for_two(self) -> bool:
        """Whether one place is kept for the viewer and their partner while a second is awaited."""
        return self.booking is not None and self.booking.is_held and self.booking.queue_number is not None

    @property
    def has_something(self) -> bool:
        """Whether the viewer has a place, an offer, a hold, or a wish."""
        return self.is_booked or self.is_waiting or self.is_offered or self.is_held or self.is_held_for_two

    @property
    def answer_by(self) -> str:
        """Like "Thursday 12 March at 7:15pm": until when a place is kept or offered."""
        until = self.booking.offer_expires_at if self.booking else None
        return rules.said_moment(until or self.now, self.session.zone)

    @property
    def kept_for_partner(self) -> str:
        """The same for the place of a partner who has not answered yet; empty where none is kept."""
        party = self.booking.party if self.booking else None
        until = party.kept_until if party else None
        return rules.said_moment(until, self.session.zone) if until and until > self.now else ""

    @property
    def can_bring_partner(self) -> bool:
        """Whether the viewer has a place and may ask for a second."""
        party = self.booking.party if self.booking else None
        alone = not (party and (party.partner_id or self.kept_for_partner))
        return self.is_booked and alone and self.session.household_limit != 1 and self.door == rules.Door.OPEN

    @property
    def can_wait(self) -> bool:
        """Whether it is full, and its waiting list takes one more."""
        return self.door == rules.Door.FULL and self._list_has_room

    @property
    def can_wait_for_two(self) -> bool:
        """Whether one place is left, and the waiting list takes two people who want two."""
        return self.door == rules.Door.OPEN and self.session.places_left == 1 and self._list_has_room

    @property
    def _list_has_room(self) -> bool:
        cap, waiting = self.session.waiting_list_cap, getattr(self.session, "waiting", 0)
        return cap is None or waiting < cap

    @property
    def said_waiting(self) -> str:
        """How many wait, in words; small numbers are not said."""
        return rules.said_waiting(getattr(self.session, "waiting", 0))

    @property
    def is_asked_again(self) -> bool:
        """Whether the viewer is asked if a date that moved still suits, and there is time to answer."""
        return self.booking is not None and self.booking.is_asked_again and self.now < self.session.starts_at

    @property
    def can_be_given_up(self) -> bool:
        """Whether there is something to give up, and time to do it."""
        return self.has_something and self.now < self.session.starts_at

    @property
    def can_be_exchanged(self) -> bool:
        """Whether the viewer can ask for another date instead."""
        booked = self.booking is not None and self.booking.state == BookingState.BOOKED
        return booked and self.session.workshop_id is not None and self.now < self.session.starts_at

    @property
    def is_over(self) -> bool:
        """Whether all of it is past."""
        return self.session.ends_at <= self.now

    @property
    def room(self) -> rules.Room:
        """How the way into the online room stands."""
        return self.session.room_at(self.now)

    @property
    def is_online(self) -> bool:
        """Whether there is a room to join."""
        return self.session.where == Where.ONLINE

    @property
    def part(self) -> SessionPart:
        """The part that is on or comes next; the last when all are over."""
        parts = list(self.session.parts.all())
        return next((part for part in parts if part.ends_at > self.now), parts[-1])

    @property
    def long_day(self) -> str:
        """Like "Thursday 12 March", with the year if it is another."""
        return rules.said_day_in(self.session.local_start, seen=rules.wall_time(self.now, self.session.zone))

    @property
    def room_opens(self) -> str:
        """Like "Thursday 12 March at 7:15pm": when the room opens for that part."""
        return rules.said_moment(self.part.starts_at - settings.LMS_JOIN_OPENS_BEFORE, self.session.zone)

    @property
    def booking_opens(self) -> str:
        """When booking opens, in words."""
        return rules.said_moment(self.session.booking_opens_at or self.now, self.session.zone)

    @property
    def venue_is_shown(self) -> bool:
        """Whether a booked viewer may read the address now."""
        return self.is_booked and not self.is_online and rules.venue_is_shown(self.session.starts_at, now=self.now)


def public(rows: SessionQuerySet) -> SessionQuerySet:
    """Add what pages show: dates, who runs it, how many wait, where the workshop is. Never the way in."""
    people = Prefetch("facilitators", Facilitator.objects.select_related("person").leads_first())
    wishes = Booking.objects.unscoped(because="only how many, not who").queue().filter(session=OuterRef("pk"))
    waiting = wishes.order_by().values("session").values(n=Count("pk"))
    slug = Case(When(workshop__live=True, then=F("workshop__slug")), default=Value(""))
    told = rows.without_the_way_in().annotate(waiting=Coalesce(Subquery(waiting), 0), workshop_slug=slug)
    return told.prefetch_related("parts", people)


def count_lapsed_as_free(session: Session, *, now: datetime) -> None:
    """Let a page that is about one date show as free what lapsed a moment ago, where nobody waits for it."""
    if session.places_left != 0 or getattr(session, "waiting", False):
        return
    bookings = Booking.objects.unscoped(because="only how many").filter(session=session).lapsed_at(now)
    parties = Party.objects.unscoped(because="only how many").filter(session=session).lapsed_at(now)
    session.places_taken = max(session.places_taken - bookings.count() - parties.count(), 0)


def other_dates(session: Session, viewer: Visitor, *, now: datetime) -> list[Row]:
    """The dates of the same workshop that somebody could come to instead."""
    if session.workshop_id is None:
        return []
    rows = dates_of(workshop_id=session.workshop_id, viewer=viewer, now=now)
    others = [row for row in rows if row.session.pk != session.pk and not row.is_booked]
    return [row for row in others if row.door == rules.Door.OPEN or row.can_wait or row.is_waiting or row.is_offered]


def upcoming(*, count: int, now: datetime) -> list[Session]:
    """The next ``count`` sessions that begin after ``now``."""
    return list(public(Session.objects.listed_at(now).filter(starts_at__gt=now))[:count])


def dates_of(*, workshop_id: int, viewer: Visitor | None, now: datetime) -> list[Row]:
    """The dates of one workshop, with the viewer's own bookings; ``viewer`` may be nobody."""
    sessions = list(public(Session.objects.listed_at(now).filter(workshop=workshop_id)))
    own = _own_bookings(sessions, viewer)
    return [Row(session, own.get(session.pk), now) for session in sessions]


def rows_of(pks: Iterable[int], *, viewer: Visitor, now: datetime) -> list[Row]:
    """Open sessions of these numbers, soonest first, with the viewer's own bookings."""
    sessions = list(public(Session.objects.listed_at(now).filter(pk__in=list(pks))))
    own = _own_bookings(sessions, viewer)
    return [Row(session, own.get(session.pk), now) for session in sessions]


def _own_bookings(sessions: Iterable[Session], viewer: Visitor | None) -> dict[int, Booking]:
    if not getattr(viewer, "is_authenticated", False):
        return {}
    rows = Booking.objects.owned_by(viewer).live().filter(session__in=[session.pk for session in sessions])
    rows = rows.select_related("party", "instead_of").defer("access_needs", "instead_of__access_needs")
    rows = rows.with_people_ahead()
    return {booking.session_id: booking for booking in rows}


def next_dates(*, workshop_ids: Iterable[int], now: datetime) -> dict[int, Session]:
    """The next session of each workshop that has one, in one query for the whole list."""
    order = [F("starts_at").asc(), F("pk").asc()]
    ahead = Session.objects.listed_at(now).filter(starts_at__gt=now, workshop__in=list(workshop_ids))
    first = ahead.annotate(nth=Window(RowNumber(), partition_by=F("workshop"), order_by=order)).filter(nth=1)
    return {session.workshop_id: session for session in first}


def my_row(session: Session, viewer: Visitor, *, now: datetime) -> Row:
    """One session for its own page. A cancelled booking is shown too, if there is no live one."""
    if not getattr(viewer, "is_authenticated", False):
        return Row(session, None, now)
    rows = Booking.objects.owned_by(viewer).filter(session=session).with_people_ahead()
    rows = rows.select_related("party", "instead_of").defer("instead_of__access_needs")
    mine = sorted(rows, key=lambda booking: (booking.state not in ENDED_STATES, booking.pk))
    return Row(session, mine[-1] if mine else None, now)


@dataclass(frozen=True)
class MyBookings:
    """One person's bookings, sorted into what is ahead, what was, and what was cancelled."""

    coming: list[Row]
    past: list[Row]
    cancelled: list[Row]


def my_bookings(person: User, *, now: datetime) -> MyBookings:
    """All bookings of ``person``: two queries."""
    rows = Booking.objects.owned_by(person).select_related("session", "party").prefetch_related("session__parts")
    rows = rows.defer("access_needs", "session__room_address", "session__venue").with_people_ahead()
    found = [Row(booking.session, booking, now) for booking in rows.order_by("session__starts_at", "pk")]
    kept = [row for row in found if row.has_something]
    past = [row for row in kept if row.is_over]
    dropped = [row for row in found if row.booking and row.booking.state == BookingState.CANCELLED]
    return MyBookings(
        coming=[row for row in kept if not row.is_over],
        past=past[::-1],
        cancelled=dropped[::-1][:MOST_CANCELLED],
    )


def calendar_feed(person: User) -> CalendarFeed | None:
    """The person's live calendar address, without its secret."""
    found: CalendarFeed | None = CalendarFeed.objects.owned_by(person).live().first()
    return found


def venue_of(session: Session) -> str:
    """Where it is. Only for who may see it: lists leave it in the database, and this reads it."""
    rows = Session.objects.unscoped(because="the caller was let in").filter(pk=session.pk)
    return rows.only("venue").get().venue


# --- For the desk ---------------------------------------------------------------------------------
def at_desk(rows: SessionQuerySet, *, past: bool, now: datetime) -> SessionQuerySet:
    """What the desk lists of ``rows``: upcoming ones soonest first, or past and cancelled ones latest first."""
    over = Q(ends_at__lte=now) | Q(state__in=[SessionState.CANCELLED, SessionState.ENDED, SessionState.DECLINED])
    chosen = rows.filter(over) if past else rows.exclude(over)
    order = ("-starts_at", "-pk") if past else ("starts_at", "pk")
    return public(chosen.select_related("agency", "series")).order_by(*order)


def proposed(scope: Scope) -> SessionQuerySet:
    """What leaders proposed and nobody has decided on."""
    rows: SessionQuerySet = Session.objects.within(scope).filter(state=SessionState.PROPOSED)
    return rows


def registers_to_mark(rows: SessionQuerySet, *, now: datetime) -> SessionQuerySet:
    """Those of ``rows`` that are over while somebody who was booked is not marked, latest first."""
    booked = Booking.objects.unscoped(because="only whether there is one").filter(state=BookingState.BOOKED)
    over = rows.filter(ends_at__lte=now, state__in=[SessionState.PUBLISHED, SessionState.ENDED])
    unmarked = over.filter(Exists(booked.filter(session=OuterRef("pk"))))
    return public(unmarked.select_related("agency")).order_by("-ends_at", "-pk")
