"""Keeping the count of a round: how many required items it has, how many are done, and when it is complete."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from lms.courses import rules
from lms.courses.models import CourseVersion, EnrolmentState, EventKind, ItemState, LearningEvent, Round
from lms.courses.signals import course_completed

KEPT = ("opened_at", "done_at", "skipped", "best_score", "latest", "latest_at", "watched")
COUNTED = ("opened_at", "done_at", "skipped", "best_score")
COUNT = ("required_total", "required_done", "marks_missing")
OWN = "the caller has read the round as one it may change"


def recount(round_: Round, *, latest_id: int, now: datetime) -> None:
    """Count a round anew with the latest version, and complete it if nothing is left to do.

    The caller holds the round's row, so that no item is done while it is counted.
    """
    versions = CourseVersion.objects.defer("outline", "keys").in_bulk({round_.version_id, latest_id})
    pinned, latest = versions[round_.version_id], versions[latest_id]
    finish = rules.kinder(round_.rule, latest.rule)
    tally = rules.tally(
        finish, asked=rules.required(pinned.items, latest.items), items=latest.items, standings=_standings(round_)
    )
    if finish.kind == round_.finish:
        tally = tally.not_behind(kind=finish.kind, done=round_.required_done, missing=round_.marks_missing)
    round_.finish, round_.finish_needed = finish.kind, finish.needed
    round_.counted_with_id = latest_id
    set_count(round_, tally)
    round_.save(update_fields=["finish", "finish_needed", "counted_with", *COUNT])
    complete_if_due(round_, now=now)


def count_alone(round_id: int, *, now: datetime) -> None:
    """Count one round with the latest version of its course, alone with its row."""
    with transaction.atomic():
        rounds = Round.objects.unscoped(because="counts a round for its learner").select_for_update(of=("self",))
        round_ = rounds.select_related("enrolment__course").unfinished().filter(pk=round_id).first()
        if round_ and round_.enrolment.course.latest_id:
            recount(round_, latest_id=round_.enrolment.course.latest_id, now=now)


def waive_mark(round_id: int, *, now: datetime) -> None:
    """Ask for no pass mark any more, and complete the round if nothing else is left to do."""
    with transaction.atomic():
        rounds = Round.objects.unscoped(because=OWN).select_for_update(of=("self",))
        round_ = rounds.select_related("enrolment").get(pk=round_id)
        round_.marks_missing = 0
        round_.save(update_fields=["marks_missing"])
        complete_if_due(round_, now=now)


def set_count(round_: Round, tally: rules.Tally) -> None:
    """Put what a round comes to on its row, which the caller holds and saves."""
    round_.required_total, round_.required_done, round_.marks_missing = tally.total, tally.done, tally.missing


def _standings(round_: Round) -> dict[str, rules.Standing]:
    states = ItemState.objects.unscoped(because=OWN).filter(round=round_).values("item", *COUNTED)
    return {str(state.pop("item")): rules.Standing(**state) for state in states}


def add_fact(
    round_: Round, *, item: UUID, kind: EventKind, fact: UUID, now: datetime, score: int | None = None
) -> None:
    """Add a fact that did not come from the learner, like a mark that was put right; then count the round anew.

    fact: the same for the same fact, so that it counts once. An item that is in no version any more is left alone.
    """
    held = (
        Round.objects.unscoped(because=OWN).select_for_update(of=("self",)).select_related("enrolment__course__latest")
    )
    round_ = held.get(pk=round_.pk)
    latest = round_.enrolment.course.latest
    said = latest.items.get(str(item)) if latest else None
    if latest is None or said is None:
        return
    LearningEvent.objects.bulk_create(
        [LearningEvent(round=round_, client_id=fact, kind=kind, item=item, at=now)], ignore_conflicts=True
    )
    known = ItemState.objects.unscoped(because=OWN).filter(round=round_, item=item).first()
    before = rules.Standing(**{name: getattr(known, name) for name in KEPT}) if known else None
    after = rules.merge(before, rules.Fact(kind=kind, at=now, score=score))
    row = ItemState(round=round_, item=item, lesson=said["lesson"], **{name: getattr(after, name) for name in KEPT})
    ItemState.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["round", "item"], update_fields=["lesson", *KEPT]
    )
    if not round_.completed_at:
        recount(round_, latest_id=latest.pk, now=now)


def complete_if_due(round_: Round, *, now: datetime) -> bool:
    """Complete a round that has come to its end; say whether this did it. Two at once: one does it."""
    enrolment = round_.enrolment
    if not enrolment.is_learning:
        return False
    rounds = Round.objects.unscoped(because=OWN)
    if not rounds.complete(round_.pk, now=now, version_id=round_.counted_with_id):
        return False
    if enrolment.state != EnrolmentState.COMPLETED:
        enrolment.change(EnrolmentState.COMPLETED, now=now, actor_id=enrolment.person_id)
    course_completed.send(sender=Round, round_id=round_.pk, now=now)
    return True
