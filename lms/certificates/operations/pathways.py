"""Going along a pathway: who is on it, who signs a step off, and the award at its end."""

from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.audit.operations import record as audit
from lms.certificates import reports
from lms.certificates.access import may_sign
from lms.certificates.models import Award, Pathway, PathwayRecord, RecordState, Requirement, SignOff
from lms.certificates.operations.earning import issue_for_record
from lms.common.errors import DomainError


class NotYoursToSign(DomainError):
    code = "certificates.not_yours_to_sign"
    message = "This step is signed by somebody else: never by the person it's about."


class AlreadyMet(DomainError):
    code = "certificates.already_met"
    message = "This step has been signed off already."


class NotOnPathway(DomainError):
    code = "certificates.not_on_pathway"
    message = "This pathway is paused or at its end, so nothing can be signed just now."


class CommentMissing(DomainError):
    code = "certificates.comment_missing"
    message = "Say kindly what is still to come. They read what you write here."


def start(
    *, pathway: Pathway, person: User, agency: Agency, link_worker: User | None, actor: User, now: datetime
) -> PathwayRecord:
    """Put ``person`` on a pathway, endorsed by ``agency``; asked again, return the record they have."""
    with transaction.atomic():
        own = PathwayRecord.objects.owned_by(person)
        live = own.filter(pathway=pathway, state__in=[RecordState.ACTIVE, RecordState.PAUSED])
        if found := live.first():
            return found
        record = PathwayRecord.objects.create(
            pathway=pathway, person=person, agency=agency, link_worker=link_worker, started_at=now
        )
        _note("pathway.started", record, actor_id=actor.pk, now=now)
    return record


def _note(action: str, record: PathwayRecord, *, actor_id: int | None, now: datetime, **ids: int) -> None:
    target = f"pathway_record:{record.pk}"
    audit(action=action, target=target, actor_id=actor_id, agency_id=record.agency_id, now=now, **ids)


def sign_off(
    *, record: PathwayRecord, requirement: Requirement, actor: User, is_met: bool, comment: str, now: datetime
) -> SignOff:
    """Say that a step is met, or not yet and what is still to come; the last step met gives the award.

    Raises NotYoursToSign, NotOnPathway, AlreadyMet or CommentMissing, and then nothing has changed.
    """
    if not may_sign(actor, requirement, record):
        raise NotYoursToSign(record_id=record.pk, actor_id=actor.pk)
    if not is_met and not comment.strip():
        raise CommentMissing(record_id=record.pk)
    with transaction.atomic():
        held = _locked(record.pk)
        _require_open(held, requirement)
        signed = SignOff.objects.create(
            record=held,
            requirement=requirement,
            candidate=held.person,
            signed_by=actor,
            signed_at=now,
            is_met=is_met,
            comment=comment,
        )
        action = "pathway.step_met" if is_met else "pathway.step_not_yet"
        _note(action, held, actor_id=actor.pk, now=now, requirement=requirement.pk)
        fulfil_if_done(record_id=held.pk, now=now)
    return signed


def _locked(record_id: int) -> PathwayRecord:
    rows = PathwayRecord.objects.unscoped(because="the caller was let in to this one record; hold it while it changes")
    held: PathwayRecord = (
        rows.select_for_update(of=("self",)).select_related("pathway", "person", "agency").get(pk=record_id)
    )
    return held


def _require_open(record: PathwayRecord, requirement: Requirement) -> None:
    if record.state != RecordState.ACTIVE:
        raise NotOnPathway(record_id=record.pk)
    if SignOff.objects.filter(record=record, requirement=requirement, is_met=True).exists():
        raise AlreadyMet(record_id=record.pk, requirement_id=requirement.pk)


def fulfil_if_done(*, record_id: int, now: datetime) -> Award | None:
    """End the pathway and give its award if every step is met; None while one is not."""
    with transaction.atomic():
        record = _locked(record_id)
        if record.state != RecordState.ACTIVE or not reports.is_done(record):
            return None
        record.state = RecordState.FULFILLED
        record.save(update_fields=["state"])
        _note("pathway.fulfilled", record, actor_id=None, now=now)
        return issue_for_record(record=record, now=now)


def fulfil_pathways_of(*, person_id: int, now: datetime) -> None:
    """Look at a person's live pathways again: something that counts as a step was just done."""
    rows = PathwayRecord.objects.unscoped(because="news of a step, acted on by the system")
    for pk in rows.filter(person_id=person_id, state=RecordState.ACTIVE).values_list("pk", flat=True):
        fulfil_if_done(record_id=pk, now=now)
