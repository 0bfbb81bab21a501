"""Signs that somebody was there: minutes in the room, or the code that is said in it. They propose; staff decide."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from lms.accounts.models import User
from lms.common.errors import DomainError
from lms.meetings import operations as meetings
from lms.meetings.models import Presence
from lms.webinars import attending
from lms.webinars.models import Booking, SeenBy, Session, SessionPart, SessionState, Sighting
from lms.webinars.operations.attendance import NotOnRegister
from lms.webinars.operations.rooms import part_of_room

_WHY = "the caller was let in"


class CodeNotNow(DomainError):
    code = "webinars.code_not_now"
    message = "The code is asked for while the session is on. Nothing has been noted."


class CodeWrong(DomainError):
    code = "webinars.code_wrong"
    message = "That isn't the code any more, or not quite. Type the one that is shown in the room now."


def code_now(part: SessionPart, *, now: datetime) -> str:
    """The code that is shown in the room of a date at this moment."""
    return attending.code(_secret(part), attending.code_number(now))


def _secret(part: SessionPart) -> bytes:
    return salted_hmac("lms.webinars.code", f"{part.pk}", algorithm="sha256").digest()


def code_is_asked(part: SessionPart, *, now: datetime) -> bool:
    """Whether the code of a date is shown and taken: from its start until the room closes."""
    return part.starts_at <= now <= part.ends_at + settings.LMS_JOIN_CLOSES_AFTER


def type_code(*, session: Session, part: SessionPart, person: User, typed: str, now: datetime) -> Sighting:
    """Note that a booked person typed the code of this date; typed again, noted once.

    Raises NotOnRegister for somebody without a place, CodeNotNow outside the date, CodeWrong: nothing is noted then.
    """
    booking = Booking.objects.owned_by(person).filter(session=session).seated().first()
    if booking is None:
        raise NotOnRegister(session_id=session.pk)
    live = session.state in {SessionState.PUBLISHED, SessionState.ENDED}
    if not live or not code_is_asked(part, now=now):
        raise CodeNotNow(part_id=part.pk)
    if not attending.code_fits(typed, _secret(part), now):
        raise CodeWrong(part_id=part.pk)
    rows = Sighting.objects.owned_by(person)
    sighting: Sighting
    sighting, _ = rows.get_or_create(booking=booking, part=part, by=SeenBy.CODE, defaults={"seen_at": now})
    return sighting


def note_stays(*, about: UUID, number: int, minutes: Mapping[int, int], now: datetime) -> int:
    """Put minutes in the room beside who is booked, by person id; counted anew, they are replaced. Return how many."""
    part = part_of_room(about, number)
    if part is None:
        return 0
    booked = Booking.objects.unscoped(because="a room says who was in it").filter(session=part.session).seated()
    seen = [
        Sighting(booking_id=pk, part=part, by=SeenBy.ROOM, minutes=minutes[person_id], seen_at=now)
        for pk, person_id in booked.filter(person__in=minutes).values_list("pk", "person_id")
    ]
    Sighting.objects.bulk_create(
        seen,
        update_conflicts=True,
        unique_fields=["booking", "part", "by"],
        update_fields=["minutes", "seen_at"],
    )
    return len(seen)


def match_guest(*, presence: Presence, session: Session, booking_id: int, actor: User, now: datetime) -> None:
    """Say who on the register a guest known by name is. Raises NotOnRegister, or GuestGone if it was said before."""
    rows = Booking.objects.unscoped(because=_WHY).filter(session=session).seated().select_related("person")
    booking = rows.filter(pk=booking_id).first()
    if booking is None:
        raise NotOnRegister(session_id=session.pk)
    meetings.sort_guest(presence=presence, person=booking.person, actor=actor, now=now)
