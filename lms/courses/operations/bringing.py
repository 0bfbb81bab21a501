"""What was done away from here comes in: each thing once, however often it is sent, and one by one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.courses.models import Arrival


@dataclass(frozen=True)
class Fact:
    """Something that was done. id: given where it was done. do: what it comes to here."""

    id: UUID
    do: Callable[[User], object]


@dataclass
class Brought:
    """What became of it: the ids of what is in, now or before, and of what has no place here any more, with why."""

    taken: list[UUID] = field(default_factory=list)
    refused: list[tuple[UUID, str]] = field(default_factory=list)


def bring(*, learner: User, facts: Iterable[Fact], now: datetime) -> Brought:
    """Take in what ``learner`` did away from here. What is refused changes nothing and stops nothing else."""
    brought = Brought()
    for fact in facts:
        try:
            _take(learner, fact, now)
        except DomainError as refusal:
            brought.refused.append((fact.id, refusal.message))
        else:
            brought.taken.append(fact.id)
    return brought


def _take(learner: User, fact: Fact, now: datetime) -> None:
    with transaction.atomic():
        arrivals = Arrival.objects.owned_by(learner)
        _, is_new = arrivals.get_or_create(person=learner, fact=fact.id, defaults={"at": now})
        if is_new:
            fact.do(learner)
