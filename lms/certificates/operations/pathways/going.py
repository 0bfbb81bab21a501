"""Going along a pathway: who is on it, who rests, who leaves, and who stands beside them."""

from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.agencies.access import rights_of, verified_agency_ids
from lms.agencies.models import Agency
from lms.certificates import assessing, letters
from lms.certificates.models import (
    Pathway,
    PathwayRecord,
    Purpose,
    RecordChange,
    RecordState,
    Tie,
    TieKind,
)
from lms.certificates.operations.pathways.records import NotOnPathway, hold, move, note
from lms.certificates.steps import Move
from lms.common.errors import DomainError
from lms.outbox.operations import post

LIVE = (RecordState.ACTIVE, RecordState.PAUSED)


class NotVerifiedThere(DomainError):
    code = "certificates.not_verified_there"
    message = "Choose the agency that knows you as an adopter. If none does yet, ask yours to confirm it first."


class NotYoursToKeep(DomainError):
    code = "certificates.not_yours_to_keep"
    message = "That is for the person themselves, or for a coordinator or manager of their agency."


class OnItAlready(DomainError):
    code = "certificates.on_pathway_already"
    message = "They're on this pathway already, with you or with another agency of theirs."


class TooClose(DomainError):
    code = "certificates.too_close"
    message = "Choose somebody else. A partner, a co-leader or the person themselves can't take this on."


def start(
    *, pathway: Pathway, person: User, agency: Agency, link_worker: User | None, actor: User, now: datetime
) -> PathwayRecord:
    """Put ``person`` on a pathway at ``agency``; asked again, return the record they have."""
    begun = {"agency": agency, "link_worker": link_worker, "started_at": now}
    return begin(pathway=pathway, person=person, actor=actor, now=now, **begun)


def begin(*, pathway: Pathway, person: User, actor: User, now: datetime, **begun: object) -> PathwayRecord:
    """Make a live record of ``person`` unless there is one, and write that down."""
    with transaction.atomic():
        own = PathwayRecord.objects.owned_by(person)
        live = own.filter(pathway=pathway, state__in=LIVE)
        if found := live.first():
            return found
        record = PathwayRecord.objects.create(pathway=pathway, person=person, **begun)
        RecordChange.objects.create(record=record, after=record.state, at=now, actor_id=actor.pk)
        note("started", record, actor_id=actor.pk, now=now, purpose=record.purpose)
    return record


def express_interest(*, pathway: Pathway, person: User, agency: Agency, now: datetime) -> PathwayRecord:
    """Let somebody begin by themselves; their agency is told. Raises NotVerifiedThere."""
    if agency.pk not in verified_agency_ids(person):
        raise NotVerifiedThere(person_id=person.pk, agency_id=agency.pk)
    with transaction.atomic():
        record = start(pathway=pathway, person=person, agency=agency, link_worker=None, actor=person, now=now)
        if record.purpose == Purpose.FIRST:
            for keeper in assessing.keepers_at(agency):
                post(letters.somebody_is_interested(record, keeper), now=now)
    return record


def put_on(*, pathway: Pathway, person: User, agency: Agency, actor: User, now: datetime) -> PathwayRecord:
    """Put an adopter of one's own agency on a pathway and tell them; who does it is their first link worker.

    Raises NotYoursToKeep, NotVerifiedThere or OnItAlready, and then nothing has changed.
    """
    if actor.pk == person.pk or agency.pk not in rights_of(actor).agencies(*assessing.KEEPERS):
        raise NotYoursToKeep(person_id=person.pk, actor_id=actor.pk)
    if agency.pk not in verified_agency_ids(person):
        raise NotVerifiedThere(person_id=person.pk, agency_id=agency.pk)
    with transaction.atomic():
        live = PathwayRecord.objects.owned_by(person).filter(pathway=pathway, state__in=LIVE)
        if live.exists():
            raise OnItAlready(person_id=person.pk, agency_id=agency.pk)
        record = start(pathway=pathway, person=person, agency=agency, link_worker=actor, actor=actor, now=now)
        post(letters.put_on_pathway(record), now=now)
    return record


# --- Resting and leaving -------------------------------------------------------------------------------------------


