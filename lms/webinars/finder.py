"""Finding a session that suits: by the time of day, by where it is, and by what it offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import NamedTuple

from lms.webinars import rules
from lms.webinars.models import Session, Where

LUNCHTIME = (time(11, 30), time(14))
EVENING = time(17)
SATURDAY = 5


class When(StrEnum):
    """When in the week something begins."""

    EVENING = "evening"
    LUNCHTIME = "lunchtime"
    DAYTIME = "daytime"
    WEEKEND = "weekend"


def when_of(local_start: datetime) -> When:
    """Which of the four it is: a weekend at any hour, an evening from 5pm, a lunchtime from 11:30am to before 2pm."""
    if local_start.weekday() >= SATURDAY:
        return When.WEEKEND
    if local_start.time() >= EVENING:
        return When.EVENING
    return When.LUNCHTIME if LUNCHTIME[0] <= local_start.time() < LUNCHTIME[1] else When.DAYTIME


class Facts(NamedTuple):
    """What a session is chosen by."""

    pk: int
    starts_at: datetime
    zone: str
    where: str
    region: str
    captions: bool
    babies_welcome: bool


@dataclass(frozen=True)
class Wish:
    """What suits somebody; empty where it does not matter. own: the zone whose clock they live by, if it is known."""

    when: frozenset[str] = frozenset()
    where: frozenset[str] = frozenset()
    area: str = ""
    captions: bool = False
    babies: bool = False
    own: str = ""

    def suits(self, facts: Facts) -> bool:
        """Whether a session is what is wished for. An area leaves out what is online, unless that is ticked too."""
        zone = self.own if self.own and rules.zone_is_known(self.own) else facts.zone
        at_a_good_time = not self.when or when_of(rules.wall_time(facts.starts_at, zone)) in self.when
        offers = (facts.captions or not self.captions) and (facts.babies_welcome or not self.babies)
        return at_a_good_time and offers and self._is_there(facts)

    def _is_there(self, facts: Facts) -> bool:
        if facts.where == Where.VENUE and self.area and facts.region != self.area:
            return False
        if facts.where == Where.ONLINE and self.area and Where.ONLINE not in self.where:
            return False
        return not self.where or facts.where in self.where or bool(self.area)


def coming(now: datetime) -> list[Facts]:
    """What everybody can choose from, soonest first: one query that loads nothing long."""
    rows = Session.objects.listed_at(now).filter(starts_at__gt=now)
    return [Facts(*facts) for facts in rows.values_list(*Facts._fields)]


def areas(facts: Sequence[Facts]) -> list[str]:
    """The areas where something is in person, by name."""
    return sorted({one.region for one in facts if one.where == Where.VENUE and one.region})
