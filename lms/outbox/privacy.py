"""What the post holds of a person."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from lms.common.register import Holding
from lms.outbox.models import NEEDS_SOMEBODY, NOBODY, AddressWarning, LetterChoice, Message, State


def empty_letters(person: Any, _: datetime) -> None:
    """Empty what was written to ``person``, and send nothing that still waits."""
    theirs = Message.objects.filter(Q(person_id=person.pk) | Q(address__iexact=person.email))
    waiting = (State.QUEUED, State.SENDING, *NEEDS_SOMEBODY)
    theirs.filter(state__in=waiting).update(state=State.SUPPRESSED, fault="erased")
    theirs.update(text="", html="", calendar="", subject="", address=NOBODY, about={}, person_id=None)


def forget_warnings(person: Any, _: datetime) -> None:
    """Delete what mail servers told us of ``person``'s addresses."""
    AddressWarning.objects.filter(Q(person_id=person.pk) | Q(address__iexact=person.email)).delete()


def forget_choices(person: Any, _: datetime) -> None:
    """Delete what ``person`` said about letters."""
    LetterChoice.objects.filter(person_id=person.pk).delete()


HOLDINGS = [
    Holding(
        model="outbox.Message",
        what="E-mails we sent you",
        kept="Their words for 30 days. That one was sent, longer.",
        on_erase="Emptied: no address, no words.",
        owner=("person_id",),
        shown=("kind", "address", "subject", "text", "created_at", "sent_at"),
        erase=empty_letters,
    ),
    Holding(
        model="outbox.AddressWarning",
        what="That e-mails to an address of yours came back, or were called spam",
        kept="Until you say that it works, or for a year.",
        on_erase="Deleted.",
        owner=("person_id",),
        shown=("address", "status", "told_at"),
        erase=forget_warnings,
    ),
    Holding(
        model="outbox.LetterChoice",
        what="Which e-mails you want and which you don't, where you have said so",
        kept="Until you delete your account.",
        on_erase="Deleted.",
        owner=("person_id",),
        shown=("kind", "wanted"),
        erase=forget_choices,
    ),
]
