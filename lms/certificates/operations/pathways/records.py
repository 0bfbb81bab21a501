"""One record, held while it changes; its history, and the deeds that end it."""

from datetime import datetime

from django.db import transaction

from lms.audit.operations import record as audit
from lms.certificates import progress, steps
from lms.certificates.models import Award, PathwayRecord, RecordChange, RecordState, Requirement
from lms.certificates.operations.earning import issue_for_record
from lms.certificates.progress import Step
from lms.certificates.steps import Move
from lms.common.errors import DomainError


class NotOnPathway(DomainError):
    code = "certificates.not_on_pathway"
    message = "This pathway is paused or at its end, so nothing can be changed just now."


class StepNotOpen(DomainError):
    code = "certificates.step_not_open"
    message = "This step isn't open yet. Something else comes first."


class AlreadyMet(DomainError):
    code = "certificates.already_met"
    message = "This step is done already."


def note(action: str, record: PathwayRecord, *, actor_id: int | None, now: datetime, **ids: int | str) -> None:
    """Put a deed into the record of deeds, by ids alone."""
    target = f"pathway_record:{record.pk}"
    audit(action=f"pathway.{action}", target=target, actor_id=actor_id, agency_id=record.agency_id, now=now, **ids)


def hold(record_id: int) -> PathwayRecord:
    """Read one record and hold it until the transaction ends."""
    rows = PathwayRecord.objects.unscoped(because="the caller was let in to this one record; hold it while it changes")
    people = ("pathway", "person", "agency", "link_worker", "assessor", "supervisor")
    held: PathwayRecord = rows.select_for_update(of=("self",)).select_related(*people).get(pk=record_id)
    return held


def open_step(held: PathwayRecord, requirement: Requirement, *, now: datetime) -> Step:
    """Return how this step stands. Raises NotOnPathway, StepNotOpen or AlreadyMet where nothing can be done with it."""
    if held.state != RecordState.ACTIVE:
        raise NotOnPathway(record_id=held.pk)
    found = progress.progress_of([held], now=now)[0].steps
    step = next((one for one in found if one.requirement.pk == requirement.pk), None)
    if step is None or step.state in {steps.Turn.SHUT, steps.Turn.SPARE}:
        raise StepNotOpen(record_id=held.pk, requirement_id=requirement.pk)
    if step.state == steps.Turn.DONE:
        raise AlreadyMet(record_id=held.pk, requirement_id=requirement.pk)
    return step


def move(held: PathwayRecord, deed: Move, *, actor_id: int | None, now: datetime, reason: str = "") -> None:
    """Change the state of a held record and write that down. Raises NotOnPathway where it cannot follow."""
    before = held.state
    try:
        held.state = RecordState(steps.after(before, deed))
    except steps.ImpossibleMove:
        raise NotOnPathway(record_id=held.pk) from None
    held.save(update_fields=["state"])
    RecordChange.objects.create(record=held, before=before, after=held.state, at=now, actor_id=actor_id, reason=reason)


def fulfil_if_done(*, record_id: int, now: datetime) -> Award | None:
    """End the pathway and give its award if every step is met; None while one is not."""
    with transaction.atomic():
        held = hold(record_id)
        if held.state != RecordState.ACTIVE or not progress.is_done(held, now=now):
            return None
        move(held, Move.FULFIL, actor_id=None, now=now)
        note("fulfilled", held, actor_id=None, now=now)
        return issue_for_record(record=held, now=now)


def fulfil_pathways_of(*, person_id: int, now: datetime) -> None:
    """Look at a person's live pathways again: something that counts as a step was just done."""
    rows = PathwayRecord.objects.unscoped(because="news of a step, acted on by the system")
    for pk in rows.filter(person_id=person_id, state=RecordState.ACTIVE).values_list("pk", flat=True):
        fulfil_if_done(record_id=pk, now=now)
