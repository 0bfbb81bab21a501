"""How telling goes, for staff; and to whom a person's agencies tell, for the person."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q, Sum

from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.courses.models import Enrolment
from lms.statements.models import STUCK, Batch, BatchQuerySet, BatchState, Store

TROUBLES = {
    "away": "The record store couldn't be reached.",
    "slow": "The record store took too long to answer.",
    "busy": "The record store asked us to wait.",
    "refused": "The record store didn't take the key. Look at it below.",
    "wrong": "The record store answered something we can't use. Look at the address.",
    "forbidden": "That address isn't one this site may send to.",
}


def store_of(agency: Agency) -> Store | None:
    """The record store of an agency, if it has chosen one."""
    found: Store | None = Store.objects.unscoped(because="the caller was let in").filter(agency=agency).first()
    return found


def batches_of(store: Store) -> BatchQuerySet:
    """What was and will be sent, the newest first."""
    rows: BatchQuerySet = Batch.objects.unscoped(because="the caller was let in").filter(store=store)
    return rows.order_by("-pk")


@dataclass(frozen=True)
class Standing:
    """How sending goes. sent_at: the last time that it went well. trouble: what is in the way now, in words.

    stuck: batches that were tried in vain. next_at: when the first of them is tried again, if it is.
    """

    sent_at: datetime | None
    trouble: str
    stuck: int
    next_at: datetime | None


def standing_of(store: Store) -> Standing:
    """Return how sending to a store goes; two queries."""
    rows = batches_of(store)
    known = rows.order_by().aggregate(
        sent_at=Max("ended_at", filter=Q(state=BatchState.SENT)),
        stuck=Count("pk", filter=STUCK),
        next_at=Min("next_try_at", filter=STUCK & Q(state=BatchState.WAITING)),
    )
    word = rows.stuck().values_list("trouble", flat=True).first() or ""
    return Standing(trouble=TROUBLES.get(word, ""), **known)


def counts_of(store: Store) -> dict[str, int]:
    """How many statements the store has, how many it refused, and how many batches wait or were given up."""
    waiting, lost = (Count("pk", filter=Q(state=state)) for state in (BatchState.WAITING, BatchState.GIVEN_UP))
    found = batches_of(store).order_by().aggregate(sent=Sum("sent"), refused=Sum("refused"), waits=waiting, lost=lost)
    return {name: count or 0 for name, count in found.items()}


def agencies_that_tell(person: User) -> list[str]:
    """Names of the agencies that tell a record store what ``person`` does through them."""
    through = Enrolment.objects.owned_by(person).exclude(agency=None).values("agency")
    told = Store.objects.unscoped(because="whether an agency has one is said to its people").open()
    here = Q(pk__in=through) | Q(memberships__person=person)
    return list(Agency.objects.filter(here, pk__in=told.values("agency")).distinct().values_list("name", flat=True))
