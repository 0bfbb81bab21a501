"""Recordings of who presents: shown to nobody before everyone in it agreed, and gone when their time is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from cms.models import CoursePage
from lms.accounts.models import User
from lms.audit.operations import record
from lms.common.errors import DomainError
from lms.common.web import host_allowed
from lms.webinars.models import Audience, Consent, Recording, Session

USUAL_STAY = timedelta(days=90)
LONGEST_STAY = timedelta(days=730)


class RecordingRefused(DomainError):
    code = "webinars.recording_refused"
    message = "Use a link that starts with https:// on a service your agency uses."


class ConsentMissing(DomainError):
    code = "webinars.consent_missing"
    message = "Nobody can see a recording until everyone who can be seen or heard in it has agreed."


class CourseMissing(DomainError):
    code = "webinars.course_missing"
    message = "Choose the course whose people may see it."


class StayTooLong(DomainError):
    code = "webinars.stay_too_long"
    message = "Choose a last day that is still to come, within two years."


@dataclass(frozen=True)
class Showing:
    """Who may see a recording, and until when."""

    consent: str
    audience: str
    course: CoursePage | None
    expires_at: datetime


def add_recording(
    *, session: Session, title: str, address: str, actor: User | None, now: datetime, expires_at: datetime | None = None
) -> Recording:
    """Keep a recording that nobody can see yet. actor None: a provider delivered it. Raises RecordingRefused."""
    if not host_allowed(address, settings.LMS_RECORDING_HOSTS):
        raise RecordingRefused(session_id=session.pk)
    with transaction.atomic():
        recording: Recording = Recording.objects.create(
            session=session,
            title=title,
            address=address,
            added_at=now,
            expires_at=expires_at or now + USUAL_STAY,
        )
        _note("added", recording, actor=actor, now=now)
    return recording


def show_recording(*, recording: Recording, showing: Showing, actor: User, now: datetime) -> Recording:
    """Say who may see it and until when. Raises ConsentMissing, CourseMissing or StayTooLong."""
    if showing.audience != Audience.NOBODY and showing.consent != Consent.GIVEN:
        raise ConsentMissing(recording_id=recording.pk)
    if showing.audience == Audience.COURSE and showing.course is None:
        raise CourseMissing(recording_id=recording.pk)
    if not now < showing.expires_at <= now + LONGEST_STAY:
        raise StayTooLong(recording_id=recording.pk)
    with transaction.atomic():
        for name, value in vars(showing).items():
            setattr(recording, name, value)
        recording.save(update_fields=list(vars(showing)))
        _note(f"shown_to_{showing.audience}", recording, actor=actor, now=now)
    return recording


def remove_recording(*, recording: Recording, actor: User, now: datetime) -> None:
    """Take a recording away for good."""
    with transaction.atomic():
        _note("removed", recording, actor=actor, now=now)
        recording.delete()


def forget_recordings(*, now: datetime) -> int:
    """Drop recordings whose time is over; return how many."""
    rows = Recording.objects.unscoped(because="the clock forgets for everybody").filter(expires_at__lte=now)
    return int(rows.delete()[0])


def _note(deed: str, recording: Recording, *, actor: User | None, now: datetime) -> None:
    record(
        action=f"recording.{deed}",
        target=f"recording:{recording.pk}",
        actor_id=actor.pk if actor else None,
        now=now,
        agency_id=recording.session.agency_id,
        session=recording.session_id,
    )
