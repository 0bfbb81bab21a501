"""Asking for a link, saying yes or no, and ending it. Whoever asks learns nothing from how they are answered."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lms.accounts.addresses import proven_addresses
from lms.accounts.models import User
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.outbox.operations import post
from lms.partners import access, mail, rules
from lms.partners.models import PartnerAsk, PartnerLink, Way, key_for


class AlreadyLinked(DomainError):
    code = "partners.already_linked"
    message = "You're linked with somebody already. End that link first."


class OwnAddress(DomainError):
    code = "partners.own_address"
    message = "That's your own address. Add your partner's: they need an account of their own."


class OwnCode(DomainError):
    code = "partners.own_code"
    message = "That's your own code. Your partner types it, signed in with an account of their own."


class AskOver(DomainError):
    code = "partners.ask_over"
    message = "That has run out, or was taken back. Ask your partner to ask again."


class NoSuchCode(DomainError):
    code = "partners.no_such_code"
    message = "That code doesn't work. Check it, or ask your partner for a new one."


def ask(*, person: User, address: str, now: datetime) -> None:
    """Ask whoever has ``address`` to be linked. What is done is the same whether or not anybody has an account with it.

    An earlier ask is taken back. Raises AlreadyLinked or OwnAddress, and then nothing has changed.
    """
    address = address.lower()
    with transaction.atomic():
        _begin(person, now)
        if address == person.email.lower() or address in proven_addresses(person):
            raise OwnAddress(person_id=person.pk)
        asked = _keep(person, Way.LETTER, address, now)
        if asked.declined_at is None:
            post(mail.question(asked, address=address, now=now), now=now)


def make_code(*, person: User, now: datetime) -> str:
    """Return a code with which whoever types it is linked with ``person``. It is kept nowhere; an earlier one stops.

    Raises AlreadyLinked.
    """
    code = "".join(secrets.choice(rules.LETTERS) for _ in range(rules.CODE_LENGTH))
    with transaction.atomic():
        _begin(person, now)
        _keep(person, Way.CODE, code, now)
    return code


def _begin(person: User, now: datetime) -> None:
    """Hold the person's row, so that two presses are one after the other, and take back what they asked before."""
    _hold(person)
    if access.link_of(person):
        raise AlreadyLinked(person_id=person.pk)
    _take_back(person, now)


def _hold(*people: User) -> None:
    """Hold the rows of people, always in the same order; others may go on writing rows that point at them."""
    ids = [one.pk for one in people]
    list(User.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def _keep(person: User, way: Way, said: str, now: datetime) -> PartnerAsk:
    """Write an ask down. One that was declined stays declined for a while, and nothing tells who asks."""
    rows = PartnerAsk.objects.owned_by(person)
    said_again = {"way": way, "asked_at": now, "expires_at": now + rules.ASK_LASTS}
    asked, _ = rows.update_or_create(asked_by=person, key=key_for(way, said), defaults=said_again)
    if asked.declined_at and asked.declined_at <= now - rules.NO_HOLDS:
        asked.declined_at = None
        asked.save(update_fields=["declined_at"])
    record(action="partner.asked", target=f"partner_ask:{asked.pk}", actor_id=person.pk, now=now)
    return asked


def take_back(*, person: User, now: datetime) -> None:
    """Take back what ``person`` has asked; nobody is told."""
    with transaction.atomic():
        _hold(person)
        _take_back(person, now)


def _take_back(person: User, now: datetime) -> None:
    mine = PartnerAsk.objects.owned_by(person)
    mine.filter(declined_at=None).delete()
    mine.open_at(now).update(expires_at=now)  # what was declined is remembered, so that it isn't asked again at once


def say_yes(*, person: User, ask: UUID, now: datetime) -> None:
    """Link ``person`` with who asked them. Raises AskOver or AlreadyLinked, and then nothing has changed."""
    asked = access.asks_for(person, now=now).filter(uuid=ask).first()
    if asked is None:
        raise AskOver(ask=ask)
    _link(asked, person, now)


def say_no(*, person: User, ask: UUID, now: datetime) -> None:
    """Decline. Who asked is not told, and cannot ask again for a while. Raises AskOver."""
    with transaction.atomic():
        asked = access.asks_for(person, now=now).filter(uuid=ask).first()
        if asked is None:
            raise AskOver(ask=ask)
        asked.declined_at = now
        asked.save(update_fields=["declined_at"])
        record(action="partner.declined", target=f"partner_ask:{asked.pk}", actor_id=person.pk, now=now)


def use_code(*, person: User, typed: str, now: datetime) -> None:
    """Link ``person`` with who made the code. Raises NoSuchCode, OwnCode, AskOver or AlreadyLinked."""
    rows = PartnerAsk.objects.unscoped(because="the code is the key").open_at(now).select_related("asked_by")
    asked = rows.filter(way=Way.CODE, key=key_for(Way.CODE, rules.tidied(typed)), asked_by__is_active=True).first()
    if asked is None:
        raise NoSuchCode
    if asked.asked_by_id == person.pk:
        raise OwnCode(person_id=person.pk)
    _link(asked, person, now)


def _link(asked: PartnerAsk, person: User, now: datetime) -> None:
    """Make both halves, while both people are held; of the first to come only. What either asked is over."""
    other = asked.asked_by
    with transaction.atomic():
        _hold(person, other)
        if access.link_of(person):
            raise AlreadyLinked(person_id=person.pk)
        still = PartnerAsk.objects.owned_by(other).open_at(now).filter(pk=asked.pk, declined_at=None)
        if access.link_of(other) or not still.exists():
            raise AskOver(ask=asked.uuid)
        mine = PartnerLink.objects.create(person=person, partner=other, since=now)
        PartnerLink.objects.create(person=other, partner=person, since=now)
        _take_back(person, now)
        _take_back(other, now)
        _write_down("partner.linked", mine, person, now)


def unlink(*, person: User, now: datetime) -> None:
    """End the person's link, if they have one: both halves, and whatever hangs on them. Nobody is told."""
    with transaction.atomic():
        access.hold_link(person)
        mine = PartnerLink.objects.owned_by(person).first()
        if mine:
            PartnerLink.objects.between(person).delete()
            _write_down("partner.unlinked", mine, person, now)


def _write_down(action: str, link: PartnerLink, actor: User, now: datetime) -> None:
    ids = {"person": link.person_id, "partner": link.partner_id}
    record(action=action, target=f"person:{actor.pk}", actor_id=actor.pk, now=now, **ids)


def forget_over(*, now: datetime) -> int:
    """Delete asks whose time is over, and those that were declined long enough ago; return how many."""
    rows = PartnerAsk.objects.unscoped(because="by the clock").filter(expires_at__lte=now)
    return int(rows.exclude(pk__in=rows.silenced_at(now - rules.NO_HOLDS).values("pk")).delete()[0])


def forget_asks_to(person: User, _: datetime) -> None:
    """Delete asks that wait at an address of ``person``."""
    keys = [key_for(Way.LETTER, address) for address in {person.email.lower(), *proven_addresses(person)}]
    PartnerAsk.objects.unscoped(because="an erasure").filter(key__in=keys).delete()
