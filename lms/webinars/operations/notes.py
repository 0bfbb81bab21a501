"""Writing to everybody with a place: one letter each, and who got it is kept."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from lms.accounts.models import User
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.outbox.operations import post_many
from lms.webinars import mail
from lms.webinars.models import Booking, BookingState, RegisterNote, RegisterNoteCopy, Session


class NobodyToWriteTo(DomainError):
    code = "webinars.nobody_to_write_to"
    message = "Nobody has a place any more, so nothing was sent."


def who_gets(session: Session) -> list[Booking]:
    """Whom a note about ``session`` would reach, in the order of the register."""
    rows = Booking.objects.unscoped(because="the session was found within the writer's scope")
    rows = rows.filter(session=session, person__is_active=True).seated().exclude(state=BookingState.ABSENT)
    return list(rows.select_related("person").defer("access_needs").order_by("person__display_name", "pk"))


def send_note(*, session: Session, note_id: UUID, words: str, actor: User, now: datetime) -> RegisterNote:
    """Write to everybody with a place; the same words under the same ``note_id`` sent again are the same note.

    Raises NobodyToWriteTo.
    """
    with transaction.atomic():
        session = Session.objects.lock(session.pk)
        rows = RegisterNote.objects.unscoped(because="the caller was let in")
        facts = {"words": words, "sent_by": actor, "sent_at": now}
        said = uuid5(note_id, f"{session.uuid} {words}")  # who goes back and changes the words sends another note
        note, is_new = rows.get_or_create(uuid=said, session=session, defaults=facts)
        if is_new:
            _send(note, actor=actor, now=now)
    return note


def _send(note: RegisterNote, *, actor: User, now: datetime) -> None:
    people = who_gets(note.session)
    if not people:
        raise NobodyToWriteTo(session_id=note.session_id)
    for booking in people:
        booking.session = note.session
    RegisterNoteCopy.objects.bulk_create(RegisterNoteCopy(note=note, booking=booking) for booking in people)
    post_many([mail.note(booking, note) for booking in people], now=now)
    record(
        action="session.written_to",
        target=f"session:{note.session_id}",
        actor_id=actor.pk,
        now=now,
        agency_id=note.session.agency_id,
        note=note.pk,
        people=len(people),
    )
