"""What consultations hold of a person."""

from datetime import datetime

from lms.accounts.models import User
from lms.common.register import Holding
from lms.consultations import operations

UNTIL_DELETED = "Until you delete your account."


def _forget(person: User, now: datetime) -> None:
    operations.forget_person(person_id=person.pk, now=now)


def _call_off(person: User, now: datetime) -> None:
    operations.cancel_all_of(worker_id=person.pk, now=now)


HOLDINGS = [
    Holding(
        model="consultations.Slot",
        what="Talks you booked, and what you said they were about",
        kept="Until you delete your account. What they were about: 7 days after.",
        on_erase="Your name and your words are taken off. A time still to come is free again.",
        owner=("person",),
        shown=("starts_at", "state", "booked_at", "reason"),
        erase=_forget,
    ),
    Holding(
        model="consultations.QueuePlace",
        what="Queues you waited in, and what you said it was about",
        kept="Until you delete your account. What it was about: 7 days after.",
        on_erase="Deleted.",
        owner=("person",),
        shown=("number", "state", "joined_at", "called_at", "ended_at", "reason"),
    ),
    Holding(
        model="consultations.Surgery",
        what="Your name beside hours in which you talk to families, or which you put into the rota",
        kept="As long as the hours are listed.",
        on_erase="What is still to come is called off. Your name is taken off the rest.",
        erase=_call_off,
    ),
]
