"""Keeping the count of a round: how many required items it has, how many are done, and when it is complete."""

from datetime import datetime

from lms.courses import rules
from lms.courses.models import CourseVersion, EnrolmentState, ItemState, Round
from lms.courses.signals import course_completed

OWN = "the caller has read the round as one it may change"


def recount(round_: Round, *, latest_id: int, now: datetime) -> None:
    """Count a round anew with the latest version, and complete it if nothing is left to do.

    The caller holds the round's row, so that no item is done while it is counted.
    """
    items = dict(CourseVersion.objects.filter(pk__in=[round_.version_id, latest_id]).values_list("pk", "items"))
    asked = rules.required(items[round_.version_id], items[latest_id])
    states = ItemState.objects.unscoped(because=OWN).filter(round=round_).exclude(done_at=None)
    done = {str(item) for item in states.values_list("item", flat=True)}
    round_.counted_with_id = latest_id
    round_.required_total, round_.required_done = len(asked), len(asked & done)
    round_.save(update_fields=["counted_with", "required_total", "required_done"])
    complete_if_due(round_, now=now)


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
