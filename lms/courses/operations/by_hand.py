"""What staff do for a learner by hand: the way round every rule that counts by itself, with a name and a reason."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from lms.accounts.models import User
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.courses import counting, rules
from lms.courses.models import Enrolment, EventKind, MarkedByHand, Round
from lms.courses.operations.sitting import UnknownItem


class ReasonNeeded(DomainError):
    code = "courses.reason_needed"
    message = "Say in a few words why. The learner sees it."


class NoRound(DomainError):
    code = "courses.no_round"
    message = "This person has not begun the course yet."


def mark_done(*, enrolment: Enrolment, item: UUID, reason: str, actor: User, now: datetime) -> None:
    """Mark an item as done for a learner; marked before, nothing changes. The course's own id is its pass mark.

    The caller has read the enrolment within the actor's scope. Raises ReasonNeeded, NoRound or UnknownItem.
    """
    if not reason.strip():
        raise ReasonNeeded(enrolment_id=enrolment.pk)
    with transaction.atomic():
        round_ = _round(enrolment)
        latest = round_.enrolment.course.latest
        is_pass_mark = item == round_.enrolment.course.identity and round_.finish == rules.MARK
        if latest is None or not (is_pass_mark or str(item) in latest.items):
            raise UnknownItem(item=item)
        _, is_new = MarkedByHand.objects.unscoped(because="the enrolment was read within scope").get_or_create(
            round=round_,
            item=item,
            defaults={"reason": reason.strip(), "by_id": actor.pk, "by_name": actor.display_name, "at": now},
        )
        if is_new:
            if is_pass_mark:
                counting.waive_mark(round_.pk, now=now)
            else:
                counting.add_fact(round_, item=item, kind=EventKind.MARKED, fact=uuid4(), now=now)
            _write_down("courses.marked_by_hand", enrolment, actor, now, item=str(item))


def adjust(*, enrolment: Enrolment, extra_time: int, extra_tries: int, actor: User, now: datetime) -> None:
    """Give a learner more time and tries in checks that have a limit. extra_time: per cent, of tries begun later."""
    with transaction.atomic():
        rows = Enrolment.objects.unscoped(because="the enrolment was read within scope").filter(pk=enrolment.pk)
        rows.update(extra_time=extra_time, extra_tries=extra_tries)
        _write_down("courses.adjusted", enrolment, actor, now, extra_time=extra_time, extra_tries=extra_tries)


def _round(enrolment: Enrolment) -> Round:
    rounds = Round.objects.unscoped(because="the enrolment was read within scope").current()
    found: Round | None = (
        rounds.filter(enrolment=enrolment).select_related("enrolment__course__latest").order_by("-number").first()
    )
    if found is None:
        raise NoRound(enrolment_id=enrolment.pk)
    return found


def _write_down(action: str, enrolment: Enrolment, actor: User, now: datetime, **ids: int | str) -> None:
    record(
        action=action,
        target=f"enrolment:{enrolment.pk}",
        actor_id=actor.pk,
        now=now,
        agency_id=enrolment.agency_id,
        **ids,
    )
