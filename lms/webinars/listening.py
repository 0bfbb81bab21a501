"""Between sessions and their rooms: who booked is told to the room, who was in it to the register."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from lms.common.tasks import enqueue
from lms.meetings.providers.base import Recording
from lms.meetings.signals import recording_ended, recordings_found, stays_counted
from lms.webinars import operations
from lms.webinars.models import SEATED_STATES, BookingChange, RoomBy


@receiver(post_save, sender=BookingChange, dispatch_uid="lms.webinars.listening.booking")
def tell_the_room(instance: BookingChange, created: bool, **_: Any) -> None:
    """Somebody has a place now, or has none any more. A session that is called off closes its rooms by itself."""
    seated = {instance.before in SEATED_STATES, instance.after in SEATED_STATES}
    session = instance.booking.session
    if created and len(seated) == 2 and session.room_by == RoomBy.AGENCY and instance.reason != "session_cancelled":
        enqueue(prepare_room, session_id=session.pk)


def prepare_room(*, session_id: int) -> str:
    """Bring the rooms of one session up to date; return what happened, for the task log."""
    return f"{operations.prepare_room(session_id=session_id, now=timezone.now())} dates"


@receiver(stays_counted, dispatch_uid="lms.webinars.listening.stays")
def note_stays(about: UUID, number: int, minutes: dict[int, int], now: datetime, **_: Any) -> None:
    """Put minutes in the room beside people on the register: a proposal, for staff to decide."""
    operations.note_stays(about=about, number=number, minutes=minutes, now=now)


@receiver(recordings_found, dispatch_uid="lms.webinars.listening.recordings")
def keep_recordings(about: UUID, recordings: tuple[Recording, ...], now: datetime, **_: Any) -> None:
    """Put what was recorded beside its session: nobody sees it before staff have looked and everyone has agreed."""
    operations.keep_recordings(about=about, recordings=recordings, now=now)


@receiver(recording_ended, dispatch_uid="lms.webinars.listening.recording_ended")
def keep_the_rule(agency_id: int, now: datetime, **_: Any) -> None:
    """What people are told of recording follows what their agency allows."""
    operations.record_no_more(agency_id=agency_id, now=now)
