"""Letters that nobody but a person can help: what became of them, and trying again or leaving them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from lms.accounts.models import User
from lms.agencies.access import rights_of
from lms.agencies.models import Membership, Role
from lms.audit.operations import record
from lms.outbox import operations as outbox
from lms.outbox.models import AddressWarning, Message, State

MOST = 200
ABOUT_AN_ADDRESS = "account"  # the kind of letters that confirm an address, or tell an old one of a new
Row = TypeVar("Row", Message, AddressWarning)

WHAT_HAPPENED = {
    "no answer": "The line was lost while it went over. It may have arrived.",
    "sender died": "Our side stopped while it went over. It may have arrived.",
    "smtp 0": "The mail server didn't answer, six times over some hours.",
}


def _hinted(address: str) -> str:
    box, _, host = address.rpartition("@")
    return f"{box[:1]}...@{host}"


@dataclass(frozen=True)
class OddAddress:
    """Somebody's address of which a mail server has told us something. Enough of it is shown to see a slip."""

    name: str
    address: str
    is_dead: bool
    told_at: datetime


@dataclass(frozen=True)
class StuckLetter:
    """One letter that was given up, or that nobody knows the end of."""

    message: Message
    name: str

    @property
    def address(self) -> str:
        """Enough of the address to see a slip in it."""
        return _hinted(self.message.address)

    @property
    def may_have_arrived(self) -> bool:
        """Whether sending it again could be a second time."""
        return bool(self.message.state == State.UNSURE)

    @property
    def said(self) -> str:
        """What happened, in words."""
        known = WHAT_HAPPENED.get(self.message.fault)
        if known:
            return known
        if self.message.fault.startswith("bounce "):
            code = self.message.fault.removeprefix("bounce ")
            return f"It went out and came back (answer {code}). The mailbox may be gone, full or closed to us."
        code = self.message.fault.removeprefix("smtp ")
        return f"The mail server refused it (answer {code}). The address may be wrong."

    @property
    def what(self) -> str:
        """What kind of letter it is, in words."""
        return self.message.kind.partition(".")[0].replace("_", " ").capitalize()


def stuck_letters(reader: User) -> list[StuckLetter]:
    """What ``reader`` can help with: administrators everything, others what went to people of their agency."""
    rows = list(_within(reader).defer("text", "html", "calendar")[:MOST])
    people = User.objects.in_bulk({row.person_id for row in rows if row.person_id})
    names = {pk: person.display_name for pk, person in people.items()}
    return [StuckLetter(row, names.get(row.person_id or 0, "Somebody without an account")) for row in rows]


def odd_addresses(reader: User) -> list[OddAddress]:
    """Of the same people: whose address takes no mail, or who called a letter spam, while they still use it."""
    rows = _of_theirs(reader, AddressWarning.objects.order_by("-told_at", "-pk"))[:MOST]
    people = User.objects.in_bulk({row.person_id for row in rows if row.person_id})
    return [
        OddAddress(person.display_name, _hinted(row.address), row.is_dead, row.told_at)
        for row in rows
        if (person := people.get(row.person_id or 0)) and person.email.lower() == row.address
    ]


def _within(reader: User) -> QuerySet[Message]:
    return _of_theirs(reader, Message.objects.stuck())


def _of_theirs(reader: User, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Those of ``rows`` that are about people whom ``reader`` looks after."""
    rights = rights_of(reader)
    if rights.holds(Role.ADMINISTRATOR):
        return rows
    scope = rights.scope(Role.COORDINATOR, Role.MANAGER)
    return rows.filter(person_id__in=Membership.objects.within(scope).values("person"))


def _try_again(letter: Message, now: datetime) -> bool:
    """Send it to where its reader is reached now. What is about an address itself goes to that one."""
    person = User.objects.filter(pk=letter.person_id or 0).first() if letter.kind != ABOUT_AN_ADDRESS else None
    return outbox.try_again(message_id=letter.pk, address=person.email if person else "", now=now)


def settle(*, reader: User, message_id: int, again: bool, now: datetime) -> bool:
    """Send a stuck letter once more, or leave it; say whether there was one that ``reader`` may decide on."""
    with transaction.atomic():
        letter = _within(reader).order_by().filter(pk=message_id).first()
        if letter is None:
            return False
        found = _try_again(letter, now) if again else outbox.let_go(message_id=message_id)
        if found:
            deed = "tried_again" if again else "let_go"
            record(action=f"letter.{deed}", target=f"message:{message_id}", actor_id=reader.pk, now=now)
    return found
