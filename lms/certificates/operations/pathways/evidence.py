"""What candidates write and staff note, so that a step can be met."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from lms.accounts.models import User
from lms.certificates import assessing, letters, steps
from lms.certificates.models import (
    DocumentCheck,
    LogEntry,
    Observation,
    PathwayRecord,
    RecordState,
    Requirement,
    RequirementKind,
    Statement,
    Supervision,
)
from lms.certificates.operations.pathways.records import NotOnPathway, fulfil_if_done, hold, note, open_step
from lms.certificates.operations.pathways.signing import NotYoursToSign, refuse_too_close
from lms.certificates.steps import Turn
from lms.common.errors import DomainError
from lms.common.html import plain
from lms.outbox.operations import post
from lms.webinars.models import LEADING_ROLES, Facilitator, Session

LONGEST = 10_000  # characters of an entry or a statement
NOTES_KEPT = timedelta(days=730)  # after their writer was last here


class NotYoursToWrite(DomainError):
    code = "certificates.not_yours_to_write"
    message = "This is for the person on the pathway to write."


class NothingWritten(DomainError):
    code = "certificates.nothing_written"
    message = "Write a few lines first."


class TooLong(DomainError):
    code = "certificates.entry_too_long"
    message = f"That's more than fits here ({LONGEST:,} characters). Your words are still below."


class DayToCome(DomainError):
    code = "certificates.day_to_come"
    message = "Choose a day that isn't still to come."


class NobodyToSendTo(DomainError):
    code = "certificates.nobody_to_send_to"
    message = "Your agency hasn't named your assessor yet. What you wrote is kept. Send it once they have."


class WithAssessor(DomainError):
    code = "certificates.with_assessor"
    message = "Your statement is with your assessor, so it can't be changed just now."


class NumberWrittenDown(DomainError):
    code = "certificates.number_written_down"
    message = "Leave the number of the certificate out. We only keep that somebody has seen it, and for which role."


class ReviewTooEarly(DomainError):
    code = "certificates.review_too_early"
    message = "Choose a review date that is still to come."


class PointsMissing(DomainError):
    code = "certificates.points_missing"
    message = "Say something about each of the ten points."


class NotLedThere(DomainError):
    code = "certificates.not_led_there"
    message = "Choose a session that this person led."


def _require_writer(record: PathwayRecord, actor: User) -> None:
    if record.person_id != actor.pk:
        raise NotYoursToWrite(record_id=record.pk, actor_id=actor.pk)


def _text(body: str, **ids: int) -> str:
    """What was typed, ready to keep. Raises NothingWritten or TooLong."""
    text = plain(body)
    if not text.strip():
        raise NothingWritten(**ids)
    if len(text) > LONGEST:
        raise TooLong(**ids)
    return text


# --- Practice ------------------------------------------------------------------------------------------------------


def write_entry(
    *, record: PathwayRecord, requirement: Requirement, writer: User, happened_on: date, body: str, now: datetime
) -> LogEntry:
    """Keep a note of practice, for its writer alone. Enough of them are a step.

    Raises NotYoursToWrite, NotOnPathway, NothingWritten, TooLong or DayToCome.
    """
    _require_writer(record, writer)
    text = _text(body, record_id=record.pk)
    _refuse_to_come(happened_on, now)
    with transaction.atomic():
        held = hold(record.pk)
        if not held.is_live:
            raise NotOnPathway(record_id=record.pk)
        times = {"created_at": now, "updated_at": now}
        entry: LogEntry = LogEntry.objects.create(
            record=held, requirement=requirement, happened_on=happened_on, body=text, **times
        )
        fulfil_if_done(record_id=held.pk, now=now)
    return entry


def _refuse_to_come(day: date, now: datetime) -> None:
    if day > timezone.localdate(now):
        raise DayToCome(day=str(day))


def change_entry(*, writer: User, entry: UUID, happened_on: date, body: str, now: datetime) -> None:
    """Change a note of one's own. Raises LogEntry.DoesNotExist for any other, and as ``write_entry`` does."""
    text = _text(body)
    _refuse_to_come(happened_on, now)
    found: LogEntry = LogEntry.objects.owned_by(writer).get(uuid=entry)
    found.body, found.happened_on, found.updated_at = text, happened_on, now
    found.save(update_fields=["body", "happened_on", "updated_at"])


