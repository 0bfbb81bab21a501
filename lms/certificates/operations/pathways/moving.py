"""Handing somebody on to another agency: asked by one, agreed to by the person, and by nobody else."""

from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.agencies.models import Agency
from lms.certificates import assessing, letters
from lms.certificates.models import PathwayRecord, Transfer
from lms.certificates.operations.pathways.going import NotYoursToKeep
from lms.certificates.operations.pathways.records import NotOnPathway, hold, note
from lms.common.errors import DomainError
from lms.outbox.operations import post


class SameAgency(DomainError):
    code = "certificates.same_agency"
    message = "Choose another agency than the one they are with."


class AskedAlready(DomainError):
    code = "certificates.asked_already"
    message = "They have been asked already, and haven't answered yet."


class AnsweredAlready(DomainError):
    code = "certificates.answered_already"
    message = "This question has been answered already."


def ask_transfer(*, record: PathwayRecord, to_agency: Agency, actor: User, now: datetime) -> Transfer:
    """Ask a candidate if another agency may take over. Nothing moves until they say yes.

    Raises NotYoursToKeep, NotOnPathway, SameAgency or AskedAlready.
    """
    if not assessing.may_keep(actor, record):
        raise NotYoursToKeep(record_id=record.pk, actor_id=actor.pk)
    with transaction.atomic():
        held = hold(record.pk)
        if not held.is_live:
            raise NotOnPathway(record_id=record.pk)
        if to_agency.pk == held.agency_id:
            raise SameAgency(record_id=record.pk)
        if open_transfer(held):
            raise AskedAlready(record_id=record.pk)
        asked: Transfer = Transfer.objects.create(record=held, to_agency=to_agency, asked_by=actor, asked_at=now)
        note("transfer_asked", held, actor_id=actor.pk, now=now, to=to_agency.pk)
        post(letters.asked_to_move(asked), now=now)
    return asked


def open_transfer(record: PathwayRecord) -> Transfer | None:
    """The question that waits for the candidate's answer, if there is one."""
    rows = Transfer.objects.unscoped(because="of a record that the caller may see")
    found: Transfer | None = rows.filter(record=record, answered_at=None).select_related("to_agency").first()
    return found


def answer_transfer(*, record: PathwayRecord, person: User, agrees: bool, now: datetime) -> None:
    """Move to the other agency, or stay. Whoever stood beside them stays behind; every step that is done goes along.

    Raises NotYoursToKeep for anybody but the candidate, NotOnPathway or AnsweredAlready.
    """
    if record.person_id != person.pk:
        raise NotYoursToKeep(record_id=record.pk, actor_id=person.pk)
    with transaction.atomic():
        held = hold(record.pk)
        asked = open_transfer(held)
        if asked is None:
            raise AnsweredAlready(record_id=record.pk)
        if not held.is_live:
            raise NotOnPathway(record_id=record.pk)
        asked.answered_at, asked.is_agreed = now, agrees
        asked.save(update_fields=["answered_at", "is_agreed"])
        note("transfer_agreed" if agrees else "transfer_declined", held, actor_id=person.pk, now=now)
        if agrees:
            _move(held, asked.to_agency, now=now)


def _move(held: PathwayRecord, to_agency: Agency, *, now: datetime) -> None:
    held.agency = to_agency
    held.link_worker = held.assessor = held.supervisor = None
    held.save(update_fields=["agency", "link_worker", "assessor", "supervisor"])
    note("transferred", held, actor_id=held.person_id, now=now)
    for keeper in assessing.keepers_at(to_agency):
        post(letters.somebody_is_interested(held, keeper), now=now)
