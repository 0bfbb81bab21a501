"""The register: who was there, part by part, and what a booking came to."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.webinars import attending, rules
from lms.webinars.models import (
    Attendance,
    AttendanceChange,
    AttendanceQuerySet,
    Booking,
    BookingState,
    Session,
    SessionPart,
    SessionState,
    Why,
)
from lms.webinars.operations.history import move
from lms.webinars.signals import attendance_settled

SETTLED = (BookingState.ATTENDED, BookingState.PARTIAL)


class RegisterNotOpen(DomainError):
    code = "webinars.register_not_open"
    message = "The register opens when the session begins. Nothing has been marked."


class NotOnRegister(DomainError):
    code = "webinars.not_on_register"
    message = "The register has changed since you opened it. Nothing has been marked. Look again and mark it once more."


class OwnMark(DomainError):
    code = "webinars.own_mark"
    message = "You're on this register yourself, so somebody else marks you. Nothing has been marked."


class ReasonMissing(DomainError):
    code = "webinars.reason_missing"
    message = "You're changing a mark that counts already. Say why at the end of the register. Nothing has been marked."


@dataclass(frozen=True)
class Deed:
    """Who marks which part, when, and why it is another mark than before."""

    part: SessionPart
    actor: User
    now: datetime
    why: str


def mark_attendance(
    *, session: Session, part: SessionPart, marks: Mapping[int, str], actor: User, now: datetime, why: str = ""
) -> int:
    """Keep verdicts by booking id for one part; marks may be corrected, and each is audited. Return how many changed.

    Once all parts of a booking are marked its state says what it came to. why: one of ``Why``, for what counts
    already. Raises RegisterNotOpen before the part begins and for a cancelled session, NotOnRegister for anybody who
    is not booked, OwnMark for ``actor``'s own booking, ReasonMissing: then nothing is kept.
    """
    deed = Deed(part, actor, now, why if why in Why.values else "")
    with transaction.atomic():
        session = Session.objects.lock(session.pk)
        if part.starts_at > now or session.state not in {SessionState.PUBLISHED, SessionState.ENDED}:
            raise RegisterNotOpen(session_id=session.pk)
        bookings = _register(session)
        if marks.keys() - bookings.keys():
            raise NotOnRegister(session_id=session.pk)
        if any(bookings[pk].person_id == actor.pk for pk in marks):
            raise OwnMark(session_id=session.pk)
        kept = dict(_marks().filter(part=part).values_list("booking_id", "verdict"))
        changed = {bookings[pk]: verdict for pk, verdict in marks.items() if kept.get(pk) != verdict}
        _refuse_without_reason(changed, kept, deed)
        _keep(changed, kept, deed)
        _settle(list(changed), session, deed)
    return len(changed)


def settle_anew(session: Session, *, actor: User, now: datetime) -> None:
    """Say what bookings of a session that the caller holds have come to, now that it has fewer dates to be marked."""
    part = session.parts.last()
    if part is not None:
        _settle(_register(session).values(), session, Deed(part, actor, now, ""))


def _register(session: Session) -> dict[int, Booking]:
    rows = Booking.objects.unscoped(because="the register of one session, for who may mark it")
    bookings = {booking.pk: booking for booking in rows.filter(session=session).seated()}
    for booking in bookings.values():
        booking.session = session
    return bookings


def _marks() -> AttendanceQuerySet:
    return Attendance.objects.unscoped(because="the register of one session, for who may mark it")


def _refuse_without_reason(changed: Mapping[Booking, str], kept: Mapping[int, str], deed: Deed) -> None:
    late = (
        attending.needs_reason(
            before=kept.get(booking.pk, ""),
            after=verdict,
            was_settled=booking.state in SETTLED,
            ends_at=deed.part.ends_at,
            now=deed.now,
        )
        for booking, verdict in changed.items()
    )
    if not deed.why and any(late):
        raise ReasonMissing(part_id=deed.part.pk)


def _keep(changed: Mapping[Booking, str], kept: Mapping[int, str], deed: Deed) -> None:
    part, now = deed.part, deed.now
    Attendance.objects.bulk_create(
        [
            Attendance(booking=booking, part=part, verdict=verdict, decided_by=deed.actor, decided_at=now)
            for booking, verdict in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["booking", "part"],
        update_fields=["verdict", "decided_by", "decided_at"],
    )
    changes = [
        AttendanceChange(
            booking=booking,
            part=part,
            before=kept.get(booking.pk, ""),
            after=verdict,
            why=deed.why if booking.pk in kept else "",
            at=now,
            actor_id=deed.actor.pk,
        )
        for booking, verdict in changed.items()
    ]
    for change in AttendanceChange.objects.bulk_create(changes):
        _note(change, agency_id=change.booking.session.agency_id)


def _note(change: AttendanceChange, *, agency_id: int) -> None:
    why = {"why": str(change.why)} if change.why else {}
    record(
        action="attendance.marked",
        target=f"booking:{change.booking_id}",
        actor_id=change.actor_id,
        now=change.at,
        agency_id=agency_id,
        part=change.part.number,
        verdict=str(change.after),
        before=str(change.before),
        **why,
    )


def _settle(bookings: Collection[Booking], session: Session, deed: Deed) -> None:
    marks: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = _marks().filter(booking__in=[booking.pk for booking in bookings])
    for pk, minutes, verdict in rows.values_list("booking_id", "part__minutes", "verdict"):
        marks[pk].append((minutes, verdict))
    parts = session.parts.count()
    for booking in bookings:
        came_to = rules.attendance(marks[booking.pk], parts=parts)
        if came_to and came_to != booking.state:
            move(booking, to=BookingState(came_to), actor_id=deed.actor.pk, now=deed.now, reason="register")
            attendance_settled.send(sender=Booking, booking_id=booking.pk, now=deed.now, why=deed.why)
