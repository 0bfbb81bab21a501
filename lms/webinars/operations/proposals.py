"""Sessions that a leader proposes and the agency decides on: a coordinator opens them, or nobody does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.agencies.access import rights_of
from lms.agencies.models import Agency
from lms.common.errors import DomainError
from lms.outbox.operations import Letter, post
from lms.webinars import access, proposal_letters
from lms.webinars.models import Session, SessionState
from lms.webinars.operations.planning import keep, note_deed
from lms.webinars.operations.plans import SessionPlan, dates_of


class AlreadyDecided(DomainError):
    code = "webinars.already_decided"
    message = "Somebody has decided on this one already."


class NotYoursToDecide(DomainError):
    code = "webinars.not_yours_to_decide"
    message = "A coordinator of the agency decides this, and nobody decides on their own."


class ProposalTooLate(DomainError):
    code = "webinars.proposal_too_late"
    message = "Its first date has passed. Change the dates first, or say no with a word on why."


def propose_session(*, plan: SessionPlan, agency: Agency, proposer: User, now: datetime) -> Session:
    """Put a group that ``proposer`` would lead before the coordinators of ``agency``, and tell them; it is not open.

    Asked twice, once. Who may propose is the caller's to say. The plan names the proposer alone as who runs it,
    whatever it says. Raises PlanRefused, TimeDoesNotExist or TimeHappensTwice, and then nothing is kept.
    """
    session = Session(
        agency=agency, state=SessionState.PROPOSED, proposed_by=proposer, created_by=proposer, created_at=now
    )
    alone = replace(plan, facilitator_ids=frozenset({proposer.pk}), roles={})
    with transaction.atomic():
        User.objects.select_for_update().get(pk=proposer.pk)  # pressed twice: one after the other
        if twin := _waits_already(alone, agency=agency, proposer=proposer):
            return twin
        keep(alone, session)
        note_deed("proposed", session, actor=proposer, now=now)
        for person in access.who_decides(agency).exclude(pk=proposer.pk):
            post(proposal_letters.waits(session, person), now=now)
    return session


def _waits_already(plan: SessionPlan, *, agency: Agency, proposer: User) -> Session | None:
    """The same group at the same time that ``proposer`` has put before the agency, while nobody has decided."""
    rows = Session.objects.unscoped(because="what this person has proposed").filter(proposed_by=proposer)
    same = rows.filter(agency=agency, state=SessionState.PROPOSED, title=plan.title, starts_at=dates_of(plan)[0][0])
    found: Session | None = same.first()
    return found


def approve_proposal(*, session: Session, actor: User, now: datetime) -> Session:
    """Open a proposed group to everybody, and tell who proposed it; asked twice, once.

    Raises NotYoursToDecide, AlreadyDecided or ProposalTooLate, and then nothing has changed.
    """
    with transaction.atomic():
        session = _to_decide(session, actor)
        if session.state == SessionState.PUBLISHED:
            return session
        if session.state != SessionState.PROPOSED:
            raise AlreadyDecided(session_id=session.pk)
        if session.starts_at <= now:
            raise ProposalTooLate(session_id=session.pk)
        session.state = SessionState.PUBLISHED
        session.save(update_fields=["state"])
        note_deed("approved", session, actor=actor, now=now)
        _tell(session, proposal_letters.approved, now)
    return session


def decline_proposal(*, session: Session, actor: User, reason: str, now: datetime) -> Session:
    """Say no to a proposed group, with a reason for who proposed it; asked twice, once.

    Raises NotYoursToDecide or AlreadyDecided, and then nothing has changed.
    """
    with transaction.atomic():
        session = _to_decide(session, actor)
        if session.state == SessionState.DECLINED:
            return session
        if session.state != SessionState.PROPOSED:
            raise AlreadyDecided(session_id=session.pk)
        session.state, session.decision_note = SessionState.DECLINED, reason
        session.save(update_fields=["state", "decision_note"])
        note_deed("declined", session, actor=actor, now=now)
        _tell(session, proposal_letters.declined, now)
    return session


def _to_decide(session: Session, actor: User) -> Session:
    """Hold the session; raise NotYoursToDecide for who is no coordinator of its agency, or proposed it."""
    session = Session.objects.lock(session.pk)
    decides = session.agency_id in rights_of(actor).agencies(*access.DECIDING_ROLES)
    if not decides or session.proposed_by_id == actor.pk:
        raise NotYoursToDecide(session_id=session.pk)
    return session


def _tell(session: Session, letter: Callable[[Session, User], Letter], now: datetime) -> None:
    if session.proposed_by is not None:
        post(letter(session, session.proposed_by), now=now)
