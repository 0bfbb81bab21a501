"""When a certificate comes to its end: its holder is reminded, and can earn the next one in time."""

from datetime import date, datetime, timedelta

from django.db import transaction

from lms.accounts.models import User
from lms.certificates import mail, rules
from lms.certificates.models import Award, AwardKind, AwardState
from lms.common.errors import DomainError
from lms.courses.models import Round
from lms.courses.operations.renewing import begin_again
from lms.outbox.operations import post


class CannotRenewYet(DomainError):
    code = "certificates.cannot_renew_yet"
    message = "This certificate can be renewed in the 90 days before it ends, and after that."


def remind(*, today: date, now: datetime) -> int:
    """Write to holders whose certificate ends in 90, 30 or 7 days and is not renewed; return how many were due.

    Safe to run again: each letter is written once. After days without a run only the latest that is due goes out.
    """
    rows = Award.objects.unscoped(because="the system's own upkeep").filter(state=AwardState.ACTIVE)
    soon = rows.filter(valid_until__range=(today, today + timedelta(days=max(rules.REMIND_AT))))
    due = soon.filter(renewed_by=None, person__isnull=False).select_related("person").defer("says", "qr")
    found = list(due.order_by("valid_until", "pk"))
    for award in found:
        days = rules.reminder(award.valid_until, today=today)
        with transaction.atomic():
            post(mail.certificate_ends(award, award.person, days=days), now=now)
    return len(found)


def renew(*, award: Award, holder: User, today: date, now: datetime) -> Round:
    """Begin the course of a completion again, so that its end gives the next award; asked again, go on with it.

    Raises CannotRenewYet, CannotBeginAgain, or Award.DoesNotExist for anybody else's.
    """
    with transaction.atomic():
        held: Award = Award.objects.owned_by(holder).select_for_update(of=("self",)).get(pk=award.pk)
        earned_in = _round_of(held)
        if earned_in is None or not rules.may_renew(held.state, valid_until=held.valid_until, today=today):
            raise CannotRenewYet(award_id=award.pk)
        return begin_again(person=holder, course=earned_in.enrolment.course, now=now)


def _round_of(award: Award) -> Round | None:
    """The round that an award was earned by: of a corrected one, the round of the first."""
    rows = Award.objects.unscoped(because="the same award before its name was corrected")
    first = award
    while first.replaces_id:
        first = rows.get(pk=first.replaces_id)
    if first.kind != AwardKind.COMPLETION or not first.earned_by.startswith("round:"):
        return None
    rounds = Round.objects.unscoped(because="the round of an award that the caller holds")
    return rounds.filter(pk=first.earned_by.removeprefix("round:")).select_related("enrolment__course").first()