def delete_entry(*, writer: User, entry: UUID) -> None:
    """Delete a note of one's own, at once and for good. Raises LogEntry.DoesNotExist for any other."""
    LogEntry.objects.owned_by(writer).get(uuid=entry).delete()


def forget_entries(*, now: datetime) -> int:
    """Delete the notes of people who neither signed in nor wrote one for two years; return how many notes."""
    before = now - NOTES_KEPT
    rows = LogEntry.objects.unscoped(because="notes whose writer has been away for two years are nobody's to keep")
    here = rows.filter(updated_at__gte=before).values("record__person")
    away = User.objects.alias(seen=Coalesce("last_login", "date_joined")).filter(seen__lt=before).exclude(pk__in=here)
    forgotten, _ = rows.filter(record__person__in=away).delete()
    return int(forgotten)


def share_entry(*, writer: User, entry: UUID, shares: bool) -> None:
    """Give one note to one's assessor, or take it back. Raises LogEntry.DoesNotExist or NobodyToSendTo."""
    found: LogEntry = LogEntry.objects.owned_by(writer).select_related("record").get(uuid=entry)
    if shares and found.record.assessor_id is None:
        raise NobodyToSendTo(record_id=found.record_id)
    found.shared_with_id = found.record.assessor_id if shares else None
    found.save(update_fields=["shared_with"])


# --- The statement -------------------------------------------------------------------------------------------------


def save_statement(
    *, record: PathwayRecord, requirement: Requirement, writer: User, body: str, sends: bool, now: datetime
) -> Statement:
    """Keep a draft for its writer alone, or send it to the assessor named, who alone can read it from then on.

    Raises NotYoursToWrite, NothingWritten, TooLong, WithAssessor, NobodyToSendTo, or what ``open_step`` does.
    """
    _require_writer(record, writer)
    text = _text(body, record_id=record.pk)
    with transaction.atomic():
        held = hold(record.pk)
        step = open_step(held, requirement, now=now)
        if step.state == Turn.WAITING:
            raise WithAssessor(record_id=held.pk)
        kept = {"body": text, "updated_at": now, "assessor": None, "sent_at": None}  # a draft is read by nobody else
        own = Statement.objects.owned_by(writer)
        statement: Statement = own.update_or_create(record=held, requirement=requirement, defaults=kept)[0]
        if sends:
            _send(statement, held, now=now)
    return statement


def _send(statement: Statement, held: PathwayRecord, *, now: datetime) -> None:
    """The letter says that something waits, not what."""
    if held.assessor is None:
        raise NobodyToSendTo(record_id=held.pk)
    statement.assessor, statement.sent_at = held.assessor, now
    statement.save(update_fields=["assessor", "sent_at"])
    note("statement_sent", held, actor_id=held.person_id, now=now, assessor=held.assessor.pk)
    post(letters.something_waits(held, held.assessor, occasion=f"statement:{now:%Y%m%d%H%M%S}"), now=now)


# --- What staff have seen ------------------------------------------------------------------------------------------


