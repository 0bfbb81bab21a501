"""Whatever people, staff and the clock do, in any order: the promises of places hold after each deed.

Three hundred and fifty deeds of one seed after another, by whoever comes, on two dates of one workshop. A deed that is
refused must leave everything as it was.
"""

import random
from collections import defaultdict
from datetime import timedelta

import pytest

from lms.common.errors import DomainError
from lms.webinars import operations
from lms.webinars.models import TAKING_STATES, Booking, BookingChange, BookingState, Party, Policy, Session
from lms.webinars.operations.passing import answer_by
from lms.webinars.rules import Door
from tests.factories.cms import SiteTree, WorkshopPageFactory
from tests.factories.webinars import START, SessionFactory, adopter

pytestmark = pytest.mark.django_db
rows = Booking.objects.unscoped(because="a test")
parties = Party.objects.unscoped(because="a test")
sessions = Session.objects.unscoped(because="a test")
DEEDS = 350
STEPS = [timedelta(seconds=30), timedelta(minutes=6), timedelta(minutes=20), timedelta(hours=2)]


class Crowd:
    """People and staff at two dates, each deed drawn by ``dice``."""

    def __init__(self, dice):
        workshop = WorkshopPageFactory(parent=SiteTree().workshops)
        later = START + timedelta(days=1)
        self.dates = [SessionFactory(workshop=workshop, capacity=3), SessionFactory(workshop=workshop, starts_at=later)]
        sessions.filter(pk=self.dates[1].pk).update(capacity=2)
        self.people = [adopter() for _ in range(8)]
        self.staff, self.dice, self.links = adopter(), dice, [""]

    def _any(self):
        """Somebody's booking on some date, of whatever state."""
        return self.dice.choice(list(rows.select_related("session", "person").order_by("pk")) or [None])

    def deed(self, now):
        """Draw who does what; return its name and what does it."""
        who = self.dice.choice(self.people)
        wish = {"session": sessions.get(pk=self.dice.choice(self.dates).pk), "adopter": who, "now": now}
        there, staff = self._any(), {"actor": self.staff, "reason": "asked_by_phone", "now": now}
        past = self.dice.random() < 0.3
        do = {
            "book": lambda: operations.book(**wish),
            "book or wait": lambda: operations.book_or_wait(**wish),
            "hold": lambda: operations.hold(**wish),
            "hold two": lambda: operations.hold_two(**wish),
            "book two": lambda: self.links.append(operations.book_two(**wish).secret),
            "wait": lambda: operations.join_waiting_list(**wish),
            "wait for two": lambda: operations.join_waiting_list(
                **wish, together=self.dice.choice([Policy.TOGETHER_ONLY, Policy.EITHER])
            ),
            "join partner": lambda: operations.join_partner(secret=self.links[-1], adopter=who, now=now),
            "decline partner": lambda: operations.decline_partner(secret=self.links[-1], now=now),
            "add": lambda: operations.add_person(session=wish["session"], adopter=who, even_if_full=past, **staff),
            "more or fewer": lambda: operations.change_places(
                session=wish["session"], capacity=self.dice.randint(1, 4), actor=self.staff, now=now
            ),
            "sweep": lambda: operations.sweep_places(now=now),
        }
        if there:
            own = {"booking": there, "adopter": there.person, "now": now}
            do |= {
                "cancel": lambda: operations.cancel_booking(booking=there, actor=there.person, now=now),
                "accept": lambda: operations.accept_offer(**own),
                "decline": lambda: operations.decline_offer(**own),
                "swap": lambda: self._swap(there, wish["session"], now),
                "remove": lambda: operations.remove_person(booking=there, **staff),
                "move": lambda: operations.move_person(
                    booking=there, session=wish["session"], even_if_full=past, **staff
                ),
            }
        name = self.dice.choice([*do, "wait", "cancel" if there else "book"])
        return name, do[name]

    def _swap(self, old, session, now):
        """Exchange, and be in one of the two: never in both, never in neither."""
        new = operations.swap(booking=old, session=session, adopter=old.person, now=now)
        assert (rows.get(pk=old.pk).state == BookingState.BOOKED) is not new.is_seated


def everything():
    """All that a refusal must leave alone."""
    return (
        list(sessions.order_by("pk").values_list("pk", "places_taken", "places_over", "capacity")),
        list(rows.order_by("pk").values_list("pk", "state", "queue_number", "offer_expires_at", "party")),
        list(parties.order_by("pk").values_list("pk", "partner", "kept_until", "passed_at")),
        BookingChange.objects.count(),
    )


def check(name, before, now, told_all):
    """The promises, after each deed."""
    assert operations.miscounts() == [], name
    taken_before = {pk: (taken, capacity) for pk, taken, _, capacity in before[0]}
    waited = {pk: number for pk, state, number, *_ in before[1] if state == BookingState.WAITING}
    for session in sessions.order_by("pk"):
        taken, _ = taken_before[session.pk]
        assert session.places_taken <= max(session.capacity, taken) or name in {"add", "move"}, name
        alone = rows.filter(session=session, party=None, instead_of=None)
        singles = alone.filter(state=BookingState.WAITING)
        called = [waited[pk] for pk in alone.filter(state=BookingState.OFFERED).values_list("pk", flat=True)
                  if pk in waited]  # fmt: skip
        still = list(singles.values_list("queue_number", flat=True))
        assert not called or not still or max(called) < min(still), (name, "out of turn", called, still)
        if answer_by(session, now=now) is None or session.door_at(now) not in {Door.OPEN, Door.FULL}:
            told_all.add(session.pk)
        if session.places_left and session.pk not in told_all:
            assert not still, (name, "a place is free and somebody waits for one")


def check_history():
    """Each state came from the one before it, and was written down."""
    said = defaultdict(list)
    for change in BookingChange.objects.order_by("pk"):
        said[change.booking_id].append(change)
    for booking in rows.all():
        story = [change.after for change in said[booking.pk]]
        assert story[-1] == booking.state
        assert [change.before for change in said[booking.pk]] == ["", *story[:-1]]


@pytest.mark.parametrize("seed", [3, 20, 44])
def test_the_promises_hold_after_each_of_many_deeds_in_any_order(seed):
    dice = random.Random(seed)  # noqa: S311 - so that it can be walked again
    crowd, now, told_all, done = Crowd(dice), START - timedelta(days=4), set(), set()
    for _ in range(DEEDS):
        now += dice.choice(STEPS) if now < START - timedelta(hours=1) else STEPS[0]
        before = everything()
        name, deed = crowd.deed(now)
        try:
            deed()
        except DomainError:
            assert everything() == before, f"{name} was refused and changed something"
        else:
            done.add(name)
        check(name, before, now, told_all)
    check_history()
    assert len(done) >= 15, done
    assert rows.filter(state__in=TAKING_STATES).exists()