def pause(*, record: PathwayRecord, actor: User, now: datetime) -> None:
    """Let a pathway rest; every step that is done is kept. Raises NotYoursToKeep or NotOnPathway."""
    _go(record, Move.PAUSE, actor=actor, now=now)


def resume(*, record: PathwayRecord, actor: User, now: datetime) -> None:
    """Go on after a rest. Raises NotYoursToKeep or NotOnPathway."""
    _go(record, Move.RESUME, actor=actor, now=now)


def withdraw(*, record: PathwayRecord, actor: User, now: datetime) -> None:
    """End a pathway before its award. Raises NotYoursToKeep or NotOnPathway."""
    _go(record, Move.WITHDRAW, actor=actor, now=now)


def _go(record: PathwayRecord, deed: Move, *, actor: User, now: datetime) -> None:
    is_own = record.person_id == actor.pk
    if not is_own and not assessing.may_keep(actor, record):
        raise NotYoursToKeep(record_id=record.pk, actor_id=actor.pk)
    with transaction.atomic():
        held = hold(record.pk)
        move(held, deed, actor_id=actor.pk, now=now, reason="by_candidate" if is_own else "by_staff")
        note(held.state, held, actor_id=actor.pk, now=now)
        if not is_own:
            post(letters.pathway_changed(held, occasion=f"{deed}:{now:%Y%m%d%H%M}"), now=now)
        elif held.link_worker:
            post(letters.candidate_changed(held, held.link_worker, occasion=f"{deed}:{now:%Y%m%d%H%M}"), now=now)


# --- Who stands beside them ----------------------------------------------------------------------------------------


def appoint(
    *,
    record: PathwayRecord,
    link_worker: User | None,
    assessor: User | None,
    supervisor: User | None,
    actor: User,
    now: datetime,
) -> None:
    """Say who looks after a candidate, who alone reads their statement, and who supervises them.

    Raises NotYoursToKeep, NotOnPathway, or TooClose for anybody who does not work there or stands too close.
    """
    if not assessing.may_keep(actor, record):
        raise NotYoursToKeep(record_id=record.pk, actor_id=actor.pk)
    with transaction.atomic():
        held = hold(record.pk)
        if held.state == RecordState.WITHDRAWN:
            raise NotOnPathway(record_id=record.pk)
        _refuse_too_close(held, {one for one in (link_worker, assessor, supervisor) if one})
        held.link_worker, held.assessor, held.supervisor = link_worker, assessor, supervisor
        held.save(update_fields=["link_worker", "assessor", "supervisor"])
        ids = {"assessor": assessor, "supervisor": supervisor}
        note("appointed", held, actor_id=actor.pk, now=now, **{name: one.pk for name, one in ids.items() if one})


def _refuse_too_close(held: PathwayRecord, named: set[User]) -> None:
    too_close = assessing.household_of(held.person) | assessing.co_leaders_of(held.person) | {held.person_id}
    here = set(assessing.people_at(held.agency).values_list("pk", flat=True))
    if any(one.pk in too_close or one.pk not in here for one in named):
        raise TooClose(record_id=held.pk)


def declare_tie(*, person: User, other: User, kind: TieKind, now: datetime) -> Tie:
    """Keep two people from signing for each other; said twice, once. Raises TooClose for oneself."""
    if other.pk == person.pk:
        raise TooClose(person_id=person.pk)
    own = Tie.objects.owned_by(person)
    tie: Tie = own.update_or_create(person=person, other=other, defaults={"kind": kind, "declared_at": now})[0]
    return tie


def ask_as_of_today(*, record: PathwayRecord, actor: User, now: datetime) -> None:
    """Ask of a candidate what is asked of newcomers, at their own wish. Raises NotYoursToKeep or NotOnPathway."""
    if record.person_id != actor.pk:
        raise NotYoursToKeep(record_id=record.pk, actor_id=actor.pk)
    with transaction.atomic():
        held = hold(record.pk)
        if not held.is_live:
            raise NotOnPathway(record_id=record.pk)
        held.asked_as_of = now
        held.save(update_fields=["asked_as_of"])
        note("asked_as_of_today", held, actor_id=actor.pk, now=now)
