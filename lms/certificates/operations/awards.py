"""What becomes of an award once it is earned: claimed, corrected, put on hold, withdrawn, checked."""

from datetime import date, datetime

from django.core.files.storage import storages
from django.db import transaction

from lms.accounts.models import User
from lms.audit.operations import record as audit
from lms.certificates import mail, rules, tasks
from lms.certificates.access import may_correct, may_decide
from lms.certificates.models import UNCLAIMED, Award, AwardChange, AwardKind, AwardState, Badge
from lms.certificates.operations.badges import publish_status_lists
from lms.certificates.operations.designing import look_for
from lms.certificates.rules import Deed
from lms.common.errors import DomainError
from lms.common.tasks import enqueue
from lms.outbox.operations import post
from lms.webinars.models import Booking, BookingState

TOLD_TO_BADGES = {Deed.SUSPEND, Deed.REINSTATE, Deed.REPLACE, Deed.WITHDRAW}  # what the lists of badges show


class NameCannotBePrinted(DomainError):
    code = "certificates.name_cannot_be_printed"
    message = "We can't print that name properly. Use letters, spaces, hyphens and apostrophes, and keep it short."


class NotEarnedAnyMore(DomainError):
    code = "certificates.not_earned"
    message = "The register has been changed since. If you were there, ask your agency to look at it again."


class AwardCannotChange(DomainError):
    code = "certificates.cannot_change"
    message = "This certificate has changed since you opened the page. Look at it again."


class NotYoursToDecide(DomainError):
    code = "certificates.not_yours_to_decide"
    message = "A safeguarding lead of the agency that gave it decides about this certificate, never its own holder."


class ReasonMissing(DomainError):
    code = "certificates.reason_missing"
    message = "Write why. Only the safeguarding lead can read it."


def locked(award: Award) -> Award:
    """The award as it is now, held until the transaction ends."""
    rows = Award.objects.unscoped(because="the caller was let in to this one award; hold it while it changes")
    held: Award = rows.select_for_update().get(pk=award.pk)
    return held


def move(award: Award, deed: Deed, *, actor_id: int | None, now: datetime, reason: str = "") -> None:
    """Bring ``award`` into its next state, with its history. Raises AwardCannotChange."""
    try:
        before, award.state = award.state, rules.after(award.state, deed)
    except rules.ImpossibleMove:
        raise AwardCannotChange(award_id=award.pk) from None
    AwardChange.objects.create(award=award, before=before, after=award.state, at=now, actor_id=actor_id, reason=reason)
    if deed in TOLD_TO_BADGES and Badge.objects.filter(award=award).exists():
        enqueue(publish_status_lists)
    audit(
        action=f"award.{deed}",
        target=f"award:{award.pk}",
        actor_id=actor_id,
        agency_id=award.agency_id,
        now=now,
    )


def _require_printable(name: str, award: Award) -> None:
    if problem := rules.name_problem(name):
        raise NameCannotBePrinted(award_id=award.pk, problem=str(problem))


def claim(*, award: Award, holder: User, name: str, is_neutral: bool, now: datetime) -> Award:
    """Freeze name and title and have the certificate made; asked again, return it as it was made.

    Raises NameCannotBePrinted, NotEarnedAnyMore or AwardCannotChange, and Award.DoesNotExist for anybody else's;
    then nothing has changed.
    """
    with transaction.atomic():
        held: Award = Award.objects.owned_by(holder).select_for_update().get(pk=award.pk)
        if held.state == AwardState.ACTIVE:
            return held
        if not is_still_earned(held):
            raise NotEarnedAnyMore(award_id=award.pk)
        _make_out(held, name=name, is_neutral=is_neutral, actor_id=holder.pk, now=now)
        User.objects.filter(pk=holder.pk, certificate_name="").update(certificate_name=name)
    return held


