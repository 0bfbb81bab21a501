"""Posting: one row for each e-mail, in the transaction of what it tells of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from lms.common.tasks import enqueue, waiting
from lms.outbox import rules, tasks
from lms.outbox.kinds import Words, family_of, kinds_to_choose, render
from lms.outbox.models import NEEDS_SOMEBODY, NOBODY, LetterChoice, Message, State

NO_WORDS = Words("", "", "")


@dataclass(frozen=True)
class Letter:
    """What is said, to whom, on which occasion.

    once: names kind, thing and occasion; a second letter with the same ``once`` is not written.
    template: a folder of ``templates/emails/`` with ``subject.txt``, ``body.txt`` and ``body.html``.
    """

    kind: str
    once: str
    address: str
    person_id: int | None
    template: str
    context: dict[str, object]
    calendar: str = ""
    calendar_method: str = ""
    expires_at: datetime | None = None
    about: dict[str, int | str] = field(default_factory=dict)

    def words(self) -> Words:
        """Write it."""
        return render(self.template, self.context, calendar=self.calendar, calendar_method=self.calendar_method)


@dataclass(frozen=True)
class Order:
    """A letter that is written when it is sent, by its kind's writer, from the ids in ``about``.

    Nothing is rendered while somebody's transaction is open, and it says what holds when it goes out.
    """

    kind: str
    once: str
    address: str
    person_id: int | None
    about: dict[str, int | str]
    expires_at: datetime | None = None

    def words(self) -> Words:
        """None yet."""
        return NO_WORDS


def _row(letter: Letter | Order, *, now: datetime, not_before: datetime) -> dict[str, object]:
    return {
        "kind": letter.kind,
        "person_id": letter.person_id,
        "address": letter.address,
        "about": letter.about,
        **vars(letter.words()),
        "created_at": now,
        "not_before": not_before,
        "expires_at": letter.expires_at,
    }


def post(letter: Letter | Order, *, now: datetime, not_before: datetime | None = None) -> Message:
    """Write the letter down, to be sent at ``not_before`` (now, unless said); asked twice, return the first.

    Called inside the caller's transaction: what is rolled back is never told.
    """
    row = _row(letter, now=now, not_before=not_before or now)
    message, is_new = Message.objects.get_or_create(once=letter.once, defaults=row)
    if is_new and message.not_before <= now:
        enqueue(tasks.deliver, message_id=message.pk)
    return message


def post_new(letter: Letter | Order, *, now: datetime) -> Message:
    """The same for an occasion that began in this very transaction, in one statement: nobody can have told it before.

    Raises IntegrityError where somebody has.
    """
    message = Message(once=letter.once, **_row(letter, now=now, not_before=now))
    message.save(force_insert=True)
    enqueue(tasks.deliver, message_id=message.pk)
    return message


def post_many(orders: Sequence[Order], *, now: datetime) -> int:
    """Write many orders down in one statement and leave it to the sweep to send them; return how many there are.

    Those that were posted before are left as they are.
    """
    rows = [Message(once=order.once, **_row(order, now=now, not_before=now)) for order in orders]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def sweep(*, now: datetime, most: int = 60) -> int:
    """Wake workers for what is due, a task for each batch; return how many messages that are.

    Rows are the truth, the queue only wakes. A queue that is ``most`` long already is not made longer: a mail server
    that hangs must not fill it minute by minute.
    """
    room = max(most - waiting(), 0)
    due = sorted(Message.objects.due(now).values_list("pk", flat=True)[: room * rules.BATCH])
    for start in range(0, len(due), rules.BATCH):
        batch = due[start : start + rules.BATCH]
        enqueue(tasks.deliver_batch, first=batch[0], last=batch[-1])
    return len(due)


def try_again(*, message_id: int, now: datetime, address: str = "") -> bool:
    """Send a message that was given up, or that nobody knows the end of, once more; say whether there was one.

    address: where its reader is reached now, if that is somewhere else.
    """
    stuck = Message.objects.stuck().order_by().filter(pk=message_id)
    if address:
        stuck.update(address=address)
    fresh = {"state": State.QUEUED, "attempts": 0, "not_before": now, "handed_at": None, "fault": ""}
    found = stuck.update(**fresh) == 1
    if found:
        enqueue(tasks.deliver, message_id=message_id)
    return found


def let_go(*, message_id: int) -> bool:
    """Leave a stuck message unsent for good; say whether there was one."""
    stuck = Message.objects.stuck().order_by().filter(pk=message_id)
    return stuck.update(state=State.SUPPRESSED, fault="let go") == 1


def forget_words(*, before: datetime) -> int:
    """Empty what letters from before then said and to whom; return how many. What is stuck stays unsent for good."""
    old = Message.objects.filter(created_at__lt=before).exclude(address=NOBODY)
    done = old.exclude(state__in=[State.QUEUED, State.SENDING])
    done.filter(state__in=NEEDS_SOMEBODY).update(state=State.SUPPRESSED, fault="too late")
    return done.update(address=NOBODY, about={}, **vars(NO_WORDS))


def stop(*, person_id: int, family: str) -> bool:
    """Send ``person_id`` no more letters of a family; those that wait are not sent. Say whether there is such a one.

    Of somebody who was erased nothing is kept.
    """
    kinds = family_of(family)
    if get_user_model()._default_manager.filter(pk=person_id).exists():
        LetterChoice.objects.say(person_id, {kind.name: False for kind in kinds})
    return bool(kinds)


def choose(*, person_id: int, wanted: Iterable[str]) -> None:
    """Keep which kinds of letters ``person_id`` wants, of those that people may do without."""
    chosen = set(wanted)
    LetterChoice.objects.say(person_id, {kind.name: kind.name in chosen for kind in kinds_to_choose()})


def wanted_by(person_id: int) -> list[str]:
    """The names of the kinds that come to ``person_id``, of those that people may do without."""
    said = LetterChoice.objects.of(person_id)
    return [kind.name for kind in kinds_to_choose() if said.get(kind.name, kind.is_on)]


def people_who_said(kind: str, *, wanted: bool) -> QuerySet[LetterChoice, int]:
    """Ids of people who said yes (``wanted``) or no to a kind: for a query to narrow by."""
    return LetterChoice.objects.filter(kind=kind, wanted=wanted).values_list("person_id", flat=True)
