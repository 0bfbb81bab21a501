"""The register: who was there, part by part, and what a booking came to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.webinars import rules
from lms.webinars.models import (
    Attendance,
    AttendanceQuerySet,
    Booking,
    BookingState,
    Session,
    SessionPart,
    SessionState,
)
from lms.webinars.operations.history import move
from lms.webinars.signals import attendance_settled


class RegisterNotOpen(DomainError):
    code = "webinars.register_not_open"
    message = "The register opens when the session begins. Nothing has been marked."


class NotOnRegister(DomainError):
    code = "webinars.not_on_register"
    message = "The register has changed since you opened it. Nothing has been marked. Look again and mark it once more."


def mark_attendance(
    *, session: Session, part: SessionPart, marks: Mapping[int, str], actor: User, now: datetime
) -> int:
    """Keep verdicts by booking id for one part; marks may be corrected, and each is audited. Return how many changed.

    Once all parts of a booking are marked its state says what it came to. Raises RegisterNotOpen before the part
    begins and for a cancelled session, NotOnRegister for anybody who is not booked: then nothing is kept.
    """
    with transaction.atomic():
        session = Session.objects.lock(session.pk)
        if part.starts_at > now or session.state not in {SessionState.PUBLISHED, SessionState.ENDED}:
            raise RegisterNotOpen(session_id=session.pk)
        bookings = _register(session)
        if marks.keys() - bookings.keys():
            raise NotOnRegister(session_id=session.pk)
        kept = dict(_marks().filter(part=part).values_list("booking_id", "verdict"))
        changed = {pk: verdict for pk, verdict in marks.items() if kept.get(pk) != verdict}
        _keep(changed, kept=kept, part=part, actor=actor, now=now)
        _settle([bookings[pk] for pk in changed], session, actor=actor, now=now)
    return len(changed)


def _register(session: Session) -> dict[int, Booking]:
    rows = Booking.objects.unscoped(because="the register of one session, for who may mark it")
    bookings = {booking.pk: booking for booking in rows.filter(session=session).seated()}
    for booking in bookings.values():
        booking.session = session
    return bookings


def _marks() -> AttendanceQuerySet:
    return Attendance.objects.unscoped(because="the register of one session, for who may mark it")


def _keep(
    changed: Mapping[int, str], *, kept: Mapping[int, str], part: SessionPart, actor: User, now: datetime
) -> None:
    Attendance.objects.bulk_create(
        [
            Attendance(booking_id=pk, part=part, verdict=verdict, decided_by=actor, decided_at=now)
            for pk, verdict in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["booking", "part"],
        update_fields=["verdict", "decided_by", "decided_at"],
    )
    for pk, verdict in changed.items():
        record(
            action="attendance.marked",
            target=f"booking:{pk}",
            actor_id=actor.pk,
            now=now,
            agency_id=part.session.agency_id,
            part=part.number,
            verdict=str(verdict),
            before=str(kept.get(pk, "")),
        )


def _settle(bookings: Iterable[Booking], session: Session, *, actor: User, now: datetime) -> None:
    marks: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = _marks().filter(booking__in=[booking.pk for booking in bookings])
    for pk, minutes, verdict in rows.values_list("booking_id", "part__minutes", "verdict"):
        marks[pk].append((minutes, verdict))
    parts = session.parts.count()
    for booking in bookings:
        came_to = rules.attendance(marks[booking.pk], parts=parts)
        if came_to and came_to != booking.state:
            move(booking, to=BookingState(came_to), actor_id=actor.pk, now=now, reason="register")
            attendance_settled.send(sender=Booking, booking_id=booking.pk, now=now)