def see_document(
    *,
    record: PathwayRecord,
    requirement: Requirement,
    actor: User,
    level: str,
    covers: str,
    seen_on: date,
    review_on: date,
    now: datetime,
) -> DocumentCheck:
    """Note that a background check was seen, and until when it counts.

    Raises NotYoursToSign, NumberWrittenDown, DayToCome, ReviewTooEarly, or what ``open_step`` does.
    """
    _require_staff(actor, requirement, record, RequirementKind.DOCUMENT)
    if steps.looks_like_a_number(covers):
        raise NumberWrittenDown(record_id=record.pk)
    _refuse_to_come(seen_on, now)
    if review_on <= timezone.localdate(now):
        raise ReviewTooEarly(record_id=record.pk)
    with transaction.atomic():
        held = hold(record.pk)
        open_step(held, requirement, now=now)
        check: DocumentCheck = DocumentCheck.objects.create(
            record=held,
            requirement=requirement,
            level=level,
            covers=covers,
            seen_on=seen_on,
            review_on=review_on,
            seen_by=actor,
            noted_at=now,
        )
        _noted("check_seen", held, actor, requirement, now=now, check=check.pk)
    return check


def _require_staff(actor: User, requirement: Requirement, record: PathwayRecord, kind: RequirementKind) -> None:
    if requirement.kind != kind or not assessing.may_act(actor, requirement, record):
        raise NotYoursToSign(record_id=record.pk, actor_id=actor.pk)


def _noted(
    action: str, held: PathwayRecord, actor: User, requirement: Requirement, *, now: datetime, **ids: int
) -> None:
    """Write it down, tell the candidate, and see if that was the last step."""
    note(action, held, actor_id=actor.pk, now=now, requirement=requirement.pk, **ids)
    post(letters.step_looked_at(held, occasion=f"{action}:{'.'.join(map(str, ids.values()))}"), now=now)
    fulfil_if_done(record_id=held.pk, now=now)


def observe(
    *,
    record: PathwayRecord,
    requirement: Requirement,
    actor: User,
    observed_on: date,
    session: Session | None,
    points: Sequence[str],
    comment: str,
    now: datetime,
) -> Observation:
    """Keep what an observer saw of the ten points. It counts as a step when none of them is "not yet".

    Raises NotYoursToSign in one of its kinds, PointsMissing, DayToCome, NotLedThere, or what ``open_step`` does.
    """
    _require_staff(actor, requirement, record, RequirementKind.OBSERVATION)
    if len(points) != len(steps.POINTS) or not set(points) <= set(steps.Seen):
        raise PointsMissing(record_id=record.pk)
    _refuse_to_come(observed_on, now)
    with transaction.atomic():
        held = hold(record.pk)
        open_step(held, requirement, now=now)
        refuse_too_close(actor, held)
        if session and not _led(held, session):
            raise NotLedThere(record_id=held.pk)
        seen: Observation = Observation.objects.create(
            record=held,
            requirement=requirement,
            session=session,
            observed_on=observed_on,
            observer=actor,
            points=list(points),
            counts=steps.observation_counts(points),
            comment=comment,
            noted_at=now,
        )
        _noted("observed", held, actor, requirement, now=now, observation=seen.pk)
    return seen


def _led(held: PathwayRecord, session: Session) -> bool:
    return Facilitator.objects.filter(session=session, person=held.person, role__in=LEADING_ROLES).exists()


def note_supervision(*, record: PathwayRecord, actor: User, held_on: date, now: datetime) -> Supervision:
    """Put down a date of supervision; the same day twice is once. What was said is written nowhere.

    For candidates and for leaders. Raises NotYoursToSign, NotOnPathway or DayToCome.
    """
    if record.supervisor_id != actor.pk or not assessing.works_at(actor, record):
        raise NotYoursToSign(record_id=record.pk, actor_id=actor.pk)
    _refuse_to_come(held_on, now)
    with transaction.atomic():
        held = hold(record.pk)
        if held.state == RecordState.WITHDRAWN:
            raise NotOnPathway(record_id=record.pk)
        rows = Supervision.objects.unscoped(because="the supervisor of this record puts a date down")
        noted = {"supervisor": actor, "noted_at": now}
        row, is_new = rows.get_or_create(record=held, held_on=held_on, defaults=noted)
        if is_new:
            note("supervised", held, actor_id=actor.pk, now=now, supervision=row.pk)
            fulfil_if_done(record_id=held.pk, now=now)
    found: Supervision = row
    return found