def _make_out(award: Award, *, name: str, is_neutral: bool, actor_id: int | None, now: datetime) -> None:
    """Freeze what it says, and put the making off. Raises NameCannotBePrinted or AwardCannotChange."""
    _require_printable(name, award)
    move(award, Deed.CLAIM, actor_id=actor_id, now=now)
    award.name, award.is_neutral, award.says = name, is_neutral, {**award.says, **look_for(award.agency, award.kind)}
    award.save(update_fields=["state", "name", "is_neutral", "says"])
    enqueue(tasks.render_award, award_id=award.pk)


def arrive(*, award: Award, holder: User, tells: bool, now: datetime) -> None:
    """Bring a fresh award to its holder: made at once as they wrote the last one, else to be claimed.

    A group leader award always waits: its name cannot be changed by its holder afterwards. tells: whether they get a
    letter when it waits. Called inside the transaction that gave or approved it.
    """
    name = holder.certificate_name
    if award.kind != AwardKind.LEADER and name and not rules.name_problem(name):
        _make_out(award, name=name, is_neutral=_last_title_was_neutral(holder), actor_id=None, now=now)
    elif tells:
        post(mail.certificate_ready(award, holder), now=now)


def _last_title_was_neutral(holder: User) -> bool:
    made = Award.objects.owned_by(holder).exclude(state__in=UNCLAIMED).order_by("-issued_at", "-pk")
    last: bool | None = made.values_list("is_neutral", flat=True).first()
    return last is not False


def given_by_hand(award: Award) -> bool:
    """Whether a member of staff gave it, and not the rule."""
    return bool(award.changes.filter(before="", actor_id__isnull=False).exists())


def is_still_earned(award: Award) -> bool:
    """Whether the register says still what it said: it can be corrected before its certificate is let go or claimed."""
    if award.kind != AwardKind.ATTENDANCE or given_by_hand(award):
        return True
    booking = Booking.objects.unscoped(because="the fact that this award stands on")
    number = award.earned_by.removeprefix("booking:")
    return bool(booking.filter(pk=number, state=BookingState.ATTENDED).exists())


def correct(*, award: Award, actor: User, name: str, is_neutral: bool, now: datetime) -> Award:
    """Give a new award that says the same under another name or title; the old one says it was replaced.

    Asked again, return the new one. Raises NotYoursToDecide, NameCannotBePrinted or AwardCannotChange.
    """
    with transaction.atomic():
        held = locked(award)
        if not may_correct(actor, held):
            raise NotYoursToDecide(award_id=award.pk, actor_id=actor.pk)
        if held.state == AwardState.REPLACED:
            return _successor(held)
        if (held.name, held.is_neutral) == (name, is_neutral):
            return held
        _require_printable(name, held)
        move(held, Deed.REPLACE, actor_id=actor.pk, now=now)
        held.save(update_fields=["state"])
        new = _copy(held, name=name, is_neutral=is_neutral, now=now)
        AwardChange.objects.create(award=new, after=new.state, at=now, actor_id=actor.pk)
        enqueue(tasks.render_award, award_id=new.pk)
    return new


def _successor(award: Award) -> Award:
    rows = Award.objects.unscoped(because="the caller was let in to the award that this one replaces")
    new: Award = rows.get(replaces=award)
    return new


def _copy(old: Award, *, name: str, is_neutral: bool, now: datetime) -> Award:
    same = ("kind", "person_id", "agency_id", "issuer", "title", "neutral_title", "says", "earned_on", "valid_until")
    kept = {field: getattr(old, field) for field in (*same, "shows_name", "answers_checks")}
    new: Award = Award.objects.create(
        **kept,
        code=rules.new_code(),
        earned_by=f"award:{old.pk}",
        replaces=old,
        name=name,
        is_neutral=is_neutral,
        issued_at=now,
        state=AwardState.ACTIVE,
    )
    return new


def decide(*, award: Award, deed: Deed, actor: User, reason: str, now: datetime) -> Award:
    """Suspend, reinstate or withdraw, with a reason; the public check says so from this moment.

    Raises NotYoursToDecide, ReasonMissing or AwardCannotChange.
    """
    if not reason.strip():
        raise ReasonMissing(award_id=award.pk)
    with transaction.atomic():
        held = locked(award)
        if not may_decide(actor, held):
            raise NotYoursToDecide(award_id=award.pk, actor_id=actor.pk)
        move(held, deed, actor_id=actor.pk, now=now, reason=reason)
        held.save(update_fields=["state"])
    return held


