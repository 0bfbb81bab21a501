"""Changing a session: people are told when its time or place is different, and only then."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lms.accounts.models import User
from lms.outbox.operations import post
from lms.webinars import mail, rules
from lms.webinars.models import Booking, Facilitator, Session, SessionPart, SessionState
from lms.webinars.operations import planning
from lms.webinars.operations.asking_again import ask_again, shorten_what_is_kept
from lms.webinars.operations.attendance import settle_anew
from lms.webinars.operations.doors import SessionCancelled, SessionOver
from lms.webinars.operations.passing import pass_on
from lms.webinars.operations.plans import SAME, PlanRefused, SessionPlan, parts_of

EDITED = (
    *SAME, "workshop", "title", "neutral_title", "room_address", "camera", "starts_at", "ends_at", "booking_opens_at",
    "booking_closes_at", "cancel_deadline_at", "calendar_sequence", "places_over",
)  # fmt: skip


class DateHasBegun(PlanRefused):
    code = "webinars.date_has_begun"
    message = "A date that has begun stays as it was, and a new one has to be still to come."
    field = "date_1"


def edit_session(*, session: Session, plan: SessionPlan, actor: User, now: datetime) -> Session:
    """Make ``session`` what the plan says; a new time or place raises its calendar number and tells who means to come.

    Whoever has a place keeps it, and whoever waits their turn; a date that moved by more than 24 hours asks them
    whether it still suits. No offer outlasts booking, which may close earlier now. More places
    go to the waiting list; fewer than are taken remove nobody. Raises SessionCancelled, SessionOver,
    PlanRefused, TimeDoesNotExist or TimeHappensTwice, and then nothing has changed.
    """
    parts = parts_of(plan)
    with transaction.atomic():
        session = Session.objects.lock(session.pk)
        _refuse_if_closed(session)
        planning.check_facilitators(plan, session.agency, session=session)
        before, dates = _time_and_place(session), list(session.parts.all())
        planning.settle(session, plan, parts)
        session.places_over = session.over_by()
        dropped = _write_parts(session, parts, now)
        is_news = before != _time_and_place(session) and session.state == SessionState.PUBLISHED
        session.calendar_sequence += is_news
        session.save(update_fields=EDITED)
        _write_facilitators(session, plan)
        planning.note_deed("edited", session, actor=actor, now=now)
        if is_news and rules.has_moved_far([date.starts_at for date in dates], [part.starts_at for part in parts]):
            ask_again(session, now=now)
        if is_news:
            tell_everybody(session, now=now, dropped=dropped, gone=_gone(dates, parts))
        if dropped:
            settle_anew(session, actor=actor, now=now)
        shorten_what_is_kept(session)
        pass_on(session, now=now)
    return session


def _refuse_if_closed(session: Session) -> None:
    if session.state == SessionState.CANCELLED:
        raise SessionCancelled(session_id=session.pk)
    if session.state in {SessionState.ENDED, SessionState.DECLINED}:
        raise SessionOver(session_id=session.pk)


def _time_and_place(session: Session) -> tuple[object, ...]:
    dates = SessionPart.objects.filter(session=session).values_list("starts_at", "ends_at")
    return (*dates, session.zone, session.where, session.region, session.venue)


def _write_parts(session: Session, parts: list[SessionPart], now: datetime) -> list[SessionPart]:
    """Keep parts by their number, so that marks on a register stay where they are; return those that are gone."""
    kept = {part.number: part for part in session.parts.all()}
    was_open = session.state == SessionState.PUBLISHED  # nobody came to a date that never opened
    for part in parts:
        old = kept.pop(part.number, None)
        is_same = old is not None and (old.starts_at, old.ends_at) == (part.starts_at, part.ends_at)
        if not is_same and (part.starts_at <= now or (was_open and old and old.starts_at <= now)):
            raise DateHasBegun(session_id=session.pk)
        part.session, part.pk = session, old.pk if old else None
        part.save()
    dropped = list(kept.values())
    if was_open and any(part.starts_at <= now for part in dropped):
        raise DateHasBegun(session_id=session.pk)
    SessionPart.objects.filter(pk__in=[part.pk for part in dropped]).delete()
    return dropped


def _gone(before: Sequence[SessionPart], after: Sequence[SessionPart]) -> list[SessionPart]:
    """Which dates will not happen: neither kept, be it under another number, nor moved under their own."""
    then, now = ({(part.starts_at, part.ends_at) for part in parts} for parts in (before, after))
    moved = {part.number for part in after if (part.starts_at, part.ends_at) not in then}
    return [part for part in before if (part.starts_at, part.ends_at) not in now and part.number not in moved]


def _write_facilitators(session: Session, plan: SessionPlan) -> None:
    rows = Facilitator.objects.filter(session=session)
    rows.exclude(person__in=plan.facilitator_ids).delete()
    there = set(rows.values_list("person_id", flat=True))
    missing = sorted(plan.facilitator_ids - there)
    for row in rows:
        if row.role != plan.role_of(row.person_id):
            rows.filter(pk=row.pk).update(role=plan.role_of(row.person_id))
    Facilitator.objects.bulk_create(Facilitator(session=session, person_id=pk, role=plan.role_of(pk)) for pk in missing)


def tell_everybody(
    session: Session, *, now: datetime, dropped: Sequence[SessionPart] = (), gone: Sequence[SessionPart] = ()
) -> None:
    """Write to everybody with a place or a wish that its time or place is another.

    gone: dates that will not happen. dropped: parts whose numbers are used no more, by which calendars know dates.
    """
    rows = Booking.objects.unscoped(because="everybody who meant to come is told").filter(session=session)
    for booking in rows.concerned().select_related("person"):
        booking.session = session
        post(mail.changed(booking), now=now)
        if dropped and booking.is_seated:
            post(mail.dropped(booking, dropped, gone=gone, now=now), now=now)
