"""What the post holds of a person."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from lms.common.register import Holding
from lms.outbox.models import Message, State

NOBODY = "erased@invalid.example"


def empty_letters(person: Any, _: datetime) -> None:
    """Empty what was written to ``person``, and send nothing that still waits."""
    theirs = Message.objects.filter(Q(person_id=person.pk) | Q(address__iexact=person.email))
    theirs.filter(state__in=(State.QUEUED, State.SENDING)).update(state=State.SUPPRESSED, fault="erased")
    theirs.update(text="", html="", calendar="", subject="", address=NOBODY, person_id=None)


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
]
