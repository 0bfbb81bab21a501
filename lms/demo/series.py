"""The demo's series: a weekly catch-up of six dates with one called off, and a group that a leader proposes."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cms.models import WorkshopPage
from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.common.repeating import Every, repeated, said
from lms.webinars import operations
from lms.webinars.models import Session, SessionKind, Where

LONDON = ZoneInfo("Europe/London")
ROOM = "https://meet.jit.si/hearth-demo-catch-up"
WEEKS = 6
CALLED_OFF = 3  # which of the six
Who = Callable[[str], User]


def _parts(now: datetime, *, days: int, at: time, minutes: int) -> list[tuple[operations.PartPlan, ...]]:
    first = now.astimezone(LONDON).date() + timedelta(days=days)
    days_of_it = repeated(first, every=Every.WEEK, times=WEEKS)
    return [(operations.PartPlan(datetime.combine(day, at), minutes),) for day in days_of_it]


def make(*, person: Who, now: datetime) -> None:
    """Plan, publish and book the weekly catch-up; one of its dates is called off, with others to choose from."""
    actor, agency = person("rhys"), Agency.objects.get(slug="fellside")
    dates = _parts(now, days=6, at=time(12, 30), minutes=45)
    plan = operations.SessionPlan(
        parts=dates[0],
        facilitator_ids=frozenset({actor.pk}),
        workshop=WorkshopPage.objects.get(slug="self-care-for-adopters"),
        title="Lunchtime catch-up",
        kind=SessionKind.GROUP,
        room_address=ROOM,
        capacity=16,
        babies_welcome=True,
        eligibility="anyone who adopted in the last two years",
    )
    rule = said(dates[0][0].local_start.date(), every=Every.WEEK)
    series = operations.schedule_series(plan=plan, dates=dates, rule=rule, agency=agency, actor=actor, now=now)
    operations.publish_series(series=series, actor=actor, now=now)
    called_off = Session.objects.unscoped(because="the demo's own").get(series=series, series_position=CALLED_OFF)
    operations.book(session=called_off, adopter=person("adopter"), now=now)
    operations.cancel_session(session=called_off, actor=actor, reason="Rhys is away that day.", now=now)


def propose(*, person: Who, now: datetime) -> None:
    """Let a group leader propose six evenings, for the coordinator to decide on."""
    dates = _parts(now, days=40, at=time(19), minutes=90)
    plan = operations.SessionPlan(
        parts=tuple(part for (part,) in dates),
        facilitator_ids=frozenset(),
        title="Six evenings for new parents",
        neutral_title="Six evenings",
        kind=SessionKind.GROUP,
        where=Where.VENUE,
        region="Northern dales",
        venue="Sample Hall, 1 Example Street (the demo's own: it does not exist)",
        capacity=8,
        eligibility="parents in their first year",
    )
    agency = Agency.objects.get(slug="fellside")
    operations.propose_session(plan=plan, agency=agency, proposer=person("leader.ready"), now=now)
