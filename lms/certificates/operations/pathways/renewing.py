"""Keeping a leader award: a shorter way, walked again before it ends."""

from datetime import date, datetime

from lms.accounts.models import User
from lms.certificates import rules
from lms.certificates.models import Award, AwardKind, PathwayRecord, Purpose, RecordState
from lms.certificates.operations.pathways.going import begin
from lms.common.errors import DomainError


class CannotRenewAward(DomainError):
    code = "certificates.cannot_renew_award"
    message = "This award can be renewed in the 90 days before it ends, and after that."


def record_of_award(award: Award) -> PathwayRecord | None:
    """The record that an award came from: of a corrected one, the record of the first."""
    rows = Award.objects.unscoped(because="the same award before its name was corrected")
    first = award
    while first.replaces_id:
        first = rows.get(pk=first.replaces_id)
    kind, _, number = first.earned_by.partition(":")
    if kind != "pathway":
        return None
    records = PathwayRecord.objects.unscoped(because="the record of an award that the caller holds")
    people = records.select_related("pathway", "agency", "person", "link_worker", "assessor", "supervisor")
    found: PathwayRecord | None = people.filter(pk=number).first()
    return found


def may_begin_renewal(award: Award, *, today: date) -> bool:
    """Whether this award is near enough to its end, and its pathway says how to renew it."""
    if award.kind != AwardKind.LEADER or not rules.may_renew(award.state, valid_until=award.valid_until, today=today):
        return False
    record = record_of_award(award)
    return record is not None and record.pathway.groups.filter(purpose=Purpose.RENEWAL, is_current=True).exists()


def begin_renewal(*, award: Award, holder: User, today: date, now: datetime) -> PathwayRecord:
    """Begin what renews a leader award: only what is done after the award counts. Asked again, go on with it.

    Raises CannotRenewAward, and then nothing has changed.
    """
    before = record_of_award(award) if award.person_id == holder.pk else None
    if before is None or not may_begin_renewal(award, today=today):
        raise CannotRenewAward(award_id=award.pk)
    return begin(
        pathway=before.pathway,
        person=holder,
        actor=holder,
        now=now,
        agency=before.agency,
        link_worker=before.link_worker,
        assessor=before.assessor,
        supervisor=before.supervisor,
        purpose=Purpose.RENEWAL,
        counts_from=award.earned_on,
        started_at=now,
    )


def last_record_of(person: User, agencies: frozenset[int]) -> PathwayRecord | None:
    """The record by which somebody leads: where their supervision is kept."""
    rows = PathwayRecord.objects.owned_by(person).filter(state=RecordState.FULFILLED, agency__in=agencies)
    found: PathwayRecord | None = (
        rows.select_related("pathway", "agency", "supervisor", "link_worker").order_by("-started_at", "-pk").first()
    )
    return found
