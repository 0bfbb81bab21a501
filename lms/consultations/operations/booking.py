"""Choosing a time, keeping it for a moment, booking it, and giving it up."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from lms.accounts.models import User
from lms.agencies.access import verified_agency_ids
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.consultations import access, mail, rules
from lms.consultations.models import OWNED, Slot, SlotQuerySet, SlotState
from lms.outbox.operations import post


class NotForYou(DomainError):
    code = "consultations.not_verified"
    message = "Talks are for adopters whom this agency knows. Ask your agency to confirm that they know you."


class TimeTaken(DomainError):
    code = "consultations.time_taken"
    message = "Somebody has just taken that time. Here are the others."


class OwnTime(DomainError):
    code = "consultations.own_time"
    message = "That's a time of your own, as the worker."


class BusyThen(DomainError):
    code = "consultations.busy_then"
    message = "You've booked a talk at that hour already. Give that one up first, or choose another time."


class EnoughForNow(DomainError):
    code = "consultations.enough_for_now"
    message = (
        "You've had as many of these talks as each family can have in four weeks, so that there are times for others. "
        "If you need somebody sooner, ring the duty line."
    )


class KeptTooLong(DomainError):
    code = "consultations.kept_too_long"
    message = "We kept that time for five minutes. It's free for others now: choose it again if it's still there."


class HasBegun(DomainError):
    code = "consultations.has_begun"
    message = "That time has begun, so it can't be given up any more."


def _everybodys() -> SlotQuerySet:
    rows: SlotQuerySet = Slot.objects.unscoped(because="whose it is, is asked in the statement itself")
    return rows


def keep_for_a_moment(*, slot: Slot, adopter: User, now: datetime) -> None:
    """Keep a time for five minutes while ``adopter`` says what it is about. An earlier one that they kept is let go.

    Raises NotForYou, OwnTime, BusyThen, EnoughForNow or TimeTaken, and then nothing has changed.
    """
    if slot.surgery.agency_id not in verified_agency_ids(adopter):
        raise NotForYou(slot_id=slot.pk)
    if slot.worker_id == adopter.pk:
        raise OwnTime(slot_id=slot.pk)
    if not access.is_staffed(slot.surgery):
        raise TimeTaken(slot_id=slot.pk)
    try:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=adopter.pk)  # one wish of a person at a time
            _refuse_too_many(slot, adopter)
            _everybodys().filter(person=adopter, state=SlotState.HELD).let_go()
            _everybodys().lapsed(now).filter(worker=slot.worker_id).let_go()
            if not _everybodys().claim(slot.pk, person_id=adopter.pk, now=now):
                raise TimeTaken(slot_id=slot.pk)
    except IntegrityError as overlap:  # the worker has been taken for that hour in another window
        raise TimeTaken(slot_id=slot.pk) from overlap


def _refuse_too_many(slot: Slot, adopter: User) -> None:
    own = Slot.objects.owned_by(adopter).filter(state__in=OWNED).exclude(state=SlotState.CLOSED)
    if own.filter(state=SlotState.BOOKED, starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at).exists():
        raise BusyThen(slot_id=slot.pk)
    most = slot.surgery.most_each
    around = own.filter(
        starts_at__gt=slot.starts_at - rules.COUNTED_DAYS,
        starts_at__lt=slot.starts_at + rules.COUNTED_DAYS,
        surgery__agency=slot.surgery.agency_id,
        surgery__profession=slot.surgery.profession,
    )
    if most is not None and around.count() >= most:
        raise EnoughForNow(slot_id=slot.pk)


def book(*, slot: Slot, adopter: User, reason: str, now: datetime) -> None:
    """Make a time that is kept for ``adopter`` theirs; asked twice, the second changes nothing.

    Raises KeptTooLong once the five minutes are over, and NotForYou where the agency's word was taken back.
    """
    if slot.surgery.agency_id not in verified_agency_ids(adopter):
        raise NotForYou(slot_id=slot.pk)
    with transaction.atomic():
        mine = Slot.objects.owned_by(adopter).filter(pk=slot.pk)
        kept = mine.filter(state=SlotState.HELD, held_until__gt=now)
        if not kept.update(state=SlotState.BOOKED, held_until=None, booked_at=now, reason=reason):
            if mine.filter(state=SlotState.BOOKED).exists():
                return
            raise KeptTooLong(slot_id=slot.pk)
        _write_down("booked", slot, actor_id=adopter.pk, now=now)
        post(mail.booked(slot, adopter, now=now), now=now)


def say_reason(*, slot: Slot, adopter: User, reason: str) -> None:
    """Change what it is about, until it is over."""
    Slot.objects.owned_by(adopter).filter(pk=slot.pk, state=SlotState.BOOKED).update(reason=reason)


def give_up(*, slot: Slot, adopter: User, now: datetime) -> None:
    """Free a time that ``adopter`` keeps or has booked; asked twice, the second changes nothing.

    Raises HasBegun for a booked one from its start on.
    """
    with transaction.atomic():
        mine = Slot.objects.owned_by(adopter).filter(pk=slot.pk)
        if mine.filter(state=SlotState.BOOKED, starts_at__lte=now).exists():
            raise HasBegun(slot_id=slot.pk)
        if mine.filter(state=SlotState.HELD).let_go():
            return
        if mine.filter(state=SlotState.BOOKED).let_go():
            _write_down("given_up", slot, actor_id=adopter.pk, now=now)
            post(mail.given_up(slot, adopter, now=now), now=now)


def _to_come(person_id: int, now: datetime) -> SlotQuerySet:
    """What somebody keeps for a moment, or has booked and is not there yet."""
    theirs: SlotQuerySet = _everybodys().filter(person=person_id)
    return theirs.filter(Q(state=SlotState.HELD) | Q(state=SlotState.BOOKED, starts_at__gt=now))


def end_times_of(*, person: User, agency_id: int, now: datetime) -> None:
    """Free what is still to come with workers of an agency that does not vouch for ``person`` any more; tell them."""
    with transaction.atomic():
        theirs = _to_come(person.pk, now).filter(surgery__agency=agency_id).select_for_update(of=("self",))
        ended = list(theirs.select_related("surgery").defer("reason", "surgery__way_in"))
        _everybodys().filter(pk__in=[slot.pk for slot in ended]).let_go()
        for slot in ended:
            if slot.state == SlotState.BOOKED:
                _write_down("ended", slot, actor_id=None, now=now)
                post(mail.ended(slot, person, now=now), now=now)


def forget_person(*, person_id: int, now: datetime) -> None:
    """Free what is still to come of somebody who leaves, and take their words off what was."""
    _to_come(person_id, now).let_go()
    _everybodys().filter(person=person_id).exclude(reason="").update(reason="")


def _write_down(deed: str, slot: Slot, *, actor_id: int | None, now: datetime) -> None:
    target, agency_id = f"slot:{slot.pk}", slot.surgery.agency_id
    record(action=f"consultation.{deed}", target=target, actor_id=actor_id, now=now, agency_id=agency_id)
