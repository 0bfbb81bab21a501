"""What waits for somebody: lessons to say yes to, and people who ask to be linked."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from lms.accounts.models import User
from lms.courses.models import ItemState, Round
from lms.partners.access import asks_for, link_of
from lms.partners.models import PartnerLink
from lms.together.models import BothHere

MOST = 20


def waiting_for(person: User) -> QuerySet[BothHere]:
    """Lessons that the person's partner says they both read, and that the person has not read; the newest first."""
    now_at = Round.objects.owned_by(person).current()
    read = ItemState.objects.owned_by(person).filter(round__in=now_at, item=OuterRef("lesson"), done_at__isnull=False)
    waiting = BothHere.objects.owned_by(person).unanswered().exclude(Exists(read))
    found: QuerySet[BothHere] = waiting.select_related("course", "link__person").order_by("-said_at", "-pk")
    return found[:MOST]


@dataclass(frozen=True)
class AtHome:
    """What somebody's own page says of reading together. asked: whether somebody asks them for a link."""

    link: PartnerLink | None
    waiting: list[BothHere]
    asked: bool


def at_home(person: User, *, now: datetime) -> AtHome:
    """Gather it: two queries with a partner, three without one."""
    link = link_of(person)
    if link:
        return AtHome(link, list(waiting_for(person)), asked=False)
    return AtHome(None, [], asked=asks_for(person, now=now).exists())
