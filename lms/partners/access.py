"""Who is linked with whom, and who is asked: read by the two people themselves."""

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, QuerySet

from lms.accounts.addresses import proven_addresses
from lms.accounts.models import User
from lms.common.prepared import Blank, Prepared
from lms.partners.models import AskQuerySet, PartnerAsk, PartnerLink, Way, key_for


def _halves() -> QuerySet[PartnerLink]:
    person: Any = Blank("person", BigIntegerField())
    mine: QuerySet[PartnerLink] = PartnerLink.objects.owned_by(person).filter(partner__is_active=True)
    return mine.select_related("partner").order_by("pk")[:1]


_HALF = Prepared(_halves)  # asked at each lesson that somebody opens


def link_of(person: User) -> PartnerLink | None:
    """The person's half of their link, with their partner; None where there is none."""
    found: PartnerLink | None = _HALF.first(person=person.pk)
    return found


def hold_link(person: User) -> PartnerLink | None:
    """The same, with both halves held until the transaction ends: what two people do to their link, or what hangs on
    it, they do one after the other. Take it before any other row.
    """
    halves = PartnerLink.objects.between(person).select_for_update().order_by("pk")
    list(halves.values_list("pk"))
    return link_of(person)


def asks_for(person: User, *, now: datetime) -> AskQuerySet:
    """Asks that wait for this person's yes or no, the newest first."""
    keys = [key_for(Way.LETTER, address) for address in proven_addresses(person)]
    rows = PartnerAsk.objects.unscoped(because="the addresses are proven to be the person's own").open_at(now)
    waiting = rows.filter(way=Way.LETTER, key__in=keys, declined_at=None, asked_by__is_active=True)
    found: AskQuerySet = waiting.exclude(asked_by=person).select_related("asked_by").order_by("-asked_at", "-pk")
    return found


def own_ask(person: User, *, now: datetime) -> PartnerAsk | None:
    """What this person has asked and not taken back; to them it looks the same whether it was declined or not."""
    found: PartnerAsk | None = PartnerAsk.objects.owned_by(person).open_at(now).order_by("-asked_at").first()
    return found
