"""Saying that a step is met, or not yet: never for oneself, one's partner or one's co-leader, and never twice."""

from collections.abc import Set
from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.certificates import assessing, letters, steps
from lms.certificates.models import WORD_KINDS, HandIn, PathwayRecord, Requirement, RequirementKind, SignOff, Statement
from lms.certificates.operations.pathways.records import fulfil_if_done, hold, note, open_step
from lms.certificates.progress import Step
from lms.certificates.steps import Bar, Turn
from lms.common.errors import DomainError
from lms.outbox.operations import post


class NotYoursToSign(DomainError):
    code = "certificates.not_yours_to_sign"
    message = "This step is signed by somebody else: never by the person it's about."


class PartnerSigns(NotYoursToSign):
    code = "certificates.partner_signs"
    message = "You live with this person, so somebody else has to sign. Nothing has been changed."


class CoLeaderSigns(NotYoursToSign):
    code = "certificates.co_leader_signs"
    message = "You lead sessions with this person, so somebody else has to sign. Nothing has been changed."


class SignedAlready(NotYoursToSign):
    code = "certificates.signed_already"
    message = "You have signed this step. The other signature has to be somebody else's."


class CommentMissing(DomainError):
    code = "certificates.comment_missing"
    message = "Say kindly what is still to come. They read what you write here."


class NotSentToYou(DomainError):
    code = "certificates.not_sent_to_you"
    message = "The statement hasn't been sent to you yet, so there is nothing to say about it."


BARRED = {Bar.THEMSELVES: NotYoursToSign, Bar.PARTNER: PartnerSigns, Bar.CO_LEADER: CoLeaderSigns}


def refuse_too_close(signer: User, held: PathwayRecord, *, signed: Set[int] = frozenset()) -> None:
    """Raise NotYoursToSign, in its kind, for who may not judge this candidate."""
    why = steps.bar(
        signer.pk,
        candidate=held.person_id,
        co_leaders=assessing.co_leaders_of(held.person),
        household=assessing.household_of(held.person),
        signed=signed,
    )
    if why:
        raise BARRED.get(why, SignedAlready)(record_id=held.pk, actor_id=signer.pk)


def sign_off(
    *, record: PathwayRecord, requirement: Requirement, actor: User, is_met: bool, comment: str, now: datetime
) -> SignOff:
    """Say that a step is met, or not yet and what is still to come; the last step met gives the award.

    Raises NotYoursToSign in one of its kinds, NotOnPathway, StepNotOpen, AlreadyMet, NotSentToYou or CommentMissing,
    and then nothing has changed.
    """
    if requirement.kind not in WORD_KINDS or not assessing.may_act(actor, requirement, record):
        raise NotYoursToSign(record_id=record.pk, actor_id=actor.pk)
    if not is_met and not comment.strip():
        raise CommentMissing(record_id=record.pk)
    with transaction.atomic():
        held = hold(record.pk)
        step = open_step(held, requirement, now=now)
        _require_right(step, actor)
        signed = _sign(step, actor, is_met=is_met, comment=comment, now=now)
        fulfil_if_done(record_id=held.pk, now=now)
    return signed


def _require_right(step: Step, actor: User) -> None:
    signed = {word.signed_by_id for word in step.words if word.is_met and word.signed_by_id}
    refuse_too_close(actor, step.record, signed=signed)
    if step.requirement.kind == RequirementKind.STATEMENT:
        mine = Statement.objects.sent_to(actor).filter(record=step.record, requirement=step.requirement)
        if step.state == Turn.OPEN or not mine.exists():
            raise NotSentToYou(record_id=step.record.pk)


def _sign(step: Step, actor: User, *, is_met: bool, comment: str, now: datetime) -> SignOff:
    held, requirement = step.record, step.requirement
    signed = SignOff.objects.create(
        record=held,
        requirement=requirement,
        candidate=held.person,
        signed_by=actor,
        signed_at=now,
        is_met=is_met,
        place=1 + sum(word.is_met for word in step.words),
        signed_as=assessing.role_at(actor, requirement, held),
        comment=comment,
    )
    action = "step_met" if is_met else "step_not_yet"
    note(action, held, actor_id=actor.pk, now=now, requirement=requirement.pk)
    post(letters.step_looked_at(held, occasion=f"sign_off:{signed.pk}"), now=now)
    return signed


def hand_in(*, record: PathwayRecord, requirement: Requirement, actor: User, now: datetime) -> None:
    """Let the candidate say that they are ready for another look. Raises what ``open_step`` does, or NotYoursToSign."""
    if record.person_id != actor.pk or requirement.kind not in WORD_KINDS:
        raise NotYoursToSign(record_id=record.pk, actor_id=actor.pk)
    with transaction.atomic():
        held = hold(record.pk)
        step = open_step(held, requirement, now=now)
        if step.state != Turn.MORE:
            return
        HandIn.objects.create(record=held, requirement=requirement, at=now)
        note("handed_in", held, actor_id=actor.pk, now=now, requirement=requirement.pk)
        asked = step.last_word.signed_by if step.last_word else None
        if asked:
            post(letters.something_waits(held, asked, occasion=f"hand_in:{requirement.pk}:{now:%Y%m%d%H%M}"), now=now)