class LeadersAreChecked(DomainError):
    code = "certificates.leaders_are_checked"
    message = "A group leader award can always be checked. You can hide your name on it."


def answer_checks(*, award: Award, holder: User, answers: bool, now: datetime) -> None:
    """Switch the public check of one award on or off, from this moment; that it was stopped is said all the same.

    Raises LeadersAreChecked: who relies on such an award must be able to see that it still holds.
    """
    if award.kind == AwardKind.LEADER and not answers:
        raise LeadersAreChecked(award_id=award.pk)
    action = "award.check_on" if answers else "award.check_off"
    _switch(award, holder, "answers_checks", answers, action=action, now=now)


def show_name(*, award: Award, holder: User, shows: bool, now: datetime) -> None:
    """Let the public check show the name, or hide it again, from this moment."""
    action = "award.name_shown" if shows else "award.name_hidden"
    _switch(award, holder, "shows_name", shows, action=action, now=now)


def _switch(award: Award, holder: User, field: str, on: bool, *, action: str, now: datetime) -> None:
    own = Award.objects.owned_by(holder).filter(pk=award.pk).exclude(**{field: on})
    with transaction.atomic():
        if own.update(**{field: on}):
            target = f"award:{award.pk}"
            audit(action=action, target=target, actor_id=holder.pk, agency_id=award.agency_id, now=now)


def expire_past(*, today: date, now: datetime, most: int = 500) -> int:
    """Write down that awards have come to their end date; return how many. The check has said so since that day."""
    rows = Award.objects.unscoped(because="the system's own upkeep")
    over = list(rows.filter(state=AwardState.ACTIVE, valid_until__lt=today).order_by("pk")[:most])
    for award in over:
        with transaction.atomic():
            held = locked(award)
            if held.state == AwardState.ACTIVE:
                move(held, Deed.EXPIRE, actor_id=None, now=now)
                held.save(update_fields=["state"])
    return len(over)


def wake_renderer(*, most: int = 200) -> int:
    """Wake a worker for each claimed certificate that is still to be made; return how many."""
    rows = Award.objects.unscoped(because="rows are the truth, the queue only wakes").unmade()
    due = list(rows.order_by("pk").values_list("pk", flat=True)[:most])
    for pk in due:
        enqueue(tasks.render_award, award_id=pk)
    return len(due)


def try_given_up_again() -> int:
    """Let certificates that could not be made be tried again; return how many."""
    rows = Award.objects.unscoped(because="the system's own upkeep").given_up()
    return int(rows.update(render_attempts=0))


def make_again(*, award: Award) -> None:
    """Have a certificate made anew whose file is lost or that was given up."""
    rows = Award.objects.unscoped(because="the caller was let in to this one award").filter(pk=award.pk)
    if rows.filter(state=AwardState.ACTIVE).update(pdf="", render_attempts=0):
        enqueue(tasks.render_award, award_id=award.pk)


def forget_holder(*, person: User, now: datetime) -> int:
    """Take all that a person's awards say out of them; return how many. Codes and hashes stay: "withdrawn"."""
    with transaction.atomic():
        rows = list(Award.objects.owned_by(person).select_for_update())
        files = [award.pdf for award in rows if award.pdf]
        for award in rows:
            _forget(award, now=now)
        transaction.on_commit(lambda: _delete(files))
    return len(rows)


def _forget(award: Award, *, now: datetime) -> None:
    if award.state != AwardState.WITHDRAWN:
        move(award, Deed.WITHDRAW, actor_id=award.person_id, now=now)
    award.name = award.title = award.neutral_title = award.issuer = award.pdf = award.qr = ""
    award.says, award.shows_name, award.person = {}, False, None
    award.save()


def _delete(files: list[str]) -> None:
    for path in files:
        storages["private"].delete(path)
