"""Looks at codes: each found one is counted for its holder, each miss for the watch over guessing."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from lms.accounts.models import User
from lms.agencies.models import Role, StaffRole
from lms.audit.operations import record as audit
from lms.certificates import gathering, mail
from lms.certificates.models import Award
from lms.common.limits import allowed
from lms.outbox.operations import post

EVERYBODY = "everybody"
HOUR = 3600  # seconds


def count_lookup(*, award: Award, day: date) -> None:
    """Count that the code of ``award`` was checked."""
    gathering.add(award_id=award.pk, day=day)


def note_miss(*, now: datetime) -> None:
    """Count a code that nobody has; too many in an hour, from wherever they came, and staff are told once an hour.

    Call it outside a transaction.
    """
    most = settings.LMS_UNKNOWN_CODES_AN_HOUR
    if allowed(action="certificates.miss", who=EVERYBODY, times=most, seconds=HOUR):
        return
    if allowed(action="certificates.alarm", who=EVERYBODY, times=1, seconds=HOUR):
        _raise_alarm(now)


def _raise_alarm(now: datetime) -> None:
    with transaction.atomic():
        hour = f"{now:%Y-%m-%dT%H:%M}"
        audit(action="certificates.guessing", target="certificates:check", actor_id=None, now=now, since=hour)
        for person in _administrators():
            post(mail.codes_are_guessed(person, hour=hour), now=now)


def _administrators() -> list[User]:
    live = StaffRole.objects.unscoped(because="who looks after the site is told").live()
    roles = live.filter(role=Role.ADMINISTRATOR, person__is_active=True).select_related("person")
    return [role.person for role in roles]
